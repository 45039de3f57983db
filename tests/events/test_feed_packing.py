"""Feeds come packed to whoever takes them so, however large they are and by whatever way they are asked for."""

import gzip

import pytest

from events import feeds
from tests.factories.library import soon

GZIP = {"accept-encoding": "gzip"}
FEED = "/en/events/feed.ics"


@pytest.fixture
def chess(library):
    return library.event(starts_on=soon(3), repeat="weekly", repeat_count=30)


@pytest.fixture
def _no_room(settings, monkeypatch):
    """Let no page be small enough to be kept."""
    settings.PAGE_CACHE = True
    monkeypatch.setattr("core.page_memory.PageMemory.largest", property(lambda _memory: 0))


def _plain(client):
    return client.get(FEED, headers={"accept-encoding": "identity"}).content


@pytest.mark.usefixtures("chess", "_no_room")
@pytest.mark.parametrize(
    ("path", "more"),
    [(FEED, {}), (f"{FEED}?x=1", {}), (FEED, {"authorization": "Basic eDp5"}), (FEED, {"cookie": "sessionid=old"})],
    ids=["too large", "unknown parameter", "authorization", "session"],
)
def test_feed_that_is_not_kept_is_packed(client, path, more):
    answer = client.get(path, headers=GZIP | more)

    assert (answer["Content-Encoding"], answer["Content-Length"]) == ("gzip", str(len(answer.content)))
    assert "Accept-Encoding" in answer["Vary"]
    assert gzip.decompress(answer.content) == _plain(client)
    assert answer["ETag"].startswith('W/"')


@pytest.mark.usefixtures("chess", "_no_room")
def test_head_of_a_feed_says_what_get_says(client):
    asked = {name: getattr(client, name)(FEED, headers=GZIP) for name in ("head", "get")}

    headers = ("ETag", "Content-Length", "Content-Encoding", "Vary")
    said = {name: [answer[header] for header in headers] for name, answer in asked.items()}
    assert said["head"] == said["get"]
    assert asked["head"].content == b""


@pytest.mark.usefixtures("chess", "_no_room")
def test_packed_feed_is_known_by_both_forms_of_its_etag(client):
    etag = client.get(FEED, headers=GZIP)["ETag"]

    answers = [client.get(FEED, headers=GZIP | {"if-none-match": one}) for one in (etag, etag.removeprefix("W/"))]

    assert [(answer.status_code, answer.content) for answer in answers] == [(304, b"")] * 2


@pytest.mark.usefixtures("chess", "_no_room")
@pytest.mark.parametrize("accepted", ["identity", "", "gzip;q=0", "br"])
def test_feed_comes_plain_to_who_takes_no_gzip(client, accepted):
    answer = client.get(FEED, headers={"accept-encoding": accepted})

    assert "Content-Encoding" not in answer
    assert answer.content.startswith(b"BEGIN:VCALENDAR\r\n")


def test_kept_feeds_have_a_limit_in_bytes(chess, client, monkeypatch):
    monkeypatch.setattr(feeds, "MOST_KEPT_BYTES", len(_plain(client)) * 3)

    for code in ("en", "uk", "ru", "mk"):
        client.get(f"/{code}/events/feed.ics", {"x": "1"})

    assert 1 <= len(feeds.kept_feeds) <= 3
    assert sum(kept.size for kept in feeds.kept_feeds.values()) <= feeds.MOST_KEPT_BYTES
