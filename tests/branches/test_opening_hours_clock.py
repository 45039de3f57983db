"""Opening hours beside a slow oracle: the clock on the wall, read minute by minute over random weeks."""

from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from branches.opening_hours import HoursKind, Interval, OpeningHours, next_change, state_at
from tests.branches import weeks

# A day at which the clock changes, and ordinary ones.
DAYS_IN_ZONES = [
    ("Europe/Kyiv", date(2026, 3, 29)),
    ("Europe/Kyiv", date(2026, 10, 25)),
    ("Europe/Kyiv", date(2026, 12, 31)),
    ("Europe/Skopje", date(2027, 3, 28)),
    ("Europe/Skopje", date(2027, 10, 31)),
    ("Europe/Moscow", date(2011, 3, 27)),
    ("Europe/Moscow", date(2014, 10, 26)),
    ("Europe/Moscow", date(2028, 2, 29)),
    ("Asia/Sakhalin", date(2016, 3, 27)),
    ("Asia/Sakhalin", date(2014, 10, 26)),
    ("Africa/Cairo", date(2026, 4, 24)),  # no midnight
    ("Africa/Cairo", date(2026, 10, 29)),  # 23:00 to 24:00 twice
    ("Australia/Lord_Howe", date(2026, 10, 4)),  # by half an hour
    ("America/Havana", date(2026, 3, 8)),  # no midnight, and west of Greenwich
    ("Pacific/Apia", date(2011, 12, 30)),  # a day that never was
]


@cache
def wall_readings(zone_name: str, start: datetime, minutes: int) -> list[datetime]:
    """Return what the clock shows at each minute from `start` on, held still while it repeats itself."""
    zone, lead = ZoneInfo(zone_name), 2 * 1440  # minutes before, to know what it has shown already
    shown = [(start + timedelta(minutes=number)).astimezone(zone) for number in range(-lead, minutes)]
    latest = datetime(1, 1, 1)
    return [latest := max(latest, reading.replace(tzinfo=None)) for reading in shown][lead:]


def written_hours(hours: OpeningHours, kind: HoursKind, day: date) -> tuple[Interval, ...]:
    if kind not in hours.kinds:
        return ()
    for wanted in (kind, None):
        for exception in hours.exceptions:
            if exception.kind == wanted and exception.first <= day <= exception.last:
                return exception.hours
    return hours.kinds[kind][day.weekday()]


def states_on_the_wall(hours: OpeningHours, kind: HoursKind, readings: list[datetime]) -> list[bool]:
    written = cache(lambda day: written_hours(hours, kind, day))
    states = []
    for reading in readings:
        minute, today = reading.hour * 60 + reading.minute, reading.date()
        by_today = any(each.start <= minute < each.end for each in written(today))
        by_yesterday = any(each.start <= minute + 1440 < each.end for each in written(today - timedelta(days=1)))
        states.append(by_today or by_yesterday)
    return states


def first_change(states: list[bool], number: int) -> int | None:
    return next((later for later in range(number + 1, len(states)) if states[later] != states[number]), None)


@pytest.mark.parametrize(("zone_name", "day"), DAYS_IN_ZONES)
@given(data=st.data())
@settings(max_examples=25, deadline=None)
def test_state_agrees_with_the_clock_on_the_wall(zone_name, day, data):
    zone, window = ZoneInfo(zone_name), 4 * 1440  # minutes
    start = datetime.combine(day - timedelta(days=2), datetime.min.time(), tzinfo=UTC)
    hours = data.draw(weeks.opening_hours(day))
    kind = data.draw(weeks.KINDS)
    closure = data.draw(weeks.closures(start + timedelta(days=1)))
    moments = [start + timedelta(minutes=number) for number in range(window)]
    states = states_on_the_wall(hours, kind, wall_readings(zone_name, start, window))
    if closure:
        states = [state and not closure.is_in_force(moments[number]) for number, state in enumerate(states)]
    edges = [number for number in range(1, window) if states[number] != states[number - 1]]
    samples = data.draw(st.lists(st.integers(0, window - 1), min_size=3, max_size=3))
    for number in [*samples, *edges[:4], *(edge - 1 for edge in edges[:4])]:
        state = state_at(hours, kind, moments[number] + timedelta(seconds=59), zone, closure)
        change = first_change(states, number)
        assert state.is_open is states[number]
        assert (state.next_open if state.is_open else state.until) is None
        if change is None:
            assert state.next_change is None or state.next_change > moments[-1]
        else:
            assert state.next_change == moments[change]


@pytest.mark.parametrize(("zone_name", "day"), DAYS_IN_ZONES)
@given(data=st.data())
@settings(max_examples=10, deadline=None)
def test_next_change_is_the_first_of_all_kinds(zone_name, day, data):
    zone = ZoneInfo(zone_name)
    hours = data.draw(weeks.opening_hours(day))
    moment = datetime.combine(day, datetime.min.time(), tzinfo=UTC)
    closure = data.draw(weeks.closures(moment))
    changes = [state_at(hours, kind, moment, zone, closure).next_change for kind in HoursKind]
    if closure and closure.until and closure.until > moment:
        changes.append(closure.until)
    assert next_change(hours, moment, zone, closure) == min((each for each in changes if each), default=None)
