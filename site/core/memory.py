"""Remembers what many pages show and hardly ever changes: settings, languages, menu, terms, branches and their hours.

A value holds for one generation (`core.generations`), so whatever drops cached pages drops it too. Inside of a
transaction nothing is remembered: it may see what is not yet, or never, true for others.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import connection
from django.utils.safestring import SafeString

from core import generations

P = ParamSpec("P")
T = TypeVar("T")

MOST = 2000
_values: dict[tuple, tuple[object, object]] = {}
# Entries of lists as HTML, a kilobyte each: those of the coming months in all languages.
MOST_FRAGMENTS = 5000
_fragments: dict[tuple, tuple[object, SafeString]] = {}


def is_uncertain() -> bool:
    """Return whether what the database says now may not hold for others."""
    return connection.in_atomic_block


def fragment(key: tuple, make: Callable[[], SafeString], lasts: Callable[[], bool] = lambda: True) -> SafeString:
    """Return a part of a page as it was made for the same key in this generation, else make it.

    The key says all on which the part depends and that no generation knows of: the language, the day, where it stands.
    Afterwards `lasts` is asked whether it holds that long.
    """
    if is_uncertain():
        return make()
    token = generations.store().recent()
    kept = _fragments.get(key)
    if kept is not None and token is not None and kept[0] == token:
        return kept[1]
    made = make()
    if lasts():
        if len(_fragments) > MOST_FRAGMENTS:
            _fragments.clear()
        _fragments[key] = (token, made)
    return made


def per_generation(function: Callable[P, T]) -> Callable[P, T]:
    """Let a function of plain hashable arguments be asked once per generation and process."""

    @wraps(function)
    def remembered(*args: P.args, **kwargs: P.kwargs) -> T:
        if is_uncertain():
            return function(*args, **kwargs)
        token = generations.store().recent()
        key = (function, args, tuple(sorted(kwargs.items())))
        kept = _values.get(key)
        if kept is not None and token is not None and kept[0] == token:
            return kept[1]  # type: ignore[return-value]
        value = function(*args, **kwargs)
        if len(_values) > MOST:
            _values.clear()
        _values[key] = (token, value)
        return value

    return remembered
