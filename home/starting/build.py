"""Builds a new network in one transaction: pages, terms, groups, settings, the first administrator."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import Locale, Page, Site
from wagtail.users.models import UserProfile

from branches.models import BranchIndexPage, BranchPage, Facility
from core.generations import bump
from core.labels import label_in
from core.models import Audience, Network, Topic, User
from core.pages import BasePage
from core.share_links import usual_services
from core.slugs import slugify_words, unique_slug
from core.structure import ensure_locales
from events.models import EventIndexPage
from home.demo import texts as demo_texts
from home.footers import begin_footer
from home.models import HomePage, MissionPage, PlainPage
from home.plain_text import body_blocks
from home.starting.plan import NetworkPlan, PlanError, problems
from home.starting.texts import words_in
from news.models import NewsIndexPage

INDEXES = {"branches": BranchIndexPage, "events": EventIndexPage, "news": NewsIndexPage}
# What law and custom expect of a public library, in the order in which they stand below the home page.
PAGES = ("about", "contacts", "reader", "rules", "privacy", "accessibility", "public")
IN_MENU = {"about", "contacts"}
Say = Callable[[str], None]
Words = dict[str, dict[str, Any]]


def start_network(plan: NetworkPlan, password: str, say: Say = lambda _words: None) -> Site:
    """Build the network on an empty site; raise PlanError, before anything is done, where that can't be."""
    if found := problems(plan, password):
        raise PlanError(found)
    with transaction.atomic():
        _require_empty(plan)
        site = _Builder(plan, password, say).build()
    call_command("update_index", verbosity=0)
    bump(None)
    return site


def _require_empty(plan: NetworkPlan) -> None:
    if Page.objects.filter(depth__gt=2).exists():
        raise PlanError([_("This site has content already; a network is started on an empty one.")])
    if User.objects.filter(email__iexact=plan.email).exists():
        raise PlanError([_("There is somebody with the address %(email)s already.") % {"email": plan.email}])


