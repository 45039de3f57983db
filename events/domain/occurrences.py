"""The merge of a plan into the rows of its dates; rows keep their identity whatever the plan becomes."""

from __future__ import annotations

from datetime import date, datetime
from operator import attrgetter
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db.models import prefetch_related_objects
from django.utils import timezone

from branches.models import Branch
from core.bulk import insert_rows, update_rows
from core.localtime import to_local
from core.sites import network_of
from events.domain.confirming import NOTHING_SAID, UnconfirmedDatesError, Word
from events.domain.plan import horizon
from events.domain.registered import with_registrations
from events.enums import EventState, OccurrenceState
from events.merge import Confirmed, ExistingDate, MergePlan, merge
from events.models.occurrence import LONGEST_SHORT, Occurrence
from events.schedule import PlannedDate, expand, utc_span

if TYPE_CHECKING:
    from events.models import Event

# What the plan says of a date, by the names of columns: without a query for its branches.
ROW_FIELDS = [
    "slot", "planned_start", "planned_end", "planned_branch_id", "local_start", "local_end", "zone", "all_day",
    "long_run", "starts_at", "ends_at", "branch_id", "place", "state", "left_plan", "changed_at",
]  # fmt: skip
NEW_FIELDS = [field.attname for field in Occurrence._meta.concrete_fields if not field.primary_key]
_values, _stored, _new = attrgetter(*ROW_FIELDS[:-1]), attrgetter(*ROW_FIELDS, "pk"), attrgetter(*NEW_FIELDS)


def zone_of(event: Event) -> ZoneInfo:
    """Return the zone in which the event's times are meant: its branch's, else the network's."""
    return event.branch.zoneinfo if event.branch_id else ZoneInfo(network_of(event.site).zone)


def planned_dates(event: Event, today: date) -> list[PlannedDate]:
    """Return the dates that the event's plan makes, open-ended rules up to the horizon."""
    return expand(event.schedule, until=horizon(max(today, event.starts_on)))


def preview_merge(
    event: Event, rows: list[Occurrence], now: datetime, *, confirmed: Confirmed | None = None
) -> MergePlan:
    """Return what publishing the plan would do to the rows, with what the editor said of them."""
    local = to_local(now, zone_of(event))
    registered = with_registrations([row.pk for row in rows])
    existing = [_existing(row, now, has_registrations=row.pk in registered) for row in rows]
    dates = planned_dates(event, local.date())
    return merge(existing, dates, freq=event.schedule.freq, now=local, confirmed=confirmed)


def _existing(row: Occurrence, now: datetime, *, has_registrations: bool) -> ExistingDate:
    return ExistingDate(
        id=row.pk,
        slot=row.slot,
        start=row.planned_start,
        end=row.planned_end,
        has_registrations=has_registrations,
        withdrawn=row.left_plan or row.state == OccurrenceState.WITHDRAWN,
        begun=row.starts_at <= now,
        operated=row.is_moved,
    )


def merge_plan(event: Event, *, now: datetime | None = None, word: Word = NOTHING_SAID) -> MergePlan:
    """Write the event's plan into its rows: matched rows are updated, new ones made, the rest withdrawn.

    The editor's `word` goes first; of the rest it says which are announced as cancelled instead. Raises
    UnconfirmedDatesError where dates with registrations would move or leave without it. Of dates that have begun only
    an end that is still to come is changed; one transaction of the caller. The event keeps the rows for the texts that
    follow (`Event.merged_rows`).
    """
    now = now or timezone.now()
    rows = list(event.occurrences.all())
    plan = preview_merge(event, rows, now, confirmed=word.pairs)
    if plan.needs_confirmation:
        raise UnconfirmedDatesError(event.key)
    writer = RowWriter(event, now)
    by_id = {row.pk: row for row in rows}
    pairs = [(by_id[pk], planned) for pk, planned in [*plan.unchanged, *plan.updated, *plan.moved]]
    changed = [row for row, planned in pairs if row.starts_at > now and writer.write(row, planned)]
    changed += [row for pk, planned in plan.prolonged if writer.write_end(row := by_id[pk], planned)]
    dropped = [by_id[pk] for pk in plan.dropped]
    for row in dropped:
        row.left_plan = row.slot_key in word.cancelled
        row.state = OccurrenceState.CANCELLED if row.left_plan else OccurrenceState.WITHDRAWN
        row.changed_at = now
    update_rows(Occurrence, [*ROW_FIELDS, "pk"], [_stored(row) for row in [*changed, *dropped]])
    added = [writer.new(date_) for date_ in plan.new]
    _insert(event, added)
    event.merged_rows = [*rows, *added]
    prefetch_related_objects(event.merged_rows, "branch")
    rule = event.schedule.rule
    expanded_until = horizon(to_local(now, writer.zone).date()) if rule and rule.is_open_ended else None
    if event.expanded_until != expanded_until:
        event.expanded_until = expanded_until
        event.save(update_fields=["expanded_until"])
    return plan


