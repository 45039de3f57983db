import os
import re
import subprocess
import sys
import unicodedata
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import recurring_ical_events
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar, Event, vUnknown

from events.ical import VEvent, render_calendar, render_vevent, restamped

GOLDEN = Path(__file__).parent / "ical" / "feed.ics"
KYIV = ZoneInfo("Europe/Kyiv")
WINDOW = date(2025, 11, 1), date(2027, 5, 31)

CLUB = VEvent(
    uid="0b8e3b0e-5f0e-4c63-9d43-6a4f6e1f7a01@chitalnya.invalid",
    sequence=2,
    dtstamp=datetime(2026, 10, 1, 9, 30, 15, tzinfo=UTC),
    last_modified=datetime(2026, 10, 1, 12, 30, 15, tzinfo=KYIV),
    created=datetime(2026, 9, 1, 8, 0, tzinfo=UTC),
    start=datetime(2026, 11, 5, 18, 30),
    end=datetime(2026, 11, 5, 20, 0),
    tzid="Europe/Kyiv",
    summary="Читацький клуб; «Тигролови», частина 2 📚",
    description="Говоримо про книжку, дорогу й сніг.\n\nЧай є; книжку візьміть у бібліотеці. Шлях: C:\\нові\\книги",
    location="Центральна бібліотека, вул. Шевченка, 5",
    geo=(Decimal("50.450100"), 30.5234),
    url="https://library.example/uk/events/reading-club/?date=2026-11-05,18:30;a=1",
    categories=("Дорослі", "Книги, розмови"),
    image="https://library.example/media/images/club.JPG?v=2",
    language="uk",
    color="teal",
)
FAIR = VEvent(
    uid="0b8e3b0e-5f0e-4c63-9d43-6a4f6e1f7a02@chitalnya.invalid",
    sequence=0,
    dtstamp=datetime(2026, 5, 1, 9, 0, tzinfo=UTC),
    last_modified=datetime(2026, 5, 1, 9, 0, tzinfo=UTC),
    start=date(2026, 12, 31),
    end=date(2027, 1, 2),
    summary="Ярмарок книг",
    language="uk",
    status="CANCELLED",
)
NIGHT = replace(
    FAIR,
    uid="0b8e3b0e-5f0e-4c63-9d43-6a4f6e1f7a03@chitalnya.invalid",
    start=datetime(2026, 10, 24, 22, 0),
    end=datetime(2026, 10, 25, 6, 0),
    tzid="Europe/Kyiv",
    summary="Ніч у бібліотеці, коли година триває двічі",
    status="CONFIRMED",
    transp="OPAQUE",
)
WEBINAR = replace(
    FAIR,
    uid="0b8e3b0e-5f0e-4c63-9d43-6a4f6e1f7a04@chitalnya.invalid",
    start=datetime(2026, 6, 1, 16, 0),
    end=datetime(2026, 6, 1, 16, 0),
    tzid="UTC",
    summary="Webinar",
    language="en",
    status="TENTATIVE",
)
EVENTS = (CLUB, FAIR, NIGHT, WEBINAR)


def feed(*events, **changes):
    arguments = {
        "name": "Події, зустрічі; виставки",
        "language": "uk",
        "description": "Усе, що відбувається в читальнях району: клуби, вистави, зустрічі з письменниками",
        "url": "https://library.example/uk/events/",
        "source": "https://library.example/uk/events/feed.ics?branch=central&audience=children",
        "color": "purple",
        "timezone": "Europe/Kyiv",
        "vevents": [render_vevent(event) for event in events],
        "tzids": {event.tzid for event in events},
        "window": WINDOW,
    }
    return render_calendar(**arguments | changes)


def read(event):
    return Event.from_ical(render_vevent(event))


def property_line(event, name):
    """The unfolded content line of a property, without its name."""
    unfolded = render_vevent(event).replace("\r\n ", "")
    return next(line.removeprefix(name) for line in unfolded.split("\r\n") if re.match(rf"{name}[;:]", line))


def unescaped(text):
    """RFC 5545 section 3.3.11, read from left to right."""
    return re.sub(r"\\(.)", lambda match: "\n" if match[1] in "nN" else match[1], text)


