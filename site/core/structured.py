"""Data for search engines (schema.org): only what is known is said."""

from __future__ import annotations

from typing import Any

NOTHING: tuple[Any, ...] = (None, "", [], {})


def without_blanks(data: dict[str, Any]) -> dict[str, Any]:
    """Return the data without empty texts and lists, and without objects of which nothing but their type is known."""
    filled = {name: _filled(value) for name, value in data.items()}
    return {name: value for name, value in filled.items() if value not in NOTHING}


def _filled(value: Any) -> Any:
    if isinstance(value, dict):
        known = without_blanks(value)
        return known if known.keys() - {"@type"} else None
    if isinstance(value, list):
        return [one for one in map(_filled, value) if one not in NOTHING]
    return value
