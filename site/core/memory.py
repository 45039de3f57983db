"""Remembers what many pages show and hardly ever changes: settings, languages, menu, terms, branches and their hours.

A value holds for one generation (`core.generations`), so whatever drops cached pages drops it too. Inside of a
transaction nothing is remembered: it may see what is not yet, or never, true for others.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import connection

from core import generations

P = ParamSpec("P")
T = TypeVar("T")

MOST = 2000
_values: dict[tuple, tuple[object, object]] = {}


def is_uncertain() -> bool:
    """Return whether what the database says now may not hold for others."""
    return connection.in_atomic_block


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
