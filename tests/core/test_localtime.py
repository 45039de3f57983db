from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.localtime import end_of_day, existing_local, start_of_day, to_local, to_utc, to_utc_span

KYIV = ZoneInfo("Europe/Kyiv")
ZONES = st.sampled_from(
    ["Europe/Kyiv", "Europe/Skopje", "Asia/Sakhalin", "Europe/Kaliningrad", "Atlantic/Azores", "Africa/Cairo", "UTC"]
).map(ZoneInfo)
LOCAL = st.datetimes(datetime(1950, 1, 1), datetime(2050, 1, 1))


def at(text):
    return datetime.fromisoformat(text)


def utc(text):
    return at(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("local", "moment"),
    [
        ("2026-01-15T18:00", "2026-01-15T16:00"),
        ("2026-07-15T18:00", "2026-07-15T15:00"),
        ("2026-03-29T02:59", "2026-03-29T00:59"),
        ("2026-03-29T03:00", "2026-03-29T01:00"),
        ("2026-03-29T03:30", "2026-03-29T01:30"),
        ("2026-03-29T04:00", "2026-03-29T01:00"),
        ("2026-10-25T02:59", "2026-10-24T23:59"),
        ("2026-10-25T03:30", "2026-10-25T00:30"),
        ("2026-10-25T04:00", "2026-10-25T02:00"),
    ],
)
def test_local_time_becomes_its_utc_moment_also_around_the_clock_change(local, moment):
    assert to_utc(at(local), KYIV) == utc(moment)


def test_hour_that_comes_twice_is_the_first_whatever_fold_says():
    assert to_utc(at("2026-10-25T03:30").replace(fold=1), KYIV) == utc("2026-10-25T00:30")


def test_moment_becomes_naive_local_time():
    assert to_local(utc("2026-12-31T22:30"), KYIV) == at("2027-01-01T00:30")


@given(LOCAL, ZONES)
def test_time_that_exists_comes_back_from_utc(local, zone):
    shown = existing_local(local, zone)

    assert existing_local(shown, zone) == shown
    assert to_local(to_utc(shown, zone), zone) == shown


def test_only_a_skipped_time_is_shown_otherwise():
    assert existing_local(at("2026-03-29T03:30"), KYIV) == at("2026-03-29T04:30")
    assert existing_local(at("2026-03-29T04:30"), KYIV) == at("2026-03-29T04:30")


@pytest.mark.parametrize(
    ("day", "zone", "hours"),
    [
        (date(2026, 3, 29), "Europe/Kyiv", 23),
        (date(2026, 10, 25), "Europe/Kyiv", 25),
        (date(2028, 2, 29), "Europe/Kyiv", 24),
        (date(2026, 4, 24), "Africa/Cairo", 23),
        (date(2026, 3, 29), "Atlantic/Azores", 23),
        (date(2026, 10, 25), "Atlantic/Azores", 25),
        (date(2026, 3, 29), "Asia/Sakhalin", 24),
    ],
)
def test_day_has_the_hours_that_the_clocks_leave_it(day, zone, hours):
    zone = ZoneInfo(zone)

    assert end_of_day(day, zone) - start_of_day(day, zone) == timedelta(hours=hours)


def test_day_without_midnight_begins_when_the_clock_goes_on():
    cairo = ZoneInfo("Africa/Cairo")

    assert to_local(start_of_day(date(2026, 4, 24), cairo), cairo) == at("2026-04-24T01:00")


@given(LOCAL.map(datetime.date), ZONES)
def test_days_follow_each_other_without_gap(day, zone):
    assert end_of_day(day, zone) == start_of_day(day + timedelta(days=1), zone)


@given(LOCAL, st.timedeltas(timedelta(0), timedelta(days=3)), ZONES)
def test_span_never_ends_before_it_starts(start, length, zone):
    start_utc, end_utc = to_utc_span(start, start + length, zone)

    assert start_utc == to_utc(start, zone)
    assert (end_utc > start_utc) == (length > timedelta(0))


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2026-03-29T02:00", "2026-03-29T05:00", ("2026-03-29T00:00", "2026-03-29T02:00")),
        ("2026-03-29T03:10", "2026-03-29T03:40", ("2026-03-29T01:10", "2026-03-29T01:40")),
        ("2026-03-29T03:30", "2026-03-29T04:00", ("2026-03-29T01:30", "2026-03-29T02:00")),
        ("2026-03-29T03:30", "2026-03-29T04:30", ("2026-03-29T01:30", "2026-03-29T02:30")),
        ("2026-03-29T03:30", "2026-03-29T05:00", ("2026-03-29T01:30", "2026-03-29T02:00")),
        ("2026-10-25T02:00", "2026-10-25T05:00", ("2026-10-24T23:00", "2026-10-25T03:00")),
        ("2026-10-25T23:00", "2026-10-25T23:00", ("2026-10-25T21:00", "2026-10-25T21:00")),
    ],
)
def test_span_over_a_clock_change(start, end, expected):
    assert to_utc_span(at(start), at(end), KYIV) == tuple(map(utc, expected))