def cleaned(text):
    """What a text keeps: every kind of line end is one newline, other controls and halves of characters go."""
    one_newline = re.sub("\r\n|\r|\v|\f|\x85|\u2028|\u2029", "\n", text)
    return "".join(char for char in one_newline if char in "\n\t" or unicodedata.category(char) not in ("Cc", "Cs"))


def bad_lines(text):
    """Lines that are too long, empty, or hold a bare line end or half a character."""
    lines = text.encode().split(b"\r\n")
    assert lines.pop() == b""
    return [line for line in lines if not 0 < len(line) <= 75 or b"\r" in line or b"\n" in line or not is_utf8(line)]


def is_utf8(line):
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


# One date


def test_render_vevent_of_a_date_reads_back_as_every_property_that_was_put_in():
    event = read(CLUB)
    assert {name: str(value) for name, value in event.items() if isinstance(value, str)} == {
        "UID": CLUB.uid,
        "STATUS": "CONFIRMED",
        "TRANSP": "TRANSPARENT",
        "SUMMARY": CLUB.summary,
        "DESCRIPTION": CLUB.description,
        "LOCATION": CLUB.location,
        "URL": CLUB.url,
        "IMAGE": CLUB.image,
        "COLOR": "teal",
    }
    assert {name: value.dt for name, value in event.items() if hasattr(value, "dt")} == {
        "DTSTAMP": CLUB.dtstamp,
        "CREATED": CLUB.created,
        "LAST-MODIFIED": datetime(2026, 10, 1, 9, 30, 15, tzinfo=UTC),
        "DTSTART": datetime(2026, 11, 5, 18, 30, tzinfo=KYIV),
        "DTEND": datetime(2026, 11, 5, 20, 0, tzinfo=KYIV),
    }
    assert (event["SEQUENCE"], event["GEO"].to_ical()) == (2, "50.4501;30.5234")
    assert [str(category) for category in event["CATEGORIES"].cats] == ["Дорослі", "Книги, розмови"]
    assert {name: dict(value.params) for name, value in event.items() if value.params} == {
        "DTSTART": {"TZID": "Europe/Kyiv"},
        "DTEND": {"TZID": "Europe/Kyiv"},
        "SUMMARY": {"LANGUAGE": "uk"},
        "DESCRIPTION": {"LANGUAGE": "uk"},
        "LOCATION": {"LANGUAGE": "uk"},
        "IMAGE": {"VALUE": "URI", "DISPLAY": "BADGE", "FMTTYPE": "image/jpeg"},
    }
    assert event.errors == []


def test_render_vevent_without_the_optional_facts_has_no_line_for_them():
    assert render_vevent(replace(WEBINAR, end=datetime(2026, 6, 1, 17, 0))).split("\r\n") == [
        "BEGIN:VEVENT",
        "UID:0b8e3b0e-5f0e-4c63-9d43-6a4f6e1f7a04@chitalnya.invalid",
        "SEQUENCE:0",
        "DTSTAMP:20260501T090000Z",
        "LAST-MODIFIED:20260501T090000Z",
        "STATUS:TENTATIVE",
        "TRANSP:TRANSPARENT",
        "DTSTART:20260601T160000Z",
        "DTEND:20260601T170000Z",
        "SUMMARY;LANGUAGE=en:Webinar",
        "END:VEVENT",
        "",
    ]


def test_render_vevent_of_whole_days_has_dates_and_an_exclusive_end():
    assert (property_line(FAIR, "DTSTART"), property_line(FAIR, "DTEND")) == (
        ";VALUE=DATE:20261231",
        ";VALUE=DATE:20270102",
    )


def test_render_vevent_of_no_length_has_no_end():
    event = read(WEBINAR)
    assert (event["DTSTART"].dt, event.get("DTEND")) == (datetime(2026, 6, 1, 16, 0, tzinfo=UTC), None)


