import io
import zoneinfo
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from dateutil.tz import tzical
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Timezone

from events.vtimezone import vtimezone

KYIV = """\
BEGIN:VTIMEZONE
TZID:Europe/Kyiv
BEGIN:DAYLIGHT
DTSTART:19700329T030000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZOFFSETFROM:+0200
TZOFFSETTO:+0300
TZNAME:EEST
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19701025T040000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZOFFSETFROM:+0300
TZOFFSETTO:+0200
TZNAME:EET
END:STANDARD
END:VTIMEZONE
"""
SAKHALIN = """\
BEGIN:VTIMEZONE
TZID:Asia/Sakhalin
BEGIN:STANDARD
DTSTART:19700101T000000
TZOFFSETFROM:+1100
TZOFFSETTO:+1100
TZNAME:+11
END:STANDARD
END:VTIMEZONE
"""
SAKHALIN_WHEN_IT_MOVED = """\
BEGIN:VTIMEZONE
TZID:Asia/Sakhalin
BEGIN:STANDARD
DTSTART:19700101T000000
TZOFFSETFROM:+1000
TZOFFSETTO:+1000
TZNAME:+10
END:STANDARD
BEGIN:STANDARD
DTSTART:20160327T020000
TZOFFSETFROM:+1000
TZOFFSETTO:+1100
TZNAME:+11
END:STANDARD
END:VTIMEZONE
"""
NEW_YORK_WHEN_ITS_RULE_CHANGED = """\
BEGIN:VTIMEZONE
TZID:America/New_York
BEGIN:STANDARD
DTSTART:19700101T000000
TZOFFSETFROM:-0500
TZOFFSETTO:-0500
TZNAME:EST
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:20050403T020000
RDATE:20060402T020000
TZOFFSETFROM:-0500
TZOFFSETTO:-0400
TZNAME:EDT
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:20051030T020000
RDATE:20061029T020000
TZOFFSETFROM:-0400
TZOFFSETTO:-0500
TZNAME:EST
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:20070311T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU
TZOFFSETFROM:-0500
TZOFFSETTO:-0400
TZNAME:EDT
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:20071104T020000
RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU
TZOFFSETFROM:-0400
TZOFFSETTO:-0500
TZNAME:EST
END:STANDARD
END:VTIMEZONE
"""

WINDOW = date(2024, 12, 1), date(2027, 11, 30)
ZONES_AND_WINDOWS = [
    ("Europe/Kyiv", WINDOW),
    ("Europe/Skopje", WINDOW),
    ("Europe/Moscow", WINDOW),
    ("Asia/Sakhalin", WINDOW),
    ("America/New_York", WINDOW),
    ("Australia/Sydney", WINDOW),
    # Named after its less usual sides: saving in winter, half an hour, Saturdays at 24:00 or the day before.
    ("Europe/Dublin", WINDOW),
    ("Australia/Lord_Howe", WINDOW),
    ("America/Santiago", WINDOW),
    ("America/Nuuk", WINDOW),
    ("Asia/Gaza", WINDOW),
    # No yearly rule says these: Ramadan, "the last Thursday at 24:00".
    ("Africa/Casablanca", WINDOW),
    ("Africa/Cairo", WINDOW),
    # The zone or its rule changed inside the window.
    ("Europe/Moscow", (date(2010, 1, 1), date(2015, 1, 1))),
    ("Asia/Sakhalin", (date(2014, 1, 1), date(2017, 1, 1))),
    ("America/New_York", (date(2005, 1, 1), date(2008, 6, 1))),
    ("Europe/Istanbul", (date(2015, 1, 1), date(2017, 12, 31))),
    ("Pacific/Apia", (date(2011, 1, 1), date(2013, 12, 31))),
    # Nothing changed in those years, but the zone keeps another time today.
    ("Europe/Moscow", (date(2012, 1, 1), date(2013, 12, 31))),
    ("Asia/Pyongyang", (date(2015, 1, 1), date(2018, 12, 31))),
]


def with_crlf(text):
    return text.replace("\n", "\r\n")


def as_read_by_dateutil(text):
    calendar = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{text}END:VCALENDAR\r\n"
    return tzical(io.StringIO(calendar, newline="")).get()


def instants(zone, first, last):
    """Every six hours of the window, and around a change of the offset both sides of each quarter of an hour."""
    moment, end = datetime(first.year, first.month, first.day, tzinfo=UTC), datetime(*last.timetuple()[:3], tzinfo=UTC)
    while moment <= end:
        yield moment
        following = moment + timedelta(hours=6)
        if moment.astimezone(zone).utcoffset() != following.astimezone(zone).utcoffset():
            quarters = (moment + timedelta(minutes=minutes) for minutes in range(-90, 451, 15))
            yield from (quarter - timedelta(seconds=second) for quarter in quarters for second in (1, 0))
        moment = following


def is_plain(local, zone):
    """Whether the local time exists, and once only."""
    one, other = (local.replace(tzinfo=zone, fold=fold).utcoffset() for fold in (0, 1))
    return one == other


@cache
def offsets_of_wall_times(tzid, window):
    """What a reader of the feed needs: local time → offset at every instant of the window that it alone names."""
    zone = ZoneInfo(tzid)
    wall_times = (moment.astimezone(zone).replace(tzinfo=None) for moment in instants(zone, *window))
    return {local: local.replace(tzinfo=zone).utcoffset() for local in wall_times if is_plain(local, zone)}


def noons_from(day, count, zone):
    noons = (datetime(day.year, day.month, day.day, 12) + timedelta(days=days) for days in range(count))
    return [noon for noon in noons if is_plain(noon, zone)]  # Samoa had no 30 December 2011


