"""Which events are over: something was held, nothing is still to come, and no new dates are awaited."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import Count, Max, Q

from events.enums import EventState, OccurrenceState
from events.models.occurrence import Occurrence


def ids_of_past(event_ids: Collection[int], now: datetime) -> set[int]:
    """Return the ids of those events of which a date was held and none is to come or awaited; one query."""
    held = Count("pk", filter=Q(state=OccurrenceState.SCHEDULED, ends_at__lte=now))
    waiting = Q(event__state=EventState.POSTPONED)
    rows = Occurrence.objects.announced().filter(~waiting, event__in=event_ids).order_by().values("event")
    ends = rows.annotate(last=Max("ends_at"), held=held).values_list("event", "last", "held")
    return {event_id for event_id, last, count in ends if count and last <= now}


def held_dates(event_id: int, now: datetime) -> list[Occurrence]:
    """Return the dates of an event that were held and are over, in order of time, with their branches."""
    dates = Occurrence.objects.filter(event=event_id, state=OccurrenceState.SCHEDULED, ends_at__lte=now)
    return list(dates.select_related("branch").order_by("starts_at", "pk"))
