"""Agenda and month: each date stands where it should, for as long as it should, at a fixed price."""

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from core import generations
from core.localtime import to_utc
from core.models import Audience, Topic
from events.calendar import PAGE_SIZE, index_context
from events.models import Event, Occurrence
from events.templatetags.event_lists import soon_days

pytestmark = [pytest.mark.django_db, pytest.mark.services]

KYIV = ZoneInfo("Europe/Kyiv")
# A Wednesday, half past two in Kyiv.
NOW = datetime(2030, 5, 15, 11, 30, tzinfo=UTC)
TODAY = date(2030, 5, 15)


@pytest.fixture
def clock(monkeypatch):
    """Stop the clock, and return a function that sets it."""
    moments = [NOW]
    monkeypatch.setattr("django.utils.timezone.now", lambda: moments[0])

    def set_to(moment: datetime) -> None:
        moments[0] = moment

    return set_to


@pytest.fixture
def calendar(library, clock):
    """Return the library, at a moment that stands still."""
    library.set_clock = clock
    return library


def _day(days: int) -> date:
    return TODAY + timedelta(days=days)


def _request(**query: str):
    return RequestFactory().get("/en/events/", query, headers={"host": "localhost"})


def _agenda(**query: str) -> dict[str, list[str]]:
    """Return the titles that stand under each day, and those that are on now."""
    context = index_context(_request(**query))
    days = {f"{day:%d.%m.}": [row.words.title for row in rows] for day, rows in context["days"]}
    running = [row.words.title for row in context["running"]]
    return days | ({"on now": running} if running else {})


def _month(month: str) -> dict[str, list[str]]:
    """Return the titles in each cell of a month that has any, and those that are on for longer."""
    context = index_context(_request(view="month", month=month))
    cells = [cell for week in context["weeks"] for cell in week if cell["rows"]]
    days = {f"{cell['day']:%d.%m.}": [row.words.title for row in cell["rows"]] for cell in cells}
    running = [row.words.title for row in context["running"]]
    return days | ({"on now": running} if running else {})


def _limit(**query: str) -> datetime:
    """Return until when the page may be kept."""
    request = _request(**query)
    index_context(request)
    return request._page_cache_limit


# --- Long and longer --------------------------------------------------------------------------------------------------


def test_event_of_eleven_days_is_listed_to_its_end(calendar):
    calendar.event(title="Camp", starts_on=_day(2), ends_on=_day(12), starts_at=time(10), ends_at=time(18))
    seen = {}

    for days in (0, 3, 9, 12, 13):
        calendar.set_clock(NOW + timedelta(days=days))
        seen[days] = _agenda()

    on_now = {"on now": ["Camp"]}
    assert seen == {0: {"17.05.": ["Camp"]}, 3: on_now, 9: on_now, 12: on_now, 13: {}}


def test_event_of_seven_days_is_short_even_where_the_clocks_go_back(calendar):
    calendar.event(title="Fair", starts_on=date(2030, 10, 21), ends_on=date(2030, 10, 27), starts_at=None, ends_at=None)
    row = Occurrence.objects.get()
    assert (row.long_run, row.ends_at - row.starts_at) == (False, timedelta(days=7, hours=1))

    calendar.set_clock(row.ends_at - timedelta(minutes=1))

    assert _agenda() == {"27.10.": ["Fair"]}


def test_exhibition_stands_on_its_first_day_until_it_begins(calendar):
    calendar.event(title="Reading", starts_on=_day(20))
    calendar.event(title="Expo", long_run=True, starts_on=_day(10), ends_on=_day(40), starts_at=None, ends_at=None)

    assert _agenda() == {"25.05.": ["Expo"], "04.06.": ["Reading"]}
    assert _agenda(day="2030-05-20") == {"25.05.": ["Expo"], "04.06.": ["Reading"]}
    assert _agenda(day="2030-05-25") == {"25.05.": ["Expo"], "04.06.": ["Reading"]}
    assert _agenda(day="2030-05-27") == {"04.06.": ["Reading"], "on now": ["Expo"]}
    assert _agenda(day="2030-06-25") == {}
    assert _month("2030-05") == {"on now": ["Expo"]}


def test_asked_day_does_not_call_on_now_what_is_on_then(calendar, client):
    calendar.event(title="Expo", long_run=True, starts_on=_day(10), ends_on=_day(40), starts_at=None, ends_at=None)

    html = client.get("/en/events/", {"day": "2030-05-27"}).content.decode()

    assert ("Expo" in html, "On now" in html, "On for a longer time" in html) == (True, False, True)


