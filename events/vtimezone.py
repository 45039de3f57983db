"""VTIMEZONE text for calendar feeds, worked out from the zone data that zoneinfo itself reads."""

import calendar
import importlib.resources
import re
import zoneinfo
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

# Where every short form begins: a fixed day, so that the text doesn't change as the window of a feed moves on.
EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - local time of whichever zone is described
WEEKDAYS = ("SU", "MO", "TU", "WE", "TH", "FR", "SA")
LAST_WEEK = 5

_ABBREVIATION = r"<[A-Za-z0-9+-]+>|[A-Za-z]+"
_HOURS = r"[+-]?\d+(?::\d+){0,2}"
_FOOTER = re.compile(
    rf"(?P<name>{_ABBREVIATION})(?P<offset>{_HOURS})"
    rf"(?:(?P<summer_name>{_ABBREVIATION})(?P<summer_offset>{_HOURS})?"
    rf",M(?P<begins>\d+\.\d\.\d(?:/{_HOURS})?),M(?P<ends>\d+\.\d\.\d(?:/{_HOURS})?))?"
)


@dataclass(frozen=True, slots=True)
class Observance:
    """One change of a zone's offset; `onset` is the wall clock time just before it, as in RFC 5545 section 3.6.5."""

    onset: datetime
    before: timedelta
    after: timedelta
    name: str
    # Only a label: which of two offsets counts as summer time differs between sources (Dublin, Casablanca).
    daylight: bool = field(compare=False)


@dataclass(frozen=True, slots=True)
class YearlyChange:
    """A change that comes back each year: `weekday` (0 is Sunday) in the given `week` of `month` (5 is the last).

    `at` counts from midnight of that day and may lie before it or past its end (POSIX.1-2024, TZ).
    """

    month: int
    week: int
    weekday: int
    at: timedelta
    before: timedelta
    after: timedelta
    name: str

    @property
    def days_away(self) -> int:
        """By how many days `at` leaves the named weekday."""
        return self.at // timedelta(days=1)

    def in_year(self, year: int) -> Observance:
        """The change of that year."""
        length = calendar.monthrange(year, self.month)[1]
        earliest = length - 6 if self.week == LAST_WEEK else 7 * self.week - 6
        first = date(year, self.month, earliest)
        day = first + timedelta(days=(self.weekday - first.isoweekday()) % 7)
        onset = datetime.combine(day, time.min) + self.at
        return Observance(onset, self.before, self.after, self.name, daylight=self.after > self.before)

    def rrule(self) -> str | None:
        """The same as an RRULE value, or None when no plain one says it (the day may fall into the next month)."""
        weekday = WEEKDAYS[(self.weekday + self.days_away) % 7]
        rule = f"FREQ=YEARLY;BYMONTH={self.month};BYDAY="
        if not self.days_away:
            return f"{rule}{-1 if self.week == LAST_WEEK else self.week}{weekday}"
        length = 28 if self.month == 2 else calendar.monthrange(1970, self.month)[1]
        earliest = (length - 6 if self.week == LAST_WEEK else 7 * self.week - 6) + self.days_away
        if earliest < 1 or earliest + 6 > length or (self.month == 2 and self.week == LAST_WEEK):
            return None
        return f"{rule}{weekday};BYMONTHDAY={','.join(str(earliest + i) for i in range(7))}"


@dataclass(frozen=True, slots=True)
class LastingRule:
    """What the zone data says for all time to come: one offset, and the two changes of a year where there are any."""

    name: str
    offset: timedelta
    changes: tuple[YearlyChange, ...]

    def within(self, first_year: int, last_year: int) -> list[Observance]:
        """The changes of those years, in order of time."""
        found = (change.in_year(year) for year in range(first_year, last_year + 1) for change in self.changes)
        return sorted(found, key=lambda observance: observance.onset)


