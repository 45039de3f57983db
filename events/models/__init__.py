"""The models of the events room."""

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

__all__ = [
    "Event",
    "EventFacts",
    "EventIndexPage",
    "EventPage",
    "FeedVersion",
    "FilterKind",
    "FormerFilter",
    "IssuedKey",
    "Occurrence",
    "OccurrenceText",
    "OperationLog",
]
