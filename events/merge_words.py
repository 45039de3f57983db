"""What a merge does to the dates of an event, in words."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import ngettext

from events.merge import Summary


def summary_words(summary: Summary) -> str:
    """Return what becomes of dates as one sentence, empty where they all stay: "12 dates move, 4 are new."."""
    parts = list(_parts(summary))
    return f"{', '.join(parts)}." if parts else ""


def _parts(summary: Summary) -> Iterator[str]:
    if summary.moved:
        yield ngettext("%(count)d date moves", "%(count)d dates move", summary.moved) % {"count": summary.moved}
    if summary.dropped:
        gone = ngettext("%(count)d is no longer planned", "%(count)d are no longer planned", summary.dropped)
        yield gone % {"count": summary.dropped}
    if summary.new:
        yield ngettext("%(count)d is new", "%(count)d are new", summary.new) % {"count": summary.new}
    if summary.prolonged:
        ends = ngettext(
            "%(count)d under way gets another end", "%(count)d under way get another end", summary.prolonged
        )
        yield ends % {"count": summary.prolonged}
    if summary.with_registrations:
        number = summary.with_registrations
        yield ngettext("%(count)d of them has registrations", "%(count)d of them have registrations", number) % {
            "count": number
        }
