"""Typed reading of the JSON in which a schedule is stored: nothing malformed gets past, every complaint has a path."""

import re
from collections.abc import Iterator, Set
from datetime import date, datetime, time

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

MAX_TEXT = 500
MAX_LANGUAGES = 50

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_CLOCK = re.compile(r"[0-9]{2}:[0-9]{2}")
_MOMENT = re.compile(rf"{_DAY.pattern}T{_CLOCK.pattern}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_KEY = re.compile(r"[A-Za-z0-9_-]{1,80}")
# Control characters can't be stored in PostgreSQL (NUL) or shown; a lone surrogate can't be written as UTF-8.
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


class ScheduleError(ValueError):
    """A schedule that can't be: `code` for programs, `message` for people, `path` of the value ("added.0.ends")."""

    def __init__(self, code: str, message: Promise | str, path: str = "") -> None:
        super().__init__(code, message, path)
        self.code = code
        self.message = message
        self.path = path

    def __str__(self) -> str:
        return f"{self.code} at {self.path or 'the schedule'}"


def read_fields(value: object, path: str, *, required: Set[str], optional: Set[str]) -> dict[str, object]:
    """Return an object with every required field, the missing optional ones as None, and no other."""
    if not isinstance(value, dict) or not all(isinstance(name, str) for name in value):
        raise _malformed("object", path)
    for name in sorted(value.keys() - required - optional):
        raise _malformed("unknown_field", join(path, name))
    for name in sorted(required - value.keys()):
        raise _malformed("missing_field", join(path, name))
    return dict.fromkeys(optional) | value


def read_items(value: object, path: str, *, limit: int) -> Iterator[tuple[object, str]]:
    """Yield the items of a list, each with its path; None is an empty list."""
    if value is None:
        return
    if not isinstance(value, list):
        raise _malformed("list", path)
    if len(value) > limit:
        raise ScheduleError("too_many_items", _("There are too many dates."), path)
    for number, item in enumerate(value):
        yield item, join(path, str(number))


def read_flag(value: object, path: str) -> bool:
    if value is None or isinstance(value, bool):
        return bool(value)
    raise _malformed("flag", path)


def read_number(value: object, path: str) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise _malformed("number", path)


def read_text(value: object, path: str) -> str:
    """Return a short printable text."""
    if isinstance(value, str) and len(value) <= MAX_TEXT and not _UNPRINTABLE.search(value):
        return value
    raise _malformed("text", path)


def read_key(value: object, path: str) -> str:
    """Return the public key of a thing."""
    if isinstance(value, str) and _KEY.fullmatch(value):
        return value
    raise _malformed("key", path)


def read_label(value: object, path: str) -> dict[str, str]:
    """Return texts by language code; None is no text in any language."""
    if value is None:
        return {}
    if not isinstance(value, dict) or len(value) > MAX_LANGUAGES:
        raise _malformed("label", path)
    if not all(isinstance(language, str) and _LANGUAGE.fullmatch(language) for language in value):
        raise _malformed("language", path)
    return {language: read_text(text, join(path, language)) for language, text in value.items()}


def read_day(value: object, path: str) -> date:
    """Return the date of a text such as "2026-09-01"."""
    if isinstance(value, str) and _DAY.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise ScheduleError("date", _("This is not a date."), path)


def read_clock(value: object, path: str) -> time:
    """Return the time of a text such as "17:30"."""
    if isinstance(value, str) and _CLOCK.fullmatch(value):
        try:
            return time.fromisoformat(value)
        except ValueError:
            pass
    raise ScheduleError("time", _("This is not a time of day."), path)


def read_moment(value: object, path: str) -> datetime:
    """Return the naive local time of a text such as "2026-09-01T17:30"."""
    if isinstance(value, str) and _MOMENT.fullmatch(value):
        try:
            return datetime.fromisoformat(value)
        except ValueError:
            pass
    raise ScheduleError("datetime", _("This is not a date with a time."), path)


def read_day_or_moment(value: object, path: str) -> date | datetime:
    if isinstance(value, str) and "T" in value:
        return read_moment(value, path)
    return read_day(value, path)


def join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _malformed(code: str, path: str) -> ScheduleError:
    return ScheduleError(code, _("This schedule can't be read. Please enter it again."), path)
