import json
import re
from copy import deepcopy
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import icalendar
import pytest
import recurring_ical_events
from hypothesis import given, settings
from hypothesis import strategies as st

from events.recurrence import Freq, parse_rule
from events.schedule import AddedDate, PlannedDate, Schedule, ScheduleError, expand, slot_text, utc_span

KYIV = ZoneInfo("Europe/Kyiv")
FAR = date(2030, 1, 1)

CLOCKS = st.times().map(lambda value: value.replace(second=0, microsecond=0))
DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))
MOMENTS = st.builds(datetime.combine, DAYS, CLOCKS)
MIDNIGHTS = st.builds(datetime.combine, DAYS, st.just(time.min))
RULES = st.sampled_from(
    [
        "FREQ=DAILY;COUNT=20",
        "FREQ=DAILY;INTERVAL=2;COUNT=9",
        "FREQ=WEEKLY;BYDAY=MO,SU;COUNT=9",
        "FREQ=WEEKLY;INTERVAL=2;UNTIL=20360101",
        "FREQ=MONTHLY;BYMONTHDAY=31,-1;COUNT=9",
        "FREQ=MONTHLY;BYDAY=-1FR;UNTIL=20361231",
        "FREQ=YEARLY;COUNT=3",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;COUNT=3",
    ]
).map(parse_rule)
LABELS = st.dictionaries(st.sampled_from(["en", "uk", "ru", "mk", "sr-Latn"]), st.sampled_from(["", "Зала", "Room 1"]))
KEYS = st.none() | st.from_regex(r"[a-z0-9-]{1,10}", fullmatch=True)


@st.composite
def schedules(draw):
    all_day = draw(st.booleans())
    moments = MIDNIGHTS if all_day else MOMENTS
    added = st.builds(AddedDate, moments, st.none() | moments, KEYS, LABELS)
    long_run = draw(st.booleans())
    return Schedule(
        first=draw(DAYS),
        starts=None if all_day else draw(CLOCKS),
        ends=None if all_day else draw(st.none() | CLOCKS),
        days=draw(st.integers(0, 3)),
        all_day=all_day,
        long_run=long_run,
        rule=None if long_run else draw(st.none() | RULES),
        excluded=tuple(draw(st.lists(DAYS | moments, max_size=4))),
        added=tuple(draw(st.lists(added, max_size=4))),
    )


def at(text):
    return datetime.fromisoformat(text)


def made(**fields):
    rule = fields.pop("rule", None)
    return Schedule(**{"first": date(2026, 9, 1), "starts": time(18), "rule": rule and parse_rule(rule)} | fields)


def spans(schedule, until=FAR):
    return [(slot_text(item.start), slot_text(item.end)) for item in expand(schedule, until=until)]


def starts(schedule, until=FAR):
    return [slot_text(item.slot) for item in expand(schedule, until=until)]


# JSON


@given(schedules())
def test_schedule_survives_json(schedule):
    assert Schedule.from_json(json.loads(json.dumps(schedule.to_json()))) == schedule


def test_json_names_every_field():
    schedule = Schedule(
        first=date(2026, 9, 1),
        starts=time(0, 0),
        ends=time(1, 30),
        rule=parse_rule("FREQ=WEEKLY;COUNT=5"),
        excluded=(date(2026, 9, 8), at("2026-09-15T00:00")),
        added=(AddedDate(at("2026-09-03T17:30"), at("2026-09-03T19:00"), "north", {"uk": "Велика зала"}),),
    )

    assert schedule.to_json() == {
        "v": 1,
        "first": "2026-09-01",
        "starts": "00:00",
        "ends": "01:30",
        "days": 0,
        "all_day": False,
        "long_run": False,
        "rule": "FREQ=WEEKLY;COUNT=5",
        "excluded": ["2026-09-08", "2026-09-15T00:00"],
        "added": [
            {
                "slot": "2026-09-03T17:30",
                "ends": "2026-09-03T19:00",
                "branch": "north",
                "place": {"uk": "Велика зала"},
            }
        ],
    }


def test_json_needs_only_what_one_date_needs():
    least = {"v": 1, "first": "2026-09-01", "starts": "18:00"}

    assert Schedule.from_json(least) == Schedule(first=date(2026, 9, 1), starts=time(18))


