"""From the text of a foreign calendar to entries: rules, exceptions, zones, words, and what is left out."""

from __future__ import annotations

import time
from datetime import date, datetime
from pathlib import Path

import pytest

from events.sources.entries import MOST_ENTRIES, Entry, expand, plain_line, plain_text, web_address
from events.sources.faults import Fault, SourceError

SCHOOL = (Path(__file__).parent / "ical" / "school.ics").read_text()


def calendar(*events: str, head: str = "") -> str:
    """Return a calendar of events, each given by its lines."""
    body = "".join(f"BEGIN:VEVENT\n{event}\nEND:VEVENT\n" for event in events)
    return f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//Test//EN\n{head}{body}END:VCALENDAR\n".replace("\n", "\r\n")


def expanded(text: str, since=date(2027, 1, 1), until=date(2027, 12, 31), **more):
    """Expand a year."""
    return expand(text, since=since, until=until, zone="Europe/Skopje", **more)


def by_title(text: str) -> dict[str, list[Entry]]:
    """Return the entries of a calendar by their titles."""
    found: dict[str, list[Entry]] = {}
    for entry in expanded(text).entries:
        found.setdefault(entry.title, []).append(entry)
    return found


def test_rule_with_exceptions_additions_and_changed_dates_is_expanded():
    found = by_title(SCHOOL)
    club = [(entry.start.day, entry.start.month, entry.cancelled) for entry in found["Шаховий гурток"]]
    assert club == [(12, 1, False), (21, 1, False), (2, 2, True), (9, 2, False)]
    [tournament] = found["Шаховий турнір"]
    assert (tournament.start, tournament.recurrence_id) == (datetime(2027, 1, 27, 15), "20270126T160000Z")
    assert {entry.zone for entry in found["Шаховий гурток"]} == {"Europe/Berlin"}


def test_all_day_entry_lasts_to_the_midnight_after_its_last_day():
    [fair] = by_title(SCHOOL)["Ярмарок"]
    assert (fair.all_day, fair.start, fair.end) == (True, datetime(2027, 2, 20), datetime(2027, 2, 22))


def test_all_day_entry_without_an_end_lasts_a_day():
    [entry] = expanded(calendar("UID:a\nDTSTART;VALUE=DATE:20270220\nSUMMARY:Day")).entries
    assert (entry.start, entry.end) == (datetime(2027, 2, 20), datetime(2027, 2, 21))


@pytest.mark.parametrize(
    ("title", "start", "end"),
    [
        ("Збори", datetime(2027, 1, 15, 10), datetime(2027, 1, 15, 11, 30)),
        ("Вебінар", datetime(2027, 1, 15, 12), datetime(2027, 1, 15, 13)),
        ("Екскурсія", datetime(2027, 3, 1, 10), datetime(2027, 3, 1, 13)),
        ("Лекція", datetime(2027, 3, 2, 9), datetime(2027, 3, 2, 10)),
    ],
)
def test_times_without_a_known_zone_are_those_of_the_calendar(title, start, end):
    """Floating, UTC, a zone described in the calendar only, a zone that nobody describes."""
    [entry] = by_title(SCHOOL)[title]
    assert (entry.start, entry.end, entry.zone) == (start, end, "Europe/Kyiv")


def test_times_of_a_calendar_without_any_zone_are_those_of_the_network():
    [entry] = expanded(calendar("UID:a\nDTSTART:20270115T100000Z\nSUMMARY:UTC")).entries
    assert (entry.start.hour, entry.zone) == (11, "Europe/Skopje")


def test_what_is_private_or_repeats_too_often_or_has_no_date_is_left_out():
    found = expanded(SCHOOL)
    titles = {entry.title for entry in found.entries}
    assert not titles & {"Педрада", "Щосекунди", "Без дати"}
    assert found.left_out == 2


def test_single_entry_has_no_recurrence_id_so_that_it_may_move():
    [entry] = expanded(calendar("UID:a\nDTSTART:20270115T100000Z\nSUMMARY:One")).entries
    assert entry.recurrence_id == ""