def test_exhibition_is_listed_for_other_rooms_until_it_begins(calendar):
    calendar.event(title="Expo", long_run=True, starts_on=TODAY, starts_at=time(18), ends_on=_day(9), ends_at=time(19))
    coming = [row.words.title for _day, rows in soon_days({"request": _request()}).days for row in rows]

    calendar.set_clock(NOW + timedelta(hours=5))

    assert (coming, soon_days({"request": _request()}).days) == (["Expo"], [])


# --- Several days -----------------------------------------------------------------------------------------------------


def test_three_days_fill_three_cells_of_the_month(calendar, client):
    calendar.event(title="Festival", starts_on=_day(5), ends_on=_day(7), starts_at=time(10), ends_at=time(18))

    assert _month("2030-05") == {"20.05.": ["Festival"], "21.05.": ["Festival"], "22.05.": ["Festival"]}
    cells = client.get("/en/events/", {"view": "month"}).content.decode().split("<table")[1]
    assert (cells.count("Festival"), cells.count(">10:00<")) == (3, 1)


def test_festival_over_the_end_of_the_month_stands_in_both(calendar):
    calendar.event(title="Festival", starts_on=_day(16), ends_on=_day(17), starts_at=None, ends_at=None)

    expected = {"31.05.": ["Festival"], "01.06.": ["Festival"]}
    assert (_month("2030-05"), _month("2030-06")) == (expected, expected)


@pytest.mark.parametrize(("starts", "ends"), [(time(22), time(2)), (time(20), time(0))])
def test_evening_past_midnight_fills_one_cell(calendar, starts, ends):
    calendar.event(title="Night", starts_on=_day(5), starts_at=starts, ends_at=ends)

    assert _month("2030-05") == {"20.05.": ["Night"]}


def test_festival_that_has_begun_stands_under_today_with_its_days(calendar, client):
    calendar.event(title="Festival", starts_on=_day(-1), ends_on=_day(1), starts_at=time(10), ends_at=time(18))
    calendar.event(title="Reading", starts_on=_day(0))

    assert _agenda() == {"15.05.": ["Festival", "Reading"]}
    html = client.get("/en/events/").content.decode()
    assert "Tuesday, 14 May, 10:00" in re.sub(r"<[^>]*>", "", html)


def test_festival_stands_under_an_asked_day_in_its_middle(calendar):
    calendar.event(title="Festival", starts_on=_day(5), ends_on=_day(7), starts_at=time(10), ends_at=time(18))

    assert _agenda(day="2030-05-21") == {"21.05.": ["Festival"]}


def test_date_without_an_end_at_midnight_stands_on_its_day(calendar):
    calendar.event(title="Midnight", starts_on=_day(5), starts_at=time(0), ends_at=None)

    assert (_agenda(day="2030-05-20"), _month("2030-05")) == ({"20.05.": ["Midnight"]}, {"20.05.": ["Midnight"]})


# --- How long a page holds --------------------------------------------------------------------------------------------


def test_page_holds_until_an_exhibition_begins_later_today(calendar):
    calendar.event(title="Expo", long_run=True, starts_on=TODAY, starts_at=time(18), ends_on=_day(9), ends_at=time(19))
    begins = Occurrence.objects.get().starts_at
    assert (_limit(), _agenda()) == (begins, {"15.05.": ["Expo"]})

    calendar.set_clock(begins + timedelta(seconds=1))

    assert _agenda() == {"on now": ["Expo"]}


def test_exhibition_behind_the_first_page_limits_it_too(calendar):
    calendar.event(title="Club", starts_on=TODAY, starts_at=time(17, 59), ends_at=time(23))
    _add(Event.objects.get(), PAGE_SIZE, lambda number: datetime(2030, 5, 15, 17, number), length=timedelta(hours=5))
    calendar.event(title="Expo", long_run=True, starts_on=TODAY, starts_at=time(18), ends_on=_day(9), ends_at=time(19))
    Occurrence.objects.filter(long_run=False).update(starts_at=NOW - timedelta(hours=1))
    assert index_context(_request())["has_more"]

    assert _limit() == Occurrence.objects.get(long_run=True).starts_at


