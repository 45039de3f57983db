"""Occurrences: the dates of events, their texts in feeds, and where they once were listed."""

from __future__ import annotations

from dataclasses import fields
from datetime import date, datetime, timedelta
from itertools import starmap
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.query import ValuesListIterable
from django.utils.translation import gettext_lazy as _

from core.fields import LocalDateTimeField
from core.labels import Label, LabelField
from core.localtime import start_of_day
from events.dates import DateFacts, ListedDate
from events.enums import OccurrenceState

# What lasts longer than this by the wall clock is a long run, listed as "on now".
LONGEST_SHORT = timedelta(days=7)
# So far back may begin what lists look for: a change of the clocks or of the zone makes a week longer than seven days.
LOOK_BACK = LONGEST_SHORT + timedelta(days=1)
# Where a `ListedDate` has its values from.
OF_EVENTS = {
    "event_key": "event__translation_key",
    "event_source": "event__source_page",
    "event_state": "event__state",
    "event_filters": "event__filters",
}
LISTED = [OF_EVENTS.get(field.name, field.name) for field in fields(ListedDate)]


class ListedDates(ValuesListIterable):
    """Makes what lists show of dates out of the values that were read."""

    def __iter__(self):
        return starmap(ListedDate, super().__iter__())


class OccurrenceQuerySet(models.QuerySet):
    """Questions about dates; days are local days of `zone`.

    What is asked of the event is asked for each date, so that the database always walks along the index of the dates.
    """

    def of_events(self, **conditions):
        """Keep the dates of events for which the conditions hold."""
        events = self.model._meta.get_field("event").related_model.objects
        return self.filter(Exists(events.filter(pk=OuterRef("event"), **conditions)))

    def listed(self):
        """Read the dates as `ListedDate`: with a model for each and for its event, lists would take twice as long."""
        dates = self.values_list(*LISTED)
        dates._iterable_class = ListedDates
        return dates

    def announced(self):
        """Keep the dates that whoever may see the event is told of: those not withdrawn."""
        return self.exclude(state=OccurrenceState.WITHDRAWN)

    def public(self):
        """Keep the dates that all readers may see: the announced ones of public events."""
        return self.announced().of_events(is_public=True)

    def on(self, sites):
        """Keep the dates of events of the given sites."""
        return self.of_events(site__in=sites)

    def public_on(self, sites):
        """Keep what all readers of the given sites may see, for lists that read the event's columns anyway."""
        return self.announced().filter(event__is_public=True, event__site__in=sites)

    def upcoming(self, now: datetime, *, until: datetime | None = None):
        """Keep dates that have not ended, in order of time; a long run only until it begins: then it is on now."""
        found = self.filter(
            Q(starts_at__gte=now) | Q(long_run=False, ends_at__gt=now), starts_at__gte=now - LOOK_BACK
        ).order_by("starts_at", "pk")
        return found.filter(starts_at__lt=until) if until else found

    def on_now(self, now: datetime, *, until: datetime | None = None):
        """Keep long runs that have begun and not ended, those ending first in front; `until`: or begin before that."""
        return self.filter(long_run=True, starts_at__lt=until or now, ends_at__gt=now).order_by("ends_at", "pk")

    def over(self, now: datetime):
        """Keep dates that have ended, the last begun in front."""
        # That they began before is said as well, or the database would walk along all that is still to come.
        return self.filter(ends_at__lte=now, starts_at__lte=now).order_by("-starts_at", "-pk")

    def between(self, first: date, last: date, zone: ZoneInfo):
        """Keep short dates that touch the days from `first` to `last`, both included, in order of time."""
        since, until = start_of_day(first, zone), start_of_day(last + timedelta(days=1), zone)
        return self.upcoming(since, until=until).filter(long_run=False)

    def long_runs_between(self, first: date, last: date, zone: ZoneInfo):
        """Keep long runs that touch the days from `first` to `last`, both included, those ending first in front."""
        since, until = start_of_day(first, zone), start_of_day(last + timedelta(days=1), zone)
        return self.on_now(since, until=until)


