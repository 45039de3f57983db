"""Notices: they begin and end by themselves to the second, in every language, in every process, and cost no query."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.test import Client, RequestFactory, TestCase
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from core import generations
from core.models import Network, Notice
from core.notices import notices_for
from core.page_cache import PageCacheMiddleware
from tests.factories.library import soon

pytestmark = pytest.mark.django_db
# Kyiv is three hours ahead in summer.
NOW = datetime(2030, 5, 28, 10, 0, tzinfo=UTC)
LOCAL = datetime(2030, 5, 28, 13, 0)
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _kyiv(library):
    network = Network.for_site(library.site)
    network.zone = "Europe/Kyiv"
    network.save()


def put_up(library, text="Water is off", *, begins=LOCAL - HOUR, ends=LOCAL + HOUR, **fields) -> Notice:
    words = text if isinstance(text, dict) else {"en": text}
    return Notice.objects.create(site=library.site, text=words, begins=begins, ends=ends, **fields)


def request(path="/en/"):
    return RequestFactory().get(path, headers={"host": "localhost"})


def texts(now=NOW, language="en") -> list[str]:
    with translation.override(language):
        return [notice.words.text for notice in notices_for(request(), now)]


@pytest.fixture
def stopped(monkeypatch):
    """Stop the clock at NOW."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)


def test_notice_is_up_from_its_beginning_to_its_end_by_the_clock_of_the_network(library, stopped):
    put_up(library, begins=LOCAL, ends=LOCAL + HOUR)
    second = timedelta(seconds=1)

    shown = [texts(at) for at in (NOW - second, NOW, NOW + HOUR - second, NOW + HOUR)]

    assert shown == [[], ["Water is off"], ["Water is off"], []]


def test_notice_without_end_stays(library, stopped):
    put_up(library, ends=None)

    assert texts(NOW + timedelta(days=400)) == ["Water is off"]


def test_notices_stack_by_level_and_the_latest_first(library, stopped):
    put_up(library, "Early", level="important", begins=LOCAL - 2 * HOUR)
    put_up(library, "For information", level="information", begins=LOCAL - HOUR)
    put_up(library, "Late", level="important", begins=LOCAL - HOUR)
    put_up(library, "Fire", level="emergency", begins=LOCAL - 3 * HOUR)

    assert texts() == ["Fire", "Late", "Early", "For information"]


def test_notice_of_another_site_is_not_shown(library, stopped):
    from wagtail.models import Site

    other = Site.objects.create(hostname="other.example", root_page=library.home)
    Notice.objects.create(site=other, text={"en": "Elsewhere"}, begins=LOCAL - HOUR)

    assert texts() == []


def test_every_page_says_it_with_word_shape_and_language(library, stopped):
    library.event(starts_on=soon(5))
    put_up(
        library, {"en": "Water is off.", "uk": "Немає води."}, level="emergency", page=library.news,
    )  # fmt: skip

    pages = {path: Client().get(path).content.decode() for path in ("/uk/", "/mk/", "/en/events/chess-club/")}

    assert "<strong>Надзвичайна ситуація:</strong>" in pages["/uk/"]
    assert "<span>Немає води.</span>" in pages["/uk/"]
    assert '<a href="/uk/news/" lang="en">News</a>' in pages["/uk/"]
    assert '<span lang="en">Water is off.</span>' in pages["/mk/"]
    for html in pages.values():
        assert html.count('class="notice notice-emergency"') == 1
        assert html.count('class="notice-mark"') == 1
        assert html.index("skip-link") < html.index("notice-emergency") < html.index("<header")
        assert 'role="alert"' not in html


def test_link_to_a_page_that_is_gone_is_left_out(library, stopped):
    put_up(library, page=library.news, link_text={"en": "More"})
    assert "More</a></p>" in " ".join(Client().get("/en/").content.decode().split()).replace("</a> </p>", "</a></p>")

    library.news.unpublish()

    html = Client().get("/en/").content.decode()
    assert "Water is off" in html
    assert ">More</a>" not in html


