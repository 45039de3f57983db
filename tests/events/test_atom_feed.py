"""Atom of coming events: the same dates as in the lists, under ids that stay."""

from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import generations
from core.models import Topic
from events.domain import operations
from events.models import Occurrence, OccurrenceText
from tests.factories.library import publish, revise, soon
from tests.page_heads import PageHead

pytestmark = pytest.mark.django_db

PATH = "/en/events/feed.atom"
ATOM = "{http://www.w3.org/2005/Atom}"


def _feed(client, path=PATH) -> ElementTree.Element:
    response = client.get(path)
    assert (response.status_code, response["Content-Type"]) == (200, "application/atom+xml; charset=utf-8")
    return ElementTree.fromstring(response.content)


def _entries(client, path=PATH) -> list[dict[str, str]]:
    return [
        {child.tag.removeprefix(ATOM): child.text or child.get("href", "") for child in entry}
        for entry in _feed(client, path).iter(f"{ATOM}entry")
    ]


def test_entry_says_what_when_and_where(library, client):
    library.terms()
    branch = library.branch().record
    library.event(branch=branch, topics=[Topic.objects.get(key="reading")])
    row, text = Occurrence.objects.get(), OccurrenceText.objects.get(language="en")

    entry = _entries(client)[0]

    assert entry == {
        "id": f"urn:uuid:{row.uid}",
        "title": "Chess club",
        "published": row.created_at.isoformat(timespec="seconds"),
        "updated": text.modified_at.isoformat(timespec="seconds"),
        "author": entry["author"],
        "link": "http://testserver/en/events/chess-club/?date=2030-01-08T18:00",
        "category": "",
        "summary": "Tuesday, 8 January 2030, 18:00–19:30\nCentral Library\nCome and play.",
    }
    category = next(_feed(client).iter(f"{ATOM}category"))
    assert (category.get("term"), category.get("label")) == ("reading", "Reading")


def test_feed_holds_the_next_dates_of_its_filters(library, client):
    library.terms()
    branch = library.branch().record
    library.event(title="Here", starts_on=soon(3), branch=branch)
    library.event(title="Read", starts_on=soon(2), topics=[Topic.objects.get(key="reading")])
    library.event(title="Over", starts_on=soon(-2))

    def titles(query=""):
        return [entry["title"] for entry in _entries(client, f"{PATH}{query}")]

    assert (titles(), titles("?branch=central"), titles("?topic=reading"), titles("?branch=central&topic=reading")) == (
        ["Read", "Here"],
        ["Here"],
        ["Read"],
        [],
    )


def test_id_stays_and_the_stamp_grows_with_a_change(library, client):
    page = library.event(starts_on=soon(5))
    before = _entries(client)[0]
    OccurrenceText.objects.update(modified_at=datetime(2026, 1, 1, tzinfo=UTC))

    revise(page, title="Chess for all", starts_on=soon(6))

    after = _entries(client)[0]
    assert (after["id"], after["published"]) == (before["id"], before["published"])
    assert after["title"] == "Chess for all"
    assert after["updated"] > "2026-01-02"


def test_nothing_changed_is_the_same_bytes(library, client):
    page = library.event(starts_on=soon(5))
    before = client.get(PATH)

    publish(page)

    after = client.get(PATH)
    assert (before.content, before["ETag"]) == (after.content, after["ETag"])


def test_date_that_is_off_says_so_in_its_title(library, client):
    library.event(starts_on=soon(5))
    operations.cancel_occurrence(Occurrence.objects.get())

    assert [entry["title"] for entry in _entries(client)] == ["Cancelled: Chess club"]


def test_known_feed_is_304_and_head_has_no_body(library, client):
    library.event(starts_on=soon(5))
    etag = client.get(PATH)["ETag"]

    known, head = client.get(PATH, headers={"if-none-match": etag}), client.head(PATH)

    assert (known.status_code, known.content) == (304, b"")
    assert (head.status_code, head.content, head["ETag"], dict(head.cookies)) == (200, b"", etag, {})
    assert client.post(PATH).status_code == 405


@pytest.mark.parametrize("query", ["?branch=nowhere", "?topic=a,b", "?branch=%00"])
def test_key_never_issued_is_400(library, client, query):
    assert client.get(f"{PATH}{query}").status_code == 400


def test_feed_without_dates_is_a_feed(library, client):
    feed = _feed(client)

    assert feed.findtext(f"{ATOM}updated") == "2000-01-01T00:00:00+00:00"
    assert feed.findtext(f"{ATOM}id") == "tag:localhost,2026:/en/events/feed.atom"


def test_feed_names_itself_by_its_filters_alone(library, client):
    library.branch()
    library.branch(key="mill", title="Mill")

    feeds = [_feed(client, f"{PATH}?{query}") for query in ("branch=mill,central", "branch=mill&x=1&branch=central")]

    assert len({ElementTree.tostring(feed) for feed in feeds}) == 1
    links = {link.get("rel"): link.get("href") for link in feeds[0].iter(f"{ATOM}link")}
    assert links == {
        "self": "http://testserver/en/events/feed.atom?branch=central&branch=mill",
        "alternate": "http://testserver/en/events/?branch=central&branch=mill",
    }


def test_feed_is_found_from_the_pages_about_it(library, client):
    library.branch()

    def atoms(path):
        links = PageHead(client.get(path).content.decode()).links
        return {link["href"] for link in links if link.get("type") == "application/atom+xml"}

    assert PATH in atoms("/en/events/")
    assert f"{PATH}?branch=central" in atoms("/en/events/?branch=central") & atoms("/en/branches/central/")


def test_number_of_queries_does_not_grow_with_the_dates(library, client, remembering):
    library.terms()
    asked = []
    for number in range(1, 4):
        library.event(title=f"Event {number}", starts_on=soon(number), topics=list(Topic.objects.all()))
        generations.store().advance()
        with CaptureQueriesContext(connection) as queries:
            assert len(_entries(client)) == number
        asked.append(len(queries))

    assert asked == [asked[0]] * 3
