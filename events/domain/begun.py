"""Dates that have begun, beside the plan: what the plan could not change of them, and what it should have changed."""

from __future__ import annotations

from copy import copy
from datetime import date, datetime
from typing import TYPE_CHECKING

from events.domain.occurrences import RowWriter, preview_merge
from events.enums import EventState, OccurrenceState
from events.recurrence import RuleError
from events.schedule import ScheduleError

if TYPE_CHECKING:
    from events.models import Event, Occurrence


def held_otherwise(event: Event, *, now: datetime) -> list[Occurrence]:
    """Return the dates now running of which the plan says something else than readers were told.

    A plan only changes the end of what has begun. What an operation called off or moved was decided there.
    """
    if event.state != EventState.SCHEDULED:
        return []
    rows = list(event.occurrences.order_by("slot"))
    running = [row for row in rows if row.starts_at <= now < row.ends_at and _follows_plan(row)]
    if not running:
        return []
    stands_for = dict(preview_merge(event, rows, now).begun)
    writer = RowWriter(event, now)
    return [row for row in running if (planned := stands_for[row.pk]) is None or writer.write(copy(row), planned)]


def _follows_plan(row: Occurrence) -> bool:
    operated = row.cancelled or row.is_moved or row.moved_branch_id is not None
    return row.state != OccurrenceState.WITHDRAWN and not operated


def dates_differ(event: Event, *, now: datetime) -> bool:
    """Return whether publishing the event's plan once more would change any of its dates."""
    try:
        plan = preview_merge(event, list(event.occurrences.all()), now)
    except (ScheduleError, RuleError):
        return True
    # What an open-ended rule makes beyond is a matter of its next expansion.
    until = event.expanded_until or date.max
    new = [planned for planned in plan.new if planned.slot.date() <= until]
    return bool(plan.updated or plan.moved or plan.dropped or plan.prolonged or new)