@pytest.mark.parametrize(
    ("starts_", "ends", "days"),
    [("18:00", "19:00", 0), ("22:00", "02:00", 1), ("22:00", "00:00", 1), ("18:00", "18:00", 1), ("18:00", None, 0)],
)
def test_end_that_is_not_after_the_start_is_on_the_next_day(starts_, ends, days):
    assert Schedule.from_json({"v": 1, "first": "2026-09-01", "starts": starts_, "ends": ends}).days == days


@pytest.mark.parametrize(
    ("change", "code", "path"),
    [
        ({"v": 2}, "version", "v"),
        ({"v": True}, "number", "v"),
        ({"v": "1"}, "number", "v"),
        ({"first": None}, "date", "first"),
        ({"first": "2026-02-30"}, "date", "first"),
        ({"first": "2026-W01-1"}, "date", "first"),
        ({"first": "20260901"}, "date", "first"),
        ({"first": "٢٠٢٦-09-01"}, "date", "first"),
        ({"first": "2026-09-01\n"}, "date", "first"),
        ({"starts": "24:00"}, "time", "starts"),
        ({"starts": "18:00:30"}, "time", "starts"),
        ({"starts": "18:00+02:00"}, "time", "starts"),
        ({"starts": 18}, "time", "starts"),
        ({"starts": None}, "starts_missing", "starts"),
        ({"ends": "noon"}, "time", "ends"),
        ({"days": -1}, "days", "days"),
        ({"days": 3661}, "days", "days"),
        ({"days": 10**30}, "days", "days"),
        ({"days": 1.0}, "number", "days"),
        ({"days": False}, "number", "days"),
        ({"all_day": 1}, "flag", "all_day"),
        ({"all_day": True}, "time_of_all_day", "starts"),
        ({"all_day": True, "starts": None, "ends": "19:00"}, "time_of_all_day", "ends"),
        ({"long_run": "yes"}, "flag", "long_run"),
        ({"long_run": True, "rule": "FREQ=DAILY"}, "long_run_repeats", "rule"),
        ({"rule": "FREQ=SECONDLY"}, "freq", "rule"),
        ({"rule": {}}, "text", "rule"),
        ({"excluded": {}}, "list", "excluded"),
        ({"excluded": ["2026-09-01", "soon"]}, "date", "excluded.1"),
        ({"excluded": ["2026-09-01T25:00"]}, "datetime", "excluded.0"),
        ({"excluded": ["2026-09-01"] * 3001}, "too_many_items", "excluded"),
        ({"added": [7]}, "object", "added.0"),
        ({"added": [{}]}, "missing_field", "added.0.slot"),
        ({"added": [{"slot": "2026-09-01"}]}, "datetime", "added.0.slot"),
        ({"added": [{"slot": "2026-09-01T18:00Z"}]}, "datetime", "added.0.slot"),
        ({"added": [{"slot": "2026-09-01T18:00", "ends": ""}]}, "datetime", "added.0.ends"),
        ({"added": [{"slot": "2026-09-01T18:00", "branch": "a b"}]}, "key", "added.0.branch"),
        ({"added": [{"slot": "2026-09-01T18:00", "branch": ""}]}, "key", "added.0.branch"),
        ({"added": [{"slot": "2026-09-01T18:00", "place": []}]}, "label", "added.0.place"),
        ({"added": [{"slot": "2026-09-01T18:00", "place": {"?": "x"}}]}, "language", "added.0.place"),
        ({"added": [{"slot": "2026-09-01T18:00", "place": {"en": "a\x00"}}]}, "text", "added.0.place.en"),
        ({"added": [{"slot": "2026-09-01T18:00", "place": {"en": "\ud800"}}]}, "text", "added.0.place.en"),
        ({"added": [{"slot": "2026-09-01T18:00", "place": {"en": "x" * 501}}]}, "text", "added.0.place.en"),
        ({"added": [{"slot": "2026-09-01T18:00", "room": 1}]}, "unknown_field", "added.0.room"),
        ({"all_day": True, "starts": None, "added": [{"slot": "2026-09-01T18:00"}]}, "time_of_all_day", "added.0.slot"),
        ({"colour": "red"}, "unknown_field", "colour"),
    ],
)
def test_malformed_json_is_refused_with_code_and_path(change, code, path):
    with pytest.raises(ScheduleError) as caught:
        Schedule.from_json({"v": 1, "first": "2026-09-01", "starts": "18:00"} | change)

    assert (caught.value.code, caught.value.path) == (code, path)


