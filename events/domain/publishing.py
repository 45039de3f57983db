"""What follows from publishing, hiding and changing events; all in the transaction of the publisher."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from branches.models import Branch
    from events.models import Event


def plan_published(event: Event) -> None:
    """Merge the plan into the dates and remember the filters that dates left."""
    from events.domain.filters import filters_by_row, remember_left_filters
    from events.domain.occurrences import merge_plan

    before = filters_by_row(event, stored=True)
    merge_plan(event)
    remember_left_filters(event, before)


def words_published(event: Event) -> None:
    """Bring the texts in feeds up to date with the event's words and dates."""
    from events.domain.feed_texts import render_texts

    render_texts(event)


def event_hidden(event: Event) -> None:
    """Turn the event's dates in feeds into tombstones."""
    words_published(event)


def branch_changed(branch: Branch) -> None:
    """Mark the events of a branch whose name or address changed; the worker renders their texts in small steps."""
    from django.utils import timezone

    from events.models import Event

    rows = Event.objects.filter(occurrences__branch=branch, occurrences__ends_at__gt=timezone.now())
    Event.objects.filter(pk__in=rows.values("pk")).update(texts_stale=True)
