"""From the text of a foreign calendar to its entries: every date by itself, with plain words and local times."""

from __future__ import annotations

import hashlib
import html
import re
from collections import Counter
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

import recurring_ical_events
from icalendar import Calendar
from icalendar.cal import Component
from icalendar.prop.broken import vBroken

from core.localtime import YEARS
from events.sources.faults import Fault, SourceError

LONGEST_TITLE, LONGEST_PLACE, LONGEST_TEXT, LONGEST_ADDRESS, LONGEST_UID = 200, 200, 2000, 500, 200
MOST_ENTRIES = 2000
# Rules by the hour or faster are no events of a library, and take a calendar down.
TOO_OFTEN = {"SECONDLY", "MINUTELY", "HOURLY"}
TIMES = {"DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID"}
SECRET = {"PRIVATE", "CONFIDENTIAL"}
UNREADABLE = (ValueError, KeyError, TypeError, AttributeError, OverflowError)
_BREAK = re.compile(r"(?i)<\s*(?:br|/p|/div|/li|/h[1-6]|/tr)\b[^>]*>")
_TAG = re.compile(r"</?[A-Za-z!][^<>]*>")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff]")


@dataclass(frozen=True)
class Entry:
    """One date of a foreign calendar; `recurrence_id` tells the dates of a series apart and is empty for what has none.

    `start` and `end` are naive local times of `zone`; all-day dates last from midnight to midnight.
    """

    uid: str
    recurrence_id: str
    start: datetime
    end: datetime
    zone: str
    all_day: bool
    title: str
    description: str = ""
    location: str = ""
    url: str = ""
    cancelled: bool = False

    def as_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        return asdict(self) | {"start": self.start.isoformat(), "end": self.end.isoformat()}

    @classmethod
    def from_json(cls, found: dict[str, Any]) -> Entry:
        """Read what `as_json` wrote."""
        times = {name: datetime.fromisoformat(found[name]) for name in ("start", "end")}
        return cls(**found | times)


@dataclass(frozen=True)
class Expanded:
    """The entries of a calendar in order of time, whether there are more, and how many can't be read."""

    entries: list[Entry]
    is_partial: bool = False
    left_out: int = 0


def expand(text: str, *, since: date, until: date, zone: str, most: int = MOST_ENTRIES) -> Expanded:
    """Return the entries of a calendar between two days; `zone` places times that name none that is known.

    Raises SourceError for a text that is no calendar. A rule may take for ever: to be called where that can be cut off.
    """
    if not text.rstrip().upper().endswith("END:VCALENDAR"):
        # What broke off must not look as if all that follows were gone.
        raise SourceError(Fault.NOT_CALENDAR)
    try:
        calendars = Calendar.from_ical(text, multiple=True)
    except (ValueError, KeyError, IndexError, TypeError) as error:
        raise SourceError(Fault.NOT_CALENDAR, type(error).__name__) from error
    found: dict[tuple[str, str], Entry] = {}
    left_out = 0
    for calendar in calendars:
        if calendar.name != "VCALENDAR":
            raise SourceError(Fault.NOT_CALENDAR)
        fallback = _named_zone(str(calendar.get("X-WR-TIMEZONE", ""))) or zone
        if calendar.walk("VTIMEZONE"):
            # It is for calendars that know no zones; of others it would overrule those that only they describe.
            calendar.pop("X-WR-TIMEZONE", None)
        left_out += _take_out_what_is_not_told(calendar)
        several = _uids_of_series(calendar)
        events = recurring_ical_events.of(calendar, skip_bad_series=True)
        for component in events.between(since, until):
            try:
                entry = _entry(component, fallback, several)
            except UNREADABLE:
                left_out += 1
                continue
            if (entry.uid, entry.recurrence_id) in found:
                # All that follows a change of “this and future” dates has the same one.
                entry = replace(entry, recurrence_id=_moment_key(component["DTSTART"].dt))
            found.setdefault((entry.uid, entry.recurrence_id), entry)
    entries = sorted(found.values(), key=lambda entry: (entry.start, entry.uid, entry.recurrence_id))
    return Expanded(entries[:most], len(entries) > most, left_out)


def _take_out_what_is_not_told(calendar: Calendar) -> int:
    """Drop what is private, and rules that repeat too often; return how many of these there were."""
    kept, left_out = [], 0
    for component in calendar.subcomponents:
        if component.name == "VEVENT":
            if str(component.get("CLASS", "")).upper() in SECRET:
                continue
            if "DTSTART" not in component or _is_broken(component) or _repeats_too_often(component):
                left_out += 1
                continue
        kept.append(component)
    calendar.subcomponents = kept
    return left_out


def _is_broken(component: Component) -> bool:
    """Return whether a property of time can't be read."""
    for name in TIMES & set(component):
        values = component[name]
        if any(isinstance(value, vBroken) for value in (values if isinstance(values, list) else [values])):
            return True
    return isinstance(component["DTSTART"], list)


