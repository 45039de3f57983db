"""Checks that take a piece of JSON apart and raise HoursError where it isn't what it should be."""

import re
from collections.abc import Set
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.localtime import YEARS

from .errors import HoursError, Path, filled

TEXT_LENGTH = 200
CLOCK = re.compile(r"([01][0-9]|2[0-4]):([0-5][0-9])")
ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8}){0,2}")
UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")  # databases and XML refuse them


def expect_object(value: object, path: Path) -> dict[Any, Any]:
    """Return the JSON object."""
    if not isinstance(value, dict):
        raise HoursError("not_object", _("Opening hours are damaged: an object is missing."), path)
    return value


def expect_keys(value: object, path: Path, *, required: Set[str], optional: Set[str] = frozenset()) -> dict[str, Any]:
    """Return the JSON object; it has all the required keys and no unknown ones."""
    found = expect_object(value, path)
    if not required <= found.keys() <= required | optional:
        raise HoursError("keys", _("Opening hours are damaged: a part is missing or unknown."), path)
    return found


def expect_list(value: object, path: Path, *, length: int | None = None) -> list[Any]:
    """Return the JSON list; it has `length` items where that is given."""
    if not isinstance(value, list):
        raise HoursError("not_list", _("Opening hours are damaged: a list is missing."), path)
    if length is not None and len(value) != length:
        raise HoursError("length", _("Opening hours are damaged: a list has the wrong length."), path)
    return value


def read_clock(value: object, path: Path) -> int:
    """Return the minutes from midnight that "09:30" or "24:00" stands for."""
    found = CLOCK.fullmatch(value) if isinstance(value, str) else None
    if found is None or (minutes := int(found[1]) * 60 + int(found[2])) > 24 * 60:
        raise HoursError("time", _("This is no time of the day. Write it like 09:30."), path)
    return minutes


def read_date(value: object, path: Path) -> date:
    """Return the date that "2026-12-31" stands for."""
    try:
        day = date.fromisoformat(value) if isinstance(value, str) and ISO_DATE.fullmatch(value) else None
    except ValueError:
        day = None
    if day is None:
        raise HoursError("date", _("This is no date."), path)
    if day.year not in YEARS:
        raise HoursError("year", filled(_("The year %(year)s is too far away."), year=day.year), path)
    return day


def read_texts(value: object, path: Path) -> dict[str, str]:
    """Return texts by language code, without those that are empty."""
    texts = {}
    for language, text in expect_object(value, path).items():
        if not isinstance(language, str) or not LANGUAGE.fullmatch(language):
            raise HoursError("language", _("This is no language code."), path)
        if not isinstance(text, str) or len(text) > TEXT_LENGTH or UNSTORABLE.search(text):
            message = filled(_("This must be a text of at most %(length)s characters."), length=TEXT_LENGTH)
            raise HoursError("text", message, (*path, language))
        texts[language] = text.strip()
    return {language: text for language, text in texts.items() if text}