def test_render_vevent_in_the_second_of_two_equal_hours_is_in_utc():
    event = replace(
        NIGHT, start=datetime(2026, 10, 25, 3, 50), end=datetime(2026, 10, 25, 3, 10, fold=1)
    )  # twenty minutes
    assert (property_line(event, "DTSTART"), property_line(event, "DTEND")) == (
        ";TZID=Europe/Kyiv:20261025T035000",
        ":20261025T011000Z",
    )


def test_render_vevent_that_begins_in_the_skipped_hour_lasts_as_long_as_usual():
    event = replace(NIGHT, start=datetime(2026, 3, 29, 3, 30), end=datetime(2026, 3, 29, 4, 15))
    assert (property_line(event, "DTSTART"), property_line(event, "DTEND")) == (
        ";TZID=Europe/Kyiv:20260329T033000",
        ";TZID=Europe/Kyiv:20260329T051500",
    )
    told = read(event)
    assert (told["DTSTART"].dt.astimezone(UTC), told["DTEND"].dt.astimezone(UTC)) == (
        datetime(2026, 3, 29, 1, 30, tzinfo=UTC),
        datetime(2026, 3, 29, 2, 15, tzinfo=UTC),
    )


def test_render_vevent_tells_equal_wall_times_of_different_folds_apart():
    ends = [datetime(2026, 10, 25, 3, 50, fold=fold) for fold in (0, 1, 0)]
    events = [replace(NIGHT, start=datetime(2026, 10, 25, 3, 10), end=end) for end in ends]
    assert [property_line(event, "DTEND") for event in events] == [
        ";TZID=Europe/Kyiv:20261025T035000",
        ":20261025T015000Z",
        ";TZID=Europe/Kyiv:20261025T035000",
    ]


def test_restamped_is_the_vevent_rendered_with_the_other_stamp():
    before, after = datetime(2026, 1, 1, 9, tzinfo=UTC), datetime(2026, 1, 2, 10, 11, 12, tzinfo=UTC)
    words = "\r\nDTSTAMP:20260101T090000Z\r\nLAST-MODIFIED:20260101T090000Z\r\n"
    event = replace(CLUB, created=before, summary=words, description=words * 9, dtstamp=before, last_modified=before)
    assert restamped(render_vevent(event), before, after) == render_vevent(
        replace(event, dtstamp=after, last_modified=after)
    )


def test_render_vevent_drops_fractions_of_a_second_and_keeps_early_years_at_four_digits():
    event = replace(FAIR, start=date(987, 1, 2), end=date(987, 1, 3), dtstamp=datetime(2026, 1, 1, 0, 0, 1, 9, UTC))
    assert (property_line(event, "DTSTART"), property_line(event, "DTSTAMP")) == (
        ";VALUE=DATE:09870102",
        ":20260101T000001Z",
    )


def test_render_vevent_escapes_the_four_characters_and_nothing_else():
    text = '\\ ; , \n : " < > & \' = % \\n \\N \\, "a;b"'
    assert property_line(replace(CLUB, summary=text), "SUMMARY") == (
        ';LANGUAGE=uk:\\\\ \\; \\, \\n : " < > & \' = % \\\\n \\\\N \\\\\\, "a\\;b"'
    )


def test_render_vevent_strips_controls_and_unites_line_ends():
    text = "a\0b\x07c\x1b\x7f\x9fd\ud83de\tf\r\ng\rh\vi\fj\x85k\u2028l\u2029m\u00a0n\u200do"
    assert read(replace(CLUB, description=text))["DESCRIPTION"] == "abcde\tf\ng\nh\ni\nj\nk\nl\nm\u00a0n\u200do"


@pytest.mark.parametrize(
    "text", ["ж" * 5000, "😀" * 3000, "x" * 9000, "a" + "ї" * 999, "ab" + "👩🏽‍🚀" * 500, " " * 400]
)
def test_render_vevent_folds_very_long_text_and_loses_nothing(text):
    event = replace(CLUB, description=text)
    assert bad_lines(render_vevent(event)) == []
    assert read(event)["DESCRIPTION"] == text