def test_second_page_holds_until_a_date_of_the_first_ends(calendar):
    calendar.event(title="Club", starts_on=TODAY, starts_at=time(15), ends_at=time(16))
    ends = Occurrence.objects.get().ends_at
    _add(Event.objects.get(), PAGE_SIZE, lambda number: datetime(2030, 6, 1, 10) + timedelta(days=number))

    assert (_limit(page="2"), len(index_context(_request(page="2"))["days"])) == (ends, 1)


def test_page_holds_until_midnight_at_most(calendar):
    calendar.event(starts_on=_day(5))

    assert _limit() == datetime(2030, 5, 15, 21, tzinfo=UTC)


# --- The price --------------------------------------------------------------------------------------------------------

LISTS = {
    "agenda": {},
    "month": {"view": "month"},
    "day": {"day": "2030-05-20"},
    "page 2": {"page": "2"},
    "branch": {"branch": "central"},
    "audience": {"audience": "children"},
    "topic": {"topic": "reading"},
    "language": {"held_in": "uk"},
    "all": {"branch": "central", "audience": "children", "topic": "reading", "held_in": "uk"},
    "month of a branch": {"view": "month", "branch": "central"},
}


def _add(event: Event, number: int, start_of, *, length: timedelta = timedelta(minutes=90)) -> None:
    """Add dates to an event without asking its plan."""
    rows = []
    for start in map(start_of, range(number)):
        local = dict.fromkeys(("slot", "planned_start", "local_start"), start)
        local |= dict.fromkeys(("planned_end", "local_end"), start + length)
        moments = {"starts_at": to_utc(start, KYIV), "ends_at": to_utc(start + length, KYIV)}
        rows.append(Occurrence(event=event, branch=event.branch, zone=KYIV.key, **local, **moments))
    Occurrence.objects.bulk_create(rows, batch_size=500)