def _insert(event: Event, rows: list[Occurrence]) -> None:
    """Add the rows and give them their keys."""
    insert_rows(Occurrence, NEW_FIELDS, [_new(row) for row in rows])
    keys = dict(event.occurrences.values_list("uid", "pk")) if rows else {}
    for row in rows:
        row.pk, row._state.adding = keys[row.uid], False


class RowWriter:
    """Writes planned dates into rows of one event."""

    def __init__(self, event: Event, now: datetime):
        self.event, self.now = event, now
        self.zone = zone_of(event)
        self.branches: dict[str, Branch | None] = {}

    def new(self, planned: PlannedDate) -> Occurrence:
        """Return an unsaved row for a new date."""
        row = Occurrence(event=self.event, created_at=self.now)
        self._fill(row, planned)
        return row

    def write(self, row: Occurrence, planned: PlannedDate) -> bool:
        """Write a planned date into a row; return whether anything became different."""
        before = _values(row)
        self._fill(row, planned)
        return before != _values(row)

    def _fill(self, row: Occurrence, planned: PlannedDate) -> None:
        row.slot, row.planned_start, row.planned_end = planned.slot, planned.start, planned.end
        row.planned_branch = self._branch(planned)
        row.zone, row.all_day = self.zone.key, self.event.all_day
        row.left_plan = False
        row.place = dict(planned.place) or ({} if planned.branch else self.event.place)
        settle(row, self.event)
        row.changed_at = self.now

    def write_end(self, row: Occurrence, planned: PlannedDate) -> bool:
        """Write the end of a planned date into a row that has begun; return whether anything became different."""
        if row.all_day != self.event.all_day:
            return False
        before, began_at = _values(row), row.starts_at
        row.planned_end = planned.end
        settle_times(row, self.event)
        row.starts_at, row.ends_at = began_at, max(began_at, row.ends_at)
        row.changed_at = self.now
        return before != _values(row)

    def _branch(self, planned: PlannedDate) -> Branch | None:
        if not planned.branch:
            return None if planned.place else self.event.branch
        if planned.branch not in self.branches:
            self.branches[planned.branch] = Branch.objects.filter(key=planned.branch).first() or self.event.branch
        return self.branches[planned.branch]


def settle(row: Occurrence, event: Event) -> None:
    """Derive what holds from plan and operations: times, their UTC, the branch, the state."""
    settle_times(row, event)
    row.branch_id = row.moved_branch_id or row.planned_branch_id
    off = row.cancelled or row.left_plan or event.state != EventState.SCHEDULED
    row.state = OccurrenceState.CANCELLED if off else OccurrenceState.SCHEDULED


def settle_times(row: Occurrence, event: Event) -> None:
    """Derive the local times that hold, their UTC, and whether the date is a long run."""
    row.local_start = row.moved_start or row.planned_start
    row.local_end = row.moved_end or row.planned_end
    row.long_run = event.long_run or row.local_end - row.local_start > LONGEST_SHORT
    held = PlannedDate(slot=row.slot, start=row.local_start, end=row.local_end)
    row.starts_at, row.ends_at = utc_span(held, ZoneInfo(row.zone), row.all_day)
    row.ends_at = max(row.ends_at, row.starts_at)


# --- Zones ------------------------------------------------------------------------------------------------------------

TIME_FIELDS = ["zone", "local_start", "local_end", "long_run", "starts_at", "ends_at"]
_times = attrgetter(*TIME_FIELDS)


def follow_zone(event: Event, *, now: datetime) -> bool:
    """Let the coming dates be meant in the zone of the event's branch, and their UTC times be what the zone now gives.

    Return whether any became different; the local times, which are what people were told, stay.
    """
    # What stands in a calendar of others is meant in the zone that it says there.
    zone = None if event.translation_key is None else zone_of(event)
    rows = list(event.occurrences.filter(starts_at__gt=now))
    before = [_times(row) for row in rows]
    for row in rows:
        row.zone = zone.key if zone else row.zone
        settle_times(row, event)
    changed = [row for row, times in zip(rows, before, strict=True) if _times(row) != times]
    for row in changed:
        row.changed_at = now
    update_rows(Occurrence, [*TIME_FIELDS, "changed_at", "pk"], [(*_times(row), now, row.pk) for row in changed])
    return bool(changed)


def events_out_of_step(now: datetime) -> set[int]:
    """Return the ids of the events with a coming date whose zone gives other UTC times than stored: new zone data."""
    columns = ("event", "zone", "all_day", "slot", "local_start", "local_end", "starts_at", "ends_at")
    found: set[int] = set()
    rows = Occurrence.objects.filter(starts_at__gt=now).values_list(*columns).iterator(2000)
    for event, zone, all_day, slot, start, end, starts_at, ends_at in rows:
        held = PlannedDate(slot=slot, start=start, end=end)
        since, until = utc_span(held, ZoneInfo(zone), all_day)
        if (since, max(since, until)) != (starts_at, ends_at):
            found.add(event)
    return found