class Occurrence(DateFacts, models.Model):
    """One date of one event; the row and its `uid` stay for ever."""

    event = models.ForeignKey("events.Event", on_delete=models.CASCADE, related_name="occurrences")
    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    slot = LocalDateTimeField(help_text="The original local date and time given by the plan.")
    # What the plan says ...
    planned_start = LocalDateTimeField()
    planned_end = LocalDateTimeField()
    planned_branch = models.ForeignKey(
        "branches.Branch", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    # ... what an operation says instead ...
    moved_start = LocalDateTimeField(null=True)
    moved_end = LocalDateTimeField(null=True)
    moved_branch = models.ForeignKey("branches.Branch", null=True, on_delete=models.PROTECT, related_name="+")
    moved_room = LabelField(_("room"), max_length=80, blank=True)
    moved_capacity = models.PositiveIntegerField(_("seats"), null=True)
    # ... and what therefore holds.
    local_start = LocalDateTimeField()
    local_end = LocalDateTimeField()
    zone = models.CharField(max_length=64)
    all_day = models.BooleanField(default=False)
    long_run = models.BooleanField(default=False, help_text="An exhibition, or whatever lasts longer than a week.")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    branch = models.ForeignKey("branches.Branch", null=True, on_delete=models.PROTECT, related_name="occurrences")
    place = LabelField(max_length=200, blank=True)
    state = models.CharField(max_length=10, choices=OccurrenceState.choices, default=OccurrenceState.SCHEDULED)
    cancelled = models.BooleanField(default=False, help_text="By an operation, whatever the plan says.")
    reason = LabelField(_("reason"), max_length=200, blank=True)
    note = LabelField(_("note"), max_length=200, blank=True)
    left_plan = models.BooleanField(default=False, help_text="No longer planned, and announced as cancelled for that.")

    sequence = models.PositiveIntegerField(default=0)
    facts_digest = models.CharField(max_length=32, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    objects = OccurrenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("date")
        verbose_name_plural = _("dates")
        constraints = [
            models.UniqueConstraint(fields=["event", "slot"], name="events_one_row_per_slot"),
            models.CheckConstraint(condition=Q(ends_at__gte=models.F("starts_at")), name="events_ends_after_start"),
        ]
        indexes = [
            models.Index(fields=["starts_at"], name="events_by_start"),
            models.Index(fields=["ends_at"], condition=Q(long_run=True), name="events_by_end"),
            models.Index(fields=["branch", "starts_at"], name="events_by_branch"),
        ]

    def __str__(self):
        return f"{self.event_id} {self.local_start:%Y-%m-%d %H:%M}"

    @property
    def is_where_usual(self) -> bool:
        """Whether it is held where the event is by its plan, so that the event's room is meant."""
        return (self.branch_id, self.where) == (self.event.branch_id, self.event.place)

    @property
    def room(self) -> Label:
        """The room in which it is held: that of an operation, else the event's where that can be meant."""
        return self.moved_room or (self.event.room if self.is_where_usual else {})

    @property
    def capacity(self) -> int | None:
        """How many seats it has; None where they are not limited."""
        return self.event.capacity if self.moved_capacity is None else self.moved_capacity

    @property
    def is_operated(self) -> bool:
        """Whether an operation made it another than planned."""
        return bool(
            self.cancelled
            or self.is_moved
            or self.moved_branch_id is not None
            or self.moved_room
            or self.moved_capacity is not None
            or self.note
        )


class OccurrenceText(models.Model):
    """The stored VEVENT of a date in one language; a feed is these texts joined."""

    occurrence = models.ForeignKey(Occurrence, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(max_length=8)
    text = models.TextField()
    modified_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["occurrence", "language"], name="events_one_text_per_language")]

    def __str__(self):
        return f"{self.occurrence_id} {self.language}"


class FilterKind(models.TextChoices):
    """The filters by which a feed can be narrowed."""

    BRANCH = "branch", _("branch")
    AUDIENCE = "audience", _("audience")
    TOPIC = "topic", _("topic")
    HELD_IN = "held_in", _("held in")


class IssuedKey(models.Model):
    """A public key that once stood in addresses of feeds: it answers for ever, and nothing else is ever given it."""

    kind = models.CharField(max_length=10, choices=FilterKind.choices)
    key = models.CharField(max_length=80)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="events_issued_once")]

    def __str__(self):
        return f"{self.kind}={self.key}"


class FormerFilter(models.Model):
    """A filter in which a date once was and no longer is: it stays there as a tombstone."""

    occurrence = models.ForeignKey(Occurrence, on_delete=models.CASCADE, related_name="former_filters")
    kind = models.CharField(max_length=10, choices=FilterKind.choices)
    key = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "key", "occurrence"], name="events_one_tombstone_per_filter")
        ]

    def __str__(self):
        return f"{self.kind}={self.key} {self.occurrence_id}"


class OperationLog(models.Model):
    """Who did what to a date or an event, and when."""

    event = models.ForeignKey("events.Event", on_delete=models.CASCADE, related_name="operations")
    occurrence = models.ForeignKey(Occurrence, null=True, on_delete=models.CASCADE, related_name="operations")
    action = models.CharField(max_length=20)
    details = models.JSONField(default=dict)
    user = models.ForeignKey("core.User", null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-at",)

    def __str__(self):
        return f"{self.action} {self.event_id}"


class FeedVersion(models.Model):
    """Counts the changes of a site's feeds, so that an unchanged feed need not be put together again."""

    site = models.OneToOneField("wagtailcore.Site", on_delete=models.CASCADE, related_name="+")
    number = models.PositiveBigIntegerField(default=0)

    def __str__(self):
        return f"{self.site_id}: {self.number}"