def test_this_and_future_moves_what_follows():
    text = calendar(
        "UID:a\nDTSTART:20270104T100000Z\nRRULE:FREQ=WEEKLY;COUNT=4\nSUMMARY:Old",
        "UID:a\nRECURRENCE-ID;RANGE=THISANDFUTURE:20270118T100000Z\nDTSTART:20270118T120000Z\nSUMMARY:New",
    )
    assert [(entry.title, entry.start.hour) for entry in expanded(text).entries] == [
        ("Old", 11), ("Old", 11), ("New", 13), ("New", 13),
    ]  # fmt: skip


def test_huge_calendar_is_cut_off_and_says_so():
    found = expanded(calendar("UID:a\nDTSTART:20270101T100000Z\nRRULE:FREQ=DAILY\nSUMMARY:Day"), most=10)
    assert (len(found.entries), found.is_partial) == (10, True)
    assert found.entries[0].start.day == 1


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=SECONDLY",
        "FREQ=MINUTELY;COUNT=999999999",
        "FREQ=HOURLY",
        "FREQ=DAILY;BYSECOND=1,2,3",
        "FREQ=DAILY;BYMINUTE=0,1,2;BYHOUR=0,1,2",
    ],
)
def test_rules_that_repeat_too_often_cost_nothing(rule):
    began = time.monotonic()
    found = expanded(
        calendar(f"UID:a\nDTSTART:19700101T000000Z\nRRULE:{rule}\nSUMMARY:Evil", "UID:b\nDTSTART:20270101T000000Z")
    )
    assert time.monotonic() - began < 2
    assert (len(found.entries), found.left_out) == (1, 1)


@pytest.mark.parametrize(
    "event",
    [
        "UID:a\nDTSTART:tomorrow\nSUMMARY:x",
        "UID:a\nSUMMARY:x",
        "UID:a\nDTSTART:20270101T000000Z\nRRULE:FREQ=SOMETIMES\nSUMMARY:x",
        "UID:a\nDTSTART:20270101T000000Z\nDTEND:later\nSUMMARY:x",
        "UID:a\nDTSTART:20270101T000000Z\nDTSTART:20270102T000000Z\nSUMMARY:x",
    ],
)
def test_one_broken_entry_stops_no_other(event):
    found = expanded(calendar(event, "UID:b\nDTSTART:20270301T100000Z\nSUMMARY:Well"))
    assert [entry.title for entry in found.entries] == ["Well"]
    assert found.left_out == 1


@pytest.mark.parametrize(
    "text",
    [
        *("", "BEGIN:VCALENDAR", "BEGIN:VEVENT\r\nEND:VEVENT", "<html>", "BEGIN:VCALENDAR\r\n:\r\n"),
        *("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:a\r\n", "BEGIN:VEVENT\r\nEND:VEVENT\r\nEND:VCALENDAR"),
    ],
)
def test_text_that_is_no_calendar_is_a_fault(text):
    with pytest.raises(SourceError) as found:
        expanded(text)
    assert found.value.fault == Fault.NOT_CALENDAR


def test_empty_calendar_has_no_entries():
    assert expanded(calendar()).entries == []


def test_end_before_the_start_does_not_stay_so():
    [entry] = expanded(calendar("UID:a\nDTSTART:20270301T100000Z\nDTEND:20270301T090000Z\nSUMMARY:x")).entries
    assert entry.end >= entry.start


def test_words_lose_markup_and_control_characters_and_are_cut_at_a_word():
    assert plain_text("<p>Для всіх.</p><p>Грайте &amp; вигравайте!</p>", 100) == "Для всіх.\nГрайте & вигравайте!"
    assert plain_text("a < b and 5 > 3", 100) == "a < b and 5 > 3"
    assert plain_text("x\x00\x1by\u202ez", 100) == "xyz"
    assert plain_line("one\n\ntwo\tthree", 100) == "one two three"
    assert plain_line("слово " * 100, 20) == "слово слово слово…"
    assert len(plain_line("x" * 500, 200)) == 200
    assert plain_text(None, 10) == ""


@pytest.mark.parametrize(
    "text",
    ["javascript:alert(1)", "ftp://x.example/", "https://u:p@x.example/", "https://", "https://x.example/ y", "x"],
)
def test_address_that_readers_must_not_be_sent_to_is_dropped(text):
    assert web_address(text) == ""
    assert web_address("https://school.example/x?y=1") == "https://school.example/x?y=1"


def test_entry_survives_the_way_between_processes():
    for entry in expanded(SCHOOL).entries:
        assert Entry.from_json(entry.as_json()) == entry
    assert MOST_ENTRIES > 1000