def vtimezone(tzid: str, first: date, last: date) -> str:
    """Give the VTIMEZONE for `tzid` that is right at every instant from `first` to `last`.

    It is the short form with one RRULE per observance (RFC 5545 section 3.6.5); changes in the years of the window that
    don't follow the zone's lasting rule are written one by one. `tzid` is an IANA name and stays as it is given. The
    text depends on the years only; lines end with CRLF. Raises ValueError for an unknown zone or a window that ends
    before it begins.
    """
    if last < first:
        raise ValueError(f"The window ends before it begins: {first} to {last}")
    return _vtimezone(tzid, first.year, last.year)


def time_zone(tzid: str) -> ZoneInfo:
    """Give the zone with that IANA name, or raise ValueError."""
    try:
        return ZoneInfo(tzid)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"Unknown time zone: {tzid!r}") from error


@cache
def _vtimezone(tzid: str, first_year: int, last_year: int) -> str:
    zone = time_zone(tzid)
    begin, changes = _changes(zone, first_year, last_year)
    rule = _lasting_rule(tzid)
    yearly = rule.within(first_year, last_year) if rule else []
    if rule and changes == yearly and begin.after == (changes[0].before if changes else rule.offset):
        lines = _short_form(rule)
    else:
        kept = _common_end(changes, yearly)
        lines = [*_single(begin, []), *_grouped(changes[: len(changes) - kept])]
        if rule and kept:
            lines += _yearly(rule, changes[-kept].onset)
    return "\r\n".join(("BEGIN:VTIMEZONE", f"TZID:{tzid}", *lines, "END:VTIMEZONE", ""))


def _changes(zone: ZoneInfo, first_year: int, last_year: int) -> tuple[Observance, list[Observance]]:
    """Give the observance in force at the beginning (dated 1970), and every change in those years."""
    # Two days more at each end: local midnight of New Year is up to 14 hours away from that of UTC.
    moment = datetime(first_year, 1, 1, tzinfo=UTC) - timedelta(days=2)
    end = datetime(last_year + 1, 1, 1, tzinfo=UTC) + timedelta(days=2)
    states = [_state(zone, moment)]
    onsets = []
    while moment < end:
        following = moment + timedelta(days=1)
        state = _state(zone, following)
        if state != states[-1]:
            onsets.append(_moment_of_change(zone, moment, following).replace(tzinfo=None) + states[-1][0])
            states.append(state)
        moment = following
    # Where summer is called the standard time and winter "saves" (Dublin, Casablanca), the saving is negative: count
    # from the lesser offset, because calendar programs expect DAYLIGHT to be the greater one.
    least = min(timedelta(0), *(saving for _, _, saving in states))
    first_offset, first_name, first_saving = states[0]
    begin = Observance(EPOCH, first_offset, first_offset, first_name, daylight=first_saving > least)
    changes = [
        Observance(onset, before, after, name, daylight=saving > least)
        for onset, (before, _, _), (after, name, saving) in zip(onsets, states, states[1:], strict=False)
    ]
    return begin, changes


def _state(zone: ZoneInfo, moment: datetime) -> tuple[timedelta, str, timedelta]:
    local = moment.astimezone(zone)
    return local.utcoffset() or timedelta(0), local.tzname() or "", local.dst() or timedelta(0)


