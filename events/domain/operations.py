"""Operations: what happens to dates and events between publications, at once in force and undone only by the next one.

Each function runs in one transaction of its own and is written into the log with who did it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.bulk import update_rows
from core.generations import bump
from events.domain.feed_texts import render_texts
from events.domain.filters import filters_by_row, remember_left_filters
from events.domain.occurrences import settle
from events.domain.seats import follow_plan
from events.enums import EventState, OccurrenceState
from events.models.occurrence import Occurrence, OperationLog

if TYPE_CHECKING:
    from branches.models import Branch
    from core.labels import Label
    from core.models import User
    from events.models import Event


# What of a date only operations write; what it was before stands in the log, so that each can be taken back by itself.
PLAIN = ["cancelled", "reason", "note", "moved_room", "moved_capacity"]
TIMES = ["moved_start", "moved_end"]


class OperationError(ValueError):
    """An operation that can't be done; `message` says why in the reader's language."""

    def __init__(self, message):
        super().__init__(str(message))
        self.message = message


def cancel_occurrence(occurrence: Occurrence, *, reason: Label | None = None, user: User | None = None) -> Occurrence:
    """Announce that one date does not take place."""
    with operation(occurrence, "cancel", user, {"reason": reason or {}}) as row:
        row.cancelled, row.reason = True, reason or {}
    return row


def cancel_occurrences(
    occurrences: Iterable[Occurrence],
    *,
    reason: Label | None = None,
    closed: Branch | None = None,
    user: User | None = None,
) -> int:
    """Announce that many dates, of many events, do not take place: all of them or, on an error, none; return how many.

    What is called off already stays as it is. `closed` is the branch whose closure takes the dates with it.
    """
    from events.models import Event

    details: dict[str, Any] = {"reason": reason or {}}
    if closed is not None:
        details["closure"] = closed.key
    by_event: dict[int, set[int]] = defaultdict(set)
    for occurrence in occurrences:
        by_event[occurrence.event_id].add(occurrence.pk)
    number = 0
    with transaction.atomic():
        # In one order, so that two who do this at once don't wait for each other.
        for event in Event.objects.select_for_update(no_key=True).filter(pk__in=by_event).order_by("pk"):
            number += _cancel_together(event, by_event[event.pk], details, user)
        bump(None)
    return number


def _cancel_together(event: Event, keys: set[int], details: dict[str, Any], user: User | None) -> int:
    now = timezone.now()
    rows = list(event.occurrences.filter(pk__in=keys, left_plan=False, state=OccurrenceState.SCHEDULED))
    if not rows:
        return 0
    entries = []
    for row in rows:
        said = {**details, "before": snapshot(row)}
        entries.append(OperationLog(event=event, occurrence=row, action="cancel", details=said, user=user))
        row.cancelled, row.reason = True, details["reason"]
        settle(row, event)
    names = ["cancelled", "reason", "state"]
    values = [(*(getattr(row, name) for name in names), now, row.pk) for row in rows]
    update_rows(Occurrence, [*names, "changed_at", "pk"], values)
    OperationLog.objects.bulk_create(entries)
    render_texts(event)
    return len(rows)


def adjust_occurrence(
    occurrence: Occurrence,
    *,
    room: Label | None = None,
    capacity: int | None = None,
    note: Label | None = None,
    user: User | None = None,
) -> Occurrence:
    """Give one date another room, another number of seats or a note; what is empty is as planned."""
    details = {"room": room or {}, "capacity": capacity, "note": note or {}}
    with operation(occurrence, "adjust", user, details) as row:
        row.moved_room, row.moved_capacity, row.note = room or {}, capacity, note or {}
    return row


def restore_occurrence(occurrence: Occurrence, *, user: User | None = None) -> Occurrence:
    """Take back every operation on a date: it takes place as planned."""
    with operation(occurrence, "restore", user, {}) as row:
        row.cancelled, row.reason, row.note = False, {}, {}
        row.moved_start = row.moved_end = row.moved_branch = row.moved_capacity = None
        row.moved_room = {}
    return row


def undo(entry: OperationLog, *, user: User | None = None) -> Occurrence | None:
    """Take back one operation and nothing else; it must be the last one on its date, or on the event as a whole."""
    from events.models import Event

    before = entry.details.get("before")
    with transaction.atomic():
        event = Event.objects.select_for_update(no_key=True).get(pk=entry.event_id)
        if before is None or last_operations(event, [entry.occurrence_id]).get(entry.occurrence_id) != entry:
            raise OperationError(_("Something else was done since. Take that back first, or go back to the plan."))
        details = {"undone": entry.action}
        if entry.occurrence is None:
            _set_state(event, EventState(before["state"]), before["reason"], user, action="undo", details=details)
            return None
        with operation(entry.occurrence, "undo", user, details) as row:
            put_back(row, before)
        return row


def last_operations(event: Event, occurrence_ids: Iterable[int | None]) -> dict[int | None, OperationLog]:
    """Return the last operation on each date (None: on the event as a whole); one query."""
    entries = OperationLog.objects.filter(event=event).order_by("at", "pk")
    wanted = set(occurrence_ids)
    return {entry.occurrence_id: entry for entry in entries if entry.occurrence_id in wanted}


def snapshot(row: Occurrence) -> dict[str, Any]:
    """Return what operations have made of a date, as JSON can hold it."""
    times = {name: getattr(row, name) and getattr(row, name).isoformat() for name in TIMES}
    return {name: getattr(row, name) for name in PLAIN} | times | {"branch": row.moved_branch_id}


def put_back(row: Occurrence, before: dict[str, Any]) -> None:
    """Write into a row what operations had made of it before; the caller saves it."""
    from branches.models import Branch

    for name in PLAIN:
        setattr(row, name, before[name])
    for name in TIMES:
        setattr(row, name, before[name] and datetime.fromisoformat(before[name]))
    row.moved_branch = Branch.objects.filter(pk=before["branch"]).first() if before["branch"] else None


def move_occurrence(
    occurrence: Occurrence,
    *,
    start: datetime,
    end: datetime,
    branch: Branch | None = None,
    note: Label | None = None,
    user: User | None = None,
) -> Occurrence:
    """Give one date another time, or another branch; `start` and `end` are naive local times."""
    if end < start:
        raise OperationError(_("It would end before it starts."))
    details = {
        "start": start.isoformat(timespec="minutes"),
        "end": end.isoformat(timespec="minutes"),
        "branch": branch and branch.key,
    }
    with operation(occurrence, "move", user, details) as row:
        row.moved_start, row.moved_end, row.note = start, end, note or {}
        if branch is not None and branch.pk != row.branch_id:
            # The room was one of the former house.
            row.moved_branch, row.moved_room = branch, {}
    return row


def cancel_event(event: Event, *, reason: Label | None = None, user: User | None = None) -> None:
    """Announce that a whole event does not take place; dates that have begun stay as they were."""
    _set_state(event, EventState.CANCELLED, reason or {}, user)


def postpone_event(event: Event, *, reason: Label | None = None, user: User | None = None) -> None:
    """Announce that an event does not take place as planned and will get other dates."""
    _set_state(event, EventState.POSTPONED, reason or {}, user)


def restore_event(event: Event, *, user: User | None = None) -> None:
    """Take back the cancellation or postponement of a whole event."""
    _set_state(event, EventState.SCHEDULED, {}, user)


def _set_state(
    event: Event, state: EventState, reason: Label, user: User | None, *, action: str = "", details: dict | None = None
) -> None:
    with transaction.atomic():
        event = type(event).objects.select_for_update(no_key=True).get(pk=event.pk)
        said = details or {"reason": reason, "before": {"state": event.state, "reason": event.state_reason}}
        event.state, event.state_reason = state, reason
        event.save(update_fields=["state", "state_reason", "changed_at"])
        rows = list(event.occurrences.filter(starts_at__gt=timezone.now()).exclude(state=OccurrenceState.WITHDRAWN))
        for row in rows:
            settle(row, event)
        update_rows(Occurrence, ["state", "pk"], [(row.state, row.pk) for row in rows])
        OperationLog.objects.create(event=event, action=action or state, details=said, user=user)
        render_texts(event)
        bump(None)


@contextmanager
def operation(occurrence: Occurrence, action: str, user: User | None, details: dict) -> Iterator[Occurrence]:
    """Lock the event and give its row; settle, log and render what was changed inside."""
    from events.models import Event

    with transaction.atomic():
        event = Event.objects.select_for_update(no_key=True).get(pk=occurrence.event_id)
        before = filters_by_row(event)
        row = Occurrence.objects.get(pk=occurrence.pk)
        if row.left_plan:
            raise OperationError(_("This date is no longer in the plan of the event."))
        row.event = event
        if action != "undo":
            details = {**details, "before": snapshot(row)}
        yield row
        settle(row, event)
        row.save()
        follow_plan(event, now=timezone.now())
        OperationLog.objects.create(event=event, occurrence=row, action=action, details=details, user=user)
        remember_left_filters(event, before)
        render_texts(event)
        bump(None)
