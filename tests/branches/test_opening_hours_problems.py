from datetime import date, timedelta

import pytest
from hypothesis import given

from branches.opening_hours import (
    CLOSED_WEEK,
    DatedException,
    HoursKind,
    Level,
    OpeningHours,
    parse_day,
    problems,
)
from tests.branches import weeks

STAFFED, SELF_SERVICE, PHONE = HoursKind.STAFFED, HoursKind.SELF_SERVICE, HoursKind.PHONE
MONDAY = date(2026, 5, 18)
REFUSED, QUESTION = Level.REFUSED, Level.QUESTION
WEEK = ("kinds", "staffed", "week")
EXCEPTION = ("exceptions", 0)


def found(hours: OpeningHours) -> list[tuple]:
    return [(each.code, each.level, each.path) for each in problems(hours)]


def week_of(*days: str):
    return tuple(parse_day(day) for day in [*days, *[""] * (7 - len(days))])


WORKING_WEEK = week_of(*["9-18"] * 5, "10-16")


def exception(first: int, last: int, hours: str = "", kind: HoursKind | None = None) -> DatedException:
    """Return an exception over days counted from Monday, 18 May 2026."""
    return DatedException(MONDAY + timedelta(days=first), MONDAY + timedelta(days=last), kind, parse_day(hours))


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ([], []),
        (["9-13, 13-18"], []),
        (["18-2", "2-9"], []),
        (["24"] * 7, []),
        (["10-2"], []),
        (["10-4"], []),
        (["10-4:01"], [("long_night", QUESTION, (*WEEK, 0))]),
        (["18-9"], []),
        (["18-12:01"], [("long_night", QUESTION, (*WEEK, 0))]),
        (["0-23"], []),
        (["", "9-9"], [("no_length", REFUSED, (*WEEK, 1))]),
        (["9-13, 12:59-18"], [("overlap", REFUSED, (*WEEK, 0))]),
        (["9-18, 10-11, 12-13"], [("overlap", REFUSED, (*WEEK, 0))]),
        (["9-18, 9-18"], [("overlap", REFUSED, (*WEEK, 0))]),
        (["", "18-2, 23-24"], [("overlap", REFUSED, (*WEEK, 1))]),
        (["18-2", "1-9"], [("overlap_day_before", REFUSED, (*WEEK, 1))]),
        (["1-9", "", "", "", "", "", "18-2"], [("overlap_day_before", REFUSED, (*WEEK, 0))]),
        ([", ".join(f"{hour}-{hour}:30" for hour in range(8, 16))], []),
        ([", ".join(f"{hour}-{hour}:30" for hour in range(8, 17))], [("too_many", REFUSED, (*WEEK, 0))]),
    ],
)
def test_problems_of_a_week(days, expected):
    assert found(OpeningHours({STAFFED: week_of(*days)})) == expected


def test_problems_of_a_week_name_their_kind():
    hours = OpeningHours({STAFFED: CLOSED_WEEK, PHONE: week_of("9-9")})
    assert found(hours) == [("no_length", REFUSED, ("kinds", "phone", "week", 0))]


@pytest.mark.parametrize(
    ("exceptions", "expected"),
    [
        ([exception(0, 0)], []),
        ([exception(0, 0, "10-14")], []),
        ([exception(0, 0, "24")], []),
        ([exception(5, 6)], []),
        ([exception(6, 6)], [("closed_anyway", QUESTION, EXCEPTION)]),
        ([exception(6, 6, "10-14")], [("usually_closed", QUESTION, EXCEPTION)]),
        ([exception(0, 20, "10-14")], [("usually_closed", QUESTION, EXCEPTION)]),
        ([exception(1, 0)], [("last_before_first", REFUSED, (*EXCEPTION, "last"))]),
        ([exception(0, 399)], []),
        ([exception(0, 400)], [("long_exception", QUESTION, (*EXCEPTION, "last"))]),
        ([exception(0, 3), exception(4, 5)], []),
        ([exception(0, 3), exception(3, 4)], [("overlapping_exceptions", REFUSED, ("exceptions", 1))]),
        ([exception(3, 4), exception(0, 3)], [("overlapping_exceptions", REFUSED, ("exceptions", 1))]),
        ([exception(0, 3), exception(1, 1, "10-14", STAFFED)], []),
        (
            [exception(0, 3, "", STAFFED), exception(1, 1, "10-14", STAFFED)],
            [("overlapping_exceptions", REFUSED, ("exceptions", 1))],
        ),
        ([exception(0, 0, "", PHONE)], [("unused_kind", QUESTION, (*EXCEPTION, "kind"))]),
        ([exception(0, 0, "9-9")], [("no_length", REFUSED, (*EXCEPTION, "hours"))]),
        ([exception(0, 0, "9-13, 12-14")], [("overlap", REFUSED, (*EXCEPTION, "hours"))]),
        ([exception(0, 0, "1-2, 18-3")], []),
        ([exception(0, 1, "1-2, 18-3")], [("overlap_day_before", REFUSED, (*EXCEPTION, "hours"))]),
        ([exception(0, 0, "10-9")], [("long_night", QUESTION, (*EXCEPTION, "hours"))]),
        ([exception(0, 0, "20-9:30")], [("overlap_neighbour", QUESTION, (*EXCEPTION, "hours"))]),
    ],
)
def test_problems_of_exceptions_in_a_working_week(exceptions, expected):
    assert found(OpeningHours({STAFFED: WORKING_WEEK}, tuple(exceptions))) == expected


def test_problem_of_an_exception_after_a_long_night():
    hours = OpeningHours({STAFFED: week_of("18-3", "9-18")}, (exception(1, 1, "2-9"),))
    assert found(hours) == [("overlap_neighbour", QUESTION, (*EXCEPTION, "hours"))]


@pytest.mark.parametrize(
    ("sunday", "expected"),
    [
        (exception(6, 6), []),
        (exception(6, 6, "", STAFFED), [("closed_anyway", QUESTION, EXCEPTION)]),
        (exception(6, 6, "9-12"), [("usually_closed", QUESTION, EXCEPTION)]),
        (exception(6, 6, "9-12", PHONE), []),
    ],
)
def test_problems_of_an_exception_look_at_the_kinds_that_it_is_for(sunday, expected):
    kinds = {STAFFED: WORKING_WEEK, PHONE: week_of(*["9-18"] * 7)}
    assert found(OpeningHours(kinds, (sunday,))) == expected


@pytest.mark.parametrize(("first", "last"), [(date.min, date.min), (date.max, date.max)])
def test_problems_at_the_ends_of_the_calendar_are_found(first, last):
    hours = OpeningHours({STAFFED: week_of(*["9-18"] * 7)}, (DatedException(first, last),))
    assert found(hours) == []


@given(weeks.opening_hours(MONDAY))
def test_problems_of_any_hours_have_their_place_in_the_json(hours):
    stored = hours.to_json()
    for problem in problems(hours):
        place = stored
        for key in problem.path:
            place = place[key]
        assert problem.level in Level


def test_problems_say_which_times_and_days_in_words():
    hours = OpeningHours({STAFFED: week_of("9-8")}, (exception(2, 3, "10-14"),))
    assert [str(each.message) for each in problems(hours)] == [
        "09:00–08:00 ends on the next day. Is that right?",
        "The branch is usually closed then: Wednesday, Thursday. Does it open?",
    ]
