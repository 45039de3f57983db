"""Days, times and numbers as people write them into a plan."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

from events.schedule import FIRST_DAY, LAST_DAY

# A day without a year may be so long ago and still be meant in this year.
LATELY = timedelta(days=62)
EXCEL_EPOCH = date(1899, 12, 30)

_MONTHS = [
    ("jan", "січ", "янв", "јан"),
    ("feb", "лют", "фев"),
    ("mar", "бер", "мар"),
    ("apr", "кві", "апр"),
    ("may", "тра", "май", "мая", "мај"),
    ("jun", "чер", "июн", "јун"),
    ("jul", "лип", "июл", "јул"),
    ("aug", "серп", "авг"),
    ("sep", "вер", "сен", "сеп"),
    ("oct", "жов", "окт"),
    ("nov", "лис", "ноя", "ное"),
    ("dec", "гру", "дек"),
]
_TOKENS = re.compile(r"\d+|[^\W\d_]+")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?")
_CLOCK = re.compile(r"(\d{1,2})(?:[:.\u2236h](\d{2})(?::\d{2})?)?")
_RANGE = re.compile(r"\s*(?:[-–—]|\bдо\b|\bto\b)\s*")
_NUMBER = re.compile(r"\d{1,6}")


def parse_day(text: str, today: date) -> date | None:
    """Return the day that a text means, without a year the nearest one; None for what is no day."""
    if match := _ISO.fullmatch(text):
        return _day(*map(int, match.groups()))
    if text.isascii() and text.isdigit() and len(text) == 5 and text < "80000":
        return _known(EXCEL_EPOCH + timedelta(days=int(text)))
    tokens = _TOKENS.findall(text)
    numbers = [int(token) for token in tokens if token.isdecimal() and len(token) <= 4]
    months = [number for token in tokens if (number := _month(token))]
    if months:
        numbers[1:1] = months[:1]
    if len(numbers) == 2:
        return _nearest(numbers[1], numbers[0], today)
    if len(numbers) == 3:
        day, month, year = numbers
        return _day(year + 2000 if year < 100 else year, month, day)
    return None


def parse_times(text: str) -> tuple[time, time | None] | None:
    """Return the start and, where one is said, the end that a text means; None for what is no time."""
    if " " in text and _ISO.fullmatch(text):
        text = text.split(" ", 1)[1]
    if re.fullmatch(r"0\.\d{3,}", text):
        minutes = round(float(text) * 1440)
        return time(minutes // 60 % 24, minutes % 60), None
    clocks = [parse_clock(part) for part in _RANGE.split(text.strip().casefold().removeprefix("з "))]
    if not 1 <= len(clocks) <= 2 or clocks[0] is None or clocks[-1] is None:
        return None
    return clocks[0], clocks[1] if len(clocks) == 2 else None


def parse_clock(text: str) -> time | None:
    """Return the time of day that a text means."""
    match = _CLOCK.fullmatch(text.strip())
    if not match or int(match[1]) > 23 or int(match[2] or 0) > 59:
        return None
    return time(int(match[1]), int(match[2] or 0))


def parse_number(text: str) -> int | None:
    """Return the only number in a text such as "20" or "20 місць"."""
    found = _NUMBER.findall(text)
    return int(found[0]) if len(found) == 1 and "-" not in text else None


def parse_ages(text: str) -> tuple[int | None, int | None] | None:
    """Return the first and the last age of a text such as "6–9", "12+" or "6"; None for what says no age."""
    numbers = [int(number) for number in _NUMBER.findall(text)]
    if len(numbers) == 2 and numbers[0] <= numbers[1] <= 120:
        return numbers[0], numbers[1]
    return (numbers[0], None) if len(numbers) == 1 and numbers[0] <= 120 else None


def _month(token: str) -> int:
    word = token.casefold()
    return next((number for number, names in enumerate(_MONTHS, start=1) if word.startswith(names)), 0)


def _nearest(month: int, day: int, today: date) -> date | None:
    found = (_day(year, month, day) for year in range(today.year, today.year + 5))
    return next((candidate for candidate in found if candidate and candidate >= today - LATELY), None)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return _known(datetime(year, month, day).date())  # noqa: DTZ001
    except ValueError:
        return None


def _known(day: date) -> date | None:
    return day if FIRST_DAY <= day <= LAST_DAY else None
