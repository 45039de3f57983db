"""Occurrences: the dates of events, their texts in feeds, and where they once were listed."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.fields import LocalDateTimeField
from core.labels import LabelField
from core.localtime import start_of_day
from events.enums import OccurrenceState

# What lasts longer than this is a long run, listed as "on now": so lists look back no further than this.
LONGEST_SHORT = timedelta(days=7)


class OccurrenceQuerySet(models.QuerySet):
    """Questions about dates; days are local days of `zone`."""

    def public(self):
        """Keep the dates that readers may see: of public events, not withdrawn."""
        return self.filter(event__is_public=True).exclude(state=OccurrenceState.WITHDRAWN)

    def on(self, sites):
        """Keep the dates of events of the given sites."""
        return self.filter(event__site__in=sites)

    def between(self, first: date, last: date, zone: ZoneInfo):
        """Keep short dates that touch the days from `first` to `last`, both included, in order of time."""
        since, until = start_of_day(first, zone), start_of_day(last + timedelta(days=1), zone)
        return self._overlapping(since, until)

    def upcoming(self, now: datetime):
        """Keep short dates that have not ended, in order of time."""
        return self.filter(long_run=False, starts_at__gt=now - LONGEST_SHORT, ends_at__gt=now).order_by(
            "starts_at", "pk"
        )

    def on_now(self, now: datetime):
        """Keep long runs that have not ended and begin before tomorrow, those ending first in front."""
        return self.filter(long_run=True, starts_at__lte=now, ends_at__gt=now).order_by("ends_at", "pk")

    def long_runs_between(self, first: date, last: date, zone: ZoneInfo):
        """Keep long runs that touch the days."""
        since, until = start_of_day(first, zone), start_of_day(last + timedelta(days=1), zone)
        return self.filter(long_run=True, starts_at__lt=until, ends_at__gt=since).order_by("ends_at", "pk")

    def _overlapping(self, since: datetime, until: datetime):
        return self.filter(
            long_run=False, starts_at__gt=since - LONGEST_SHORT, starts_at__lt=until, ends_at__gt=since
        ).order_by("starts_at", "pk")


class Occurrence(models.Model):
    """One date of one event; the row and its `uid` stay for ever."""

    event = models.ForeignKey("events.Event", on_delete=models.CASCADE, related_name="occurrences")
    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    slot = LocalDateTimeField(help_text="The original local date and time given by the plan.")
    # What the plan says ...
    planned_start = LocalDateTimeField()
    planned_end = LocalDateTimeField()
    # ... what an operation says instead ...
    moved_start = LocalDateTimeField(null=True)
    moved_end = LocalDateTimeField(null=True)
    # ... and what therefore holds.
    local_start = LocalDateTimeField()
    local_end = LocalDateTimeField()
    zone = models.CharField(max_length=64)
    all_day = models.BooleanField(default=False)
    long_run = models.BooleanField(default=False)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    branch = models.ForeignKey("branches.Branch", null=True, on_delete=models.PROTECT, related_name="occurrences")
    moved_branch = models.ForeignKey("branches.Branch", null=True, on_delete=models.PROTECT, related_name="+")
    place = LabelField(max_length=200, blank=True)
    state = models.CharField(max_length=10, choices=OccurrenceState.choices, default=OccurrenceState.SCHEDULED)
    cancelled = models.BooleanField(default=False, help_text="By an operation, whatever the plan says.")
    reason = LabelField(_("reason"), max_length=200, blank=True)
    note = LabelField(_("note"), max_length=200, blank=True)

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
            models.CheckConstraint(
                condition=models.Q(ends_at__gte=models.F("starts_at")), name="events_ends_after_start"
            ),
        ]
        indexes = [
            models.Index(fields=["long_run", "starts_at"], name="events_by_start"),
            models.Index(fields=["long_run", "ends_at"], name="events_by_end"),
            models.Index(fields=["branch", "starts_at"], name="events_by_branch"),
        ]

    def __str__(self):
        return f"{self.event_id} {self.local_start:%Y-%m-%d %H:%M}"

    @property
    def is_moved(self) -> bool:
        """Whether an operation gave the date another time."""
        return self.moved_start is not None

    @property
    def is_cancelled(self) -> bool:
        """Whether the date is announced as not taking place."""
        return self.state == OccurrenceState.CANCELLED

    @property
    def slot_key(self) -> str:
        """The slot as it stands in addresses."""
        return self.slot.isoformat(timespec="minutes")

    @property
    def last_day(self) -> date:
        """The last local day on which it takes place."""
        return (
            (self.local_end - timedelta(minutes=1)).date()
            if self.local_end > self.local_start
            else self.local_end.date()
        )


class OccurrenceText(models.Model):
    """The stored VEVENT of a date in one language; a feed is these texts joined."""

    occurrence = models.ForeignKey(Occurrence, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(max_length=8)
    text = models.TextField()
    digest = models.CharField(max_length=32)
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
