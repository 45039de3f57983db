"""People who register for dates."""

from __future__ import annotations

from itertools import count

from django.utils import timezone

from events.domain.registrations import Party, register
from events.models import Occurrence, Registration

_numbers = count(1)


def party(people: int = 1, **fields) -> Party:
    """Return a party with an address of its own."""
    number = next(_numbers)
    defaults = {"name": f"Reader {number}", "email": f"reader-{number}@library.example", "language": "en"}
    return Party(**defaults | {"people": people} | fields)


def registered(*dates: Occurrence, people: int = 1, now=None, **fields) -> Registration:
    """Register a party for dates of one event."""
    return register(dates[0].event, dates, party(people, **fields), now=now or timezone.now())
