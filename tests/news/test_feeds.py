"""The Atom feed of each language, topic and branch."""

from datetime import UTC, date, datetime, timedelta
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page, Site

from branches.models import BranchPage
from core.models import LibraryImage, Network, Topic
from home.models import HomePage
from news.models import ArticlePage, NewsIndexPage
from tests.factories.articles import many_articles
from tests.factories.library import publish
from tests.factories.photographs import picture_with_shared_size
from tests.page_heads import head_of

NOON = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
ATOM = "{http://www.w3.org/2005/Atom}"


def _name(library, **label) -> None:
    network = Network.for_site(library.site)
    network.name, network.tagline = label or {"en": "Library", "uk": "Бібліотека"}, {"en": "Open to all"}
    network.save()


def _values(element) -> dict:
    """Return an element's children: texts by name, links and categories as their attributes."""
    found = {"language": element.get(LANG)}
    for child in element:
        name = child.tag.removeprefix(ATOM)
        if name in ("link", "category"):
            found.setdefault(name, []).append(child.attrib)
        elif name == "author":
            found[name] = child.findtext(f"{ATOM}name")
        elif name != "entry":
            found[name] = child.text
    return found


def _feed(client, path="/en/news/feed.atom"):
    root = ElementTree.fromstring(client.get(path).content)
    return _values(root), [_values(entry) for entry in root.iter(f"{ATOM}entry")]


def _titles(client, path) -> list[str]:
    return [entry["title"] for entry in _feed(client, path)[1]]


def test_feed_says_what_it_is_and_all_about_each_article(library, client):
    _name(library)
    library.terms()
    named, above = library.branch(key="oak", title="The Oak"), library.branch(key="mill", title="Old Mill")
    library.translate(above, "uk", title="Старий млин")
    page = library.article(
        parent=above,
        title="Shelves & books",
        slug="shelves",
        lead="A < B",
        date=NOON,
        topics=list(Topic.objects.all()),
        branches=[named.record],
        image=picture_with_shared_size(),
    )
    page = library.translate(page, "uk", title="Полиці та книжки", lead="А < Б")

    feed, entries = _feed(client, "/uk/news/feed.atom")

    updated = page.last_published_at.isoformat(timespec="seconds")
    assert feed == {
        "language": "uk",
        "id": "tag:localhost,2026:/uk/news/feed.atom",
        "title": "Бібліотека",
        "subtitle": "Open to all",
        "updated": updated,
        "author": "Бібліотека",
        "link": [
            {"rel": "self", "href": "http://testserver/uk/news/feed.atom", "type": "application/atom+xml"},
            {"rel": "alternate", "href": "http://testserver/uk/news/", "type": "text/html", "hreflang": "uk"},
        ],
    }
    assert entries == [
        {
            "language": "uk",
            "id": f"urn:uuid:{page.translation_key}",
            "title": "Полиці та книжки",
            "published": "2026-11-22T10:00:00+00:00",
            "updated": updated,
            "author": "Бібліотека",
            "link": [
                {
                    "rel": "alternate",
                    "href": "http://testserver/uk/branches/mill/shelves/",
                    "type": "text/html",
                    "hreflang": "uk",
                },
                {"rel": "enclosure", "href": "http://testserver/media/chess.jpg", "type": "image/jpeg"},
            ],
            "category": [
                {"scheme": "tag:localhost,2026:topic", "term": "reading", "label": "Читання"},
                {"scheme": "tag:localhost,2026:branch", "term": "mill", "label": "Старий млин"},
                {"scheme": "tag:localhost,2026:branch", "term": "oak", "label": "The Oak"},
            ],
            "summary": "А < Б",
        }
    ]


def test_hidden_branch_and_picture_past_its_last_day_are_in_no_entry(library, client):
    image, branch = picture_with_shared_size(), library.branch(key="oak")
    library.article(branches=[branch.record], image=image)
    BranchPage.objects.get(pk=branch.pk).unpublish()
    LibraryImage.objects.update(shown_until=date(2020, 1, 1))

    _about, (entry,) = _feed(client)

    assert ("category" in entry, [link["rel"] for link in entry["link"]]) == (False, ["alternate"])


def test_feed_of_many_articles_needs_no_more_queries_than_of_one(library, client, settings):
    settings.PAGE_CACHE = False
    library.terms()
    image, branches = picture_with_shared_size(), [library.branch(key=key) for key in ("oak", "mill")]
    counts = []
    for number in range(3):
        facts = {"topics": list(Topic.objects.all()), "branches": [branches[0].record], "image": image}
        library.article(parent=branches[1], slug=f"article-{number}", **facts)
        _feed(client)
        with CaptureQueriesContext(connection) as asked:
            _feed(client)
        counts.append(len(asked))

    assert counts[2] == counts[0]


def test_article_without_words_in_the_language_says_which_it_has(library, client):
    library.article(title="Shelves", slug="shelves")

    feed, (entry,) = _feed(client, "/mk/news/feed.atom")

    assert (feed["language"], entry["language"], entry["title"]) == ("mk", "en", "Shelves")
    assert (entry["link"][0]["href"], entry["link"][0]["hreflang"]) == ("http://testserver/mk/news/shelves/", "en")


def test_newest_articles_come_first_pinned_or_not_and_no_more_than_fifty(library, client):
    many_articles(library, 60, newest=NOON)
    library.article(title="Pinned", pinned=True, date=NOON - timedelta(hours=1))

    titles = _titles(client, "/en/news/feed.atom")

    assert titles[:3] == ["Article 1", "Pinned", "Article 2"]
    assert len(titles) == 50


