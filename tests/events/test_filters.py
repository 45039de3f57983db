"""Filters of lists and feeds: any of the keys of a kind, something of each kind, one spelling for what is equal."""

import pytest
from django.core.exceptions import BadRequest
from django.http import QueryDict
from django.utils import timezone

from branches.models import Branch
from core.models import Audience
from events.filters import EventFilter, narrowed
from events.models import EventPage, Occurrence
from tests.events.feed_reading import dates_in, feed_of
from tests.factories.library import revise, soon

pytestmark = [pytest.mark.django_db, pytest.mark.services]


def _filter(query: str) -> EventFilter:
    return EventFilter.from_query(QueryDict(query))


def _three_branches(library) -> dict[str, Branch]:
    for key in ("central", "mill", "oak"):
        library.branch(key=key, title=key.title())
    return {branch.key: branch for branch in Branch.objects.all()}


def _network(library) -> None:
    """Add events at three branches, for children and adults, in two languages."""
    library.terms()
    branches = _three_branches(library)
    audiences = {term.key: term for term in Audience.objects.all()}
    for title, branch, audience, languages in (
        ("A", "central", "children", ["uk"]),
        ("B", "mill", "children", ["en"]),
        ("C", "mill", "adults", ["uk", "en"]),
        ("D", "oak", "children", ["mk"]),
    ):
        library.event(
            title=title,
            starts_on=soon(3),
            branch=branches[branch],
            audiences=[audiences[audience]],
            held_in=languages,
        )


def test_equal_filters_are_equal_however_they_were_asked_for(library):
    _three_branches(library)
    asked = ["branch=oak&branch=mill", "branch=mill,oak", "branch=oak,mill&branch=mill&branch=", "branch=,mill,,oak"]

    found = [_filter(query) for query in asked]

    assert {(one, one.query) for one in found} == {(EventFilter(branch=("mill", "oak")), "branch=mill&branch=oak")}
    assert found[0].active == {"branch": ("mill", "oak")}


@pytest.mark.parametrize("query", ["", "branch=", "branch=,", "utm_source=mail"])
def test_nothing_asked_narrows_nothing(library, query):
    found = _filter(query)

    assert (found, bool(found), found.active, found.query) == (EventFilter(), False, {}, "")


@pytest.mark.parametrize("query", ["branch=mill,nowhere", "branch=mill&branch=nowhere", "held_in=uk,xx", "topic=x"])
def test_one_key_never_issued_among_others_is_refused(library, query):
    _three_branches(library)

    with pytest.raises(BadRequest):
        _filter(query)


@pytest.mark.parametrize("path", ["/en/events/", "/en/events/feed.ics"])
def test_one_key_never_issued_is_400(library, client, path):
    _three_branches(library)

    answers = [client.get(f"{path}?branch=mill{rest}").status_code for rest in ("", ",oak", ",nowhere")]

    assert answers == [200, 200, 400]


def test_keys_are_looked_up_by_as_many_queries_however_many_there_are(library, django_assert_num_queries):
    _three_branches(library)

    for query in ("branch=mill", "branch=mill,oak,central"):
        with django_assert_num_queries(1):
            _filter(query)


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("branch=mill", "BC"),
        ("branch=mill,central", "ABC"),
        ("branch=mill&branch=oak&audience=children", "BD"),
        ("held_in=uk,mk", "ACD"),
        ("held_in=en&branch=central,mill&audience=adults,children", "BC"),
        ("audience=adults,children", "ABCD"),
    ],
)
@pytest.mark.parametrize("few", [False, True])
def test_any_of_a_kind_and_something_of_each_kind(library, client, query, titles, few):
    _network(library)
    dates = narrowed(Occurrence.objects.all(), _filter(query), few=few).select_related("event")

    found = sorted(EventPage.objects.get(pk=one.event.source_page_id).title for one in dates)
    in_feed = sorted(str(event["SUMMARY"]) for event in feed_of(client, f"/en/events/feed.ics?{query}").walk("VEVENT"))

    assert ("".join(found), "".join(in_feed)) == (titles, titles)


def test_date_is_cancelled_only_where_none_of_the_asked_branches_holds_it(library, client):
    branches = _three_branches(library)
    page = library.event(branch=branches["central"], starts_on=soon(3))

    revise(page, branch=branches["mill"])

    asked = {"central": "CANCELLED", "central,oak": "CANCELLED", "central,mill": "CONFIRMED", "mill,oak": "CONFIRMED"}
    assert {keys: [str(one["STATUS"]) for one in dates_in(client, branch=keys)] for keys in asked} == {
        keys: [status] for keys, status in asked.items()
    }
    assert dates_in(client, branch="oak") == []


def test_equal_filters_have_one_feed(library, client):
    _network(library)

    spellings = ["branch=oak&branch=mill", "branch=mill,oak", "branch=mill&branch=oak&utm_source=mail"]
    answers = {client.get(f"/en/events/feed.ics?{query}").content for query in spellings}

    assert len(answers) == 1
    assert b"SOURCE;VALUE=URI:http://testserver/en/events/feed.ics?branch=mill&branch=" in answers.pop()


def test_calendar_is_named_by_what_it_holds_but_not_endlessly(library, client):
    for key in ("a", "b", "c", "d"):
        library.branch(key=key, title=f"Branch {key}")

    names = [str(feed_of(client, branch=keys)["NAME"]).replace("\\,", ",") for keys in ("a", "c,a", "a,b,c,d")]

    assert [name.partition(": ")[2] for name in names] == [
        "Branch a",
        "Branch a, Branch c",
        "Branch a, Branch b, Branch c, …",
    ]


def test_filter_form_keeps_several_keys_of_a_kind(library, client):
    _network(library)

    html = client.get("/en/events/?branch=mill,central&held_in=uk,en").content.decode()

    assert '<option value="central,mill" selected>Central, Mill</option>' in html
    assert '<option value="en,uk" selected>English, Ukrainian</option>' in html


def test_each_key_in_force_can_be_taken_away_alone(library, client):
    _network(library)

    html = client.get("/en/events/?branch=mill,central").content.decode()

    assert ('href="/en/events/?branch=central"' in html, 'href="/en/events/?branch=mill"' in html) == (True, True)


def test_retired_keys_answer_beside_others(library, client):
    branches = _three_branches(library)
    library.event(branch=branches["oak"], starts_on=timezone.localdate())
    branches["mill"].source_page.unpublish()

    assert [str(one["STATUS"]) for one in dates_in(client, branch="mill,oak")] == ["CONFIRMED"]
