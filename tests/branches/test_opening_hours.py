from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from branches.opening_hours import (
    CLOSED_WEEK,
    Closure,
    DatedException,
    DayHours,
    HoursKind,
    OpeningHours,
    OpenState,
    closed_on,
    day_hours,
    exception_periods,
    next_change,
    parse_day,
    state_at,
    week,
)
from tests.branches import weeks

KYIV = ZoneInfo("Europe/Kyiv")
STAFFED, SELF_SERVICE, PHONE = HoursKind.STAFFED, HoursKind.SELF_SERVICE, HoursKind.PHONE
REPAIRS = {"uk": "ремонт", "en": "repairs"}
MONDAY = date(2026, 5, 18)


def hours_of(*days: str, exceptions=(), kind=STAFFED) -> OpeningHours:
    """Return the hours of one kind from the seven texts of a form."""
    return OpeningHours({kind: tuple(parse_day(day) for day in days)}, tuple(exceptions))


WORKING_WEEK = ["9-13, 14-18"] * 5 + ["10-16", ""]


def local(*parts: int, zone: ZoneInfo = KYIV, fold: int = 0) -> datetime:
    return datetime(*parts, tzinfo=zone, fold=fold).astimezone(UTC)


@given(data=st.data())
def test_exception_periods_say_what_the_days_say(data):
    hours = data.draw(weeks.opening_hours(MONDAY))
    kind = data.draw(weeks.KINDS)
    periods = exception_periods(hours, kind, MONDAY)
    found = {day: (each.kind, each.hours, each.reason) for each in periods for day in each.dates(limit=20)}
    expected = [day_hours(hours, kind, MONDAY + timedelta(days=number)) for number in range(10)]
    assert found == {
        each.day: (each.exception.kind, each.exception.hours, each.exception.reason)
        for each in expected
        if each.exception
    }
    assert sum(each.days for each in periods) == len(found)


def test_state_in_the_middle_of_a_working_day_is_open_until_the_break():
    state = state_at(hours_of(*WORKING_WEEK), STAFFED, local(2026, 5, 18, 10, 30), KYIV)
    assert state == OpenState(True, until=local(2026, 5, 18, 13, 0))


def test_state_in_the_break_is_closed_until_the_afternoon():
    state = state_at(hours_of(*WORKING_WEEK), STAFFED, local(2026, 5, 18, 13, 0), KYIV)
    assert state == OpenState(False, next_open=local(2026, 5, 18, 14, 0))


def test_state_on_saturday_evening_looks_over_the_closed_sunday():
    state = state_at(hours_of(*WORKING_WEEK), STAFFED, local(2026, 5, 23, 16, 0), KYIV)
    assert state == OpenState(False, next_open=local(2026, 5, 25, 9, 0))


def test_state_at_takes_a_moment_in_any_zone():
    moment = local(2026, 5, 18, 10, 30).astimezone(ZoneInfo("Asia/Sakhalin"))
    assert state_at(hours_of(*WORKING_WEEK), STAFFED, moment, KYIV) == OpenState(True, until=local(2026, 5, 18, 13))


def test_state_of_kinds_is_their_own():
    hours = OpeningHours({STAFFED: (parse_day("9-18"),) * 7, SELF_SERVICE: (parse_day("6-22"),) * 7})
    moment = local(2026, 5, 18, 20, 0)
    assert [state_at(hours, kind, moment, KYIV).is_open for kind in HoursKind] == [False, True, False]
    assert next_change(hours, moment, KYIV) == local(2026, 5, 18, 22, 0)


def test_state_past_midnight_belongs_to_the_day_before():
    hours = hours_of("", "", "", "", "18-2", "", "")
    state = state_at(hours, STAFFED, local(2026, 5, 23, 1, 59), KYIV)
    assert state == OpenState(True, until=local(2026, 5, 23, 2, 0))


def test_exception_governs_the_hours_after_midnight_of_its_last_day():
    closed_friday = DatedException(date(2026, 5, 22), date(2026, 5, 22), reason=REPAIRS)
    hours = hours_of("", "", "", "", "18-2", "12-16", "", exceptions=[closed_friday])
    state = state_at(hours, STAFFED, local(2026, 5, 23, 1, 0), KYIV)
    assert state == OpenState(False, next_open=local(2026, 5, 23, 12, 0))


