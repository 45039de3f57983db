"""Days, months and times in words of the active language; nothing here reads the clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Protocol
from zoneinfo import ZoneInfo

from django.utils.dateformat import format as format_date
from django.utils.dates import MONTHS_3, MONTHS_ALT, WEEKDAYS, WEEKDAYS_ABBR
from django.utils.text import capfirst
from django.utils.translation import get_language, pgettext

from core.localtime import to_utc

# Longer than this past midnight it is no night any more: the second day is named, too.
LONGEST_NIGHT = timedelta(hours=12)
# Languages that write months and weekdays with a small letter inside a sentence, whatever the catalogues hold.
SMALL_LETTERS = frozenset({"mk", "ru", "uk"})


class Spanning(Protocol):
    """What has a local start and end in a zone: a date of an event."""

    local_start: datetime
    local_end: datetime
    zone: str
    all_day: bool

    @property
    def last_day(self) -> date: ...


@dataclass(frozen=True)
class Piece:
    """A bit of text; `stamp` is its machine-readable value (HTML, `time` element), empty for what lies between."""

    text: str
    stamp: str = ""


def date_words(day: date, *, today: date | None = None, weekday: bool = False, capital: bool = True) -> str:
    """Return "24 November", the weekday in front if asked for, the year behind unless it is the one of `today`."""
    with_year = today is None or day.year != today.year
    return _date_words(day, get_language(), weekday=weekday, with_year=with_year, capital=capital)


@lru_cache(maxsize=4096)
def _date_words(day: date, _language: str | None, *, weekday: bool, with_year: bool, capital: bool) -> str:
    """Put a day into words of the active language, which is named here so that each keeps its own."""
    parts = {
        "weekday": weekday_words(day, capital=capital),
        "day": str(day.day),
        "month": _inside_sentence(str(MONTHS_ALT[day.month])),
        "year": str(day.year),
    }
    return _pattern(weekday, with_year) % parts


def _pattern(weekday: bool, with_year: bool) -> str:
    if weekday and with_year:
        return pgettext("date", "%(weekday)s, %(day)s %(month)s %(year)s")
    if weekday:
        return pgettext("date", "%(weekday)s, %(day)s %(month)s")
    if with_year:
        return pgettext("date", "%(day)s %(month)s %(year)s")
    return pgettext("date", "%(day)s %(month)s")


def month_words(first: date, *, capital: bool = False) -> str:
    """Return the month by itself, as on a calendar: "листопад 2026", not "листопада"."""
    name = _inside_sentence(format_date(first, "F"))
    words = pgettext("month", "%(month)s %(year)s") % {"month": name, "year": first.year}
    return capfirst(words) if capital else words


def month_of_day_words(day: date, *, short: bool = False) -> str:
    """Return the month as it stands beside the number of a day: "листопада", short "лис"."""
    return _inside_sentence(str((MONTHS_3 if short else MONTHS_ALT)[day.month]))


def weekday_words(day: date, *, capital: bool = True, short: bool = False) -> str:
    """Return the name of the weekday, for the head of a text or for its middle."""
    name = str((WEEKDAYS_ABBR if short else WEEKDAYS)[day.weekday()]).replace("'", "’")
    return capfirst(name) if capital else _inside_sentence(name)


def clock_words(moment: datetime) -> str:
    """Return the reading of the clock: "09:05"."""
    return f"{moment.hour:02}:{moment.minute:02}"


def when_pieces(span: Spanning, *, today: date) -> list[Piece]:
    """Return when a date takes place: "Tuesday, 24 November, 17:30", "–", "19:00"."""
    if span.all_day:
        return _days_pieces(span, today)
    start, end = span.local_start, span.local_end
    first = Piece(_date_and_time(start, today), stamp_of(start, span.zone))
    if start == end:
        return [first]
    if is_one_evening(span):
        return [first, Piece("–"), Piece(clock_words(end), stamp_of(end, span.zone))]
    return [first, Piece(" – "), Piece(_date_and_time(end, today, capital=False), stamp_of(end, span.zone))]


def times_pieces(span: Spanning, *, today: date) -> list[Piece]:
    """Return when a date takes place for a list that stands under its day: "17:30", "–", "19:00"."""
    start, end = span.local_start, span.local_end
    if span.all_day:
        return _all_day_pieces(span, today)
    first = Piece(clock_words(start), stamp_of(start, span.zone))
    if start == end:
        return [first]
    if is_one_evening(span):
        return [first, Piece("–"), Piece(clock_words(end), stamp_of(end, span.zone))]
    last = pgettext("date and time", "%(date)s, %(time)s") % {
        "date": date_words(end.date(), today=today),
        "time": clock_words(end),
    }
    return [first, Piece(" – "), Piece(last, stamp_of(end, span.zone))]


def is_one_evening(span: Spanning) -> bool:
    """Return whether it ends on the day of its start, or in the night that follows."""
    start, end = span.local_start, span.local_end
    days = (end.date() - start.date()).days
    return days == 0 or (days == 1 and end - start <= LONGEST_NIGHT)


def stamp_of(local: datetime, zone: str) -> str:
    """Return a naive local time with its offset from UTC, as `<time datetime>` wants it."""
    place = ZoneInfo(zone)
    return to_utc(local, place).astimezone(place).isoformat(timespec="minutes")


def _days_pieces(span: Spanning, today: date) -> list[Piece]:
    first, last = span.local_start.date(), span.last_day
    if first == last:
        return [Piece(date_words(first, today=today, weekday=True), first.isoformat())]
    return range_pieces(first, last, today=today)


def _all_day_pieces(span: Spanning, today: date) -> list[Piece]:
    last = span.last_day
    if span.local_start.date() == last:
        return [Piece(pgettext("event", "all day"))]
    words = pgettext("event", "until %(date)s") % {"date": date_words(last, today=today)}
    return [Piece(words, last.isoformat())]


def range_pieces(first: date, last: date, *, today: date) -> list[Piece]:
    """Return a period of days: "15 October", " – ", "30 November 2027"; one piece where it is one day."""
    if first == last:
        return [Piece(date_words(first, today=today), first.isoformat())]
    # The year stands once where both ends share it.
    start = first if first.year == last.year else today
    return [
        Piece(date_words(first, today=start), first.isoformat()),
        Piece(" – "),
        Piece(date_words(last, today=today), last.isoformat()),
    ]


def _date_and_time(local: datetime, today: date, *, capital: bool = True) -> str:
    words = date_words(local.date(), today=today, weekday=True, capital=capital)
    return pgettext("date and time", "%(date)s, %(time)s") % {"date": words, "time": clock_words(local)}


def _inside_sentence(name: str) -> str:
    return name.lower() if (get_language() or "").partition("-")[0] in SMALL_LETTERS else name