def test_notice_that_nobody_could_have_typed_takes_no_page_down(library, stopped, client):
    put_up(library, "In no year", begins=datetime(1, 1, 1))
    put_up(library, "Water is off")

    assert texts() == ["Water is off"]
    assert client.get("/en/").status_code == 200


def test_text_is_never_markup(library, stopped):
    put_up(library, "<script>alert(1)</script>")

    assert "<script>alert(1)" not in Client().get("/en/").content.decode()


def test_number_of_queries_does_not_grow_with_the_notices(library, stopped):
    asked = []
    for count in (1, 3):
        while Notice.objects.count() < count:
            put_up(library, page=library.news)
        texts()
        with CaptureQueriesContext(connection) as queries:
            shown = texts()
        asked.append((len(shown), len(queries)))

    assert [count for count, _queries in asked] == [1, 3]
    assert asked[0][1] == asked[1][1]


def test_nothing_is_asked_again_in_the_same_generation(library, stopped, remembering):
    put_up(library)
    generations.store().advance()
    texts()

    with CaptureQueriesContext(connection) as queries:
        assert texts(NOW + timedelta(minutes=5)) == ["Water is off"]

    assert [query["sql"] for query in queries if "wagtailcore_site" not in query["sql"]] == []


# --- The page cache ---------------------------------------------------------------------------------------------------


def test_page_is_kept_until_a_notice_begins_or_ends(library, settings, stopped, remembering):
    # Without a cache of its own, whose clock would be another.
    handler = WSGIHandler()
    settings.PAGE_CACHE, settings.PAGE_CACHE_SECONDS = True, 10**6
    put_up(library, "Lift", begins=LOCAL + 2 * HOUR, ends=LOCAL + 4 * HOUR)
    generations.store().advance()
    clock = [NOW.timestamp()]
    middleware = PageCacheMiddleware(handler.get_response, clock=lambda: clock[0])

    def outcome(at: datetime) -> tuple[str, bool]:
        clock[0] = at.timestamp()
        timezone.now = lambda: at
        answer = middleware(request("/en/news/"))
        return answer["X-Cache"], "Lift" in answer.content.decode()

    second = timedelta(seconds=1)
    asked = [
        outcome(at)
        for at in (
            NOW,
            NOW + 2 * HOUR - second,
            NOW + 2 * HOUR,
            NOW + 4 * HOUR - second,
            NOW + 4 * HOUR,
            NOW + 5 * HOUR,
        )
    ]

    assert asked == [("miss", False), ("hit", False), ("miss", True), ("hit", True), ("miss", False), ("hit", False)]


def test_notice_of_one_process_is_seen_at_once(library, settings, remembering):
    settings.PAGE_CACHE = settings.PAGE_CACHE_DEBUG_HEADER = True
    generations.store().advance()
    reader = Client()
    before = [reader.get("/en/news/")["X-Cache"] for _time in range(2)]

    with TestCase.captureOnCommitCallbacks(execute=True):
        notice = put_up(library, begins=datetime(2020, 1, 1), ends=None)
    up = reader.get("/en/news/")
    with TestCase.captureOnCommitCallbacks(execute=True):
        notice.ends = datetime(2020, 1, 2)
        notice.save()
    down = reader.get("/en/news/")

    assert before == ["miss", "hit"]
    assert (up["X-Cache"], "Water is off" in up.content.decode()) == ("miss", True)
    assert (down["X-Cache"], "Water is off" in down.content.decode()) == ("miss", False)


def test_feeds_stay_as_they_are(library):
    library.event(starts_on=soon(5))
    library.article()
    addresses = ("/en/events/feed.ics", "/en/news/feed.atom")
    feeds = [path for path in addresses if Client().get(path).status_code == 200]
    before = [(Client().get(path).content, Client().get(path)["ETag"]) for path in feeds]

    put_up(library, begins=datetime(2020, 1, 1), ends=None)

    assert feeds
    assert [(Client().get(path).content, Client().get(path)["ETag"]) for path in feeds] == before
