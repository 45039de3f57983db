"""How many people came: counted by staff, at once or afterwards."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Exists, OuterRef, Sum
from django.utils.translation import gettext_lazy as _

from events.domain.operations import OperationError
from events.enums import OccurrenceState
from events.models.attendance import Attendance
from events.models.occurrence import Occurrence, OccurrenceQuerySet

if TYPE_CHECKING:
    from core.models import User

# So long after a date it is asked whether anybody has counted.
ASKED_FOR = timedelta(days=60)


def count_people(occurrence: Occurrence, people: Mapping[str, int | None], *, user: User | None, now: datetime) -> None:
    """Say how many people of each age came; None for an age that was not counted, all None takes the count back."""
    if occurrence.starts_at > now:
        raise OperationError(_("This date has not begun yet."))
    if occurrence.is_cancelled:
        raise OperationError(_("This date does not take place."))
    with transaction.atomic():
        Occurrence.objects.select_for_update(no_key=True).get(pk=occurrence.pk)
        occurrence.attendance.all().delete()
        Attendance.objects.bulk_create(
            Attendance(occurrence=occurrence, group=group, people=number, counted_by=user)
            for group, number in people.items()
            if number is not None
        )


def people_at(occurrence_ids: Collection[int]) -> dict[int, int]:
    """Return how many people came to each of the dates that were counted."""
    counted = Attendance.objects.filter(occurrence__in=occurrence_ids).values("occurrence")
    return dict(counted.annotate(number=Sum("people")).values_list("occurrence", "number"))


def not_counted(dates: OccurrenceQuerySet, now: datetime) -> OccurrenceQuerySet:
    """Keep those of the dates that took place lately and at which nobody has counted, the last one first."""
    counted = Attendance.objects.filter(occurrence=OuterRef("pk"))
    held = dates.filter(state=OccurrenceState.SCHEDULED, ends_at__gt=now - ASKED_FOR).over(now)
    # What stands in a calendar of others is counted by others.
    return held.filter(~Exists(counted), event__translation_key__isnull=False)