def test_closed_day_leaves_the_night_before_open():
    closed_saturday = DatedException(date(2026, 5, 23), date(2026, 5, 23), reason=REPAIRS)
    hours = hours_of("", "", "", "", "18-2", "12-16", "", exceptions=[closed_saturday])
    states = [state_at(hours, STAFFED, local(2026, 5, 23, hour), KYIV) for hour in (1, 13)]
    assert states == [
        OpenState(True, until=local(2026, 5, 23, 2)),
        OpenState(False, next_open=local(2026, 5, 29, 18), reason=REPAIRS),
    ]


def test_hours_that_touch_over_midnight_are_one():
    hours = hours_of("18-24", "0-2", "", "", "", "", "")
    assert state_at(hours, STAFFED, local(2026, 5, 18, 20), KYIV) == OpenState(True, until=local(2026, 5, 19, 2))


def test_round_the_clock_has_no_end():
    hours = hours_of(*["24"] * 7)
    assert state_at(hours, STAFFED, local(2026, 5, 18, 20), KYIV) == OpenState(True)
    assert next_change(hours, local(2026, 5, 18, 20), KYIV) is None


def test_round_the_clock_ends_where_an_exception_begins():
    new_year = DatedException(date(2027, 1, 1), date(2027, 1, 1))
    state = state_at(hours_of(*["24"] * 7, exceptions=[new_year]), STAFFED, local(2026, 5, 18, 20), KYIV)
    assert state == OpenState(True, until=local(2027, 1, 1))


def test_state_without_open_hours_is_closed_for_good_and_without_any_unknown():
    moment = local(2026, 5, 18, 20)
    assert state_at(OpeningHours(), STAFFED, moment, KYIV) == OpenState(False, is_known=False)
    assert state_at(OpeningHours(), STAFFED, moment, KYIV, Closure(reason=REPAIRS)) == OpenState(False, reason=REPAIRS)
    assert state_at(OpeningHours({STAFFED: CLOSED_WEEK}), STAFFED, moment, KYIV) == OpenState(False)


@pytest.mark.parametrize(("days", "opens"), [(399, True), (401, False)])
def test_next_open_is_looked_for_over_400_days(days, opens):
    last = date(2026, 5, 18) + timedelta(days=days)
    hours = hours_of(*["9-18"] * 7, exceptions=[DatedException(date(2026, 5, 18), last)])
    found = state_at(hours, STAFFED, local(2026, 5, 18, 12), KYIV).next_open
    assert found == (local(2027, 6, 22, 9) if opens else None)


def test_exception_for_a_kind_goes_before_one_for_all():
    holidays = DatedException(MONDAY, MONDAY, None, ())
    duty = DatedException(MONDAY, MONDAY, PHONE, parse_day("10-12"))
    hours = OpeningHours({STAFFED: (parse_day("9-18"),) * 7, PHONE: (parse_day("9-18"),) * 7}, (holidays, duty))
    assert [day_hours(hours, kind, MONDAY) for kind in HoursKind] == [
        DayHours(MONDAY, (), holidays),
        DayHours(MONDAY, ()),
        DayHours(MONDAY, parse_day("10-12"), duty),
    ]


def test_exception_periods_cut_out_what_a_kind_has_of_its_own():
    holidays = DatedException(date(2026, 12, 31), date(2027, 1, 3), None, (), REPAIRS)
    duty = DatedException(date(2027, 1, 2), date(2027, 1, 2), STAFFED, parse_day("10-12"))
    hours = hours_of(*WORKING_WEEK, exceptions=[holidays, duty])
    assert exception_periods(hours, STAFFED, date(2027, 1, 1)) == [
        DatedException(date(2027, 1, 1), date(2027, 1, 1), None, (), REPAIRS),
        duty,
        DatedException(date(2027, 1, 3), date(2027, 1, 3), None, (), REPAIRS),
    ]


def test_exception_at_the_end_of_the_calendar_breaks_nothing():
    forever = DatedException(date.min, date.max, None, (), REPAIRS)
    hours = hours_of(*WORKING_WEEK, exceptions=[forever])
    assert state_at(hours, STAFFED, local(2026, 5, 18, 10), KYIV) == OpenState(False, reason=REPAIRS)
    assert [each.first for each in exception_periods(hours, STAFFED, MONDAY)] == [MONDAY]


def test_week_has_seven_days_with_their_exceptions():
    thursday = DatedException(date(2026, 5, 21), date(2026, 5, 21), STAFFED, parse_day("10-14"))
    hours = hours_of("9-18", "9-18", "9-18", "9-18", "9-18", "", "", exceptions=[thursday])
    assert [(each.day.day, each.intervals, each.exception) for each in week(hours, STAFFED, MONDAY)] == [
        (18, parse_day("9-18"), None),
        (19, parse_day("9-18"), None),
        (20, parse_day("9-18"), None),
        (21, parse_day("10-14"), thursday),
        (22, parse_day("9-18"), None),
        (23, (), None),
        (24, (), None),
    ]


