"""The JSON API: as it describes itself, with the same dates as lists and feeds, for anyone and from anywhere."""

import re
from base64 import b64encode
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test.client import ClientHandler
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode, openapi
from wagtail.models import PageViewRestriction

from branches.domain.closures import close_branch
from branches.models import Branch, BranchPage
from core.models import Audience, Topic
from events.domain import operations
from events.models import Event, EventPage, Occurrence
from tests.factories.library import soon

pytestmark = [pytest.mark.django_db, pytest.mark.services]
DATES, DESCRIPTION = "/api/v1/occurrences/", "/api/v1/openapi.json"


def get(client, path=DATES, status=200, **query):
    """Return the JSON of an answer with the expected status."""
    response = client.get(path, query)
    assert response.status_code == status, response.content
    assert response.headers["Content-Type"] == "application/json"
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    return response.json()


def titles(client, **query):
    return [one["title"] for one in get(client, **query)["results"]]


@pytest.fixture
def full(library):
    """Return a library with a branch, events of each kind, and dates that were moved and cancelled."""
    library.terms()
    branch = library.branch().record
    children, reading = Audience.objects.get(key="children"), Topic.objects.get(key="reading")
    library.event(
        title="Course",
        starts_on=soon(3),
        repeat="weekly",
        repeat_count=4,
        branch=branch,
        audiences=[children],
        topics=[reading],
        held_in=["uk"],
        room={"en": "Hall"},
        capacity=12,
        age_from=6,
        age_to=9,
        is_free=False,
        price={"en": "20 UAH"},
    )
    library.event(title="Exhibition", starts_on=soon(-20), ends_on=soon(20), starts_at=None, ends_at=None)
    library.event(title="Talk", starts_on=soon(2), format="online", online_url="https://talk.example/")
    rows = list(Occurrence.objects.filter(event__key="course").order_by("slot"))
    operations.cancel_occurrence(rows[0], reason={"en": "Illness", "uk": "Хвороба"})
    start = datetime.combine(soon(11), time(12))
    operations.move_occurrence(rows[1], start=start, end=start + timedelta(hours=1))
    return library


# --- As it describes itself -------------------------------------------------------------------------------------------


def described(client):
    """Return the description, its free texts narrowed to what this library has."""
    raw = client.get(DESCRIPTION).json()
    first = get(client, limit=2)
    cursor = parse_qs(urlsplit(first["next"]).query)["cursor"][0]
    known = {"branch": ["central"], "audience": ["children", "adults"], "topic": ["reading"], "cursor": [cursor]}
    for path in raw["paths"].values():
        for parameter in path["get"]["parameters"]:
            if parameter["name"] == "cursor" and "branches" in path["get"]["operationId"]:
                path["get"]["parameters"] = [one for one in path["get"]["parameters"] if one["name"] != "cursor"]
            elif parameter["name"] in known:
                schema = parameter["schema"]
                (schema.get("items") or schema)["enum"] = known[parameter["name"]]
    return raw


def application(environ, start_response):
    """Answer as a WSGI server would, without closing the connection in which the test's rows are."""
    response = ClientHandler()(environ)
    start_response(f"{response.status_code} {response.reason_phrase}", list(response.items()))
    return [response.content]


@pytest.mark.parametrize("path", ["/api/v1/occurrences/", "/api/v1/branches/"])
def test_answers_are_as_described(full, client, path):
    schema = openapi.from_dict(described(client))
    schema.app = application
    operation = schema[path]["GET"]
    seen = set()

    meant, not_meant = (operation.as_strategy(generation_mode=mode) for mode in GenerationMode)

    @given(case=st.one_of(meant, not_meant))
    @settings(max_examples=120, suppress_health_check=list(HealthCheck), deadline=None)
    def conform(case):
        days = [case.query.get(name) for name in ("from", "to")]
        # What no description can say.
        assume(not all(isinstance(day, str) for day in days) or days[0] <= days[1])
        response = case.call()
        seen.add(response.status_code)
        case.validate_response(response)

    conform()
    assert seen == {200, 400}


def test_described_in_the_newest_openapi_for_anyone(full, client):
    raw = get(client, DESCRIPTION)

    assert raw["openapi"].startswith("3.1")
    assert sorted(raw["paths"]) == ["/api/v1/branches/", "/api/v1/occurrences/"]
    openapi.from_dict(raw).validate()


# --- What is told -----------------------------------------------------------------------------------------------------