def _repeats_too_often(component: Component) -> bool:
    rules = component.get("RRULE", [])
    for rule in rules if isinstance(rules, list) else [rules]:
        parts = {str(name).upper(): value for name, value in dict(rule).items()}
        often = {str(one).upper() for one in parts.get("FREQ", [])} & TOO_OFTEN
        if often or any(len(parts.get(name, [])) > 1 for name in ("BYSECOND", "BYMINUTE")):
            return True
    return False


def _uids_of_series(calendar: Calendar) -> set[str]:
    """Return the UIDs of what has several dates."""
    events = list(calendar.walk("VEVENT"))
    counted = Counter(str(event.get("UID", "")) for event in events)
    ruled = {str(event.get("UID", "")) for event in events if {"RRULE", "RDATE", "RECURRENCE-ID"} & set(event)}
    return ruled | {uid for uid, count in counted.items() if count > 1}


def _entry(component: Component, zone: str, several: set[str]) -> Entry:
    start, end = component["DTSTART"].dt, component["DTEND"].dt
    all_day = not isinstance(start, datetime)
    title = plain_line(component.get("SUMMARY"), LONGEST_TITLE)
    own = str(component.get("UID", ""))
    first = component.get("RECURRENCE-ID")
    recurrence_id = _moment_key(first.dt if first is not None else start) if own in several or not own else ""
    if all_day:
        start, end = datetime.combine(start, time.min), datetime.combine(_day_of(end), time.min)
        end = max(end, start + timedelta(days=1))
    else:
        named = _named_zone(getattr(start.tzinfo, "key", "")) or zone
        start, end, zone = _local(start, named), _local(_moment(end), named), named
        end = max(end, start)
    if start.year not in YEARS or end.year not in YEARS:
        raise ValueError("Outside of the calendar.")
    return Entry(
        uid=_short_uid(own or f"{title}@{zone}"),
        recurrence_id=recurrence_id,
        start=start,
        end=end,
        zone=zone,
        all_day=all_day,
        title=title,
        description=plain_text(component.get("DESCRIPTION"), LONGEST_TEXT),
        location=plain_line(component.get("LOCATION"), LONGEST_PLACE),
        url=web_address(component.get("URL")),
        cancelled=str(component.get("STATUS", "")).upper() == "CANCELLED",
    )


def _day_of(moment: date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _moment(moment: date) -> datetime:
    return moment if isinstance(moment, datetime) else datetime.combine(moment, time.min)


def _local(moment: datetime, zone: str) -> datetime:
    """Return the naive time of a zone, in whole minutes; one without a zone is meant there."""
    if moment.tzinfo is not None:
        moment = moment.astimezone(ZoneInfo(zone))
    return moment.replace(tzinfo=None, fold=0, second=0, microsecond=0)


def _moment_key(moment: date) -> str:
    if not isinstance(moment, datetime):
        return moment.strftime("%Y%m%d")
    if moment.tzinfo is None:
        return moment.strftime("%Y%m%dT%H%M%S")
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _named_zone(name: str | tzinfo) -> str:
    """Return the name of a zone that every machine knows, empty for another."""
    name = str(name).strip()
    return name if "/" in name and name in available_timezones() and not name.startswith("Etc/") else ""


def _short_uid(uid: str) -> str:
    uid = _CONTROL.sub("", uid)
    return uid if len(uid) <= LONGEST_UID else hashlib.blake2b(uid.encode(), digest_size=32).hexdigest()


# --- Words ------------------------------------------------------------------------------------------------------------


def _joined(value: Any) -> str:
    """Return a property as text; one that stands twice, as calendars shouldn't have it, is the first."""
    if isinstance(value, list):
        value = value[0] if value else ""
    return "" if value is None else str(value)


def plain_text(value: Any, longest: int) -> str:
    """Return a text without tags and control characters, cut at a word."""
    text = _joined(value)
    if _TAG.search(text):
        text = html.unescape(_TAG.sub("", _BREAK.sub("\n", text)))
    text = _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    lines = (" ".join(line.split()) for line in text.split("\n"))
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
    if len(text) <= longest:
        return text
    cut = text[: longest - 1]
    return (cut.rsplit(maxsplit=1)[0] if len(cut.split()) > 1 else cut).rstrip(" ,;:\n") + "…"


def plain_line(value: Any, longest: int) -> str:
    """Return a text as one line without tags."""
    return plain_text(" ".join(plain_text(value, 10 * longest).split()), longest)


def web_address(value: Any) -> str:
    """Return an address of the web that readers may be sent to, else nothing."""
    text = _joined(value).strip()
    if not text or len(text) > LONGEST_ADDRESS or any(char.isspace() or not char.isprintable() for char in text):
        return ""
    try:
        parts = urlsplit(text)
        found = parts.scheme in ("http", "https") and parts.hostname and "@" not in parts.netloc
    except ValueError:
        return ""
    return text if found else ""