def test_closed_on_a_day_of_closure_is_the_exception():
    closure = DatedException(date(2026, 5, 20), date(2026, 5, 22), None, (), REPAIRS)
    hours = hours_of(*WORKING_WEEK, exceptions=[closure])
    days = [closed_on(hours, date(2026, 5, day)) for day in (19, 20, 22, 23, 24)]
    assert days == [None, closure, closure, None, None]


def test_closed_on_a_day_of_shorter_hours_is_nothing():
    shorter = DatedException(MONDAY, MONDAY, None, parse_day("10-12"))
    assert closed_on(hours_of(*WORKING_WEEK, exceptions=[shorter]), MONDAY) is None


@pytest.mark.parametrize(("kind", "is_closed"), [(STAFFED, True), (SELF_SERVICE, False), (PHONE, False), (None, True)])
def test_closed_on_asks_for_the_hours_with_staff(kind, is_closed):
    exception = DatedException(MONDAY, MONDAY, kind)
    open_week = (parse_day("9-18"),) * 7
    hours = OpeningHours({PHONE: open_week, SELF_SERVICE: open_week, STAFFED: open_week}, (exception,))
    assert closed_on(hours, MONDAY) == (exception if is_closed else None)


def test_closed_on_without_staff_asks_for_the_first_kind():
    exception = DatedException(MONDAY, MONDAY, SELF_SERVICE)
    hours = hours_of(*["24"] * 7, kind=SELF_SERVICE, exceptions=[exception])
    assert closed_on(hours, MONDAY) == exception


def test_emergency_closes_until_its_end_within_the_hours():
    closure = Closure(local(2026, 5, 18, 15), REPAIRS)
    state = state_at(hours_of(*WORKING_WEEK), STAFFED, local(2026, 5, 18, 10), KYIV, closure)
    assert state == OpenState(False, next_open=local(2026, 5, 18, 15), reason=REPAIRS)


def test_emergency_that_ends_at_night_opens_at_the_next_hours():
    closure = Closure(local(2026, 5, 18, 22), REPAIRS)
    moment = local(2026, 5, 18, 10)
    state = state_at(hours_of(*WORKING_WEEK), STAFFED, moment, KYIV, closure)
    assert state == OpenState(False, next_open=local(2026, 5, 19, 9), reason=REPAIRS)
    assert next_change(hours_of(*WORKING_WEEK), moment, KYIV, closure) == local(2026, 5, 18, 22)


def test_emergency_until_further_notice_never_opens():
    state = state_at(hours_of(*["24"] * 7), STAFFED, local(2026, 5, 18, 10), KYIV, Closure(None, REPAIRS))
    assert state == OpenState(False, reason=REPAIRS)


def test_emergency_that_is_over_changes_nothing():
    moment = local(2026, 5, 18, 10)
    state = state_at(hours_of(*WORKING_WEEK), STAFFED, moment, KYIV, Closure(moment, REPAIRS))
    assert state == OpenState(True, until=local(2026, 5, 18, 13))


@pytest.mark.parametrize(
    ("day", "moment", "state"),
    [
        # 03:00 to 04:00 is skipped in the night to 29 March 2026.
        ("3:30-12", (2026, 3, 29, 1, 0), OpenState(False, next_open=local(2026, 3, 29, 4, 0))),
        ("0-3:30", (2026, 3, 29, 1, 0), OpenState(True, until=local(2026, 3, 29, 4, 0))),
        # 03:00 to 04:00 comes twice in the night to 25 October 2026.
        ("3:30-12", (2026, 10, 25, 1, 0), OpenState(False, next_open=local(2026, 10, 25, 3, 30, fold=0))),
        ("0-3:30", (2026, 10, 25, 1, 0), OpenState(True, until=local(2026, 10, 25, 3, 30, fold=0))),
        ("0-4", (2026, 10, 25, 1, 0), OpenState(True, until=local(2026, 10, 25, 4, 0))),
    ],
)
def test_hours_at_a_clock_change_begin_and_end_with_the_clock(day, moment, state):
    hours = hours_of("", "", "", "", "", "", day)
    assert state_at(hours, STAFFED, local(*moment), KYIV) == state
