"""What lists can be narrowed to: all filters together, plain addresses, words for what can't be."""

from datetime import time

import pytest
from django.core.exceptions import BadRequest
from django.db import connection
from django.http import QueryDict
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from core.models import Audience, Topic
from core.page_keys import Policy
from events.list_filters import ListFilter
from events.models import Event, EventPage, Occurrence
from tests.factories.library import soon
from tests.factories.registrations import registered

ROOM = "https://x.example/"
pytestmark = [pytest.mark.django_db, pytest.mark.services]


@pytest.fixture
def programme(library):
    """Return a library with events that differ in everything that can be asked for."""
    library.terms()
    children, reading = Audience.objects.get(key="children"), Topic.objects.get(key="reading")
    mill = library.branch(key="mill", title="Mill").record
    library.event(title="Fairy tales", starts_on=soon(2), branch=mill, audiences=[children], age_from=4, age_to=6)
    library.event(title="Chess", starts_on=soon(3), age_from=7, is_free=False, held_in=["uk"])
    library.event(title="Web talk", starts_on=soon(4), format="online", online_url=ROOM, topics=[reading])
    library.event(title="Concert", starts_on=soon(5), format="hybrid", online_url=ROOM, lead="With bells.")
    library.event(title="Carving", starts_on=soon(6), age_to=99)
    page = EventPage.objects.get(title="Carving")
    library.translate(page, "uk", title="Різьблення ложок", lead="Беремо деревину.")
    return library


def titles(client, language="en", **query):
    """Return the titles in the agenda, in order."""
    response = client.get(f"/{language}/events/", query)
    assert response.status_code == 200
    context = response.context_data if hasattr(response, "context_data") else response.context
    return [row.words.title for _day, rows in context["days"] for row in rows]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, ["Fairy tales", "Chess", "Web talk", "Concert", "Carving"]),
        ({"age": "5"}, ["Fairy tales", "Web talk", "Concert", "Carving"]),
        ({"age": "7"}, ["Chess", "Web talk", "Concert", "Carving"]),
        ({"age": "0"}, ["Web talk", "Concert", "Carving"]),
        ({"age": "100"}, ["Chess", "Web talk", "Concert"]),
        ({"format": "onsite"}, ["Fairy tales", "Chess", "Concert", "Carving"]),
        ({"format": "online"}, ["Web talk", "Concert"]),
        ({"format": "hybrid"}, ["Concert"]),
        ({"format": ["online", "onsite"]}, ["Fairy tales", "Chess", "Web talk", "Concert", "Carving"]),
        ({"free": "1"}, ["Fairy tales", "Web talk", "Concert", "Carving"]),
        ({"from": str(soon(3)), "to": str(soon(4))}, ["Chess", "Web talk"]),
        ({"from": str(soon(5))}, ["Concert", "Carving"]),
        ({"to": str(soon(2))}, ["Fairy tales"]),
        ({"text": "tale"}, ["Fairy tales"]),
        ({"text": "BELLS"}, ["Concert"]),
        ({"text": "bells chess"}, []),
        ({"text": '"'}, []),
        ({"branch": "mill", "audience": "children", "age": "5", "free": "1", "text": "fairy"}, ["Fairy tales"]),
        ({"branch": "mill", "age": "9"}, []),
        ({"topic": "reading", "format": "online", "to": str(soon(9))}, ["Web talk"]),
        ({"held_in": "uk,mk"}, ["Chess"]),
    ],
)
def test_all_that_is_asked_must_hold(programme, client, query, found):
    assert titles(client, **query) == found


def test_full_dates_are_left_out_where_free_seats_are_asked_for(programme, client):
    Event.objects.filter(translation_key=EventPage.objects.get(title="Chess").translation_key).update(capacity=2)
    Event.objects.filter(translation_key=EventPage.objects.get(title="Concert").translation_key).update(capacity=3)
    chess, concert = (dates(title) for title in ("Chess", "Concert"))
    registered(chess, people=2)
    registered(concert, people=2)
    assert titles(client, seats="1") == ["Fairy tales", "Web talk", "Concert", "Carving"]

    # One seat is free, but a pair waits for two.
    registered(concert, people=2)
    assert titles(client, seats="1") == ["Fairy tales", "Web talk", "Carving"]
    assert "Only with free seats" in client.get("/en/events/").content.decode()


def test_list_of_free_seats_is_never_kept():
    assert Policy.from_settings().key_of(RequestFactory().get("/en/events/?free=1")) is not None
    assert Policy.from_settings().key_of(RequestFactory().get("/en/events/?seats=1")) is None


