"""Recurrence rules in whole local days: the part of RFC 5545, 3.3.10 that the programme of a library needs.

A time of day is added later as local wall time, so no clock change can shift a date.
"""

import calendar
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import islice

from dateutil import rrule
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
MAX_INTERVAL = 366
MAX_COUNT = 3000
MAX_TEXT = 500

_NUMBER = re.compile(r"[+-]?[0-9]{1,4}")
_BYDAY = re.compile(rf"(?P<ordinal>[+-]?[0-9]{{1,2}})?(?P<weekday>{'|'.join(WEEKDAYS)})")
_UNTIL = re.compile(r"[0-9]{8}")
_PARTS = frozenset({"FREQ", "INTERVAL", "UNTIL", "COUNT", "BYMONTH", "BYMONTHDAY", "BYDAY"})


class Freq(StrEnum):
    DAILY = "DAILY"
    WEEKLY = "WEEKLY"
    MONTHLY = "MONTHLY"
    YEARLY = "YEARLY"


class RuleError(ValueError):
    """A rule that can't be: `code` for programs, `message` (translated when shown) for people."""

    def __init__(self, code: str, message: Promise | str) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message

    def __str__(self) -> str:
        return self.code


@dataclass(frozen=True, slots=True)
class Rule:
    """A recurrence rule that is always valid; the order and repetition of its parts make no difference to equality.

    `byday` holds (ordinal, weekday): ordinal 0 is every one, ±1 to ±5 counts from either end of the month (of the
    year, in a yearly rule without months); weekday 0 is Monday. `until` is a local date and belongs to the plan.
    Raises RuleError.
    """

    freq: Freq
    interval: int = 1
    byday: tuple[tuple[int, int], ...] = ()
    bymonthday: tuple[int, ...] = ()
    bymonth: tuple[int, ...] = ()
    until: date | None = None
    count: int | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "byday", tuple(sorted(set(self.byday), key=lambda day: (day[0] < 0, day))))
        object.__setattr__(self, "bymonthday", tuple(sorted(set(self.bymonthday), key=lambda day: (day < 0, day))))
        object.__setattr__(self, "bymonth", tuple(sorted(set(self.bymonth))))
        _check_length(self)
        _check_days(self)

    def to_rrule(self) -> str:
        """Return the RFC 5545 text in its canonical order, from which `parse_rule` makes an equal rule."""
        parts = [f"FREQ={self.freq}"]
        if self.interval != 1:
            parts.append(f"INTERVAL={self.interval}")
        if self.until is not None:
            parts.append(f"UNTIL={self.until.isoformat().replace('-', '')}")
        if self.count is not None:
            parts.append(f"COUNT={self.count}")
        if self.bymonth:
            parts.append(f"BYMONTH={_listed(self.bymonth)}")
        if self.bymonthday:
            parts.append(f"BYMONTHDAY={_listed(self.bymonthday)}")
        if self.byday:
            parts.append(f"BYDAY={_listed((str(ordinal or '') + WEEKDAYS[day]) for ordinal, day in self.byday)}")
        return ";".join(parts)

    @property
    def is_open_ended(self) -> bool:
        return self.until is None and self.count is None

    def dates(self, first: date, *, until: date) -> Iterator[date]:
        """Yield the local dates of the rule in order, lazily, from `first` to `until` or the rule's own end, inclusive.

        `first` is DTSTART: it is always the first date and counts as one of COUNT, even when the rule doesn't name
        its day (RFC 5545, 3.8.5.3 and 3.3.10; `starts_on` tells). Days that a month doesn't have are skipped.
        """
        last = min(until, self.until or until)
        if first > last:
            return
        yield first
        later = self.anchored(first)._days_between(first, last)
        yield from islice(later, None if self.count is None else self.count - 1)

    def starts_on(self, first: date) -> bool:
        """Tell whether `first` is itself a day that the rule names."""
        return self.anchored(first)._has(first)

    def anchored(self, first: date) -> "Rule":
        """Return the rule with the parts written out that RFC 5545 takes from the first date."""
        if self.byday or self.bymonthday or self.freq == Freq.DAILY:
            return self
        if self.freq == Freq.WEEKLY:
            return replace(self, byday=((0, first.weekday()),))
        if self.freq == Freq.MONTHLY:
            return replace(self, bymonthday=(first.day,))
        return replace(self, bymonthday=(first.day,), bymonth=self.bymonth or (first.month,))

    def _days_between(self, first: date, last: date) -> Iterator[date]:
        for start in self._period_starts(first, last):
            end = min(start.toordinal() + _period_length(start, self.freq) - 1, last.toordinal())
            for ordinal in range(max(start.toordinal(), first.toordinal() + 1), end + 1):
                day = date.fromordinal(ordinal)
                if self._has(day):
                    yield day

    def _period_starts(self, first: date, last: date) -> Iterator[date]:
        # Only the periods are stepped through with dateutil: a rule with its own filters that never match
        # (30 February) would run to the year 9999 there, because `until` is compared with matches alone.
        start, end = datetime.combine(_period_start(first, self.freq), time.min), datetime.combine(last, time.min)
        periods = rrule.rrule(getattr(rrule, self.freq), dtstart=start, interval=self.interval, until=end)
        return (period.date() for period in periods)

    def _has(self, day: date) -> bool:
        if self.bymonth and day.month not in self.bymonth:
            return False
        if self.bymonthday and day.day not in self.bymonthday:
            length = calendar.monthrange(day.year, day.month)[1]
            if day.day - length - 1 not in self.bymonthday:
                return False
        return not self.byday or any((ordinal, day.weekday()) in self.byday for ordinal in self._ordinals(day))

    def _ordinals(self, day: date) -> tuple[int, int, int]:
        if self.freq == Freq.YEARLY and not self.bymonth:
            position, length = day.timetuple().tm_yday, _period_length(day, Freq.YEARLY)
        else:
            position, length = day.day, calendar.monthrange(day.year, day.month)[1]
        return 0, (position - 1) // 7 + 1, -((length - position) // 7 + 1)


