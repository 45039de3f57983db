"""Data for search engines (schema.org): only what is known is said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import get_language

from core import addresses
from core.labels import label_in
from core.sites import network_for

if TYPE_CHECKING:
    from django.http import HttpRequest

NOTHING: tuple[Any, ...] = (None, "", [], {})


def network_data(request: HttpRequest) -> dict[str, Any]:
    """Return the network of a request's site as schema.org LibrarySystem; nothing as long as it has no name."""
    network = network_for(request)
    name = label_in(network.name)
    if not name:
        return {}
    return {
        "@type": "LibrarySystem",
        "name": name,
        "url": request.build_absolute_uri(addresses.start_of(get_language() or network.default_language)),
    }


def absolute_or_blank(request: HttpRequest, path: str) -> str:
    """Return the whole address of a path; of none, none."""
    return request.build_absolute_uri(path) if path else ""


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
