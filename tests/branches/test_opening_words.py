from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from branches.opening_hours import (
    CLOSED_WEEK,
    Closure,
    DatedException,
    HoursKind,
    OpeningHours,
    OpenState,
    parse_day,
    with_closure,
)
from branches.opening_words import (
    day_words,
    opening_hours_specification,
    special_opening_hours_specification,
    state_words,
    week_summary,
    words_valid_until,
)

KYIV = ZoneInfo("Europe/Kyiv")
STAFFED, PHONE = HoursKind.STAFFED, HoursKind.PHONE


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def local(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=KYIV).astimezone(UTC)


NOW = local(2026, 5, 18, 17, 30)  # a Monday


def hours_of(*days: str, exceptions=()) -> OpeningHours:
    return OpeningHours({STAFFED: tuple(parse_day(day) for day in days)}, tuple(exceptions))


@pytest.mark.parametrize(
    ("until", "words"),
    [
        (None, "Open round the clock"),
        (local(2026, 5, 18, 19), "Open now, until 19:00"),
        (local(2026, 5, 19), "Open now, until midnight"),
        (local(2026, 5, 19, 2), "Open now, until 02:00"),
        (local(2026, 5, 19, 17, 30), "Open now, until 17:30"),
        (local(2026, 5, 19, 17, 31), "Open now, until Tuesday at 17:31"),
        (local(2026, 5, 23), "Open now, until Saturday at 00:00"),
        (local(2026, 5, 24, 16), "Open now, until Sunday at 16:00"),
        (local(2026, 5, 25, 9), "Open now, until 25 May"),
        (local(2027, 1, 1), "Open now, until 1 January 2027"),
    ],
)
def test_state_words_of_open_say_until_when(until, words):
    assert state_words(OpenState(True, until=until), NOW, KYIV) == words


@pytest.mark.parametrize(
    ("next_open", "words"),
    [
        (None, "Closed"),
        (local(2026, 5, 18, 18), "Closed, opens today at 18:00"),
        (local(2026, 5, 19), "Closed, opens tomorrow at 00:00"),
        (local(2026, 5, 19, 10), "Closed, opens tomorrow at 10:00"),
        (local(2026, 5, 20, 10), "Closed, opens on Wednesday at 10:00"),
        (local(2026, 5, 21, 9, 5), "Closed, opens on Thursday at 09:05"),
        (local(2026, 5, 22, 10), "Closed, opens on Friday at 10:00"),
        (local(2026, 5, 23, 10), "Closed, opens on Saturday at 10:00"),
        (local(2026, 5, 24, 10), "Closed, opens on Sunday at 10:00"),
        (local(2026, 5, 25, 10), "Closed, opens on 25 May"),
        (local(2027, 1, 2, 10), "Closed, opens on 2 January 2027"),
    ],
)
def test_state_words_of_closed_say_when_it_opens(next_open, words):
    assert state_words(OpenState(False, next_open=next_open), NOW, KYIV) == words


@pytest.mark.parametrize("weekday", range(2, 7))
def test_state_words_name_the_weekday_of_the_branch_zone(weekday):
    late = datetime(2026, 5, 18 + weekday - 1, 21, 30, tzinfo=UTC)  # half past midnight of the next day in Kyiv
    name = ("Wednesday", "Thursday", "Friday", "Saturday", "Sunday")[weekday - 2]
    assert state_words(OpenState(False, next_open=late), NOW, KYIV) == f"Closed, opens on {name} at 00:30"
    assert state_words(OpenState(True, until=late), NOW, KYIV) == f"Open now, until {name} at 00:30"


def test_state_words_use_the_dates_of_the_active_language():
    with translation.override("uk"):
        assert "30 травня" in state_words(OpenState(False, next_open=local(2026, 5, 30, 10)), NOW, KYIV)


def test_words_are_valid_until_the_next_change():
    hours = hours_of(*["9-18"] * 7)
    assert words_valid_until(hours, NOW, KYIV) == local(2026, 5, 18, 18)
    assert words_valid_until(hours, NOW, KYIV, Closure(local(2026, 5, 18, 17, 45))) == local(2026, 5, 18, 17, 45)


def test_words_are_valid_until_local_midnight_because_they_name_days():
    assert words_valid_until(hours_of(*["9-18"] * 7), local(2026, 5, 18, 20), KYIV) == local(2026, 5, 19)
    assert words_valid_until(OpeningHours(), NOW, KYIV) == local(2026, 5, 19)


def test_day_words_are_those_of_a_table():
    texts = [day_words(parse_day(day)) for day in ("9-13, 14-18", "", "24", "18-2")]
    assert texts == ["09:00–13:00, 14:00–18:00", "closed", "round the clock", "18:00–02:00"]


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (["9-18"] * 5 + ["10-16", ""], "Mon–Fri 09:00–18:00; Sat 10:00–16:00; Sun closed"),
        (
            ["", "9-18", "9-18", "", "9-18", "24", "24"],
            "Mon closed; Tue–Wed 09:00–18:00; Thu closed; Fri 09:00–18:00; Sat–Sun round the clock",
        ),
        (["9-13, 14-18"] * 7, "Every day 09:00–13:00, 14:00–18:00"),
        (["24"] * 7, "Open round the clock"),
        ([""] * 7, "Closed all week"),
    ],
)
def test_week_summary_groups_days_with_the_same_hours(days, words):
    assert week_summary(hours_of(*days), STAFFED) == words