@pytest.mark.parametrize("value", [None, [], "", 0, {1: 2}])
def test_json_that_is_no_object_is_refused(value):
    with pytest.raises(ScheduleError) as caught:
        Schedule.from_json(value)

    assert (caught.value.code, caught.value.path) == ("object", "")


@pytest.mark.parametrize("field", ["v", "first"])
def test_json_without_a_required_field_is_refused(field):
    value = {"v": 1, "first": "2026-09-01", "starts": "18:00"}
    del value[field]

    with pytest.raises(ScheduleError) as caught:
        Schedule.from_json(value)

    assert (caught.value.code, caught.value.path) == ("missing_field", field)


ATOMS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(
        ["2026-09-01", "0001-01-01", "9999-12-31", "9999-12-31T23:59", "18:00", "FREQ=DAILY", "FREQ=YEARLY;COUNT=3000"]
    )
)
FIELDS = st.sampled_from(
    ["v", "first", "starts", "ends", "days", "all_day", "long_run", "rule", "excluded", "added", "slot", "place"]
)
ANYTHING = st.recursive(
    ATOMS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(FIELDS | st.text(max_size=5), inner),
    max_leaves=12,
)


@st.composite
def damaged(draw):
    """Return the JSON of a real schedule with something in it replaced, taken away or added."""
    value = deepcopy(draw(schedules()).to_json())
    for _ in range(draw(st.integers(1, 3))):
        target = value
        if value.get("added") and isinstance(value["added"], list) and draw(st.booleans()):
            target = value["added"][0] if isinstance(value["added"][0], dict) else value
        name = draw(st.sampled_from(sorted(target)) | FIELDS) if target else draw(FIELDS)
        if draw(st.booleans()):
            target.pop(name, None)
        else:
            target[name] = draw(ANYTHING)
    return value


@settings(max_examples=300, deadline=None)
@given(damaged() | ANYTHING)
def test_any_json_gives_a_schedule_that_expands_or_a_named_error(value):
    try:
        schedule = Schedule.from_json(value)
    except ScheduleError:
        return
    dates = expand(schedule, until=FAR, limit=50)
    assert Schedule.from_json(schedule.to_json()) == schedule
    assert all(utc_span(item, KYIV, schedule.all_day) for item in dates)


@pytest.mark.parametrize(
    "wrong",
    [
        {"starts": time(18, 0, 30)},
        {"starts": time(18, tzinfo=UTC)},
        {"ends": time(19, 0, 0, 1)},
        {"excluded": (datetime(2026, 9, 1, 18, 0, 1),)},
        {"added": (AddedDate(datetime(2026, 9, 1, 18, tzinfo=UTC)),)},
    ],
)
def test_times_are_naive_whole_minutes(wrong):
    with pytest.raises(ScheduleError) as caught:
        made(**wrong)

    assert caught.value.code == "whole_minutes"


# Expansion


@given(schedules())
def test_expanded_dates_are_sorted_and_unique(schedule):
    slots = [item.slot for item in expand(schedule, until=FAR)]

    assert slots == sorted(set(slots))


@given(schedules())
def test_added_dates_are_always_in(schedule):
    assert {added.slot for added in schedule.added} <= {item.slot for item in expand(schedule, until=FAR)}


@given(schedules())
def test_excluded_dates_are_out_unless_added(schedule):
    added = {added.slot for added in schedule.added}
    ruled = {item.slot for item in expand(schedule, until=FAR)} - added

    assert ruled.isdisjoint(schedule.excluded)
    assert {slot.date() for slot in ruled}.isdisjoint(schedule.excluded)


@given(schedules(), st.integers(0, 30))
def test_limit_takes_the_first_dates(schedule, limit):
    assert expand(schedule, until=FAR, limit=limit) == expand(schedule, until=FAR)[:limit]


