"""Dates on days on which their branch is closed: which they are, what is decided of them, and taking that back.

Each function that changes something runs in one transaction and is written into the log with who did it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from branches.domain import closures
from branches.domain.closed_times import ClosedTime, closed_at
from branches.domain.closures import ClosureError
from branches.models import Branch
from core.localtime import to_local
from events.dates import DateFacts
from events.domain import operations
from events.domain.operations import OperationError
from events.enums import EventState, Format, OccurrenceState
from events.models.occurrence import Occurrence, OperationLog

if TYPE_CHECKING:
    from core.labels import Label
    from core.models import User

KEEP, UNDO = "keep", "unsettle"


@dataclass(frozen=True)
class TouchedDate:
    """A date that meets closed doors, and what closes them."""

    row: Occurrence
    branch: Branch
    closed: ClosedTime


@dataclass(frozen=True)
class Decision:
    """What is to become of one date: "keep", "cancel", or "move" with the times and the branch."""

    row: Occurrence
    choice: str
    reason: Label = field(default_factory=dict)
    start: datetime | None = None
    end: datetime | None = None
    branch: Branch | None = None


Settled = dict[str, Any]


# --- Which they are ---------------------------------------------------------------------------------------------------


def dates_to_come(branch: Branch, now: datetime):
    """Return the dates planned at a branch that people come to: no exhibitions, nothing that is only online."""
    return (
        Occurrence.objects.filter(branch=branch, state=OccurrenceState.SCHEDULED, long_run=False, ends_at__gt=now)
        .of_events(is_public=True, state=EventState.SCHEDULED)
        .exclude(event__format=Format.ONLINE)
        .select_related("event__source_page", "event__branch")
        .order_by("starts_at", "pk")
    )


def touched_dates(branch: Branch, *, now: datetime) -> list[TouchedDate]:
    """Return the coming dates at a branch on closed days or outside exceptional hours of which nobody has decided."""
    spans = _closed_spans(branch, now)
    if not spans:
        return []
    rows = list(dates_to_come(branch, now).filter(spans))
    found = []
    for row in rows:
        closed = closed_at(branch, row.local_start, row.local_end, all_day=row.all_day, now=now)
        if closed is not None:
            found.append(TouchedDate(row, branch, closed))
    kept = _kept([one.row for one in found])
    return [one for one in found if _mark(one.row, branch) not in kept.get(one.row.pk, ())]


def _closed_spans(branch: Branch, now: datetime) -> Q:
    today = to_local(now, branch.zoneinfo).date()
    spans = Q()
    for one in branch.opening_hours.exceptions:
        if one.last >= today:
            first = datetime.combine(one.first, datetime.min.time())
            after = datetime.combine(one.last, datetime.max.time())
            spans |= Q(local_start__lte=after, local_end__gte=first)
    if branch.closed_until is not None and branch.closed_until > now:
        spans |= Q(starts_at__lt=branch.closed_until)
    return spans


def _mark(row: Occurrence, branch: Branch) -> list[str]:
    return [branch.key, f"{row.local_start:%Y-%m-%dT%H:%M}"]


def _kept(rows: Sequence[Occurrence]) -> dict[int, list]:
    kept: dict[int, list] = {}
    entries = OperationLog.objects.filter(action=KEEP, occurrence__in=[row.pk for row in rows])
    for row_id, details in entries.order_by().values_list("occurrence", "details"):
        kept.setdefault(row_id, []).append(details.get("held"))
    return kept


# --- What is decided of them ------------------------------------------------------------------------------------------


def settle_dates(decisions: Iterable[Decision], *, user: User | None) -> tuple[dict[str, int], list[Settled]]:
    """Keep, cancel and move dates in one transaction; return how many of each, and what takes it back."""
    done = {"keep": 0, "cancel": 0, "move": 0}
    before: list[Settled] = []
    with transaction.atomic():
        for one in decisions:
            settled = {"pk": one.row.pk, "before": operations.snapshot(one.row)}
            if one.choice == "cancel":
                operations.cancel_occurrences([one.row], reason=one.reason, user=user)
            elif one.choice == "move":
                _move(one, user)
            else:
                _keep(one.row, user)
            done[one.choice] += 1
            before.append(settled)
        ids = [settled["pk"] for settled in before]
        after = dict(Occurrence.objects.filter(pk__in=ids).values_list("pk", "changed_at"))
    return done, [settled | {"after": after[settled["pk"]].isoformat()} for settled in before]


def _keep(row: Occurrence, user: User | None) -> None:
    branch = Branch.objects.get(occurrences=row)
    details = {"held": _mark(row, branch)}
    OperationLog.objects.create(event_id=row.event_id, occurrence=row, action=KEEP, details=details, user=user)


def _move(decision: Decision, user: User | None) -> None:
    if decision.start is None or decision.end is None:
        raise OperationError(_("Say to which day the date is moved."))
    operations.move_occurrence(
        decision.row, start=decision.start, end=decision.end, branch=decision.branch, note=decision.row.note, user=user
    )


def unsettle_dates(before: Iterable[Settled], *, may, user: User | None) -> int:
    """Let dates be as they were before they were settled; `may` says of which events; return how many.

    What somebody has changed since then stays as it is.
    """
    number = 0
    with transaction.atomic():
        for settled in before:
            row = Occurrence.objects.select_related("event__source_page").filter(pk=settled["pk"]).first()
            if row is None or not may(row.event) or row.changed_at.isoformat() != settled["after"]:
                continue
            OperationLog.objects.filter(occurrence=row, action=KEEP).delete()
            if operations.snapshot(row) != settled["before"]:
                with operations.operation(row, UNDO, user, {}) as changed:
                    operations.put_back(changed, settled["before"])
            number += 1
    return number


# --- Closing for today ------------------------------------------------------------------------------------------------


def close_today(
    branch: Branch, *, until: datetime, reason: Label, cancel: Iterable[Occurrence], seen: datetime | None, user: User
) -> tuple[Branch, int]:
    """Close a branch until a moment and cancel dates with the reason, in one transaction; return how many.

    `seen` is the end of the closure of which the person knew: somebody else's newer one is not written over.
    """
    from django.utils import timezone

    with transaction.atomic():
        held = Branch.objects.select_for_update(no_key=True).get(pk=branch.pk)
        now = timezone.now()
        standing = held.closed_until if held.closed_until and held.closed_until > now else None
        if standing != (seen if seen and seen > now else None):
            raise ClosureError(_("Somebody else has closed or reopened the branch meanwhile. Look at it again."))
        closed = closures.close_branch(branch, until=until, reason=reason, user=user)
        number = operations.cancel_occurrences(cancel, reason=reason, closed=branch, user=user)
    return closed, number


def cancelled_by_closure(branch: Branch, *, now: datetime) -> list[Occurrence]:
    """Return the dates that were cancelled with the closure of a branch and have not begun."""
    rows = list(
        Occurrence.objects.filter(branch=branch, cancelled=True, starts_at__gt=now)
        .filter(operations__action="cancel", operations__details__closure=branch.key)
        .exclude(state=OccurrenceState.WITHDRAWN)
        .select_related("event__source_page")
        .distinct()
        .order_by("starts_at", "pk")
    )
    latest: dict[int, OperationLog] = {}
    for entry in OperationLog.objects.filter(occurrence__in=rows).order_by("at", "pk"):
        if entry.occurrence_id is not None:
            latest[entry.occurrence_id] = entry
    return [row for row in rows if latest[row.pk].details.get("closure") == branch.key]


def reopen(branch: Branch, *, restore: Iterable[Occurrence], user: User) -> int:
    """End a closure now and let dates take place again that it had cancelled; return how many."""
    number = 0
    with transaction.atomic():
        closures.reopen_branch(branch, user=user)
        for row in restore:
            with operations.operation(row, UNDO, user, {}) as changed:
                changed.cancelled, changed.reason = False, {}
            number += 1
    return number


def moved_span(row: DateFacts, start: datetime) -> tuple[datetime, datetime]:
    """Return the local span of a date that begins at another time and lasts as long as before."""
    return start, start + max(row.local_end - row.local_start, timedelta(0))