class _Builder:
    """Holds what the steps share: the plan, the locales, who does it."""

    def __init__(self, plan: NetworkPlan, password: str, say: Say) -> None:
        self.plan, self.say = plan, say
        self.texts = {code: words_in(code) for code in plan.languages}
        self.locales = {one.language_code: one for one in ensure_locales(plan.languages)}
        self.user = User.objects.create_superuser(plan.email, password, language=plan.first_language)
        UserProfile.objects.create(user=self.user, preferred_language=plan.first_language)

    def build(self) -> Site:
        self.say(_("Home page and settings"))
        site, homes = self._site()
        self._terms()
        self.say(_("Sections and branches"))
        indexes = {name: self._index(name, homes) for name in INDEXES}
        self._branches(indexes["branches"])
        self.say(_("Drafts of the pages that you will complete"))
        mission = self._mission(homes)
        pages = {name: self._page(name, homes) for name in PAGES}
        first = self.plan.first_language
        sections = [*(indexes[name][first] for name in INDEXES), mission[first]]
        begin_footer(site, self.plan.languages, sections, [page[first] for page in pages.values()])
        self._fill_homes(homes, pages["reader"])
        return site

    # --- The frame ----------------------------------------------------------------------------------------------------

    def _site(self) -> tuple[Site, dict[str, Page]]:
        Page.objects.filter(depth=2).delete()
        Site.objects.all().delete()
        root = Page.objects.get(depth=1)
        first = self.plan.first_language
        titles = {code: {"title": label_in(self.plan.name, code, first=first)} for code in self.plan.languages}
        roots = dict.fromkeys(self.plan.languages, root)
        homes = self._add(HomePage, roots, titles, slug="home", own_slugs=True)
        address = urlsplit(settings.WAGTAILADMIN_BASE_URL)
        site = Site.objects.create(
            hostname=address.hostname or "localhost",
            port=address.port or (443 if address.scheme == "https" else 80),
            site_name=label_in(self.plan.name, first)[:255],
            root_page=homes[first],
            is_default_site=True,
        )
        Locale.objects.exclude(language_code__in=settings.SITE_LANGUAGES).delete()
        self._settings(site)
        self._publish(homes)
        return site, homes

    def _settings(self, site: Site) -> None:
        network = Network.for_site(site)
        network.name = self.plan.name
        network.languages = list(self.plan.languages)
        network.default_language = self.plan.first_language
        network.zone = self.plan.zone or settings.TIME_ZONE
        network.country = self.plan.country
        network.share_services = usual_services(self.plan.country)
        network.checklist_shown = True
        network.save()

    def _terms(self) -> None:
        # Audiences, topics and facilities that the demo has are those of any library; its services are its own.
        data = demo_texts.read("terms")
        for name, model in (("audience", Audience), ("topic", Topic), ("facility", Facility)):
            for order, fields in enumerate(data[name]):
                model.objects.create(order=order, **fields)

    def _index(self, name: str, homes: Mapping[str, Page]) -> dict[str, Page]:
        words = {
            code: {"title": text["index"][f"{name}_title"], "intro": text["index"][f"{name}_intro"]}
            for code, text in self.texts.items()
        }
        return self._publish(self._add(INDEXES[name], homes, words, slug=name))

    def _branches(self, index: Mapping[str, Page]) -> None:
        """Publish the branches: readers learn that hours are not entered yet, editors get their group and place."""
        slugs: set[str] = set()
        for number, name in enumerate(self.plan.branches):
            written = [code for code in self.plan.languages if name.get(code)] or list(name)[:1]
            codes = [code for code in written if code in self.plan.languages] or [self.plan.first_language]
            words = {code: {"title": label_in(name, code)} for code in codes}
            slug = unique_slug(slugify_words(words[codes[0]]["title"], codes[0]), slugs)
            slugs.add(slug)
            facts = {"zone": self.plan.zone or settings.TIME_ZONE, "is_central": number == 0}
            self._publish(self._add(BranchPage, index, words, slug=slug, **facts))

    # --- What is to be completed --------------------------------------------------------------------------------------

    def _mission(self, homes: Mapping[str, Page]) -> dict[str, Page]:
        words = {code: _mission_words(text["mission"]) for code, text in self.texts.items()}
        return self._add(MissionPage, homes, words, slug="mission")

    def _page(self, name: str, homes: Mapping[str, Page]) -> dict[str, Page]:
        words = {}
        for code, text in self.texts.items():
            page = text["page"][name]
            words[code] = {
                "title": page["title"],
                "lead": page["lead"],
                "body": body_blocks(page["body"]),
                "show_in_menus": name in IN_MENU,
            }
        first = self.plan.first_language
        return self._add(PlainPage, homes, words, slug=slugify_words(words[first]["title"], first))

    def _fill_homes(self, homes: Mapping[str, Page], reader: Mapping[str, Page]) -> None:
        for code, home in homes.items():
            words = self.texts[code]["home"]
            page = HomePage.objects.get(pk=home.pk)
            # Readers see the last one once its page is published.
            action = {"text": words["reader"], "page": reader[code], "url": "", "note": ""}
            page.body = [
                ("upcoming_events", {"heading": words["events"], "count": 8}),
                ("mission_statement", {"heading": words["mission"]}),
                ("latest_news", {"heading": words["news"], "count": 4}),
                ("call_to_action", action),
            ]
            page.save_revision(user=self.user, clean=False).publish(user=self.user, skip_permission_checks=True)

    # --- Pages --------------------------------------------------------------------------------------------------------

    def _add(
        self,
        model: type[BasePage],
        parents: Mapping[str, Page],
        words: Words,
        *,
        slug: str,
        own_slugs: bool = False,
        **facts: Any,
    ) -> dict[str, Page]:
        """Add a draft in each language of `words`, the first one first; return them by language."""
        key, pages = uuid4(), {}
        for number, (code, fields) in enumerate(words.items()):
            page = model(
                **fields,
                **facts,
                slug=f"{slug}-{code}" if own_slugs and number else slug,
                locale=self.locales[code],
                translation_key=key,
                owner=self.user,
                live=False,
            )
            # Treebeard counts on the parent's own numbers being fresh.
            pages[code] = Page.objects.get(pk=parents[code].pk).add_child(instance=page)
            page.save_revision(user=self.user, clean=False)
        return pages

    def _publish(self, pages: dict[str, Page]) -> dict[str, Page]:
        """Publish the pages, the first language last: by then nothing is missing that would be filled with a copy."""
        for code in reversed(list(pages)):
            page = pages[code].specific
            page.get_latest_revision().publish(user=self.user, skip_permission_checks=True)
            pages[code] = type(page).objects.get(pk=page.pk)
        return pages


def _mission_words(text: Mapping[str, Any]) -> dict[str, Any]:
    goal = text["goal"]
    return {
        "title": text["title"],
        "statement": text["statement"],
        "introduction": body_blocks(text["introduction"]),
        "principles": [("principle", text["principle"])],
        "goals": [("goal", {"name": goal["name"], "text": goal["text"], "tasks": [goal["task"]]})],
        "audiences": [("audience", text["audience"])],
        "results": [("result", text["result"])],
    }