@settings(deadline=None)
@given(RULES, DAYS, CLOCKS, st.lists(st.integers(0, 60), max_size=3), st.lists(MOMENTS, max_size=3, unique=True))
def test_expansion_agrees_with_a_calendar_program(rule, first, starts_, left_out, added):
    if not rule.starts_on(first):
        first = next(islice(rule.dates(first, until=date(2060, 1, 1)), 1, None))
    excluded = [datetime.combine(first + timedelta(days=number), starts_) for number in left_out]
    added = [slot for slot in added if slot not in excluded]
    schedule = Schedule(
        first=first, starts=starts_, rule=rule, excluded=tuple(excluded), added=tuple(map(AddedDate, added))
    )
    event = icalendar.Event()
    event.add("uid", "1")
    event.add("dtstart", datetime.combine(first, starts_))
    # A timed event needs UNTIL as a time: the end of our last local day.
    event.add("rrule", icalendar.vRecur.from_ical(re.sub(r"(UNTIL=\d+)", r"\1T235959", rule.to_rrule())))
    for slot in excluded:
        event.add("exdate", slot)
    for slot in added:
        event.add("rdate", slot)
    found = recurring_ical_events.of(event).between(date(2019, 1, 1), date(2061, 1, 1))

    assert [item.slot for item in expand(schedule, until=FAR)] == sorted({one["DTSTART"].dt for one in found})


def test_single_date_is_entered_by_itself():
    slot = at("2026-09-01T18:00")

    assert expand(made(ends=time(19)), until=FAR) == [PlannedDate(slot, slot, at("2026-09-01T19:00"))]


def test_date_of_a_rule_knows_its_period():
    slot = at("2026-09-01T18:00")
    schedule = made(rule="FREQ=MONTHLY;COUNT=1")

    assert schedule.freq == Freq.MONTHLY
    assert expand(schedule, until=FAR) == [PlannedDate(slot, slot, slot, period=2026 * 12 + 8, by_rule=True)]


def test_without_a_known_end_a_date_ends_when_it_starts():
    assert spans(made(days=2)) == [("2026-09-01T18:00", "2026-09-01T18:00")]


def test_all_day_ends_at_the_midnight_after():
    assert spans(made(starts=None, all_day=True)) == [("2026-09-01T00:00", "2026-09-02T00:00")]


def test_long_run_is_one_date():
    run = made(first=date(2026, 12, 20), starts=None, all_day=True, long_run=True, days=41)

    assert spans(run) == [("2026-12-20T00:00", "2027-01-31T00:00")]


def test_date_past_midnight_ends_on_the_next_day_also_at_new_year():
    assert spans(made(first=date(2026, 12, 31), starts=time(22), ends=time(2), days=1)) == [
        ("2026-12-31T22:00", "2027-01-01T02:00")
    ]


def test_open_ended_rule_is_expanded_up_to_the_horizon():
    schedule = made(rule="FREQ=WEEKLY")

    assert starts(schedule, date(2026, 9, 15)) == ["2026-09-01T18:00", "2026-09-08T18:00", "2026-09-15T18:00"]


def test_open_ended_rule_that_starts_after_the_horizon_has_its_first_date():
    assert starts(made(rule="FREQ=WEEKLY"), date(2026, 1, 1)) == ["2026-09-01T18:00"]


def test_rule_with_an_end_is_expanded_whole():
    assert starts(made(rule="FREQ=YEARLY;COUNT=3"), date(2026, 9, 1))[-1] == "2028-09-01T18:00"


def test_leap_day_comes_back_in_leap_years():
    schedule = made(first=date(2028, 2, 29), rule="FREQ=YEARLY;COUNT=2")

    assert starts(schedule) == ["2028-02-29T18:00", "2032-02-29T18:00"]


def test_two_dates_on_one_day_are_two():
    schedule = made(added=(AddedDate(at("2026-09-01T10:00")),))

    assert starts(schedule) == ["2026-09-01T10:00", "2026-09-01T18:00"]


def test_excluded_day_takes_the_rule_and_leaves_what_was_added():
    schedule = made(rule="FREQ=DAILY;COUNT=2", excluded=(date(2026, 9, 1),), added=(AddedDate(at("2026-09-01T10:00")),))

    assert starts(schedule) == ["2026-09-01T10:00", "2026-09-02T18:00"]


