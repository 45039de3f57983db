"""Filters as a short code that can be typed: `b.central.mill+a.children`, `all` without any."""

from __future__ import annotations

from django.core.exceptions import BadRequest
from django.utils.translation import gettext as _

from events.filters import EventFilter, issued_keys
from events.models import FilterKind

ALL = "all"
# They stand on doors and in calendar programs: a letter keeps its meaning for ever. No key holds a dot or a plus.
LETTERS = {"b": FilterKind.BRANCH, "a": FilterKind.AUDIENCE, "t": FilterKind.TOPIC, "l": FilterKind.HELD_IN}
BETWEEN_KINDS, BETWEEN_KEYS = "+", "."


def code_of(filters: EventFilter) -> str:
    """Return the code of filters, the same for equal ones."""
    active = filters.active
    parts = [BETWEEN_KEYS.join((letter, *active[kind])) for letter, kind in LETTERS.items() if kind in active]
    return BETWEEN_KINDS.join(parts) or ALL


def filters_at(code: str) -> EventFilter:
    """Return the filters that a code stands for; raise BadRequest for what is no code or has a key never issued."""
    asked: dict[str, list[str]] = {}
    # Some programs take a plus for a space.
    for part in [] if code == ALL else code.replace(" ", BETWEEN_KINDS).split(BETWEEN_KINDS):
        letter, *keys = part.split(BETWEEN_KEYS)
        if letter not in LETTERS or not keys or not all(keys):
            raise BadRequest(_("There is no such calendar."))
        asked.setdefault(LETTERS[letter].value, []).extend(keys)
    return EventFilter(**issued_keys(asked))