def test_vtimezone_of_a_zone_with_summer_time_is_the_short_form():
    assert vtimezone("Europe/Kyiv", *WINDOW) == with_crlf(KYIV)


def test_vtimezone_of_a_zone_without_summer_time_is_one_standard():
    assert vtimezone("Asia/Sakhalin", *WINDOW) == with_crlf(SAKHALIN)


def test_vtimezone_writes_a_zone_change_in_the_window_by_itself():
    assert vtimezone("Asia/Sakhalin", date(2015, 5, 1), date(2017, 5, 1)) == with_crlf(SAKHALIN_WHEN_IT_MOVED)


def test_vtimezone_writes_the_years_before_a_new_rule_one_by_one():
    assert vtimezone("America/New_York", date(2005, 1, 1), date(2008, 6, 1)) == with_crlf(
        NEW_YORK_WHEN_ITS_RULE_CHANGED
    )


@pytest.mark.parametrize(
    ("tzid", "window", "expected"),
    [
        ("Europe/Dublin", WINDOW, {("DAYLIGHT", "IST", "+0100"), ("STANDARD", "GMT", "+0000")}),
        (
            "Africa/Casablanca",
            (date(2023, 1, 1), date(2024, 12, 31)),
            {("DAYLIGHT", "+01", "+0100"), ("STANDARD", "+00", "+0000")},
        ),
    ],
)
def test_vtimezone_calls_the_greater_offset_daylight_where_winter_saves(tzid, window, expected):
    parts = Timezone.from_ical(vtimezone(tzid, *window)).subcomponents
    assert {(part.name, part["TZNAME"], part["TZOFFSETTO"].to_ical()) for part in parts} == expected


@pytest.mark.parametrize(("tzid", "rule"), [("Europe/Skopje", "BYDAY=-1SU"), ("America/Santiago", "BYMONTHDAY=2,3,4")])
def test_vtimezone_has_one_rrule_per_observance(tzid, rule):
    text = vtimezone(tzid, *WINDOW)
    assert (text.count("RRULE:"), text.count(rule), text.count("BEGIN:STANDARD"), text.count("BEGIN:DAYLIGHT")) == (
        2,
        2,
        1,
        1,
    )


@pytest.mark.parametrize(("tzid", "window"), ZONES_AND_WINDOWS)
def test_vtimezone_gives_dateutil_the_offset_of_every_wall_time(tzid, window):
    expected = offsets_of_wall_times(tzid, window)
    read = as_read_by_dateutil(vtimezone(tzid, *window))
    assert {local: local.replace(tzinfo=read).utcoffset() for local in expected} == expected


@pytest.mark.parametrize(("tzid", "window"), ZONES_AND_WINDOWS)
def test_vtimezone_gives_icalendar_the_offset_of_every_wall_time(tzid, window):
    expected = offsets_of_wall_times(tzid, window)
    read = Timezone.from_ical(vtimezone(tzid, *window)).to_tz(lookup_tzid=False)
    assert {local: local.replace(tzinfo=read).utcoffset() for local in expected} == expected


@pytest.mark.parametrize(("tzid", "window"), ZONES_AND_WINDOWS)
def test_vtimezone_names_the_offset_as_the_zone_does(tzid, window):
    zone = ZoneInfo(tzid)
    read = as_read_by_dateutil(vtimezone(tzid, *window))
    noons = noons_from(window[0], (window[1] - window[0]).days, zone)
    assert [noon.replace(tzinfo=read).tzname() for noon in noons] == [
        noon.replace(tzinfo=zone).tzname() for noon in noons
    ]


@settings(max_examples=30, deadline=None)
@given(
    tzid=st.sampled_from(sorted(zoneinfo.available_timezones() - {"localtime"})),
    year=st.integers(1995, 2035),
)
def test_vtimezone_of_any_zone_and_year_is_right_at_every_noon(tzid, year):
    window = date(year, 1, 1), date(year + 1, 12, 31)
    read, zone = as_read_by_dateutil(vtimezone(tzid, *window)), ZoneInfo(tzid)
    noons = noons_from(window[0], 730, zone)
    assert [noon.replace(tzinfo=read).utcoffset() for noon in noons] == [
        noon.replace(tzinfo=zone).utcoffset() for noon in noons
    ]


def test_vtimezone_stays_the_same_while_the_window_moves_within_its_years():
    assert vtimezone("Africa/Casablanca", date(2025, 1, 1), date(2026, 6, 1)) == vtimezone(
        "Africa/Casablanca", date(2025, 12, 1), date(2026, 12, 31)
    )


def test_vtimezone_lines_end_with_crlf_and_are_short():
    for tzid in sorted(zoneinfo.available_timezones() - {"localtime"})[::7]:
        *lines, end = vtimezone(tzid, *WINDOW).encode("ascii").split(b"\r\n")
        assert [line for line in lines if len(line) > 75 or b"\n" in line or b"\r" in line or not line] == []
        assert end == b""


@pytest.mark.parametrize(
    "tzid", ["", "Nowhere", "Europe", "../etc/passwd", "/etc/passwd", "Europe/../Europe/Kyiv", "a\0b", "\ud800", "Київ"]
)
def test_vtimezone_refuses_a_name_that_is_no_zone(tzid):
    with pytest.raises(ValueError, match="Unknown time zone"):
        vtimezone(tzid, *WINDOW)


def test_vtimezone_refuses_a_window_that_ends_before_it_begins():
    with pytest.raises(ValueError, match="ends before it begins"):
        vtimezone("Europe/Kyiv", date(2026, 1, 2), date(2026, 1, 1))