def _moment_of_change(zone: ZoneInfo, low: datetime, high: datetime) -> datetime:
    state = _state(zone, low)
    while high - low > timedelta(seconds=1):
        middle = low + timedelta(seconds=(high - low) // timedelta(seconds=2))
        low, high = (middle, high) if _state(zone, middle) == state else (low, middle)
    return high


def _common_end(left: list[Observance], right: list[Observance]) -> int:
    """Count the changes at the end of both lists that are the same."""
    count = 0
    for one, other in zip(reversed(left), reversed(right), strict=False):
        if one != other:
            break
        count += 1
    return count


def _lasting_rule(tzid: str) -> LastingRule | None:
    """Read the rule that follows the table in the zone's TZif file (RFC 9636 section 3.3).

    None where there is no rule or no RRULE can say it, so that its changes are written one by one.
    """
    match = _FOOTER.fullmatch(_footer(tzid))
    if match is None:
        return None
    name, offset = match["name"].strip("<>"), -_duration(match["offset"])
    if match["summer_name"] is None:
        return LastingRule(name, offset, ())
    summer_name = match["summer_name"].strip("<>")
    summer = -_duration(match["summer_offset"]) if match["summer_offset"] else offset + timedelta(hours=1)
    changes = (
        _yearly_change(match["begins"], offset, summer, summer_name),
        _yearly_change(match["ends"], summer, offset, name),
    )
    return LastingRule(name, offset, changes) if all(change.rrule() for change in changes) else None


def _footer(tzid: str) -> str:
    """The last line of the TZif file, found where ZoneInfo finds it."""
    for root in zoneinfo.TZPATH:
        path = Path(root, tzid)
        if path.is_file():
            content = path.read_bytes()
            break
    else:
        content = importlib.resources.files("tzdata").joinpath("zoneinfo", *tzid.split("/")).read_bytes()
    return content.removesuffix(b"\n").rpartition(b"\n")[2].decode("ascii", "replace")


def _yearly_change(text: str, before: timedelta, after: timedelta, name: str) -> YearlyChange:
    """Read "3.5.0/3": month, week, weekday, and the hour (two o'clock if there is none)."""
    day, _, hours = text.partition("/")
    month, week, weekday = (int(number) for number in day.split("."))
    return YearlyChange(month, week, weekday, _duration(hours or "2"), before, after, name)


def _duration(text: str) -> timedelta:
    """Read "-5", "+12:45" or "2:30:15"; the sign holds for the whole."""
    hours, minutes, seconds = (*(int(part) for part in text.lstrip("+-").split(":")), 0, 0)[:3]
    length = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    return -length if text.startswith("-") else length


def _short_form(rule: LastingRule) -> list[str]:
    if rule.changes:
        return list(_yearly(rule, EPOCH))
    return list(_single(Observance(EPOCH, rule.offset, rule.offset, rule.name, daylight=False), []))


def _yearly(rule: LastingRule, since: datetime) -> Iterator[str]:
    """Write the changes that come back each year, each from its first time at or after `since`."""
    for change in rule.changes:
        years = (since.year, since.year + 1)
        start = next(observance for observance in map(change.in_year, years) if observance.onset >= since)
        yield from _single(start, [f"RRULE:{change.rrule()}"])


def _grouped(changes: list[Observance]) -> Iterator[str]:
    """Write single changes, those that differ by their date only as one observance."""
    groups: dict[tuple[timedelta, timedelta, str, bool], list[Observance]] = {}
    for change in changes:
        groups.setdefault((change.before, change.after, change.name, change.daylight), []).append(change)
    for first, *others in groups.values():
        yield from _single(first, [f"RDATE:{_local(other.onset)}" for other in others])


def _single(observance: Observance, repeats: list[str]) -> Iterator[str]:
    kind = "DAYLIGHT" if observance.daylight else "STANDARD"
    yield f"BEGIN:{kind}"
    yield f"DTSTART:{_local(observance.onset)}"
    yield from repeats
    yield f"TZOFFSETFROM:{_utc_offset(observance.before)}"
    yield f"TZOFFSETTO:{_utc_offset(observance.after)}"
    yield f"TZNAME:{observance.name}"
    yield f"END:{kind}"


def _local(moment: datetime) -> str:
    return moment.isoformat("T", "seconds").replace("-", "").replace(":", "")


def _utc_offset(offset: timedelta) -> str:
    """Write an offset as +HHMM, or +HHMMSS where it has seconds (RFC 5545 section 3.3.14)."""
    minutes, seconds = divmod(abs(offset) // timedelta(seconds=1), 60)
    sign = "-" if offset < timedelta(0) else "+"
    return f"{sign}{minutes // 60:02}{minutes % 60:02}{f'{seconds:02}' if seconds else ''}"
