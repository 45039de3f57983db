"""Merging the dates that a plan makes now into the rows that an earlier plan has made.

Pure calculation: the caller reads the rows, asks the editor where that is needed, and writes the result.
"""

from bisect import bisect_left
from collections import defaultdict, deque
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Generic, TypeVar

from events.recurrence import Freq, period_number
from events.schedule import PlannedDate, slot_text

RowId = TypeVar("RowId", bound=Hashable)
Slotted = TypeVar("Slotted", "ExistingDate", PlannedDate)
Pairing = dict[str, str | None]
Confirmed = Mapping[str, str | None]
Key = Callable[[datetime], Hashable]


@dataclass(frozen=True, slots=True)
class ExistingDate(Generic[RowId]):
    """What the merge must know of a row; times are naive local ones.

    `start` and `end` are those that the plan gave. `withdrawn` is a row that has left the plan already, whether or not
    visitors were told. `begun` rows are history. `operated`: an operation gave this date times of its own, so those of
    the plan aren't compared.
    """

    id: RowId
    slot: datetime
    start: datetime
    end: datetime
    has_registrations: bool = False
    withdrawn: bool = False
    begun: bool = False
    operated: bool = False


@dataclass(frozen=True, slots=True)
class Summary:
    """Counts for a sentence to the editor; `with_registrations` are those among the moved and dropped.

    `prolonged` are dates that have begun and get another end.
    """

    moved: int
    dropped: int
    with_registrations: int
    new: int
    prolonged: int = 0


@dataclass(frozen=True, slots=True)
class MergePlan(Generic[RowId]):
    """What becomes of each row and of each planned date, in order of slots.

    `unchanged` and `updated` rows keep their slot: an updated one gets another end or is revived from withdrawn.
    `moved` rows get the slot and the times of their planned date. For `new` dates rows are made, `dropped` rows leave
    the plan. `begun` rows stay as they are, each with the planned date that it stands for, if any; but the `prolonged`
    among them get the end of the plan, later or earlier: it, or the one they had, is still to come. `missed` dates of
    the rule were past before they were planned: no row. `pairing` is what moves and drops (None), by the text of slots,
    to be kept as the editor's word.
    """

    unchanged: list[tuple[RowId, PlannedDate]]
    updated: list[tuple[RowId, PlannedDate]]
    moved: list[tuple[RowId, PlannedDate]]
    new: list[PlannedDate]
    dropped: list[RowId]
    begun: list[tuple[RowId, PlannedDate | None]]
    prolonged: list[tuple[RowId, PlannedDate]]
    missed: list[PlannedDate]
    pairing: Pairing
    summary: Summary
    needs_confirmation: bool


def merge(
    existing: Iterable[ExistingDate[RowId]],
    planned: Iterable[PlannedDate],
    *,
    freq: Freq | None,
    now: datetime | None = None,
    confirmed: Confirmed | None = None,
) -> MergePlan[RowId]:
    """Return how the rows of one event follow its planned dates; of what has begun only the end may change.

    Equal slots come first; then what the editor `confirmed` (an earlier `pairing`); then the same day and the same
    period of the rule, both in order. `freq` is that of the new plan (None: single dates, paired in order). `now` is
    naive local time; without it, past dates of a rule are made like others. No moved or new slot is the slot of any
    row, so the rows may be written in any order. Raises ValueError when two rows or two planned dates share a slot.
    """
    rows, match = _by_slot(existing), _Match(open=_by_slot(planned))
    for slot in rows.keys() & match.open.keys():
        match.join(slot, slot)
    keys = _keys(freq, anchors=sorted(match.pairs))
    past = [slot for slot, date in match.open.items() if now is not None and date.start <= now]
    missed = [slot for slot in past if rows and match.open[slot].by_rule]
    begun = [row for slot, row in rows.items() if row.begun and not row.withdrawn and slot not in match.pairs]
    living = [slot for slot, row in rows.items() if not (row.begun or row.withdrawn or slot in match.pairs)]

    living = match.join_confirmed(living, missed, confirmed or {})
    match.join_begun(begun, past, keys)
    never = [match.open.pop(slot) for slot in missed if slot in match.open]
    for key in keys:
        match.join_in_order(living, list(match.open), key)
    return _plan(rows, match, never, confirmed or {}, now)


