"""Registrations: somebody registers, proves an address, becomes more or fewer, cancels.

Each function is one transaction; which lock comes first stands in `events.domain.seats`.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import F, Sum
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from events.domain.seats import draw_numbers, give_back, lock, promote_at, take, take_all
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
    seated = take_all(event, keys, party.people)
    _check_limit(event, keys, party)
    waiting = [key for key in keys if key not in seated]
    if waiting and event.no_waiting_list:
        raise FullError(_full(waiting))
    registration = _registration(event, party, now)
    numbers = draw_numbers(waiting)
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
        return promote_at(row.event, keys, now=now)


def _locked_dates(registration: Registration) -> list[int]:
    """Lock the seats of the party's dates, those of the whole course if it is one; return the ids of the dates."""
    event = registration.event
    mine = Seat.objects.filter(registration__event=event) if event.is_course else registration.seats
    keys = sorted(set(mine.values_list("occurrence", flat=True)))
    lock(keys)
    return keys


def _free(seat: Seat) -> None:
    if seat.state == SeatState.SEATED:
        give_back(seat.occurrence_id, seat.people)
    else:
        SeatCount.objects.filter(pk=seat.occurrence_id).update(waiting=F("waiting") - 1)
    seat.state = SeatState.GIVEN_UP
    seat.save(update_fields=["state"])


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
            promote_at(row.event, keys, now=now)
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
                give_back(seat.occurrence_id, -more)
            elif more and not take(seat.occurrence_id, more, may_pass=row.event.smaller_may_pass):
                raise FullError(_full([seat.occurrence_id]))
        coming.update(people=people)
        row.people = people
        row.save(update_fields=["people"])
        return promote_at(row.event, keys, now=now)


def _full(keys: Sequence[int]):
    free = min((count.free or 0 for count in SeatCount.objects.filter(pk__in=keys)), default=0)
    if not free:
        return _("All seats are taken.")
    return ngettext_lazy("Only %(free)d seat is free.", "Only %(free)d seats are free.", free) % {"free": free}


# --- Asking -----------------------------------------------------------------------------------------------------------


def place_in_line(seat: Seat) -> int:
    """Return how many parties wait at a date up to this one, itself included."""
    waiting = Seat.objects.filter(occurrence=seat.occurrence_id, state=SeatState.WAITING)
    return waiting.filter(number__lte=seat.number).count()