@pytest.mark.parametrize("octets", [73, 74, 75, 76, 77, 148, 149, 150, 223, 224])
def test_render_vevent_folds_only_lines_over_75_octets(octets):
    event = replace(FAIR, summary="x" * (octets - len("SUMMARY;LANGUAGE=uk:")))
    lines = [line for line in render_vevent(event).split("\r\n") if line.startswith(("SUMMARY", " "))]
    assert len(lines) == (1 if octets <= 75 else -(-octets // 74))


@given(text=st.text(st.characters(), max_size=400))
def test_render_vevent_round_trip_of_any_text(text):
    event = replace(CLUB, uid=text, summary=text, description=f"x{text}", location=f"x{text}", categories=(text, "b"))
    rendered = render_vevent(event)
    assert bad_lines(rendered) == []
    assert unescaped(property_line(event, "SUMMARY").removeprefix(";LANGUAGE=uk:")) == cleaned(text)
    parsed = Event.from_ical(rendered)
    assert [str(parsed[name]) for name in ("UID", "SUMMARY", "DESCRIPTION", "LOCATION")] == [
        cleaned(text),
        cleaned(text),
        f"x{cleaned(text)}",
        f"x{cleaned(text)}",
    ]
    assert [str(category) for category in parsed["CATEGORIES"].cats] == [cleaned(text), "b"]


@given(
    start=st.datetimes(datetime(2000, 1, 1), datetime(2037, 1, 1)),
    minutes=st.integers(1, 60 * 24 * 60),
    tzid=st.sampled_from(["Europe/Kyiv", "Asia/Sakhalin", "America/New_York", "Europe/Skopje", "UTC"]),
)
def test_render_vevent_round_trip_of_any_wall_time(start, minutes, tzid):
    start = start.replace(microsecond=0)
    event = replace(CLUB, start=start, end=start + timedelta(minutes=minutes), tzid=tzid)
    parsed = read(event)
    assert (parsed["DTSTART"].dt, parsed["DTEND"].dt) == (
        start.replace(tzinfo=ZoneInfo(tzid)),
        event.end.replace(tzinfo=ZoneInfo(tzid)),
    )


@pytest.mark.parametrize(
    ("uri", "expected"),
    [
        ("https://library.example/a,b;c?d=1&e='2'#f", "https://library.example/a,b;c?d=1&e='2'#f"),
        ("https://library.example/%D0%B0", "https://library.example/%D0%B0"),
        ("https://library.example/події/", "https://library.example/%D0%BF%D0%BE%D0%B4%D1%96%D1%97/"),
        (' https://library.example/a b"<c>\\\n', "https://library.example/a%20b%22%3Cc%3E%5C"),
        ("https://library.example/\r\nATTENDEE:x\0\ud800", "https://library.example/ATTENDEE:x"),
    ],
)
def test_render_vevent_writes_clean_uris(uri, expected):
    parsed = read(replace(CLUB, url=uri, image=uri))
    assert (str(parsed["URL"]), str(parsed["IMAGE"])) == (expected, expected)


@pytest.mark.parametrize(
    ("image", "media_type"),
    [
        ("https://library.example/a.png", "image/png"),
        ("https://library.example/a.webp?x=.gif#y.gif", "image/webp"),
        ("https://library.example/a.jpeg", "image/jpeg"),
        ("https://library.example/renditions/12", None),
        ("https://[library.example/a.svg", "image/svg+xml"),
    ],
)
def test_render_vevent_names_the_type_of_an_image_that_its_address_tells(image, media_type):
    assert read(replace(CLUB, image=image))["IMAGE"].params.get("FMTTYPE") == media_type


def test_render_vevent_without_words_is_a_tombstone():
    bare = VEvent(
        uid=CLUB.uid,
        sequence=3,
        dtstamp=CLUB.dtstamp,
        last_modified=CLUB.last_modified,
        start=CLUB.start,
        end=CLUB.end,
        tzid=CLUB.tzid,
        status="CANCELLED",
        transp=None,
    )
    assert set(read(bare)) == {"UID", "SEQUENCE", "DTSTAMP", "LAST-MODIFIED", "STATUS", "DTSTART", "DTEND"}


@pytest.mark.parametrize(
    "change",
    [
        {"dtstamp": datetime(2026, 1, 1)},
        {"last_modified": datetime(2026, 1, 1)},
        {"created": datetime(2026, 1, 1)},
        {"start": datetime(2026, 11, 5, 18, 30, tzinfo=UTC)},
        {"end": datetime(2026, 11, 5, 21, 0, tzinfo=UTC)},
        {"end": datetime(2026, 11, 5, 18, 29)},
        {"end": date(2026, 11, 6)},
        {"start": date(2026, 11, 5)},
        {"start": date(2026, 11, 5), "end": date(2026, 11, 5)},
        {"tzid": "Europe/Kyiv:\r\nX"},
        {"tzid": "Nowhere", "end": CLUB.start},
        {"language": ""},
        {"language": "uk:\r\nATTENDEE"},
        {"status": "CONFIRMED\r\nATTENDEE:x"},
        {"transp": "BUSY"},
        {"geo": (91, 0)},
        {"geo": (0, float("nan"))},
        {"color": "rebeccapurple"},
        {"color": "#008080"},
    ],
)
def test_render_vevent_refuses_what_icalendar_cannot_say(change):
    with pytest.raises(ValueError, match=r"\w"):
        render_vevent(replace(CLUB, **change))


# The whole feed


def test_render_calendar_is_the_golden_feed_byte_for_byte():
    assert feed(*EVENTS) == GOLDEN.read_bytes()


def test_render_calendar_gives_the_same_bytes_for_the_same_content():
    assert feed(*EVENTS, tzids=["UTC", "Europe/Skopje", "Asia/Sakhalin"]) == feed(
        *EVENTS, tzids=iter(["Asia/Sakhalin", "Asia/Sakhalin", "Europe/Skopje"])
    )


def test_render_calendar_reads_back_as_every_property_that_was_put_in():
    calendar = Calendar.from_ical(feed(*EVENTS))
    # icalendar knows no type for NAME and the X- names and leaves their text escaped.
    assert {
        name: unescaped(value) if isinstance(value, vUnknown) else str(value)
        for name, value in calendar.items()
        if isinstance(value, str)
    } == {
        "VERSION": "2.0",
        "PRODID": "-//Chitalnya//Events//EN",
        "CALSCALE": "GREGORIAN",
        "NAME": "Події, зустрічі; виставки",
        "X-WR-CALNAME": "Події, зустрічі; виставки",
        "DESCRIPTION": "Усе, що відбувається в читальнях району: клуби, вистави, зустрічі з письменниками",
        "X-WR-CALDESC": "Усе, що відбувається в читальнях району: клуби, вистави, зустрічі з письменниками",
        "X-WR-TIMEZONE": "Europe/Kyiv",
        "X-PUBLISHED-TTL": "PT4H",
        "URL": "https://library.example/uk/events/",
        "SOURCE": "https://library.example/uk/events/feed.ics?branch=central&audience=children",
        "COLOR": "purple",
        "X-APPLE-CALENDAR-COLOR": "#800080",
    }
    assert calendar["REFRESH-INTERVAL"].dt == timedelta(hours=4)
    assert {name: dict(value.params) for name, value in calendar.items() if value.params} == {
        "NAME": {"LANGUAGE": "uk"},
        "DESCRIPTION": {"LANGUAGE": "uk"},
        "REFRESH-INTERVAL": {"VALUE": "DURATION"},
        "SOURCE": {"VALUE": "URI"},
    }
    assert [component.name for component in calendar.subcomponents] == ["VTIMEZONE", *["VEVENT"] * 4]


def test_render_calendar_describes_each_zone_once_and_utc_never():
    calendar = Calendar.from_ical(feed(tzids=["UTC", "Europe/Skopje", "Asia/Sakhalin", "Europe/Skopje"]))
    assert [zone.tz_name for zone in calendar.timezones] == ["Asia/Sakhalin", "Europe/Kyiv", "Europe/Skopje"]


def test_render_calendar_without_the_optional_facts_has_no_line_for_them():
    text = render_calendar(name="Events", language="en", vevents=[], tzids=[], window=WINDOW)
    assert text.decode().split("\r\n") == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Chitalnya//Events//EN",
        "CALSCALE:GREGORIAN",
        "NAME;LANGUAGE=en:Events",
        "X-WR-CALNAME:Events",
        "REFRESH-INTERVAL;VALUE=DURATION:PT4H",
        "X-PUBLISHED-TTL:PT4H",
        "END:VCALENDAR",
        "",
    ]


def test_render_calendar_lines_are_folded_and_end_with_crlf():
    text = feed(*EVENTS, name="Події 📚 " * 40, description="ж\n" * 200, url="https://library.example/" + "a" * 300)
    assert bad_lines(text.decode()) == []


def test_render_calendar_says_nothing_about_people_or_scheduling():
    text = feed(*EVENTS).decode()
    assert re.findall(r"^(?:ORGANIZER|ATTENDEE|METHOD|BEGIN:VALARM|RRULE:FREQ=[^Y])", text, re.MULTILINE) == []


@pytest.mark.parametrize(
    "change",
    [
        {"tzids": ["Nowhere"]},
        {"timezone": "Nowhere"},
        {"color": "#008080"},
        {"refresh": "4 hours"},
        {"refresh": "PT4H\r\nX:1"},
        {"language": "uk\r\nX:1"},
    ],
)
def test_render_calendar_refuses_what_icalendar_cannot_say(change):
    with pytest.raises(ValueError, match=r"\w"):
        feed(*EVENTS, **change)


# Other programs


def many_dates():
    """A weekly club over two changes of the clock, in two zones."""
    for number in range(60):
        start = datetime(2026, 1, 8, 18, 30) + timedelta(days=7 * number)
        tzid = "Europe/Skopje" if number % 3 == 0 else "Europe/Kyiv"
        yield replace(NIGHT, uid=f"{number}@chitalnya.invalid", start=start, end=start + timedelta(hours=2), tzid=tzid)


def test_feed_read_by_recurring_ical_events_has_the_dates_that_were_put_in():
    events = list(many_dates())
    found = recurring_ical_events.of(Calendar.from_ical(feed(*events))).between(date(2025, 1, 1), date(2028, 1, 1))
    assert sorted((str(event["UID"]), event["DTSTART"].dt, event["DTEND"].dt) for event in found) == sorted(
        (event.uid, *(local.replace(tzinfo=ZoneInfo(event.tzid)) for local in (event.start, event.end)))
        for event in events
    )


def khal(home, *arguments):
    # One zone for the client, another for half of the events.
    config = (
        f"[calendars]\n[[library]]\npath = {home}/calendar\n[sqlite]\npath = {home}/khal.db\n"
        "[locale]\nlocal_timezone = Europe/Kyiv\ndefault_timezone = Europe/Kyiv\ntimeformat = %H:%M\n"
        "dateformat = %Y-%m-%d\nlongdateformat = %Y-%m-%d\ndatetimeformat = %Y-%m-%d %H:%M\n"
        "longdatetimeformat = %Y-%m-%d %H:%M\n"
    )
    (home / "config").write_text(config, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "khal", "--config", home / "config", *arguments],
        env={"PATH": os.environ["PATH"], "HOME": str(home), "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    return done.stdout


def test_feed_imported_by_khal_has_the_dates_that_were_put_in(tmp_path):
    events = list(many_dates())
    (tmp_path / "calendar").mkdir()
    (tmp_path / "feed.ics").write_bytes(feed(CLUB, *events))
    khal(tmp_path, "import", "--batch", "-a", "library", str(tmp_path / "feed.ics"))
    listed = khal(
        tmp_path, "list", "--day-format", "", "--format", "{start-date} {start-time} {end-time} {title}",
        "2026-01-01", "500d",
    )  # fmt: skip
    expected = []
    for event in (CLUB, *events):
        start, end = (local.replace(tzinfo=ZoneInfo(event.tzid)).astimezone(KYIV) for local in (event.start, event.end))
        expected.append(f"{start:%Y-%m-%d %H:%M} {end:%H:%M} {event.summary}")
    assert sorted(line for line in listed.splitlines() if line) == sorted(expected)