@dataclass(slots=True)
class _Match:
    """Rows and planned dates, both known by their slots, as they find each other."""

    open: dict[datetime, PlannedDate]
    pairs: dict[datetime, PlannedDate] = field(default_factory=dict)

    def join(self, row: datetime, date: datetime) -> None:
        self.pairs[row] = self.open.pop(date)

    def join_in_order(self, rows: Iterable[datetime], dates: Iterable[datetime], key: Key) -> None:
        """Join the rows and dates that are still alone and share a key, first with first."""
        waiting: dict[Hashable, deque[datetime]] = defaultdict(deque)
        for slot in dates:
            if slot in self.open:
                waiting[key(slot)].append(slot)
        alone = [row for row in rows if row not in self.pairs] if waiting else []
        for row in alone:
            if dates_of_key := waiting.get(key(row)):
                self.join(row, dates_of_key.popleft())

    def join_confirmed(self, rows: list[datetime], missed: list[datetime], confirmed: Confirmed) -> list[datetime]:
        """Join what the editor confirmed; return the rows about which nothing that still holds was said."""
        if not confirmed:
            return rows
        offered = {slot_text(slot): slot for slot in self.open.keys() - set(missed)}
        others = []
        for row in rows:
            target = confirmed.get(slot_text(row), "")
            if target in offered:
                self.join(row, offered.pop(target))
            elif target is not None:
                others.append(row)
        return others

    def join_begun(self, begun: Sequence[ExistingDate], past: list[datetime], keys: Sequence[Key]) -> None:
        """Let what has begun stand for the date that the plan now gives it, so that the past isn't told twice.

        That is a past date, or one later on the same day that would begin before the begun one ends (at an unknown
        time, if no end is known): a start corrected in the last minute.
        """
        busy: dict[date, datetime] = {}
        for row in begun:
            ends = row.end if row.end > row.start else datetime.combine(row.slot, time.max)
            busy[row.slot.date()] = max(ends, busy.get(row.slot.date(), ends))
        late = [slot for slot in self.open if slot.date() in busy and slot < busy[slot.date()]]
        same_day, _same_gap, same_period = keys
        self.join_in_order([row.slot for row in begun], sorted({*late, *past}), same_day)
        self.join_in_order([row.slot for row in begun], past, same_period)


def _keys(freq: Freq | None, *, anchors: list[datetime]) -> tuple[Key, Key, Key]:
    """Return by what rows and dates are paired: the day, the period between the same dates that stayed, the period."""

    def same_period(slot: datetime) -> int:
        return period_number(slot.date(), freq)

    def same_gap(slot: datetime) -> tuple[int, int]:
        return same_period(slot), bisect_left(anchors, slot)

    return datetime.date, same_gap, same_period


def _plan(
    rows: Mapping[datetime, ExistingDate[RowId]],
    match: _Match,
    missed: list[PlannedDate],
    confirmed: Confirmed,
    now: datetime | None,
) -> MergePlan[RowId]:
    prolonged = [(row.id, match.pairs[slot]) for slot, row in rows.items() if _is_prolonged(row, match, now)]
    kept = [(row, match.pairs[slot]) for slot, row in rows.items() if slot in match.pairs and not row.begun]
    same = [(row, date) for row, date in kept if date.slot == row.slot]
    moved = [(row, date) for row, date in kept if date.slot != row.slot]
    dropped = [row for slot, row in rows.items() if not (slot in match.pairs or row.begun or row.withdrawn)]
    pairing: Pairing = {slot_text(row.slot): slot_text(date.slot) for row, date in moved}
    pairing |= {slot_text(row.slot): None for row in dropped}
    registered = [slot_text(row.slot) for row in [*(row for row, _date in moved), *dropped] if row.has_registrations]
    new = list(match.open.values())
    return MergePlan(
        unchanged=[(row.id, date) for row, date in same if not _differs(row, date)],
        updated=[(row.id, date) for row, date in same if _differs(row, date)],
        moved=[(row.id, date) for row, date in moved],
        new=new,
        dropped=[row.id for row in dropped],
        begun=[(row.id, match.pairs.get(slot)) for slot, row in rows.items() if row.begun],
        prolonged=prolonged,
        missed=missed,
        pairing=pairing,
        summary=Summary(len(moved), len(dropped), len(registered), len(new), len(prolonged)),
        needs_confirmation=any(confirmed.get(slot, "") != pairing[slot] for slot in registered),
    )


def _is_prolonged(row: ExistingDate, match: _Match, now: datetime | None) -> bool:
    """Return whether a date that has begun stands in its own slot and gets an end that isn't history."""
    date = match.pairs.get(row.slot)
    if date is None or date.slot != row.slot or row.withdrawn or not row.begun or row.end == date.end:
        return False
    return now is None or max(row.end, date.end) > now


def _differs(row: ExistingDate, date: PlannedDate) -> bool:
    return row.withdrawn or not (row.operated or (row.start, row.end) == (date.start, date.end))


def _by_slot(dates: Iterable[Slotted]) -> dict[datetime, Slotted]:
    in_order = sorted(dates, key=lambda date: date.slot)
    by_slot = {date.slot: date for date in in_order}
    if len(by_slot) < len(in_order):
        raise ValueError("Two dates share a slot.")
    return by_slot