def test_dates_come_in_order_with_what_was_called_off_and_moved(full, client):
    found = get(client)["results"]

    assert [(one["title"], one["first_day"], one["status"]) for one in found] == [
        ("Exhibition", str(soon(-20)), "scheduled"),
        ("Talk", str(soon(2)), "scheduled"),
        ("Course", str(soon(3)), "cancelled"),
        ("Course", str(soon(11)), "scheduled"),
        ("Course", str(soon(17)), "scheduled"),
        ("Course", str(soon(24)), "scheduled"),
    ]
    assert [one["reason"] for one in found if one["reason"]] == ["Illness"]
    moved = found[3]
    assert moved["start"][:16] == f"{soon(11)}T12:00"
    assert moved["previous_start"][:16] == f"{soon(10)}T18:00"
    assert found[0]["last_day"] == str(soon(20))
    assert found[0]["long_run"] is True


def test_date_is_told_whole(full, client):
    row = Occurrence.objects.filter(event__key="course").order_by("slot").last()
    told = get(client, branch="central")["results"][-1]

    assert told | {"updated": "", "start": "", "end": ""} == {
        "uid": str(row.uid),
        "event": "course",
        "title": "Course",
        "lead": "Come and play.",
        "language": "en",
        "url": f"http://testserver/en/events/course/?date={row.slot_key}",
        "ics": f"http://testserver/en/events/{row.uid}.ics",
        "image": "",
        "status": "scheduled",
        "reason": "",
        "note": "",
        "start": "",
        "end": "",
        "time_zone": "Europe/Kyiv",
        "all_day": False,
        "first_day": str(soon(24)),
        "last_day": str(soon(24)),
        "long_run": False,
        "previous_start": None,
        "place": {"branch": "central", "name": "Central Library", "room": "Hall", "address": "1 Mill Street"},
        "format": "onsite",
        "online_url": "",
        "audiences": [{"key": "children", "name": "Children"}],
        "topics": [{"key": "reading", "name": "Reading"}],
        "held_in": ["uk"],
        "age_from": 6,
        "age_to": 9,
        "is_free": False,
        "price": "20 UAH",
        "capacity": 12,
        "registration": {"mode": "none", "url": ""},
        "updated": "",
    }
    assert datetime.fromisoformat(told["start"]) == row.starts_at
    assert datetime.fromisoformat(told["end"]) == row.ends_at


def test_words_are_those_of_the_asked_language_and_say_so(full, client):
    full.translate(EventPage.objects.get(title="Talk", locale__language_code="en"), "uk", title="Бесіда")
    found = {one["title"]: one for one in get(client, language="uk")["results"]}

    assert (found["Бесіда"]["language"], found["Course"]["language"]) == ("uk", "en")
    assert found["Course"]["audiences"] == [{"key": "children", "name": "Діти"}]
    assert {one["reason"] for one in found.values()} <= {"", "Хвороба"}
    assert "/uk/events/" in found["Бесіда"]["url"]


def test_postponed_event_says_so_at_once(full, client):
    operations.postpone_event(Event.objects.get(key="talk"), reason={"en": "No speaker"})
    talk = next(one for one in get(client)["results"] if one["title"] == "Talk")

    assert (talk["status"], talk["reason"]) == ("postponed", "No speaker")


# --- What is asked for ------------------------------------------------------------------------------------------------


def test_filters_are_those_of_lists_and_feeds(full, client):
    assert titles(client, audience="children", topic="reading", held_in="uk", branch="central") == ["Course"] * 4
    assert titles(client, audience="adults") == []
    day = {"from": str(soon(17)), "to": str(soon(17))}
    assert titles(client, **day) == ["Exhibition", "Course"]
    assert titles(client, **{"from": str(soon(21)), "to": str(soon(23))}) == []
    assert titles(client, **{"to": "0001-01-01", "from": "0001-01-01"}) == []
    assert len(titles(client, **{"from": "0001-01-01", "to": "9999-12-31"})) == 6


@pytest.mark.parametrize(
    "query",
    [
        {"branch": "nowhere"},
        {"brnach": "central"},
        {"language": "de"},
        {"language": ""},
        {"limit": "0"},
        {"limit": "201"},
        {"limit": "²"},
        {"from": "tomorrow"},
        {"from": ""},
        {"to": "2027-13-01"},
        {"from": "2027-05-02", "to": "2027-05-01"},
        {"cursor": "nonsense"},
        {"cursor": "|"},
        {"cursor": b64encode(b"x=1").decode()},
        {"cursor": ""},
        {"branch": ["central", ""]},
        {"cursor": b64encode(b"p=yesterday").decode()},
        {"cursor": b64encode(b"p=2027-01-01&o=-1").decode()},
    ],
)
def test_what_cannot_be_is_refused_in_words_of_the_asked_language(full, client, query):
    answer = get(client, status=400, **{"language": "uk"} | query)

    assert set(answer) == {"detail"}
    assert answer["detail"]
    if "language" not in query:
        assert re.search("[а-яі]", answer["detail"]), answer


@pytest.mark.parametrize("path", ["/api/v1/nothing/", "/api/", f"{DATES}%00", f"{DATES}?branch=%00"])
def test_what_never_reaches_a_view_is_answered_as_json_too(full, client, path):
    response = client.get(path)

    assert response.status_code in (400, 404)
    assert set(response.json()) == {"detail"}


