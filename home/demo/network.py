"""The demo's frame: site, languages, terms, structural pages, branches, people."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from wagtail.models import Locale, Page, Site

from branches.models import Branch, BranchIndexPage, BranchPage, District, Facility, Service
from branches.opening_hours import parse_day
from branches.opening_hours.values import day_to_json
from core.models import Audience, Network, Topic, User
from events.models import EventIndexPage
from home.demo import texts
from home.demo.pages import Planter
from home.footers import begin_footer
from home.models import HomePage, MissionPage, PlainPage
from home.plain_text import body_blocks
from news.models import NewsIndexPage

PASSWORD = "reading-room"
ADMIN = "admin@library.example"


def make_site(planter: Planter) -> dict[str, Page]:
    """Make the home page of each language and the site that shows them; return the home pages."""
    Page.objects.filter(depth=2).delete()
    root = Page.objects.get(depth=1)
    source = settings.SITE_LANGUAGES[0]
    data = texts.read("network")
    words = {
        code: {"title": data["home"][code]["title"], "lead": data["home"][code]["lead"]} for code in planter.languages
    }
    homes: dict[str, Page] = {}
    key = None
    for code in planter.languages:
        page = HomePage(
            **words[code], slug="home" if code == source else f"home-{code}", locale=planter.locales[code], live=True
        )
        if key:
            page.translation_key = key
        homes[code] = Page.objects.get(pk=root.pk).add_child(instance=page)
        key = page.translation_key
    Site.objects.all().delete()
    address = urlsplit(settings.WAGTAILADMIN_BASE_URL)
    site = Site.objects.create(
        hostname=address.hostname,
        port=address.port or (443 if address.scheme == "https" else 80),
        root_page=homes[source],
        is_default_site=True,
    )
    network = Network.for_site(site)
    network.name, network.tagline = data["name"], data["tagline"]
    network.zone, network.country = data.get("zone", "Europe/Kyiv"), data.get("country", "UA")
    network.catalogue_address = data["catalogue"]
    network.map_tiles = data["map_tiles"]
    network.map_credit, network.map_credit_url = data["map_credit"], data["map_credit_url"]
    network.save()
    Locale.objects.exclude(language_code__in=settings.SITE_LANGUAGES).delete()
    return homes


def make_terms() -> None:
    """Make audiences, topics, facilities, services and districts."""
    data = texts.read("terms")
    kinds = (
        ("audience", Audience),
        ("topic", Topic),
        ("facility", Facility),
        ("service", Service),
        ("district", District),
    )
    for name, model in kinds:
        for order, fields in enumerate(data[name]):
            model.objects.create(order=order, **fields)


def make_indexes(planter: Planter, homes: dict[str, Page]) -> dict[str, dict[str, Page]]:
    """Make the indexes of branches, events and news."""
    data = texts.read("network")["index"]
    made = {}
    for slug, model in (("branches", BranchIndexPage), ("events", EventIndexPage), ("news", NewsIndexPage)):
        words = {
            code: {"title": data[code][f"{slug}_title"], "intro": data[code][f"{slug}_intro"], "show_in_menus": True}
            for code in planter.languages
        }
        made[slug] = planter.plant(model, homes, words, source=settings.SITE_LANGUAGES[0], slug=slug)
    return made


def make_branches(planter: Planter, index: dict[str, Page], today: date) -> dict[str, dict[str, Page]]:
    """Make the branches; return the pages of each by its key and language."""
    made = {}
    for data in texts.read("branches")["branch"]:
        words = {
            code: {
                "title": data["name"][code],
                "lead": data["lead"][code],
                "body": body_blocks(data["body"][code]),
            }
            for code in planter.languages
        }
        relations = {
            "facilities": list(Facility.objects.filter(key__in=data["facilities"])),
            "services": list(Service.objects.filter(key__in=data["services"])),
        }
        made[data["key"]] = planter.plant(
            BranchPage,
            index,
            words,
            source=_first(planter, "uk"),
            slug=data["key"],
            facts=_facts(data, today),
            relations=relations,
        )
    return made


def _first(planter: Planter, wanted: str) -> str:
    return wanted if wanted in planter.languages else planter.languages[0]


def _facts(data: dict[str, Any], today: date) -> dict[str, Any]:
    weeks = {kind: {"week": [day_to_json(parse_day(day)) for day in week]} for kind, week in data["hours"].items()}
    return {
        "street": data["street"],
        "town": data["town"],
        "postcode": data["postcode"],
        "latitude": Decimal(str(data["latitude"])),
        "longitude": Decimal(str(data["longitude"])),
        "is_central": data.get("is_central", False),
        "zone": "Europe/Kyiv",
        "phones": [("phone", phone) for phone in data["phones"]],
        "mails": [("mail", mail) for mail in data["mails"]],
        "hours": {"v": 1, "kinds": weeks, "exceptions": []},
        "exceptions": [("exception", _exception(one, today)) for one in data.get("exceptions", [])],
    }


def _exception(data: dict[str, Any], today: date) -> dict[str, Any]:
    first = data.get("days_from", data.get("days"))
    return {
        "first": today + timedelta(days=first),
        "last": today + timedelta(days=data.get("days_to", first)),
        "kind": data.get("kind", ""),
        "hours": data.get("hours", ""),
        "reason": data["reason"],
    }


def make_mission(planter: Planter, homes: dict[str, Page]) -> dict[str, Page]:
    """Make the mission page."""
    data = texts.read("mission")["mission"]
    words = {code: _mission(data[code]) for code in planter.languages}
    return planter.plant(MissionPage, homes, words, source=_first(planter, "uk"), slug="mission")


def _mission(data: dict[str, Any]) -> dict[str, Any]:
    return {
        "title": data["title"],
        "statement": data["statement"],
        "show_in_menus": True,
        "introduction": body_blocks(data["introduction"]),
        "principles": [("principle", one) for one in data["principles"]],
        "goals": [("goal", one) for one in data["goals"]],
        "audiences": [("audience", one) for one in data["audiences"]],
        "results": [("result", one) for one in data["results"]],
    }


def make_plain_pages(planter: Planter, homes: dict[str, Page]) -> list[dict[str, Page]]:
    """Make the pages about the library; return each by its languages."""
    made = {"": homes}
    for data in texts.read("pages")["page"]:
        codes = [code for code in planter.languages if code in data]
        words = {
            code: {
                "title": data[code]["title"],
                "lead": data[code]["lead"],
                "body": body_blocks(data[code]["body"]),
                "show_in_menus": data.get("show_in_menus", False),
            }
            for code in codes
        }
        if words:
            parents = made[data.get("parent", "")]
            made[data["slug"]] = planter.plant(PlainPage, parents, words, source=codes[0], slug=data["slug"])
    return [pages for slug, pages in made.items() if slug]


def make_footer(planter: Planter, sections: Iterable[dict[str, Page]], pages: Iterable[dict[str, Page]]) -> None:
    """Let each page lead to the sections and to the pages about the library."""
    first = planter.languages[0]
    columns = ([one.get(first) or next(iter(one.values())) for one in column] for column in (sections, pages))
    begin_footer(Site.objects.get(), planter.languages, *columns)


def fill_home_pages(planter: Planter, homes: dict[str, Page], pages: dict[str, Page]) -> None:
    """Put the blocks on the home pages."""
    data = texts.read("network")["home"]
    for code, home in homes.items():
        words = data[code]
        page = HomePage.objects.get(pk=home.pk)
        page.body = [
            ("upcoming_events", {"heading": words["events_heading"], "count": 8}),
            ("mission_statement", {"heading": words["mission_heading"]}),
            ("latest_news", {"heading": words["news_heading"], "count": 4}),
            ("text", f"<p>{words['text']}</p>"),
            ("call_to_action", {"text": words["cta"], "page": pages.get(code), "url": "", "note": words["cta_note"]}),
        ]
        page.save()


def make_people() -> None:
    """Make an administrator and an editor for each branch, all with the demo's password."""
    User.objects.create_superuser(ADMIN, PASSWORD, first_name="Olena", last_name="Demo")
    from branches.domain.rights import ensure_group

    for branch in Branch.objects.all():
        editor = User.objects.create_user(f"{branch.key}@library.example", PASSWORD)
        editor.groups.add(ensure_group(branch))
