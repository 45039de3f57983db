"""The filters of feeds: in which a date is, and in which it once was."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db.models import prefetch_related_objects

from events.models.occurrence import FilterKind, FormerFilter, Occurrence

if TYPE_CHECKING:
    from events.models import Event

FilterSet = set[tuple[str, str]]


def filters_by_row(event: Event, *, stored: bool = False) -> dict[int, FilterSet]:
    """Return the filters of each date of the event; `stored`: as they were before the plan now being published."""
    common = {(kind, key) for kind, key in (event.filters if stored else shared_filters(event))}
    rows: Iterable[tuple[int, str | None]]
    if event.merged_rows is None:
        rows = Occurrence.objects.filter(event=event).values_list("pk", "branch__key")
    else:
        rows = ((row.pk, row.branch.key if row.branch else None) for row in event.merged_rows)
    return {pk: common | ({(FilterKind.BRANCH.value, key)} if key else set()) for pk, key in rows}


def shared_filters(event: Event) -> list[list[str]]:
    """Return the filters that all dates of an event share, in a stable order."""
    prefetch_related_objects([event], *event.fact_relations)
    pairs = [[FilterKind.AUDIENCE.value, term.key] for term in event.audiences.all()]
    pairs += [[FilterKind.TOPIC.value, term.key] for term in event.topics.all()]
    pairs += [[FilterKind.HELD_IN.value, code] for code in event.held_in]
    return sorted(pairs)


def remember_left_filters(event: Event, before: dict[int, FilterSet]) -> None:
    """Write a tombstone for each filter that a date left, take back those of filters it came back to."""
    if event.filters != (shared := shared_filters(event)):
        event.filters = shared
        event.save(update_fields=["filters"])
    if not before:
        return
    left: list[FormerFilter] = []
    back: list[int] = []
    after = filters_by_row(event)
    tombstones = FormerFilter.objects.filter(occurrence__event=event)
    for pk, row, kind, key in tombstones.values_list("pk", "occurrence_id", "kind", "key"):
        if (kind, key) in after[row]:
            back.append(pk)
    for row, filters in before.items():
        left += [FormerFilter(occurrence_id=row, kind=kind, key=key) for kind, key in filters - after[row]]
    if back or left:
        from events.domain.feed_texts import raise_feed_version

        raise_feed_version(event.site_id)
    FormerFilter.objects.filter(pk__in=back).delete()
    FormerFilter.objects.bulk_create(left, ignore_conflicts=True, batch_size=500)