def dates(title):
    """Return the only date of the event with this title."""
    return Occurrence.objects.select_related("event").get(
        event__translation_key=EventPage.objects.get(title=title).translation_key
    )


def test_words_are_found_in_any_form_and_case_in_cyrillic(programme, client):
    assert titles(client, "uk", text="РІЗЬБЛЕННЯМ") == ["Різьблення ложок"]
    assert titles(client, "uk", text="деревина") == ["Різьблення ложок"]


def test_filters_hold_in_week_month_and_past_too(programme, client):
    def shown(**query):
        html = client.get("/en/events/", {"age": "5", "text": "fairy"} | query).content.decode()
        return "Fairy tales" in html, "Carving" in html

    day = soon(2)
    assert shown(view="week", day=str(day)) == (True, False)
    assert shown(view="month", month=f"{day:%Y-%m}") == (True, False)


@pytest.mark.parametrize(
    "query",
    [
        "age=-1", "age=abc", "age=121", "age=²", "format=live", "free=yes", "from=1.5.2027", "from=20270501",
        "to=2027-02-30", "from=2027-05-02&to=2027-05-01", f"text={'a' * 101}", "branch=nowhere", "audience=children,x",
        f"topic={','.join(f't{n}' for n in range(61))}",
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_in_every_view(programme, client, query):
    for view in ("agenda", "week", "month", "past"):
        assert client.get(f"/uk/events/?view={view}&{query}").status_code == 400, view


def test_days_beyond_any_calendar_show_nothing_and_do_no_harm(programme, client):
    for query in ({"from": "0001-01-01", "to": "0001-01-02"}, {"from": "9999-12-30", "to": "9999-12-31"}):
        assert titles(client, **query) == []


def test_same_filters_are_equal_however_they_were_written():
    with_commas = ListFilter.from_query(QueryDict("held_in=uk,en&format=onsite&format=online&text= a  b "))
    repeated = ListFilter.from_query(QueryDict("text=a b&format=online,onsite&held_in=en&held_in=uk&held_in=uk&age="))

    assert with_commas == repeated
    assert hash(with_commas) == hash(repeated)
    assert with_commas.query == "held_in=en&held_in=uk"
    assert not ListFilter.from_query(QueryDict("age=&text=&from=&to=&free=&format=&branch="))


def test_no_day_of_words_is_a_refusal():
    with pytest.raises(BadRequest, match="2027-05-30"):
        ListFilter.from_query(QueryDict("from=tomorrow"))


def test_every_filter_can_be_taken_away_by_itself(programme, client):
    programme.branch(key="oak", title="Oak")
    path = "/en/events/?branch=mill,oak&age=5&format=online&free=1&from=2030-01-01&to=2031-01-01&text=fairy&page=1"
    html = client.get(path).content.decode()
    section = html.split('class="active-filters"')[1].split("</section>")[0]
    links = [part.split('"')[0].replace("&amp;", "&") for part in section.split('href="')[1:]]

    whole = QueryDict(path.split("?")[1].replace("&page=1", "").replace("branch=mill,oak", "branch=mill&branch=oak"))
    assert len(links) == 8
    for link in links:
        left = QueryDict(link.partition("?")[2].replace("%2C", ","))
        assert len(_values(left)) == len(_values(whole)) - 1, link
        assert client.get(link).status_code == 200


def _values(query: QueryDict) -> list[tuple[str, str]]:
    return [(name, value) for name, texts in query.lists() for text in texts for value in text.split(",")]


def test_several_branches_stay_chosen_in_the_form(programme, client):
    programme.branch(key="oak", title="Oak")
    html = client.get("/en/events/?branch=mill,oak").content.decode()

    assert '<option value="mill,oak" selected>Mill, Oak</option>' in html
    assert 'content="noindex, follow"' in html


@pytest.mark.parametrize("view", ["agenda", "week", "month", "past"])
def test_number_of_queries_is_fixed(library, client, view, remembering):
    library.terms()
    query = {
        "view": view,
        "age": "5",
        "text": "club",
        "free": "1",
        "seats": "1",
        "format": "onsite",
        "audience": "children",
    }

    def queries():
        with CaptureQueriesContext(connection) as found:
            client.get("/en/events/", query)
        return len(found)

    children = Audience.objects.get(key="children")
    days = [soon(-3), soon(-2), soon(-1)] if view == "past" else [soon(1), soon(2), soon(3)]
    library.event(slug="a", starts_on=days[0], audiences=[children])
    queries()
    one = queries()
    for number, day in enumerate(days[1:]):
        library.event(slug=f"b{number}", starts_on=day, audiences=[children], starts_at=time(9), ends_at=time(10))
    queries()

    assert queries() == one <= 15
