"""Registrations: seats are taken, given up and passed on; the only place that changes who has seats.

Each function is one transaction. Whoever changes the seats of a date changes its `SeatCount` first, those of several
dates in the order of their ids, and touches registrations and seats only afterwards: so nobody waits for each other.
"""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import Case, F, Q, Sum, Value, When
from django.db.models.functions import Greatest
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from events.enums import MOST_PEOPLE, OccurrenceState, RegistrationState, SeatState
from events.models.occurrence import Occurrence
from events.models.registration import Registration, Seat, SeatCount

if TYPE_CHECKING:
    from core.models import User
    from events.models import Event

# So long seats are held for somebody whose address isn't proven yet.
HOLD = timedelta(minutes=30)
# Letters and digits that nobody takes for each other, read aloud or off a screen.
CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 10


class RegistrationError(ValueError):
    """Why somebody can't have what they ask for; `message` says it in the visitor's language, nothing is changed."""

    def __init__(self, message):
        super().__init__(str(message))
        self.message = message


class FullError(RegistrationError):
    """There are not so many seats, and no waiting list."""


@dataclass(frozen=True, kw_only=True)
class Party:
    """Who wants to take part: as they say it themselves."""

    name: str
    people: int
    language: str
    email: str = ""
    phone: str = ""
    user: User | None = None
    # Of the form that was sent; the same key registers once.
    form_key: str = field(default_factory=lambda: secrets.token_urlsafe(24))

    @property
    def address_digest(self) -> str:
        """The address as it is counted by, the same however it is written."""
        return digest_of(self.email or self.phone)


def digest_of(address: str) -> str:
    """Return what an address is counted by: nobody gets the address from it, empty for none."""
    plain = "".join(address.split()).casefold()
    return salted_hmac("events.registrations", plain, algorithm="sha256").hexdigest() if plain else ""


# --- Taking seats -----------------------------------------------------------------------------------------------------


def register(event: Event, dates: Collection[Occurrence], party: Party, *, now: datetime) -> Registration:
    """Give a party seats at the dates, or a place in the waiting list; return the same again for the same form.

    A course is one: seats at all of its dates, or a place in each waiting list. Other dates stand for themselves.
    Raise RegistrationError, FullError among them, where that can't be.
    """
    sent = Registration.objects.filter(form_key=party.form_key)
    try:
        with transaction.atomic():
            return sent.first() or _register(event, dates, party, now)
    except IntegrityError:
        # The same form, sent twice at once: the other one was faster.
        known = sent.first()
        if known is None:
            raise
        return known


def _register(event: Event, dates: Collection[Occurrence], party: Party, now: datetime) -> Registration:
    _check_party(event, party.people)
    _check_dates(event, dates, now)
    keys = sorted(date.pk for date in dates)
    seated = _take_all(event, keys, party.people)
    _check_limit(event, keys, party)
    waiting = [key for key in keys if key not in seated]
    if waiting and event.no_waiting_list:
        raise FullError(_full(waiting))
    registration = _registration(event, party, now)
    numbers = _draw_numbers(waiting)
    Seat.objects.bulk_create(
        Seat(
            registration=registration, occurrence_id=key, people=party.people, number=numbers.get(key),
            state=SeatState.SEATED if key in seated else SeatState.WAITING,
            seated_at=now if key in seated else None,
        )
        for key in keys
    )  # fmt: skip
    return registration


def _check_party(event: Event, people: int) -> None:
    most = min(event.most_people, MOST_PEOPLE)
    if not 1 <= people <= most:
        raise RegistrationError(
            ngettext_lazy(
                "One person can be registered at once.", "Up to %(most)d people can be registered at once.", most
            )
            % {"most": most}
        )


def _check_dates(event: Event, dates: Collection[Occurrence], now: datetime) -> None:
    if not dates or not event.is_public or any(date.event_id != event.pk for date in dates):
        raise RegistrationError(_("This date can't be registered for."))
    if any(date.state != OccurrenceState.SCHEDULED for date in dates):
        raise RegistrationError(_("This date does not take place."))
    for date in dates:
        opens, closes = window(event, date)
        if opens is not None and now < opens:
            raise RegistrationError(_("Registration has not begun yet."))
        if now >= closes:
            raise RegistrationError(_("Registration for this date has ended."))


