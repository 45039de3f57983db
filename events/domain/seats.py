"""The seats of dates: taken, given back, passed on to those who wait, and following what staff decide.

Whoever changes the seats of a date changes its `SeatCount` first, those of several dates in the order of their ids, and
touches registrations and seats only afterwards; whoever needs the event, too, locks it before. So nobody waits for each
other. Callers are within a transaction.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Case, F, Q, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Greatest

from events.enums import OccurrenceState, RegistrationState, SeatState
from events.models.occurrence import Occurrence
from events.models.registration import Seat, SeatCount

if TYPE_CHECKING:
    from events.models import Event


# --- Taking and giving back -------------------------------------------------------------------------------------------


def take_all(event: Event, keys: Sequence[int], people: int) -> set[int]:
    """Take seats at the dates, each by one conditional update; at all of a course or, if one is full, at none."""
    may_pass = event.smaller_may_pass
    if len(keys) == 1 and take(keys[0], people, may_pass=may_pass):
        return set(keys)
    # Locked from here on, so that what is full now is full when the party is put in line.
    count_and_lock(event, keys)
    seated = {key for key in keys if take(key, people, may_pass=may_pass)}
    if event.is_course and len(seated) < len(keys):
        for key in sorted(seated):
            give_back(key, people)
        return set()
    return seated


def lock(keys: Sequence[int]) -> list[SeatCount]:
    """Keep everybody else from the seats of some dates, and return their counts."""
    return list(SeatCount.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk"))


def count_and_lock(event: Event, keys: Sequence[int]) -> None:
    """Let each date have a row in which its seats are counted, and lock these."""
    if SeatCount.objects.filter(pk__in=keys).count() < len(keys):
        # Whoever changes the capacity holds the event, too, and then the counts: so the event comes first here as well.
        type(event).objects.select_for_update(no_key=True).get(pk=event.pk)
        dates = Occurrence.objects.select_related("event").filter(pk__in=keys)
        rows = [SeatCount(occurrence=date, capacity=date.capacity, allowed=date.capacity) for date in dates]
        SeatCount.objects.bulk_create(rows, ignore_conflicts=True)
    lock(keys)


def take(key: int, people: int, *, may_pass: bool) -> bool:
    """Take seats at a date by one conditional update; return whether there were so many."""
    fits = Q(capacity=None) | Q(capacity__gte=F("taken") + people)
    # Nobody takes a free seat over the heads of those who wait for it.
    in_turn = Q() if may_pass else Q(waiting=0)
    return bool(SeatCount.objects.filter(fits, in_turn, pk=key).update(taken=F("taken") + people))


def give_back(key: int, people: int) -> None:
    """Free seats; what was allowed beyond the capacity shrinks with them."""
    left = F("taken") - people
    SeatCount.objects.filter(pk=key).update(taken=left, allowed=_at_least(F("capacity"), left))


def _at_least(bound: Combinable, taken: Combinable) -> Case:
    """Return what is allowed where so many seats are taken: no less than a bound, None without a limit."""
    return Case(When(capacity=None, then=Value(None)), default=Greatest(bound, taken))


def draw_numbers(keys: Sequence[int]) -> dict[int, int]:
    """Return the next number in the waiting list of each date."""
    if not keys:
        return {}
    SeatCount.objects.filter(pk__in=keys).update(waiting=F("waiting") + 1, numbered=F("numbered") + 1)
    return dict(SeatCount.objects.filter(pk__in=keys).values_list("pk", "numbered"))


# --- Moving up --------------------------------------------------------------------------------------------------------


def promote(event: Event, *, now: datetime) -> list[Seat]:
    """Seat those who wait, as far as seats are free; return their seats, in the order of the line."""
    with transaction.atomic():
        keys = sorted(SeatCount.objects.filter(occurrence__event=event, waiting__gt=0).values_list("pk", flat=True))
        if event.is_course and keys:
            keys = sorted(SeatCount.objects.filter(occurrence__event=event).values_list("pk", flat=True))
        lock(keys)
        return promote_at(event, keys, now=now)


def promote_at(event: Event, keys: Sequence[int], *, now: datetime) -> list[Seat]:
    """Seat those who wait at dates whose counts are locked; the number of statements is the same for any number.

    A party is seated whole or not at all. One that doesn't fit keeps those behind it waiting, unless smaller ones may
    pass; one whose address isn't proven is passed.
    """
    cutoff = now + timedelta(hours=event.promotes_until_hours)
    free = _free_seats(keys, cutoff)
    if not free:
        return []
    blocked: set[int] = set()
    chosen: list[Seat] = []
    for party in _in_line(event, list(free)):
        at = {seat.occurrence_id for seat in party}
        people = party[0].people
        if party[0].registration.state == RegistrationState.HELD:
            continue
        fits = all(key in free and _holds(free[key], people) for key in at)
        if at & blocked or not fits:
            blocked |= set() if event.smaller_may_pass else at
            continue
        for seat in party:
            left = free[seat.occurrence_id]
            free[seat.occurrence_id] = None if left is None else left - people
        chosen += party
    _seat(chosen, now)
    return chosen


def _holds(free: int | None, people: int) -> bool:
    return free is None or free >= people


def _free_seats(keys: Sequence[int], cutoff: datetime) -> dict[int, int | None]:
    """Return how many seats are free at those of the dates for which people may still move up."""
    counts = SeatCount.objects.filter(
        pk__in=keys, occurrence__starts_at__gt=cutoff, occurrence__state=OccurrenceState.SCHEDULED
    )
    return {count.pk: count.free for count in counts if count.free != 0}


def _in_line(event: Event, keys: Sequence[int]) -> list[list[Seat]]:
    """Return what moves up together, in the order of the line: a course whole, other dates each for itself."""
    waiting = Seat.objects.filter(state=SeatState.WAITING).select_related("registration")
    if not event.is_course:
        return [[seat] for seat in waiting.filter(occurrence__in=keys).order_by("number", "pk")]
    parties: dict[int, list[Seat]] = defaultdict(list)
    for seat in waiting.filter(registration__event=event).order_by("registration_id", "occurrence_id"):
        parties[seat.registration_id].append(seat)
    return list(parties.values())


def _seat(chosen: Sequence[Seat], now: datetime) -> None:
    """Write down that these have seats now."""
    if not chosen:
        return
    people: dict[int, int] = defaultdict(int)
    parties: dict[int, int] = defaultdict(int)
    for seat in chosen:
        seat.state, seat.seated_at = SeatState.SEATED, now
        people[seat.occurrence_id] += seat.people
        parties[seat.occurrence_id] += 1
    Seat.objects.filter(pk__in=[seat.pk for seat in chosen]).update(state=SeatState.SEATED, seated_at=now)
    SeatCount.objects.filter(pk__in=people).update(
        taken=F("taken") + Case(*(When(pk=key, then=Value(number)) for key, number in people.items())),
        waiting=F("waiting") - Case(*(When(pk=key, then=Value(number)) for key, number in parties.items())),
    )


# --- What staff decide ------------------------------------------------------------------------------------------------


def follow_plan(event: Event, *, now: datetime) -> None:
    """Let seats follow what dates an event has now, and how many seats they have; whoever calls it holds the event."""
    keys = sorted(SeatCount.objects.filter(occurrence__event=event).values_list("pk", flat=True))
    if keys:
        follow_capacity(event, keys, now=now)
        join_new_dates(event, now=now)


def follow_capacity(event: Event, keys: Sequence[int], *, now: datetime) -> list[Seat]:
    """Let the counts of dates follow the seats that these have now; return the seats of those who move up.

    Those who have seats keep them, however many there are now: the date is overbooked, and takes nobody more.
    """
    with transaction.atomic():
        counts = {count.pk: count for count in lock(keys)}
        changed = []
        for date in Occurrence.objects.select_related("event").filter(pk__in=counts):
            count = counts[date.pk]
            if count.capacity != date.capacity:
                count.capacity = date.capacity
                count.allowed = None if date.capacity is None else max(date.capacity, count.taken)
                changed.append(count)
        SeatCount.objects.bulk_update(changed, ["capacity", "allowed"])
        return promote_at(event, keys, now=now) if changed else []


def seat_anyway(seat: Seat, *, now: datetime) -> Seat:
    """Let staff seat a party that waits, knowingly beyond the capacity if need be."""
    with transaction.atomic():
        lock([seat.occurrence_id])
        row = Seat.objects.select_for_update(no_key=True).get(pk=seat.pk)
        if row.state == SeatState.WAITING:
            taken = F("taken") + row.people
            allowed = _at_least(F("allowed"), taken)
            SeatCount.objects.filter(pk=row.occurrence_id).update(
                taken=taken, allowed=allowed, waiting=F("waiting") - 1
            )
            row.state, row.seated_at = SeatState.SEATED, now
            row.save(update_fields=["state", "seated_at"])
    return row


def join_new_dates(event: Event, *, now: datetime) -> int:
    """Give everybody who is in a course a seat at dates that were added to it; return how many seats that makes.

    They were there before, so they have seats beyond the capacity, too.
    """
    if not event.is_course:
        return 0
    with transaction.atomic():
        added = Occurrence.objects.filter(
            event=event, starts_at__gt=now, state=OccurrenceState.SCHEDULED, seats__isnull=True
        )
        keys = sorted(added.values_list("pk", flat=True))
        parties = list(
            event.registrations.filter(seats__state=SeatState.SEATED)
            .exclude(state__in=(RegistrationState.CANCELLED, RegistrationState.LAPSED))
            .distinct()
        )
        if not (keys and parties):
            return 0
        count_and_lock(event, keys)
        taken = F("taken") + sum(party.people for party in parties)
        SeatCount.objects.filter(pk__in=keys).update(taken=taken, allowed=_at_least(F("allowed"), taken))
        seats = [
            Seat(registration=party, occurrence_id=key, people=party.people, state=SeatState.SEATED, seated_at=now)
            for key in keys
            for party in parties
        ]
        Seat.objects.bulk_create(seats)
        return len(seats)
