from datetime import date, datetime, time

import pytest
from django.conf import settings
from django.utils.translation import get_language, override
from hypothesis import given
from hypothesis import strategies as st

from events.recurrence import parse_rule
from events.schedule import AddedDate, Schedule
from events.schedule_words import describe


def at(text):
    return datetime.fromisoformat(text)


def made(rule=None, **fields):
    defaults = {"first": date(2026, 9, 1), "starts": time(17, 30), "ends": time(19), "rule": rule and parse_rule(rule)}
    if fields.get("all_day"):
        defaults |= {"starts": None, "ends": None}
    return Schedule(**defaults | fields)


@pytest.mark.parametrize(
    ("schedule", "expected"),
    [
        (made(), "Tuesday, 1 September 2026, 17:30–19:00"),
        (made(ends=None), "Tuesday, 1 September 2026, 17:30"),
        (made(starts=time(22), ends=time(2), days=1), "Tuesday, 1 September 2026, 22:00–02:00"),
        (made(all_day=True), "Tuesday, 1 September 2026"),
        (made(all_day=True, long_run=True, days=41), "1 September – 12 October 2026"),
        (
            made(added=(AddedDate(at("2026-08-29T10:00")),)),
            "Saturday, 29 August 2026, 10:00–11:30; Tuesday, 1 September 2026, 17:30–19:00",
        ),
        (
            made(added=tuple(AddedDate(at(f"2026-09-0{day}T10:00")) for day in range(2, 6))),
            "5 dates from 1 September 2026 to 5 September 2026",
        ),
        (made(excluded=(date(2026, 9, 1),)), ""),
        (made("FREQ=WEEKLY"), "every Tuesday, 17:30–19:00"),
        (made("FREQ=WEEKLY", ends=None), "every Tuesday, 17:30"),
        (made("FREQ=WEEKLY;BYDAY=TU,TH;UNTIL=20270530"), "on Tuesdays and Thursdays, 17:30–19:00, until 30 May 2027"),
        (made("FREQ=WEEKLY;COUNT=1"), "every Tuesday, 17:30–19:00, 1 time"),
        (made("FREQ=WEEKLY;COUNT=5"), "every Tuesday, 17:30–19:00, 5 times"),
        (made("FREQ=WEEKLY", starts=time(22), ends=time(2), days=1), "every Tuesday, 22:00–02:00"),
        (made("FREQ=WEEKLY", starts=time(22), ends=time(23), days=1), "every Tuesday, from 22:00 to 23:00 1 day later"),
        (made("FREQ=WEEKLY", days=2), "every Tuesday, from 17:30 to 19:00 2 days later"),
        (made("FREQ=WEEKLY", all_day=True), "every Tuesday, all day"),
        (made("FREQ=WEEKLY", all_day=True, days=1), "every Tuesday, for 2 days"),
    ],
)
def test_schedule_has_its_words(schedule, expected):
    assert describe(schedule, language="en") == expected


def test_only_dates_that_really_differ_from_the_rule_are_counted():
    schedule = made(
        "FREQ=WEEKLY;COUNT=9",
        # The second is no date of the rule, the third comes back with a place of its own.
        excluded=(date(2026, 9, 8), date(2026, 9, 9), date(2026, 9, 15), at("2026-09-22T17:30")),
        added=(AddedDate(at("2026-09-15T17:30"), place={"en": "Yard"}), AddedDate(at("2026-09-16T17:30"))),
    )

    assert describe(schedule, language="en") == (
        "every Tuesday, 17:30–19:00, 9 times, except 2 dates, and 1 other date"
    )


@given(
    st.sampled_from(["FREQ=DAILY;INTERVAL=21", "FREQ=WEEKLY;BYDAY=SA,SU;COUNT=22", "FREQ=MONTHLY;BYDAY=-1FR", None]),
    st.dates(date(2020, 1, 1), date(2035, 12, 31)),
    st.integers(0, 40),
)
def test_no_language_leaves_a_placeholder_open(rule, first, days):
    schedule = made(
        rule, first=first, days=days, excluded=(first,), added=(AddedDate(datetime.combine(first, time(9))),)
    )

    sentences = [describe(schedule, language=code) for code, _name in settings.LANGUAGES]

    assert all(sentences)
    assert not any(mark in sentence for sentence in sentences for mark in "%{}()")


def test_words_leave_the_active_language_as_it_was():
    with override("mk"):
        assert describe(made("FREQ=DAILY"), language="en") == "every day, 17:30–19:00"
        assert get_language() == "mk"
