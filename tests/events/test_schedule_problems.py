from datetime import date, datetime, time

import pytest
from django.utils.translation import gettext_lazy as _

from events.recurrence import parse_rule
from events.schedule import AddedDate, Schedule
from events.schedule_problems import Level, Problem, problems

HORIZON = date(2028, 1, 1)


def at(text):
    return datetime.fromisoformat(text)


def made(**fields):
    rule = fields.pop("rule", None)
    return Schedule(**{"first": date(2026, 9, 1), "starts": time(18), "rule": rule and parse_rule(rule)} | fields)


def found(**fields):
    return [(problem.code, problem.level.value, problem.path) for problem in problems(made(**fields), horizon=HORIZON)]


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"ends": time(19)},
        {"starts": time(22), "ends": time(2), "days": 1},
        {"starts": None, "all_day": True, "days": 40, "long_run": True},
        {"rule": "FREQ=WEEKLY"},
        {"rule": "FREQ=WEEKLY;COUNT=5", "excluded": (date(2026, 9, 8), at("2026-09-15T18:00"))},
        {"rule": "FREQ=WEEKLY", "excluded": (date(2030, 9, 3),)},
        {"rule": "FREQ=DAILY;COUNT=3000"},
        {"ends": time(19), "added": (AddedDate(at("2026-09-01T19:00")),)},
        {"rule": "FREQ=MONTHLY;BYMONTHDAY=-1", "first": date(2026, 9, 30)},
        {"starts": None, "all_day": True, "rule": "FREQ=DAILY;COUNT=5"},
    ],
)
def test_sound_schedule_has_no_problems(fields):
    assert found(**fields) == []


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"ends": time(17)}, [("ends_before_start", "error", "ends")]),
        ({"ends": time(18)}, [("ends_before_start", "error", "ends")]),
        ({"days": 1}, [("ends_missing", "error", "ends")]),
        ({"ends": time(18), "days": 1}, [("lasts_whole_day", "question", "ends")]),
        ({"ends": time(17), "days": 1}, [("lasts_long", "question", "ends")]),
        ({"ends": time(9, 59), "days": 1}, []),
        (
            {"rule": "FREQ=WEEKLY;COUNT=3", "ends": time(18, 1), "days": 1},
            [("long_for_repeated", "question", "days")],
        ),
        (
            {"rule": "FREQ=WEEKLY;COUNT=3", "starts": None, "all_day": True, "days": 1},
            [("long_for_repeated", "question", "days")],
        ),
        (
            {"rule": "FREQ=DAILY;COUNT=3", "ends": time(19), "days": 1},
            [("long_for_repeated", "question", "days"), ("overlaps_itself", "question", "")],
        ),
        (
            {"rule": "FREQ=DAILY;UNTIL=20260831"},
            [("until_before_first", "error", "rule"), ("no_dates", "error", "")],
        ),
        ({"rule": "FREQ=WEEKLY;BYDAY=MO;COUNT=3"}, [("first_not_in_rule", "question", "first")]),
        (
            {"rule": "FREQ=MONTHLY;COUNT=3", "first": date(2026, 10, 29)},
            [("skips_short_months", "question", "rule")],
        ),
        ({"rule": "FREQ=DAILY;UNTIL=20991231"}, [("too_many_dates", "error", "")]),
        ({"excluded": (date(2026, 9, 1),)}, [("no_dates", "error", "")]),
        (
            {"rule": "FREQ=WEEKLY;COUNT=3", "excluded": (date(2026, 9, 1), date(2026, 9, 2), at("2026-09-08T17:00"))},
            [("excluded_not_planned", "question", "excluded.1"), ("excluded_not_planned", "question", "excluded.2")],
        ),
        (
            {"added": (AddedDate(at("2026-09-02T18:00"), at("2026-09-02T18:00")),)},
            [("ends_before_start", "error", "added.0.ends")],
        ),
        (
            {"added": (AddedDate(at("2026-09-02T18:00")), AddedDate(at("2026-09-02T18:00")))},
            [("added_twice", "error", "added.1.slot")],
        ),
        (
            {"ends": time(19), "added": (AddedDate(at("2026-09-01T18:59")),)},
            [("overlaps_itself", "question", "")],
        ),
        ({"first": date(1899, 12, 31)}, [("year", "error", "first"), ("no_dates", "error", "")]),
        ({"rule": "FREQ=YEARLY;UNTIL=22010101"}, [("year", "error", "rule")]),
        ({"added": (AddedDate(at("2201-01-01T18:00")),)}, [("year", "error", "added.0.slot")]),
        (
            {"added": (AddedDate(at("2200-12-31T18:00"), at("2201-01-01T18:00")),)},
            [("year", "error", "added.0.ends")],
        ),
        (
            {"excluded": (at("1899-01-01T18:00"),)},
            [("year", "error", "excluded.0"), ("excluded_not_planned", "question", "excluded.0")],
        ),
    ],
)
def test_problem_is_named_with_its_place(fields, expected):
    assert found(**fields) == expected


def test_touring_event_may_be_in_two_places_at_once():
    added = (AddedDate(at("2026-09-01T18:00"), branch="north"), AddedDate(at("2026-09-01T18:30"), place={"en": "Yard"}))

    assert found(ends=time(19), added=added) == []


def test_problems_are_equal_whatever_language_their_message_is_in():
    assert Problem("year", _("one"), Level.ERROR, "first") == Problem("year", "other", Level.ERROR, "first")