def _busy(library, number: int) -> None:
    """Add an event with dates in every list."""
    facts = {"branch": library.central, "held_in": ["en", "uk"]}
    facts |= {"audiences": list(Audience.objects.filter(key="children")), "topics": list(Topic.objects.all())}
    library.event(title=f"Club {number}", starts_on=_day(6 + number), **facts)
    library.event(title=f"Expo {number}", long_run=True, starts_on=_day(-number), ends_on=_day(50), **facts)
    _add(Event.objects.get(key=f"club-{number}"), PAGE_SIZE + 2, lambda n: datetime(2030, 6, 1 + n % 20, 10 + n // 20))


@pytest.fixture
def busy(calendar, remembering):
    """Return the library with a branch and terms, and one event in every list."""
    calendar.terms()
    calendar.central = calendar.branch().record
    _busy(calendar, 0)
    return calendar


def _queries(**query: str) -> int:
    generations.store().advance()
    with CaptureQueriesContext(connection) as queries:
        index_context(_request(**query))
    return len(queries)


@pytest.mark.parametrize("name", LISTS)
def test_number_of_queries_is_the_same_for_one_event_three_and_thousands_of_dates(busy, name):
    asked = [_queries(**LISTS[name])]

    for number in (1, 2):
        _busy(busy, number)
    asked.append(_queries(**LISTS[name]))
    events = Event.objects.filter(long_run=False)
    for number, event in enumerate(events):
        _add(event, 1000, lambda n, k=number: datetime(2029, 1, 1, 7 + k) + timedelta(days=n))
    asked.append(_queries(**LISTS[name]))

    assert asked == [asked[0]] * 3


@pytest.mark.parametrize("name", LISTS)
def test_dates_are_found_along_their_index(busy, name):
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL chooses by the size of a table, and this one is small.")
    with CaptureQueriesContext(connection) as queries:
        index_context(_request(**LISTS[name]))

    asked = [query["sql"] for query in queries if 'FROM "events_occurrence"' in query["sql"]]
    used = [_index_of(sql) for sql in asked]

    coming = "events_by_branch" if "branch" in LISTS[name] else "events_by_start"
    # The second page tells no long runs, but asks when those before it change.
    assert used == [coming, coming if name == "page 2" else "events_by_end"]


def _index_of(sql: str) -> str:
    """Return the name of the index along which a statement walks through the dates."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
        steps = [row[3] for row in cursor.fetchall()]
    step = next(step for step in steps if "events_occurrence " in step)
    found = re.search(r"USING INDEX (\w+)", step)
    return found[1] if found else step


# --- A week -----------------------------------------------------------------------------------------------------------


def _week(**query: str) -> dict[str, list[str]]:
    context = index_context(_request(view="week", **query))
    days = {f"{day:%d.%m.}": [row.words.title for row in rows] for day, rows in context["days"]}
    running = [row.words.title for row in context["running"]]
    return days | ({"on now": running} if running else {})


def test_week_has_seven_days_from_monday_each_with_what_is_held_on_it(calendar):
    calendar.event(title="Festival", starts_on=_day(2), ends_on=_day(5), starts_at=time(10), ends_at=time(18))
    calendar.event(title="Chess", starts_on=_day(1))
    calendar.event(title="Expo", long_run=True, starts_on=_day(-9), ends_on=_day(40), starts_at=None, ends_at=None)

    assert _week() == {
        "13.05.": [],
        "14.05.": [],
        "15.05.": [],
        "16.05.": ["Chess"],
        "17.05.": ["Festival"],
        "18.05.": ["Festival"],
        "19.05.": ["Festival"],
        "on now": ["Expo"],
    }
    assert _week(day="2030-05-26")["20.05."] == ["Festival"]


@pytest.mark.parametrize("day", ["2029-04-01", "2031-11-30"])
def test_weeks_end_where_the_calendar_ends(calendar, client, day):
    context = index_context(_request(view="week", day=day))
    before, after = context["previous_week"], context["next_week"]

    assert (before is None) != (after is None)
    beyond = date.fromisoformat(day) + timedelta(days=-7 if before is None else 7)
    assert client.get("/en/events/", {"view": "week", "day": str(beyond)}).status_code == 404


@pytest.mark.parametrize("view", ["week", "past"])
def test_view_can_be_read_without_anything_in_it(calendar, client, view):
    html = client.get("/uk/events/", {"view": view}).content.decode()

    assert 'class="empty"' in html
    assert "noindex" in html


# --- What is over -----------------------------------------------------------------------------------------------------


def _past(**query: str) -> tuple[str, list[str]]:
    context = index_context(_request(view="past", **query))
    return str(context["month"]), [row.words.title for _day, rows in context["days"] for row in rows]


def test_past_shows_the_last_first_by_months_back_to_the_first_date(calendar, client):
    for title, day in [("Now over", date(2030, 5, 14)), ("May", date(2030, 5, 2)), ("March", date(2030, 3, 9))]:
        calendar.event(title=title, starts_on=day)
    calendar.event(title="To come", starts_on=_day(1))

    assert _past() == ("2030-05", ["Now over", "May"])
    assert _past(month="2030-04") == ("2030-04", [])
    assert _past(month="2030-03") == ("2030-03", ["March"])
    context = index_context(_request(view="past", month="2030-03"))
    assert (context["previous_month"], str(context["next_month"])) == (None, "2030-04")
    assert index_context(_request(view="past"))["next_month"] is None
    for month in ("2030-02", "2030-06"):
        assert client.get("/en/events/", {"view": "past", "month": month}).status_code == 404
    assert client.get("/en/events/", {"view": "past", "month": "2030-13"}).status_code == 400


def test_past_begins_with_the_last_month_in_which_anything_took_place(calendar):
    calendar.event(title="Long ago", starts_on=date(2028, 2, 29))

    assert _past() == ("2028-02", ["Long ago"])


def test_past_may_be_kept_until_the_next_date_ends(calendar):
    calendar.event(title="Over", starts_on=date(2030, 5, 14))
    calendar.event(title="Soon over", starts_on=TODAY, starts_at=time(14), ends_at=time(15))

    request = _request(view="past")
    index_context(request)

    assert request._page_cache_limit == datetime(2030, 5, 15, 12, 0, tzinfo=UTC)


def test_long_run_stands_in_the_past_under_the_month_in_which_it_began(calendar):
    calendar.event(title="Expo", long_run=True, starts_on=_day(-60), ends_on=_day(-2), starts_at=None, ends_at=None)

    assert _past() == ("2030-03", ["Expo"])


def test_month_of_the_past_with_many_dates_has_pages(calendar, client):
    for number in range(3):
        days = PAGE_SIZE // 3 + 1
        calendar.event(slug=f"e{number}", starts_on=date(2030, 4, 1), repeat="daily", repeat_count=days)

    first, second = (_past(month="2030-04", page=page)[1] for page in ("1", "2"))

    assert (len(first), len(second)) == (PAGE_SIZE, 3 * (PAGE_SIZE // 3 + 1) - PAGE_SIZE)
    assert client.get("/en/events/", {"view": "past", "month": "2030-04", "page": "3"}).status_code == 404