def window(event: Event, date: Occurrence) -> tuple[datetime | None, datetime]:
    """Return from when until when one can register for a date; None for "ever since it was announced"."""
    opens = None
    if event.registration_opens_hours is not None:
        opens = date.starts_at - timedelta(hours=event.registration_opens_hours)
    if event.registration_opens_at is not None:
        opens = event.registration_opens_at
    closes = date.starts_at - timedelta(hours=event.registration_closes_hours)
    if event.registration_closes_at is not None:
        closes = min(closes, event.registration_closes_at)
    return opens, closes


def _take_all(event: Event, keys: Sequence[int], people: int) -> set[int]:
    """Take seats at the dates, each by one conditional update; at all of a course or, if one is full, at none."""
    may_pass = event.smaller_may_pass
    if len(keys) == 1 and _take(keys[0], people, may_pass=may_pass):
        return set(keys)
    # Locked from here on, so that what is full now is full when the party is put in line.
    _lock(keys) or _count(event, keys)
    seated = {key for key in keys if _take(key, people, may_pass=may_pass)}
    if event.is_course and len(seated) < len(keys):
        for key in sorted(seated):
            _give_back(key, people)
        return set()
    return seated


def _lock(keys: Sequence[int]) -> list[SeatCount]:
    """Keep everybody else from the seats of some dates; return none where not all are counted yet."""
    counts = list(SeatCount.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk"))
    return counts if len(counts) == len(keys) else []


def _count(event: Event, keys: Sequence[int]) -> list[SeatCount]:
    """Let each date have a row in which its seats are counted, and lock them."""
    # Whoever changes the capacity holds the event, too.
    type(event).objects.select_for_update(no_key=True).get(pk=event.pk)
    dates = Occurrence.objects.select_related("event").filter(pk__in=keys)
    rows = [SeatCount(occurrence=date, capacity=date.capacity, allowed=date.capacity) for date in dates]
    SeatCount.objects.bulk_create(rows, ignore_conflicts=True)
    return _lock(keys)


def _take(key: int, people: int, *, may_pass: bool) -> bool:
    fits = Q(capacity=None) | Q(capacity__gte=F("taken") + people)
    # Nobody takes a free seat over the heads of those who wait for it.
    in_turn = Q() if may_pass else Q(waiting=0)
    return bool(SeatCount.objects.filter(fits, in_turn, pk=key).update(taken=F("taken") + people))


def _give_back(key: int, people: int) -> None:
    """Free seats; what was allowed beyond the capacity shrinks with them."""
    left = F("taken") - people
    allowed = Case(When(capacity=None, then=Value(None)), default=Greatest(F("capacity"), left))
    SeatCount.objects.filter(pk=key).update(taken=left, allowed=allowed)


def _check_limit(event: Event, keys: Sequence[int], party: Party) -> None:
    """Raise where an address would have more seats at a date than a party may; its seat counts are locked by now."""
    if not party.address_digest:
        return
    has = (
        Seat.objects.filter(occurrence__in=keys, registration__address_digest=party.address_digest)
        .exclude(state=SeatState.GIVEN_UP)
        .values("occurrence")
        .annotate(people=Sum("people"))
    )
    if any(one["people"] + party.people > event.most_people for one in has):
        raise RegistrationError(
            _("With this address as many people are registered already as one may register. Change their number there.")
        )


def _full(keys: Sequence[int]):
    free = min((count.free or 0 for count in SeatCount.objects.filter(pk__in=keys)), default=0)
    if not free:
        return _("All seats are taken.")
    return ngettext_lazy("Only %(free)d seat is free.", "Only %(free)d seats are free.", free) % {"free": free}


def _draw_numbers(keys: Sequence[int]) -> dict[int, int]:
    """Return the next number in the waiting list of each date."""
    if not keys:
        return {}
    SeatCount.objects.filter(pk__in=keys).update(waiting=F("waiting") + 1, numbered=F("numbered") + 1)
    return dict(SeatCount.objects.filter(pk__in=keys).values_list("pk", "numbered"))


def _registration(event: Event, party: Party, now: datetime) -> Registration:
    state = RegistrationState.ASKED if event.needs_approval else RegistrationState.CONFIRMED
    if event.proves_address and party.email:
        state = RegistrationState.HELD
    return Registration.objects.create(
        event=event, code=_new_code(), form_key=party.form_key, state=state,
        held_until=now + HOLD if state == RegistrationState.HELD else None,
        name=party.name, email=party.email, phone=party.phone, address_digest=party.address_digest,
        people=party.people, language=party.language, user=party.user,
    )  # fmt: skip


def _new_code() -> str:
    return "".join(secrets.choice(CODE_LETTERS) for _place in range(CODE_LENGTH))


# --- Giving seats up, and passing them on -----------------------------------------------------------------------------


def cancel(registration: Registration, *, now: datetime, dates: Collection[int] | None = None) -> list[Seat]:
    """Give up all seats of a party, or those at some dates; return the seats of those who move up.

    Cancelled twice it changes nothing. Dates that have begun stay as they are.
    """
    return _end(registration, RegistrationState.CANCELLED, now=now, dates=dates)


def lapse(now: datetime) -> int:
    """Give up what was held for people who did not prove their address in time; return how many."""
    held = Registration.objects.filter(state=RegistrationState.HELD, held_until__lte=now).order_by("pk")
    for registration in held:
        _end(registration, RegistrationState.LAPSED, now=now)
    return len(held)


def _end(
    registration: Registration, state: RegistrationState, *, now: datetime, dates: Collection[int] | None = None
) -> list[Seat]:
    with transaction.atomic():
        keys = _locked_dates(registration)
        row = Registration.objects.select_for_update(no_key=True).get(pk=registration.pk)
        lapses = state == RegistrationState.LAPSED
        if row.is_over or (lapses and not row.has_run_out(now)):
            return []
        seats = row.seats.exclude(state=SeatState.GIVEN_UP).filter(occurrence__starts_at__gt=now)
        if dates is not None:
            seats = seats.filter(occurrence__in=dates)
        freed = list(seats)
        for seat in freed:
            _free(seat)
        if dates is None or not row.seats.exclude(state=SeatState.GIVEN_UP).exists():
            row.state, row.held_until, row.ended_at = state, None, now
            row.save(update_fields=["state", "held_until", "ended_at"])
        return _promote(row.event, keys, now=now)


def _locked_dates(registration: Registration) -> list[int]:
    """Lock the seats of the party's dates, those of the whole course if it is one; return the ids of the dates."""
    event = registration.event
    mine = Seat.objects.filter(registration__event=event) if event.is_course else registration.seats
    keys = sorted(set(mine.values_list("occurrence", flat=True)))
    _lock(keys)
    return keys


def _free(seat: Seat) -> None:
    if seat.state == SeatState.SEATED:
        _give_back(seat.occurrence_id, seat.people)
    else:
        SeatCount.objects.filter(pk=seat.occurrence_id).update(waiting=F("waiting") - 1)
    seat.state = SeatState.GIVEN_UP
    seat.save(update_fields=["state"])


def promote(event: Event, *, now: datetime) -> list[Seat]:
    """Seat those who wait, as far as seats are free; return their seats, in the order of the line."""
    with transaction.atomic():
        keys = sorted(SeatCount.objects.filter(occurrence__event=event, waiting__gt=0).values_list("pk", flat=True))
        if event.is_course and keys:
            keys = sorted(SeatCount.objects.filter(occurrence__event=event).values_list("pk", flat=True))
        _lock(keys)
        return _promote(event, keys, now=now)


def _promote(event: Event, keys: Sequence[int], *, now: datetime) -> list[Seat]:
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


def prove_address(registration: Registration, *, now: datetime) -> Registration:
    """Keep what was held for somebody whose address is proven now; raise where it has lapsed or was cancelled."""
    with transaction.atomic():
        keys = _locked_dates(registration)
        row = Registration.objects.select_for_update(no_key=True).get(pk=registration.pk)
        if row.is_over or row.has_run_out(now):
            raise RegistrationError(_("This registration has lapsed. Please register again."))
        if row.state == RegistrationState.HELD:
            row.state = RegistrationState.ASKED if row.event.needs_approval else RegistrationState.CONFIRMED
            row.held_until = None
            row.save(update_fields=["state", "held_until"])
            _promote(row.event, keys, now=now)
    return row


def change_people(registration: Registration, people: int, *, now: datetime) -> list[Seat]:
    """Let a party be larger or smaller at all dates to come; return the seats of those who move up.

    It grows only where seats are free and nobody waits, at all of its dates or at none. In the waiting list it keeps
    its place. Raise RegistrationError where that can't be.
    """
    with transaction.atomic():
        keys = _locked_dates(registration)
        row = Registration.objects.select_for_update(no_key=True).get(pk=registration.pk)
        if row.is_over:
            raise RegistrationError(_("This registration was cancelled."))
        _check_party(row.event, people)
        more = people - row.people
        coming = row.seats.exclude(state=SeatState.GIVEN_UP).filter(occurrence__starts_at__gt=now)
        for seat in coming.filter(state=SeatState.SEATED).order_by("occurrence_id"):
            if more < 0:
                _give_back(seat.occurrence_id, -more)
            elif more and not _take(seat.occurrence_id, more, may_pass=row.event.smaller_may_pass):
                raise FullError(_full([seat.occurrence_id]))
        coming.update(people=people)
        row.people = people
        row.save(update_fields=["people"])
        return _promote(row.event, keys, now=now)


# --- What happens to the event ----------------------------------------------------------------------------------------


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
        counts = {count.pk: count for count in _lock(keys)}
        changed = []
        for date in Occurrence.objects.select_related("event").filter(pk__in=counts):
            count = counts[date.pk]
            if count.capacity != date.capacity:
                count.capacity = date.capacity
                count.allowed = None if date.capacity is None else max(date.capacity, count.taken)
                changed.append(count)
        SeatCount.objects.bulk_update(changed, ["capacity", "allowed"])
        return _promote(event, keys, now=now) if changed else []


def seat_anyway(seat: Seat, *, now: datetime) -> Seat:
    """Let staff seat a party that waits, knowingly beyond the capacity if need be."""
    with transaction.atomic():
        _lock([seat.occurrence_id])
        row = Seat.objects.select_for_update(no_key=True).get(pk=seat.pk)
        if row.state == SeatState.WAITING:
            left = F("taken") + row.people
            allowed = Case(When(capacity=None, then=Value(None)), default=Greatest(F("allowed"), left))
            SeatCount.objects.filter(pk=row.occurrence_id).update(taken=left, allowed=allowed, waiting=F("waiting") - 1)
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
        _lock(keys) or _count(event, keys)
        people = sum(party.people for party in parties)
        left = F("taken") + people
        allowed = Case(When(capacity=None, then=Value(None)), default=Greatest(F("allowed"), left))
        SeatCount.objects.filter(pk__in=keys).update(taken=left, allowed=allowed)
        seats = [
            Seat(registration=party, occurrence_id=key, people=party.people, state=SeatState.SEATED, seated_at=now)
            for key in keys
            for party in parties
        ]
        Seat.objects.bulk_create(seats)
        return len(seats)


# --- Asking -----------------------------------------------------------------------------------------------------------


def place_in_line(seat: Seat) -> int:
    """Return how many parties wait at a date up to this one, itself included."""
    waiting = Seat.objects.filter(occurrence=seat.occurrence_id, state=SeatState.WAITING)
    return waiting.filter(number__lte=seat.number).count()