def test_feed_is_narrowed_by_topic_branch_and_month(library, client):
    library.terms()
    _name(library)
    topics, mill = list(Topic.objects.all()), library.branch(key="mill", title="Old Mill").record
    library.article(title="Both", topics=topics, branches=[mill], date=NOON)
    library.article(title="Topic", topics=topics, date=NOON - timedelta(days=90))
    library.article(title="Branch", branches=[mill], date=NOON - timedelta(days=91))

    feed, entries = _feed(client, "/en/news/feed.atom?branch=mill&topic=reading")

    assert [entry["title"] for entry in entries] == ["Both"]
    assert _titles(client, "/en/news/feed.atom?topic=reading") == ["Both", "Topic"]
    assert _titles(client, "/en/news/feed.atom?branch=mill") == ["Both", "Branch"]
    assert _titles(client, "/en/news/feed.atom?month=2026-11") == ["Both"]
    assert (feed["title"], feed["link"][1]["href"]) == (
        "Library: Reading: Old Mill",
        "http://testserver/en/news/?topic=reading&branch=mill",
    )


@pytest.mark.parametrize(
    "query",
    [
        "?branch=mill&topic=reading",
        "?topic=reading&branch=mill",
        "?utm_source=x&branch=mill&page=7&topic=reading&month=",
    ],
)
def test_feed_is_the_same_whatever_else_its_address_says(library, client, query):
    library.terms()
    library.branch(key="mill")

    feed, _entries = _feed(client, f"/en/news/feed.atom{query}")

    assert feed["id"] == "tag:localhost,2026:/en/news/feed.atom?topic=reading&branch=mill"
    assert feed["link"][0]["href"] == "http://testserver/en/news/feed.atom?topic=reading&branch=mill"


@pytest.mark.parametrize("query", ["topic=nothing", "branch=nowhere", "month=soon", "topic=%00", "branch=%ff"])
def test_feed_of_what_there_never_was_is_refused(library, client, query):
    assert client.get(f"/en/news/feed.atom?{query}").status_code == 400


def test_unchanged_feed_is_not_sent_again(library, client):
    empty = client.get("/en/news/feed.atom")
    library.article()
    first = client.get("/en/news/feed.atom")

    again = client.get("/en/news/feed.atom", headers={"if-none-match": first["ETag"]})
    changed = client.get("/en/news/feed.atom", headers={"if-none-match": empty["ETag"]})

    assert client.get("/uk/news/feed.atom")["ETag"] != first["ETag"]
    assert (again.status_code, again.content, changed.status_code) == (304, b"", 200)


def test_feed_without_articles_is_the_same_each_time(library, client):
    first, second = (client.get("/en/news/feed.atom") for _time in range(2))

    assert first.content == second.content
    assert _feed(client)[0]["updated"] == "2000-01-01T00:00:00+00:00"


def test_feed_asks_for_no_cookie_and_sets_none(library, client):
    response = client.head("/en/news/feed.atom")

    assert (response.status_code, response.content, dict(response.cookies)) == (200, b"", {})
    assert (response["Content-Type"], response["Cache-Control"]) == (
        "application/atom+xml; charset=utf-8",
        "public, max-age=0, must-revalidate",
    )


def test_draft_hidden_and_private_articles_are_in_no_feed(library, client):
    library.article(publish_it=False, title="Draft")
    library.article(title="Hidden").unpublish()

    assert _titles(client, "/en/news/feed.atom") == []


def test_article_of_a_member_network_is_by_that_network(library, client):
    _name(library)
    root = Page.objects.get(depth=1)
    home = root.add_child(instance=HomePage(title="Member", slug="member", locale=library.locales["en"]))
    site = Site.objects.create(hostname="member.example", root_page=home)
    publish(home)
    index = Page.objects.get(pk=home.pk).add_child(instance=NewsIndexPage(title="News", slug="news"))
    publish(Page.objects.get(pk=index.pk).add_child(instance=ArticlePage(title="From there", lead="Hello.")))
    member = Network.for_site(site)
    member.name = {"en": "Member library"}
    member.save()
    Network.for_site(library.site).members.set([site])
    library.article(title="From here")

    _about, entries = _feed(client)

    assert {entry["title"]: entry["author"] for entry in entries} == {
        "From there": "Member library",
        "From here": "Library",
    }


@pytest.mark.parametrize(
    ("path", "feeds"),
    [
        ("/en/", ["/en/news/feed.atom"]),
        ("/en/news/", ["/en/news/feed.atom"]),
        ("/en/news/shelves/", ["/en/news/feed.atom"]),
        ("/uk/news/?topic=reading", ["/uk/news/feed.atom", "/uk/news/feed.atom?topic=reading"]),
        (
            "/mk/branches/mill/",
            ["/mk/news/feed.atom", "/mk/news/feed.atom?branch=mill", "/mk/events/feed.atom?branch=mill"],
        ),
    ],
)
def test_page_leads_to_the_feeds_of_what_it_shows(library, client, path, feeds):
    library.terms()
    library.branch(key="mill")
    library.article(title="Shelves", topics=list(Topic.objects.all()))

    found = head_of(client.get(path)).feeds("application/atom+xml")

    assert list(found) == feeds
    assert [client.get(feed).status_code for feed in feeds] == [200] * len(feeds)
