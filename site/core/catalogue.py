"""The address of the library's own catalogue: a template with a place for the words that somebody looks for."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, quote, urlsplit

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

PLACEHOLDER = "{query}"
EXAMPLE = "https://opac.example/search?q={query}"
FORBIDDEN = re.compile(r"[\s\x00-\x1f\x7f\\\"'<>`]")


def validate_template(value: str) -> None:
    """Raise ValidationError, in words, for what can't be the address of a search in a catalogue."""
    parts = _web_address(value)
    if PLACEHOLDER not in value:
        raise ValidationError(
            _("%(placeholder)s is missing from the address: it stands where the words come that people look for."),
            code="no_placeholder",
            params={"placeholder": PLACEHOLDER},
        )
    if PLACEHOLDER in parts.netloc:
        raise ValidationError(
            _("%(placeholder)s belongs behind the name of the site, as in %(example)s."),
            code="placeholder_in_host",
            params={"placeholder": PLACEHOLDER, "example": EXAMPLE},
        )


def validate_start(value: str) -> None:
    """Raise ValidationError, in words, for what can't be the first page of a catalogue."""
    _web_address(value)
    if PLACEHOLDER in value:
        raise ValidationError(
            _("The first page has nothing to look for: leave out %(placeholder)s."),
            code="placeholder",
            params={"placeholder": PLACEHOLDER},
        )


def _web_address(value: str) -> SplitResult:
    try:
        parts = urlsplit(value)
        sound = parts.scheme in {"http", "https"} and parts.hostname and "@" not in parts.netloc and parts.port != 0
    except ValueError:
        sound = False
    if not sound or FORBIDDEN.search(value):
        raise ValidationError(
            _("Write the whole address as the browser shows it, beginning with https://, as in %(example)s."),
            code="no_address",
            params={"example": EXAMPLE},
        )
    return parts


def address_for(template: str, query: str, *, start: str = "") -> str:
    """Return the address of the results for a query; without one that of the catalogue's first page.

    The query is percent-encoded as UTF-8 (RFC 3986, 2.5), whatever stands in it.
    """
    if query:
        return template.replace(PLACEHOLDER, quote(query, safe=""))
    return start or start_of(template)


def start_of(template: str) -> str:
    """Return what the address of a search says of where the catalogue is: all in front of what depends on the query."""
    before = template.partition(PLACEHOLDER)[0]
    for mark in "?#":
        head, found, _rest = before.partition(mark)
        if found:
            return head
    return before.rpartition("/")[0] + "/"