def test_week_summary_of_a_kind_that_is_not_offered_is_closed():
    assert week_summary(hours_of(*["24"] * 7), PHONE) == "Closed all week"


def test_opening_hours_specification_lists_days_by_interval():
    hours = hours_of("9-13, 14-18", "9-13", "9-13, 14-18", "18-24", "18-2", "24", "")
    assert opening_hours_specification(hours, STAFFED) == [
        {
            "@type": "OpeningHoursSpecification",
            "dayOfWeek": ["Saturday"],
            "opens": "00:00",
            "closes": "23:59",
        },
        {
            "@type": "OpeningHoursSpecification",
            "dayOfWeek": ["Monday", "Tuesday", "Wednesday"],
            "opens": "09:00",
            "closes": "13:00",
        },
        {
            "@type": "OpeningHoursSpecification",
            "dayOfWeek": ["Monday", "Wednesday"],
            "opens": "14:00",
            "closes": "18:00",
        },
        {
            "@type": "OpeningHoursSpecification",
            "dayOfWeek": ["Thursday"],
            "opens": "18:00",
            "closes": "00:00",
        },
        {
            "@type": "OpeningHoursSpecification",
            "dayOfWeek": ["Friday"],
            "opens": "18:00",
            "closes": "02:00",
        },
    ]


def test_opening_hours_specification_without_hours_is_empty():
    assert opening_hours_specification(OpeningHours({STAFFED: CLOSED_WEEK}), STAFFED) == []
    assert opening_hours_specification(OpeningHours(), PHONE) == []


def test_special_opening_hours_specification_has_the_dates_of_exceptions():
    exceptions = [
        DatedException(date(2026, 1, 1), date(2026, 1, 1)),
        DatedException(date(2026, 5, 10), date(2026, 5, 19)),
        DatedException(date(2026, 12, 31), date(2026, 12, 31), STAFFED, parse_day("9-11, 12-14")),
        DatedException(date(2026, 12, 30), date(2026, 12, 30), PHONE, parse_day("9-11")),
    ]
    hours = hours_of(*["9-18"] * 7, exceptions=exceptions)
    assert special_opening_hours_specification(hours, STAFFED, date(2026, 5, 18)) == [
        {
            "@type": "OpeningHoursSpecification",
            "validFrom": "2026-05-18",
            "validThrough": "2026-05-19",
            "opens": "00:00",
            "closes": "00:00",
        },
        {
            "@type": "OpeningHoursSpecification",
            "validFrom": "2026-12-31",
            "validThrough": "2026-12-31",
            "opens": "09:00",
            "closes": "11:00",
        },
        {
            "@type": "OpeningHoursSpecification",
            "validFrom": "2026-12-31",
            "validThrough": "2026-12-31",
            "opens": "12:00",
            "closes": "14:00",
        },
    ]


def _special(hours: OpeningHours, moment: datetime, closure: Closure | None) -> list[tuple[str, str, str, str]]:
    known = with_closure(hours, STAFFED, closure, moment, KYIV)
    found = special_opening_hours_specification(known, STAFFED, moment.astimezone(KYIV).date())
    return [(one["validFrom"], one["validThrough"], one["opens"], one["closes"]) for one in found]


@pytest.mark.parametrize(
    ("until", "expected"),
    [
        (local(2026, 5, 18, 13), [("2026-05-18", "2026-05-18", "13:00", "18:00")]),
        (local(2026, 5, 18, 8), [("2026-05-18", "2026-05-18", "09:00", "18:00")]),
        (local(2026, 5, 18, 20), [("2026-05-18", "2026-05-18", "00:00", "00:00")]),
        (local(2026, 5, 19), [("2026-05-18", "2026-05-18", "00:00", "00:00")]),
        (
            local(2026, 5, 20, 12, 30),
            [("2026-05-18", "2026-05-19", "00:00", "00:00"), ("2026-05-20", "2026-05-20", "12:30", "18:00")],
        ),
        (None, [("2026-05-18", "2027-06-21", "00:00", "00:00")]),
    ],
    ids=["today", "before the opening", "after the closing", "midnight", "days", "no end"],
)
def test_special_opening_hours_specification_knows_an_emergency(until, expected):
    now = local(2026, 5, 18, 7)

    assert _special(hours_of(*["9-18"] * 7), now, Closure(until)) == expected


def test_emergency_goes_before_the_exceptions_of_its_days_only():
    exceptions = [
        DatedException(date(2026, 5, 19), date(2026, 5, 21), STAFFED, parse_day("9-11")),
        DatedException(date(2026, 6, 1), date(2026, 6, 1)),
    ]
    hours = hours_of(*["9-18"] * 7, exceptions=exceptions)

    assert _special(hours, local(2026, 5, 18, 7), Closure(local(2026, 5, 20, 10))) == [
        ("2026-05-18", "2026-05-19", "00:00", "00:00"),
        ("2026-05-20", "2026-05-20", "10:00", "11:00"),
        ("2026-05-21", "2026-05-21", "09:00", "11:00"),
        ("2026-06-01", "2026-06-01", "00:00", "00:00"),
    ]


@pytest.mark.parametrize("closure", [None, Closure(local(2026, 5, 18, 7))])
def test_emergency_that_is_over_changes_nothing(closure):
    hours = hours_of(*["9-18"] * 7)

    assert with_closure(hours, STAFFED, closure, local(2026, 5, 18, 7), KYIV) is hours
