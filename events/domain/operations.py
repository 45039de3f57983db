"""Operations: what happens to dates and events between publications, at once in force and undone only by the next one.

Each function runs in one transaction of its own and is written into the log with who did it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.bulk import update_rows
from core.generations import bump
from events.domain.feed_texts import render_texts
from events.domain.filters import filters_by_row, remember_left_filters
from events.domain.occurrences import settle
from events.enums import EventState, OccurrenceState
from events.models.occurrence import Occurrence, OperationLog

if TYPE_CHECKING:
    from branches.models import Branch
    from core.labels import Label
    from core.models import User
    from events.models import Event


class OperationError(ValueError):
    """An operation that can't be done; `message` says why in the reader's language."""

    def __init__(self, message):
        super().__init__(str(message))
        self.message = message


def cancel_occurrence(occurrence: Occurrence, *, reason: Label | None = None, user: User | None = None) -> Occurrence:
    """Announce that one date does not take place."""
    with _operation(occurrence, "cancel", user, {"reason": reason or {}}) as row:
        row.cancelled, row.reason = True, reason or {}
    return row


def restore_occurrence(occurrence: Occurrence, *, user: User | None = None) -> Occurrence:
    """Take back every operation on a date: it takes place as planned."""
    with _operation(occurrence, "restore", user, {}) as row:
        row.cancelled, row.reason, row.note = False, {}, {}
        row.moved_start = row.moved_end = row.moved_branch = None
    return row


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
    with _operation(occurrence, "move", user, details) as row:
        row.moved_start, row.moved_end, row.note = start, end, note or {}
        if branch is not None:
            row.moved_branch = branch
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


def _set_state(event: Event, state: EventState, reason: Label, user: User | None) -> None:
    from django.utils import timezone

    with transaction.atomic():
        event = type(event).objects.select_for_update().get(pk=event.pk)
        event.state, event.state_reason = state, reason
        event.save(update_fields=["state", "state_reason", "changed_at"])
        rows = list(event.occurrences.filter(starts_at__gt=timezone.now()).exclude(state=OccurrenceState.WITHDRAWN))
        for row in rows:
            settle(row, event)
        update_rows(Occurrence, ["state", "pk"], [(row.state, row.pk) for row in rows])
        OperationLog.objects.create(event=event, action=state, details={"reason": reason}, user=user)
        render_texts(event)
        bump(None)


@contextmanager
def _operation(occurrence: Occurrence, action: str, user: User | None, details: dict) -> Iterator[Occurrence]:
    """Lock the event and give its row; settle, log and render what was changed inside."""
    from events.models import Event

    with transaction.atomic():
        event = Event.objects.select_for_update().get(pk=occurrence.event_id)
        before = filters_by_row(event)
        row = Occurrence.objects.get(pk=occurrence.pk)
        row.event = event
        yield row
        settle(row, event)
        row.save()
        OperationLog.objects.create(event=event, occurrence=row, action=action, details=details, user=user)
        remember_left_filters(event, before)
        render_texts(event)
        bump(None)
