"""Registrations: who takes part in which dates, and how many seats of a date are taken."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from events.enums import RegistrationState, SeatState
from events.models.occurrence import Occurrence


class SeatCountQuerySet(models.QuerySet["SeatCount"]):
    """Questions about the seats of many dates."""

    def full(self) -> SeatCountQuerySet:
        """Keep the dates at which nobody gets a seat at once: none is free, or people wait for those that are."""
        return self.filter(Q(capacity__lte=F("taken")) | Q(waiting__gt=0))


class SeatCount(models.Model):
    """How many seats of a date there are and how many are taken: the row that whoever takes seats must change.

    `allowed` is what the database holds `taken` to: the capacity, or more where it was lowered below those who have
    seats, or where staff seated more knowingly. None stands for no limit.
    """

    occurrence = models.OneToOneField(Occurrence, primary_key=True, on_delete=models.CASCADE, related_name="seat_count")
    capacity = models.PositiveIntegerField(null=True)
    allowed = models.PositiveIntegerField(null=True)
    taken = models.PositiveIntegerField(default=0)
    # How many parties wait, and how many ever did: the next one gets the next number.
    waiting = models.PositiveIntegerField(default=0)
    numbered = models.PositiveIntegerField(default=0)

    objects = SeatCountQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="events_never_oversold", condition=Q(allowed=None) | Q(taken__lte=F("allowed"))
            ),
            models.CheckConstraint(
                name="events_capacity_is_allowed",
                condition=Q(capacity=None, allowed=None) | Q(capacity__lte=F("allowed")),
            ),
        ]

    def __str__(self):
        return f"{self.occurrence_id}: {self.taken}/{self.capacity}"

    @property
    def free(self) -> int | None:
        """How many seats are free, 0 where more are taken than there are; None without a limit."""
        return None if self.capacity is None else max(0, self.capacity - self.taken)

    @property
    def over(self) -> int:
        """By how many the date is overbooked."""
        return 0 if self.capacity is None else max(0, self.taken - self.capacity)


class Registration(models.Model):
    """A party that takes part in one date or several of an event; how, stands in its seats."""

    event = models.ForeignKey("events.Event", on_delete=models.PROTECT, related_name="registrations")
    # Says who is meant at the door and in an address; of so many letters that nobody guesses one.
    code = models.CharField(max_length=16, unique=True)
    # The form that was sent: sent twice, it registers once.
    form_key = models.CharField(max_length=64, unique=True)
    state = models.CharField(_("state"), max_length=12, choices=RegistrationState.choices)
    # Until when seats are held for somebody whose address isn't proven yet.
    held_until = models.DateTimeField(null=True, db_index=True)

    name = models.CharField(_("name"), max_length=200)
    email = models.EmailField(_("e-mail"), blank=True)
    # The address, so that one can count what it has and nobody can read it once the rest is forgotten.
    address_digest = models.CharField(max_length=64, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    people = models.PositiveSmallIntegerField(_("people"))
    language = models.CharField(_("language"), max_length=8)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="registrations"
    )

    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("registration")
        verbose_name_plural = _("registrations")
        constraints = [
            models.CheckConstraint(name="events_party_of_one_at_least", condition=Q(people__gte=1)),
            models.CheckConstraint(
                name="events_held_until_a_moment",
                condition=Q(state=RegistrationState.HELD, held_until__isnull=False)
                | (~Q(state=RegistrationState.HELD) & Q(held_until=None)),
            ),
        ]
        indexes = [models.Index(fields=["event", "address_digest"], name="events_by_address")]

    def __str__(self):
        return f"{self.code} {self.event_id}"

    @property
    def is_over(self) -> bool:
        """Whether it was cancelled, or lapsed."""
        return self.state in (RegistrationState.CANCELLED, RegistrationState.LAPSED)

    def has_run_out(self, now: datetime) -> bool:
        """Return whether the time is over in which its address was to be proven."""
        return self.held_until is not None and self.held_until <= now


class Seat(models.Model):
    """What a party has at one date: seats, or a place in the waiting list."""

    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="seats")
    occurrence = models.ForeignKey(Occurrence, on_delete=models.PROTECT, related_name="seats")
    state = models.CharField(_("state"), max_length=8, choices=SeatState.choices)
    people = models.PositiveSmallIntegerField(_("people"))
    # The number drawn in the waiting list of the date; it stays when those in front leave.
    number = models.PositiveIntegerField(null=True)
    seated_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = pgettext_lazy("at a date", "seat")
        verbose_name_plural = pgettext_lazy("at a date", "seats")
        constraints = [
            models.UniqueConstraint(fields=["registration", "occurrence"], name="events_party_once_a_date"),
            models.UniqueConstraint(fields=["occurrence", "number"], name="events_number_drawn_once"),
            models.CheckConstraint(
                name="events_number_while_waiting",
                condition=~Q(state=SeatState.WAITING) | Q(number__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["occurrence", "number"], condition=Q(state=SeatState.WAITING), name="events_in_line")
        ]

    def __str__(self):
        return f"{self.registration_id} {self.occurrence_id}: {self.state}"
