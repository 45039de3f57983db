"""One date of an event: what follows from its columns, and the few of them that lists show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from core.date_words import is_one_evening
from core.labels import Label
from events.enums import EventState, OccurrenceState


class DateFacts:
    """What follows from the columns of one date, wherever they were read."""

    __slots__ = ()

    slot: datetime
    local_start: datetime
    local_end: datetime
    zone: str
    all_day: bool
    state: str
    place: Label
    moved_start: datetime | None
    moved_branch_id: int | None

    @property
    def is_moved(self) -> bool:
        """Whether an operation gave the date another time."""
        return self.moved_start is not None

    @property
    def is_cancelled(self) -> bool:
        """Whether the date is announced as not taking place."""
        return self.state == OccurrenceState.CANCELLED

    @property
    def where(self) -> dict[str, str]:
        """The name of its place where that is no branch; none once an operation has moved the date to one."""
        return {} if self.moved_branch_id else self.place

    @property
    def slot_key(self) -> str:
        """The slot as it stands in addresses."""
        return self.slot.isoformat(timespec="minutes")

    @property
    def last_day(self) -> date:
        """The last local day on which it takes place."""
        return (
            (self.local_end - timedelta(minutes=1)).date()
            if self.local_end > self.local_start
            else self.local_end.date()
        )

    @property
    def is_one_day(self) -> bool:
        """Whether it takes place on one local day, its evening included."""
        return self.local_start.date() == self.last_day or is_one_evening(self)

    @property
    def days(self) -> list[date]:
        """The local days on which it takes place; an evening that ends in the night has one."""
        first = self.local_start.date()
        last = first if is_one_evening(self) else self.last_day
        return [first + timedelta(days=number) for number in range((last - first).days + 1)]


@dataclass(frozen=True, slots=True)
class ListedEvent:
    """What lists show of an event; whether it is public, and where, was asked before."""

    pk: int
    translation_key: UUID | None
    source_page_id: int | None
    state: str
    filters: list[list[str]]

    @property
    def is_postponed(self) -> bool:
        """Whether the whole event waits for other dates."""
        return self.state == EventState.POSTPONED


@dataclass(slots=True)
class ListedDate(DateFacts):
    """What lists show of a date and its event; as long as they are not frozen, thousands are made in no time."""

    event_id: int
    branch_id: int | None
    slot: datetime
    local_start: datetime
    local_end: datetime
    zone: str
    all_day: bool
    long_run: bool
    starts_at: datetime
    ends_at: datetime
    place: Label
    state: str
    moved_start: datetime | None
    moved_branch_id: int | None
    reason: Label
    event_key: UUID | None
    event_source: int | None
    event_state: str
    event_filters: list[list[str]]

    @property
    def event(self) -> ListedEvent:
        """What lists show of its event."""
        return ListedEvent(self.event_id, self.event_key, self.event_source, self.event_state, self.event_filters)
