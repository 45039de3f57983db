"""The models of the events room."""

from events.models.attendance import Attendance
from events.models.event import Event, EventFacts, EventPage
from events.models.index import EventIndexPage
from events.models.occurrence import (
    FeedVersion,
    FilterKind,
    FormerFilter,
    IssuedKey,
    Occurrence,
    OccurrenceText,
    OperationLog,
)
from events.models.registration import Registration, Seat, SeatCount
from events.models.source import CalendarSource, ImportedEntry

__all__ = [
    "Attendance",
    "CalendarSource",
    "Event",
    "EventFacts",
    "EventIndexPage",
    "EventPage",
    "FeedVersion",
    "FilterKind",
    "FormerFilter",
    "ImportedEntry",
    "IssuedKey",
    "Occurrence",
    "OccurrenceText",
    "OperationLog",
    "Registration",
    "Seat",
    "SeatCount",
]
