"""The sitemap lists what search engines may find, in every language; robots.txt agrees with it and with the feeds."""

from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page, PageViewRestriction, Site

from core.models import Network
from home import sitemap
from home.models import HomePage, PlainPage
from tests.factories.articles import many_articles
from tests.factories.library import NOON, publish
from tests.page_heads import head_of

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
XHTML = "{http://www.w3.org/1999/xhtml}"
HOST = "http://testserver"
# What the library has before a test adds anything.
INDEXES = [f"{HOST}/en/{path}" for path in ("", "events/", "branches/", "news/")]


def _root(client, query=""):
    response = client.get(f"/sitemap.xml{query}")
    assert (response.status_code, response["Content-Type"]) == (200, "application/xml")
    return ElementTree.fromstring(response.content)


def _addresses(client, query="") -> list[str]:
    return [element.text for element in _root(client, query).iter(f"{SITEMAP}loc")]


def _alternates(client) -> dict[str, dict[str, str]]:
    return {
        entry.findtext(f"{SITEMAP}loc"): {link.get("hreflang"): link.get("href") for link in entry.iter(f"{XHTML}link")}
        for entry in _root(client).iter(f"{SITEMAP}url")
    }


def test_every_page_with_words_of_its_own_is_listed_with_its_translations(library, client):
    club = library.event(title="Chess club", slug="chess")
    library.translate(club, "uk", title="Шахи")
    library.article(language="mk", title="Новост", slug="novost")

    found = _alternates(client)

    both = {"en": f"{HOST}/en/events/chess/", "uk": f"{HOST}/uk/events/chess/", "x-default": f"{HOST}/en/events/chess/"}
    own = {"mk": f"{HOST}/mk/news/novost/", "x-default": f"{HOST}/mk/news/novost/"}
    assert list(found) == [*INDEXES, *list(both.values())[:2], f"{HOST}/mk/news/novost/"]
    assert [found[f"{HOST}/{path}"] for path in ("en/events/chess/", "uk/events/chess/", "mk/news/novost/")] == [
        both,
        both,
        own,
    ]


@pytest.mark.parametrize("first", ["en", "uk"])
def test_sitemap_and_pages_name_the_same_alternates(library, client, first):
    Network.objects.update_or_create(site=library.site, defaults={"default_language": first})
    club = library.event(title="Chess club", slug="chess")
    library.translate(club, "uk", title="Шахи")

    listed = _alternates(client)

    assert len(listed) == 6
    assert {url: head_of(client.get(url.removeprefix(HOST))).alternates for url in listed} == listed
    assert listed[f"{HOST}/en/events/chess/"]["x-default"] == f"{HOST}/{first}/events/chess/"


def test_entry_tells_when_its_words_were_published_last(library, client):
    page = library.article(title="Shelves", slug="shelves")

    (entry,) = [each for each in _root(client).iter(f"{SITEMAP}url") if "shelves" in each.findtext(f"{SITEMAP}loc")]

    assert entry.findtext(f"{SITEMAP}lastmod") == page.last_published_at.isoformat(timespec="seconds")


def test_what_not_everybody_may_read_is_not_listed(library, client):
    library.article(publish_it=False, title="Draft")
    library.article(title="Hidden").unpublish()
    branch = library.branch(key="staff")
    library.event(parent=branch, title="Meeting")
    plain = publish(Page.objects.get(pk=library.home.pk).add_child(instance=PlainPage(title="Rules")))
    with TestCase.captureOnCommitCallbacks(execute=True):
        for page in (branch, plain):
            PageViewRestriction.objects.create(page=Page.objects.get(pk=page.pk), restriction_type="login")

    assert _addresses(client) == INDEXES


def test_language_that_the_site_does_not_offer_is_not_listed(library, client):
    library.translate(library.events, "mk", title="Настани")
    assert f"{HOST}/mk/events/" in _addresses(client)

    Network.objects.update_or_create(site=library.site, defaults={"languages": ["en", "uk"]})

    assert _addresses(client) == INDEXES
    assert set(_alternates(client)[f"{HOST}/en/events/"]) == {"en", "x-default"}


def test_pages_of_another_site_are_not_listed(library, client):
    root = Page.objects.get(depth=1)
    home = root.add_child(instance=HomePage(title="Other", slug="other", locale=library.locales["en"]))
    Site.objects.create(hostname="other.example", root_page=home)
    publish(home)

    assert _addresses(client) == INDEXES
    assert "http://other.example/en/" in client.get("/sitemap.xml", headers={"host": "other.example"}).content.decode()


