"""Which dates people have registered for: whoever pairs or drops dates asks first."""

from __future__ import annotations

from collections.abc import Collection

from events.enums import SeatState


def with_registrations(occurrence_ids: Collection[int]) -> set[int]:
    """Return the ids of those occurrences at which somebody has seats, or waits for them."""
    from events.models import Seat

    held = Seat.objects.filter(occurrence__in=occurrence_ids).exclude(state=SeatState.GIVEN_UP)
    return set(held.values_list("occurrence", flat=True).distinct())
