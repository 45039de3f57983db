"""The rules that every date in a feed keeps (RFC 5545 and our own promises), tried on its finished text.

Pure: the caller says what the date's row knows, and gets back the names of the rules that the text breaks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from zoneinfo import ZoneInfo

import icalendar
from django.utils.translation import gettext_lazy as _

from core.localtime import to_utc_span
from events.ical import LINE_OCTETS

NEVER = ("ORGANIZER", "ATTENDEE", "METHOD", "BEGIN:VALARM", "RRULE", "RECURRENCE-ID")
ONCE = ("UID", "DTSTAMP", "SEQUENCE", "LAST-MODIFIED", "STATUS", "DTSTART")
_TZID = re.compile(r"^(?:DTSTART|DTEND);TZID=([^:]+):", re.MULTILINE)


class FeedRule(Enum):
    """What a text can break, in words for the people who look after the site."""

    READABLE = _("A calendar program can read it.")
    LINES = _("Its lines end as they must and are no longer than 75 octets.")
    ONCE = _("It says once each who it is, when it is, when it changed, and whether it takes place.")
    NEVER = _("It asks nobody to answer, and rings no alarm.")
    IDENTITY = _("It has the identity that its date got on the first day.")
    TIME = _("It begins and ends when the page says.")
    STATE = _("It is cancelled exactly if the page says so, or nobody may see it any more.")
    THERE = _("It is there, in each language of the site.")
    ALONE = _("No two dates have the same identity.")
    ZONES = _("Each time zone that is named is described.")


@dataclass(frozen=True, slots=True)
class Expected:
    """What the row of a date knows: its UID, its local times, its zone, whether feeds must call it off."""

    uid: str
    start: datetime
    end: datetime
    zone: str
    all_day: bool
    is_off: bool


def broken_by(text: str, expected: Expected) -> list[FeedRule]:
    """Return the rules that the text of a date breaks."""
    if not _has_good_lines(text):
        return [FeedRule.LINES]
    try:
        event = icalendar.Event.from_ical(text)
    except ValueError:
        return [FeedRule.READABLE]
    if event.errors or not (text.startswith("BEGIN:VEVENT\r\n") and text.endswith("\r\nEND:VEVENT\r\n")):
        return [FeedRule.READABLE]
    return list(_broken(text, event, expected))


def _broken(text: str, event: icalendar.Event, expected: Expected) -> Iterator[FeedRule]:
    lines = text.replace("\r\n ", "").split("\r\n")
    names = [re.split("[;:]", line, maxsplit=1)[0] for line in lines]
    if any(names.count(name) != 1 for name in ONCE):
        yield FeedRule.ONCE
        return
    if any(name in NEVER or line in NEVER for name, line in zip(names, lines, strict=True)):
        yield FeedRule.NEVER
    if str(event["UID"]) != expected.uid:
        yield FeedRule.IDENTITY
    if not _holds_time(event, expected):
        yield FeedRule.TIME
    if (str(event["STATUS"]) == "CANCELLED") != expected.is_off:
        yield FeedRule.STATE


def _has_good_lines(text: str) -> bool:
    if not text.endswith("\r\n") or "\n" in text.replace("\r\n", ""):
        return False
    return all(len(line.encode()) <= LINE_OCTETS for line in text.split("\r\n"))


def _holds_time(event: icalendar.Event, expected: Expected) -> bool:
    start, end = event["DTSTART"].dt, event["DTEND"].dt if "DTEND" in event else None
    if expected.all_day:
        day_after = expected.end.date()
        if day_after <= expected.start.date():
            day_after = expected.start.date() + timedelta(days=1)
        return not isinstance(start, datetime) and (start, end) == (expected.start.date(), day_after)
    if not all(isinstance(each, datetime) and each.tzinfo for each in (start, end or start)):
        return False
    if start.utcoffset() == timedelta(0) and "TZID" not in event["DTSTART"].params:
        # The second of two equal wall times can be said in UTC alone.
        return True
    named = event["DTSTART"].params.get("TZID")
    if (start.replace(tzinfo=None), named) != (expected.start, expected.zone):
        return False
    # As moments: the end of a date whose start a clock change skips is written later than it was entered.
    ends = (end or start).astimezone(UTC)
    return ends == to_utc_span(expected.start, expected.end, ZoneInfo(expected.zone))[1]


def zones_without_description(feed: str) -> set[str]:
    """Return the zones that a feed names and does not describe."""
    described = set(re.findall(r"^TZID:(.+?)\r?$", feed, re.MULTILINE))
    return set(_TZID.findall(feed)) - described


def repeated(uids: Iterable[str]) -> set[str]:
    """Return what stands there more than once."""
    seen: set[str] = set()
    twice: set[str] = set()
    for uid in uids:
        (twice if uid in seen else seen).add(uid)
    return twice
