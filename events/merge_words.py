"""What a merge does to the dates of an event, in words."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.text import capfirst
from django.utils.translation import ngettext

from events.merge import Summary


def summary_words(summary: Summary) -> str:
    """Return what becomes of dates as one sentence, empty where they all stay: "12 dates move, 4 dates are new."."""
    parts = list(_parts(summary))
    return f"{capfirst(', '.join(parts))}." if parts else ""


def _parts(summary: Summary) -> Iterator[str]:
    if summary.moved:
        yield ngettext("%(number)d date moves", "%(number)d dates move", summary.moved) % {"number": summary.moved}
    if summary.dropped:
        words = ngettext("%(number)d date falls away", "%(number)d dates fall away", summary.dropped)
        yield words % {"number": summary.dropped}
    if summary.with_registrations:
        number = summary.with_registrations
        yield ngettext("%(number)d of these has registrations", "%(number)d of these have registrations", number) % {
            "number": number
        }
    if summary.new:
        yield ngettext("%(number)d date is new", "%(number)d dates are new", summary.new) % {"number": summary.new}
    if summary.prolonged:
        number = summary.prolonged
        yield ngettext(
            "%(number)d date under way gets another end", "%(number)d dates under way get another end", number
        ) % {"number": number}