def period_number(day: date, freq: Freq | None) -> int:
    """Return the number of the calendar day, week from Monday, month or year that `day` is in (0 without a rule)."""
    if freq == Freq.DAILY:
        return day.toordinal()
    if freq == Freq.WEEKLY:
        return (day.toordinal() - 1) // 7
    if freq == Freq.MONTHLY:
        return day.year * 12 + day.month - 1
    return day.year if freq == Freq.YEARLY else 0


def parse_rule(text: str) -> Rule:
    """Return the rule written as the value of an RFC 5545 RRULE, in upper or lower case.

    Allowed are FREQ (from DAILY to YEARLY), INTERVAL, UNTIL as a date, COUNT, BYMONTH, BYMONTHDAY and BYDAY, each
    once. Raises RuleError for everything else.
    """
    parts = _parts(text)
    freq = parts.get("FREQ", "")
    if freq not in Freq.__members__:
        raise RuleError("freq", _("An event can repeat by days, weeks, months or years."))
    return Rule(
        freq=Freq(freq),
        interval=_number(parts["INTERVAL"], "interval") if "INTERVAL" in parts else 1,
        byday=tuple(map(_weekday, parts["BYDAY"].split(","))) if "BYDAY" in parts else (),
        bymonthday=_numbers(parts, "BYMONTHDAY"),
        bymonth=_numbers(parts, "BYMONTH"),
        until=_until(parts["UNTIL"]) if "UNTIL" in parts else None,
        count=_number(parts["COUNT"], "count") if "COUNT" in parts else None,
    )


def _parts(text: str) -> dict[str, str]:
    if not isinstance(text, str) or len(text) > MAX_TEXT or not text.isascii():
        raise _unreadable("syntax")
    parts: dict[str, str] = {}
    for part in text.upper().split(";"):
        name, equals, value = part.partition("=")
        if not equals or not value:
            raise _unreadable("syntax")
        if name not in _PARTS:
            raise _unreadable("unknown_part")
        if name in parts:
            raise _unreadable("repeated_part")
        parts[name] = value
    return parts


def _number(text: str, code: str) -> int:
    if not _NUMBER.fullmatch(text):
        raise _unreadable(code)
    return int(text)


def _numbers(parts: dict[str, str], name: str) -> tuple[int, ...]:
    return tuple(_number(text, name.lower()) for text in parts[name].split(",")) if name in parts else ()


def _weekday(text: str) -> tuple[int, int]:
    match = _BYDAY.fullmatch(text)
    ordinal = int(match["ordinal"] or 0) if match else 0
    if match is None or (match["ordinal"] and not ordinal):
        raise _unreadable("byday")
    return ordinal, WEEKDAYS.index(match["weekday"])


def _until(text: str) -> date:
    if not _UNTIL.fullmatch(text):
        raise _unreadable("until")
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        raise _unreadable("until") from None


def _unreadable(code: str) -> RuleError:
    return RuleError(code, _("This repetition can't be read. Please choose it again."))


def _check_length(rule: Rule) -> None:
    if not 1 <= rule.interval <= MAX_INTERVAL:
        message = format_lazy(_("Repeat after 1 to {limit} days, weeks, months or years."), limit=MAX_INTERVAL)
        raise RuleError("interval", message)
    if rule.count is not None and not 1 <= rule.count <= MAX_COUNT:
        raise RuleError("count", format_lazy(_("An event can have 1 to {limit} dates."), limit=MAX_COUNT))
    if rule.until is not None and rule.count is not None:
        raise RuleError("until_and_count", _("Give the last day or the number of dates, not both."))


def _check_days(rule: Rule) -> None:
    if not all(1 <= month <= 12 for month in rule.bymonth):
        raise RuleError("bymonth", _("A month is a number from 1 to 12."))
    if not all(1 <= abs(day) <= 31 for day in rule.bymonthday):
        raise RuleError("bymonthday", _("A day of the month is a number from 1 to 31, or from −1 to −31 from its end."))
    if not all(abs(ordinal) <= 5 and 0 <= weekday <= 6 for ordinal, weekday in rule.byday):
        raise RuleError("byday", _("A weekday can be counted from the first to the fifth, or from the last back."))
    if rule.bymonthday and rule.freq == Freq.WEEKLY:
        raise RuleError("bymonthday_in_week", _("A weekly repetition has weekdays, not days of the month."))
    if any(ordinal for ordinal, _day in rule.byday) and rule.freq not in (Freq.MONTHLY, Freq.YEARLY):
        raise RuleError("byday_counted", _("Weekdays can be counted only in a month or a year."))


def _period_start(day: date, freq: Freq) -> date:
    if freq == Freq.DAILY:
        return day
    if freq == Freq.WEEKLY:
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if freq == Freq.MONTHLY else day.replace(month=1, day=1)


def _period_length(start: date, freq: Freq) -> int:
    if freq == Freq.MONTHLY:
        return calendar.monthrange(start.year, start.month)[1]
    if freq == Freq.YEARLY:
        return 365 + calendar.isleap(start.year)
    return 1 if freq == Freq.DAILY else 7


def _listed(values: Iterable[object]) -> str:
    return ",".join(map(str, values))