def test_excluded_slot_takes_only_itself():
    schedule = made(rule="FREQ=DAILY;COUNT=3", excluded=(at("2026-09-02T18:00"), at("2026-09-03T10:00")))

    assert starts(schedule) == ["2026-09-01T18:00", "2026-09-03T18:00"]


def test_excluded_date_counts_as_one_of_count():
    assert starts(made(rule="FREQ=DAILY;COUNT=2", excluded=(date(2026, 9, 2),))) == ["2026-09-01T18:00"]


def test_added_date_lasts_as_long_as_the_others_unless_it_says_so():
    added = (AddedDate(at("2026-09-02T23:30")), AddedDate(at("2026-09-03T10:00"), at("2026-09-03T10:30")))

    assert spans(made(ends=time(19), added=added))[1:] == [
        ("2026-09-02T23:30", "2026-09-03T00:30"),
        ("2026-09-03T10:00", "2026-09-03T10:30"),
    ]


def test_added_date_gives_a_date_of_the_rule_its_own_end_and_place():
    slot = at("2026-09-02T18:00")
    own = AddedDate(slot, at("2026-09-02T20:00"), "north", {"en": "Yard"})

    second = expand(made(rule="FREQ=DAILY;COUNT=3", added=(own,)), until=FAR)[1]

    assert second == PlannedDate(
        slot, slot, at("2026-09-02T20:00"), slot.date().toordinal(), by_rule=False, branch="north", place={"en": "Yard"}
    )


def test_first_of_two_equal_added_dates_holds():
    twice = (AddedDate(at("2026-09-02T18:00"), branch="north"), AddedDate(at("2026-09-02T18:00"), branch="south"))

    assert [item.branch for item in expand(made(added=twice), until=FAR)] == [None, "north"]


def test_years_beyond_the_calendar_make_no_dates():
    assert starts(made(first=date(1899, 12, 31))) == []
    assert starts(made(first=date(2201, 1, 1), added=(AddedDate(at("9999-12-31T23:00")),))) == []
    assert starts(made(first=date(2200, 12, 31), rule="FREQ=DAILY;COUNT=3")) == ["2200-12-31T18:00"]
    assert starts(made(first=date(2200, 12, 31), rule="FREQ=DAILY"), date(2300, 1, 1)) == ["2200-12-31T18:00"]
    endless = AddedDate(at("2026-09-02T18:00"), at("9999-12-31T23:00"))
    assert starts(made(added=(endless,))) == ["2026-09-01T18:00"]


def test_expansion_stops_at_three_thousand_dates():
    assert len(starts(made(rule="FREQ=DAILY"), date(2100, 1, 1))) == 3000


# UTC


def utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_weekly_date_keeps_its_wall_time_over_the_clock_change():
    schedule = made(first=date(2026, 10, 20), starts=time(18, 30), ends=time(20), rule="FREQ=WEEKLY;COUNT=2")

    found = [utc_span(item, KYIV, False) for item in expand(schedule, until=FAR)]

    assert found == [
        (utc("2026-10-20T15:30"), utc("2026-10-20T17:00")),
        (utc("2026-10-27T16:30"), utc("2026-10-27T18:00")),
    ]


def test_all_day_lasts_from_midnight_to_midnight_also_when_the_clocks_change():
    spring, autumn = (
        expand(Schedule(first=day, all_day=True), until=FAR)[0] for day in (date(2026, 3, 29), date(2026, 10, 25))
    )

    assert utc_span(spring, KYIV, True) == (utc("2026-03-28T22:00"), utc("2026-03-29T21:00"))
    assert utc_span(autumn, KYIV, True) == (utc("2026-10-24T21:00"), utc("2026-10-25T22:00"))


def test_start_in_the_skipped_hour_does_not_come_after_its_end():
    skipped = expand(made(first=date(2026, 3, 29), starts=time(3, 30), ends=time(4, 15)), until=FAR)[0]

    assert utc_span(skipped, KYIV, False) == (utc("2026-03-29T01:30"), utc("2026-03-29T02:15"))