def test_pages_follow_each_other_without_loss_or_repetition(full, client):
    # Many at the same moment, at other places.
    added = [("date", {"date": soon(5), "starts": time(10 + n // 4), "ends": time(16), "place": {}}) for n in (0, 4)]
    for number in range(9):
        full.event(title=f"Fair {number}", starts_on=soon(5), added=added)
    seen, address = [], f"{DATES}?limit=4"
    while address:
        page = client.get(address).json()
        seen += [one["uid"] for one in page["results"]]
        address = page["next"]

    told = Occurrence.objects.public().filter(ends_at__gt=timezone.now())
    assert len(seen) == len(set(seen)) == told.count() > 12


def test_only_reading_is_possible_from_anywhere(full, client):
    asked = client.options(DATES, headers={"origin": "https://school.example"})
    assert (asked.status_code, asked.headers["Access-Control-Allow-Origin"]) == (204, "*")
    assert asked.headers["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    head = client.head(DATES)
    assert (head.status_code, head.content) == (200, b"")
    for method in (client.post, client.put, client.patch, client.delete):
        assert method(DATES).status_code == 405


def test_nobody_is_told_what_is_not_public(full, client):
    full.event(title="Draft", publish_it=False)
    hidden = full.event(title="Hidden", starts_on=soon(4))
    hidden.unpublish()
    private = full.event(title="Private", starts_on=soon(4))
    PageViewRestriction.objects.create(page=private, restriction_type="login")

    assert {"Draft", "Hidden", "Private"} & set(titles(client)) == set()


def test_branch_that_readers_do_not_know_is_not_named(full, client):
    BranchPage.objects.get(slug="central", locale__language_code="en").unpublish()
    places = {one["place"]["branch"] for one in get(client)["results"]}

    assert places == {None}
    assert get(client, "/api/v1/branches/")["results"] == []


def test_answers_carry_no_cookie_and_are_kept_until_something_changes(full, client, settings):
    client.cookies["sessionid"] = "somebody"
    response = client.get(DATES)

    assert not response.cookies
    assert "cookie" not in response.headers.get("Vary", "").lower()


# --- Branches ---------------------------------------------------------------------------------------------------------


def test_branch_is_told_with_its_hours_and_what_is_now(library, client, monkeypatch):
    week = {"week": [[["09:00", "13:00"], ["14:00", "18:00"]]] * 5 + [[]] * 2}
    closed = {
        "first": date(2030, 1, 9),
        "last": date(2030, 1, 10),
        "kind": "",
        "hours": "",
        "reason": {"en": "Stocktaking"},
    }
    hours = {"v": 1, "kinds": {"staffed": week}, "exceptions": []}
    library.branch(hours=hours, exceptions=[("exception", closed)], latitude="48.5", longitude="32.25")
    monkeypatch.setattr("django.utils.timezone.now", lambda: datetime(2030, 1, 8, 10, tzinfo=UTC))

    told = get(client, "/api/v1/branches/")["results"][0]

    assert told["weeks"] == [
        {
            "kind": "staffed",
            "days": [[{"opens": "09:00", "closes": "13:00"}, {"opens": "14:00", "closes": "18:00"}]] * 5 + [[]] * 2,
        }
    ]
    assert told["exceptions"] == [
        {"first": "2030-01-09", "last": "2030-01-10", "kind": None, "hours": [], "reason": "Stocktaking"}
    ]
    assert told["now"]["open"] is True
    assert told["now"]["changes_at"] == "2030-01-08T13:00:00+02:00"
    assert (told["latitude"], told["longitude"], told["street"]) == (48.5, 32.25, "1 Mill Street")


def test_emergency_is_told_and_ends_by_itself(library, client, monkeypatch):
    branch = library.branch().record
    until = timezone.now() + timedelta(hours=2)
    close_branch(branch, until=until, reason={"en": "No water"})
    told = get(client, "/api/v1/branches/")["results"][0]
    assert (datetime.fromisoformat(told["closed_until"]), told["closed_reason"]) == (until, "No water")

    monkeypatch.setattr("django.utils.timezone.now", lambda: until + timedelta(minutes=1))
    told = get(client, "/api/v1/branches/")["results"][0]
    assert (told["closed_until"], told["closed_reason"]) == (None, "")


# --- What it costs ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [DATES, "/api/v1/branches/"])
def test_number_of_queries_does_not_grow(full, client, path, remembering):
    def queries():
        with CaptureQueriesContext(connection) as found:
            get(client, path)
        return len(found)

    get(client, path)
    one = queries()
    for number in range(3):
        full.branch(key=f"b{number}", title=f"Branch {number}")
        full.event(title=f"More {number}", starts_on=soon(6), branch=Branch.objects.get(key=f"b{number}"))

    assert queries() == one <= 15
