"""The merge of a plan into the rows of its dates; rows keep their identity whatever the plan becomes."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.utils import timezone

from branches.models import Branch
from core.localtime import to_local
from core.sites import network_of
from events.domain.plan import horizon
from events.enums import EventState, OccurrenceState
from events.merge import ExistingDate, MergePlan, merge
from events.models.occurrence import Occurrence
from events.schedule import PlannedDate, expand, utc_span

if TYPE_CHECKING:
    from events.models import Event

ROW_FIELDS = [
    "slot", "planned_start", "planned_end", "local_start", "local_end", "zone", "all_day", "long_run",
    "starts_at", "ends_at", "branch", "place", "state", "changed_at",
]  # fmt: skip


def zone_of(event: Event) -> ZoneInfo:
    """Return the zone in which the event's times are meant: its branch's, else the network's."""
    return event.branch.zoneinfo if event.branch_id else ZoneInfo(network_of(event.site).zone)


def planned_dates(event: Event, today: date) -> list[PlannedDate]:
    """Return the dates that the event's plan makes, open-ended rules up to the horizon."""
    return expand(event.schedule, until=horizon(max(today, event.starts_on)))


def preview_merge(event: Event, rows: list[Occurrence], now: datetime) -> MergePlan:
    """Return what publishing the plan would do to the rows."""
    local = to_local(now, zone_of(event))
    existing = [_existing(row, now) for row in rows]
    return merge(existing, planned_dates(event, local.date()), freq=event.schedule.freq, now=local)


def _existing(row: Occurrence, now: datetime) -> ExistingDate:
    return ExistingDate(
        id=row.pk,
        slot=row.slot,
        start=row.planned_start,
        end=row.planned_end,
        withdrawn=row.state == OccurrenceState.WITHDRAWN,
        begun=row.starts_at <= now,
        operated=row.is_moved,
    )


def merge_plan(event: Event, *, now: datetime | None = None) -> MergePlan:
    """Write the event's plan into its rows: matched rows are updated, new ones made, the rest withdrawn.

    Dates that have begun are never touched; one transaction of the caller.
    """
    now = now or timezone.now()
    rows = list(event.occurrences.all())
    plan = preview_merge(event, rows, now)
    writer = RowWriter(event, now)
    by_id = {row.pk: row for row in rows}
    pairs = [(by_id[pk], planned) for pk, planned in [*plan.unchanged, *plan.updated, *plan.moved]]
    changed = [row for row, planned in pairs if row.starts_at > now and writer.write(row, planned)]
    dropped = [by_id[pk] for pk in plan.dropped]
    for row in dropped:
        row.state, row.changed_at = OccurrenceState.WITHDRAWN, now
    Occurrence.objects.bulk_update([*changed, *dropped], ROW_FIELDS, batch_size=200)
    Occurrence.objects.bulk_create([writer.new(date_) for date_ in plan.new], batch_size=500)
    rule = event.schedule.rule
    event.expanded_until = horizon(to_local(now, writer.zone).date()) if rule and rule.is_open_ended else None
    event.save(update_fields=["expanded_until"])
    return plan


class RowWriter:
    """Writes planned dates into rows of one event."""

    def __init__(self, event: Event, now: datetime):
        self.event, self.now = event, now
        self.zone = zone_of(event)
        self.branches: dict[str, Branch] = {}

    def new(self, planned: PlannedDate) -> Occurrence:
        """Return an unsaved row for a new date."""
        row = Occurrence(event=self.event, created_at=self.now)
        self.write(row, planned)
        return row

    def write(self, row: Occurrence, planned: PlannedDate) -> bool:
        """Write a planned date into a row; return whether anything became different."""
        before = [getattr(row, field) for field in ROW_FIELDS[:-1]]
        row.slot, row.planned_start, row.planned_end = planned.slot, planned.start, planned.end
        row.zone, row.all_day, row.long_run = self.zone.key, self.event.all_day, self.event.long_run
        row.branch = row.moved_branch or self._branch(planned)
        row.place = dict(planned.place) or self.event.place
        settle(row, self.event)
        row.changed_at = self.now
        return before != [getattr(row, field) for field in ROW_FIELDS[:-1]]

    def _branch(self, planned: PlannedDate) -> Branch | None:
        if not planned.branch:
            return None if planned.place else self.event.branch
        if planned.branch not in self.branches:
            self.branches[planned.branch] = Branch.objects.get(key=planned.branch)
        return self.branches[planned.branch]


def settle(row: Occurrence, event: Event) -> None:
    """Derive what holds from plan and operations: times, their UTC, the state."""
    row.local_start = row.moved_start or row.planned_start
    row.local_end = row.moved_end or row.planned_end
    held = PlannedDate(slot=row.slot, start=row.local_start, end=row.local_end)
    row.starts_at, row.ends_at = utc_span(held, ZoneInfo(row.zone), row.all_day)
    row.ends_at = max(row.ends_at, row.starts_at)
    off = row.cancelled or event.state != EventState.SCHEDULED
    row.state = OccurrenceState.CANCELLED if off else OccurrenceState.SCHEDULED