# --- Many pages -----------------------------------------------------------------------------------------------------


def test_many_pages_are_spread_over_several_sitemaps_without_loss(library, client, monkeypatch):
    club = library.event(title="Chess club", slug="chess")
    many_articles(library, 20, newest=NOON)
    library.translate(club, "uk", title="Шахи")
    whole = _addresses(client)
    monkeypatch.setattr(sitemap, "PER_SITEMAP", 7)

    root = _root(client)
    parts = [element.text for element in root.iter(f"{SITEMAP}loc")]

    assert root.tag == f"{SITEMAP}sitemapindex"
    assert parts == [f"{HOST}/sitemap.xml?page={number}" for number in (1, 2, 3, 4)]
    listed = [address for part in parts for address in _addresses(client, part.partition("xml")[2])]
    assert (len(listed), listed) == (4 + 2 + 20, whole)


def test_new_pages_come_last_so_that_the_other_parts_stay_as_they_were(library, client, monkeypatch):
    many_articles(library, 6, newest=NOON)
    monkeypatch.setattr(sitemap, "PER_SITEMAP", 5)
    before = _addresses(client, "?page=1")

    library.article(title="New")

    assert _addresses(client, "?page=1") == before


@pytest.mark.parametrize("page", ["0", "2", "999999999999", "9" * 4000, "-1", "x", "٢", ""])
def test_part_that_there_is_not_is_not_found(library, client, page):
    assert client.get("/sitemap.xml", {"page": page}).status_code == 404


def test_sitemap_stays_within_what_the_protocol_allows():
    longest = 5 * 400  # an entry with the longest addresses in four languages, and x-default

    assert sitemap.PER_SITEMAP * len(settings.ALL_LANGUAGES) <= 50_000
    assert sitemap.PER_SITEMAP * len(settings.ALL_LANGUAGES) * longest <= 50 * 1024 * 1024


def test_queries_do_not_grow_with_the_pages(library, client, remembering, monkeypatch):
    monkeypatch.setattr(sitemap, "PER_SITEMAP", 200)

    def queries(query):
        client.get("/sitemap.xml")
        with CaptureQueriesContext(connection) as asked:
            client.get(f"/sitemap.xml{query}")
        return len(asked)

    library.article()
    few = queries("?page=1")
    many_articles(library, 300, newest=NOON)

    # The site of the request, the restrictions, then the pages or their number.
    many = {query: queries(query) for query in ("?page=1", "?page=2", "")}
    assert many == dict.fromkeys(many, few)
    assert few <= 3


# --- robots.txt -----------------------------------------------------------------------------------------------------


@pytest.fixture
def robots(library, client):
    """Return what robots.txt says, as a crawler reads it."""
    response = client.get("/robots.txt")
    assert (response.status_code, response["Content-Type"]) == (200, "text/plain; charset=utf-8")
    parser = RobotFileParser()
    parser.parse(response.content.decode().splitlines())
    return parser


def test_robots_may_read_every_page_and_every_feed(robots, library, client):
    branch = library.branch(key="mill")
    library.event(parent=branch, title="Chess club")
    feeds = [
        address
        for code in settings.SITE_LANGUAGES
        for path in (f"/{code}/branches/mill/", f"/{code}/events/?audience=children", f"/{code}/news/")
        for kind in ("text/calendar", "application/atom+xml")
        for address in head_of(client.get(path)).feeds(kind)
    ]
    read = [*_addresses(client), *(HOST + feed for feed in feeds), f"{HOST}/sitemap.xml", f"{HOST}/media/a.jpg"]

    assert len(read) > 30
    assert [address for address in read if not robots.can_fetch("*", address)] == []


def test_robots_stay_out_of_the_admin_sign_in_and_searches(robots):
    paths = [
        "/admin/",
        "/admin/pages/1/",
        "/accounts/login/",
        *(f"/{code}/search/?q=a" for code in ("en", "uk", "ru", "mk")),
    ]

    assert [path for path in paths if robots.can_fetch("*", HOST + path)] == []


def test_robots_are_told_of_the_sitemap(robots):
    assert robots.site_maps() == [f"{HOST}/sitemap.xml"]
