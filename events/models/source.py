"""Calendars of others that the network shows beside its own events, and what was read of them."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from branches.models import Branch
from core.labels import LabelField, label_in
from core.models import Audience, Topic
from events.sources.addresses import LONGEST, target_of
from events.sources.entries import LONGEST_ADDRESS, LONGEST_PLACE, LONGEST_TITLE, LONGEST_UID
from events.sources.faults import Fault, SourceError
from events.sources.words import explain

# A source that has not been read for so long is looked after by nobody.
ALARMING_AGE = timedelta(days=3)


class CalendarSource(models.Model):
    """Somebody else's calendar: where it is read, how its dates are sorted in, and how the last reading went."""

    site = models.ForeignKey(
        "wagtailcore.Site", verbose_name=_("site"), on_delete=models.CASCADE, related_name="calendar_sources"
    )
    name = LabelField(
        _("whose calendar it is"),
        max_length=80,
        help_text=_("Stands beside each of its events, such as “City school 5”."),
    )
    address = models.CharField(
        _("address of the calendar"),
        max_length=LONGEST,
        help_text=_("Begins with https:// or webcal:// and leads to an iCal file, often ending in .ics."),
    )
    page_url = models.URLField(
        _("their page for people"),
        max_length=LONGEST_ADDRESS,
        validators=[URLValidator(schemes=["http", "https"])],
        help_text=_("Readers get there from an event that has no address of its own."),
    )
    branch = models.ForeignKey(
        Branch,
        verbose_name=_("held at the branch"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("If all of it is held there; its events then stand in the branch's list, too."),
    )
    place = LabelField(
        _("or at the place"), max_length=200, blank=True, help_text=_("For entries that name no place themselves.")
    )
    audiences = models.ManyToManyField(Audience, verbose_name=_("for whom"), blank=True, related_name="+")
    topics = models.ManyToManyField(Topic, verbose_name=_("topics"), blank=True, related_name="+")
    language = models.CharField(
        pgettext_lazy("calendar of others", "language of its words"),
        max_length=8,
        choices=settings.LANGUAGES,
        help_text=_("Readers of other languages are told of it."),
    )
    active = models.BooleanField(
        pgettext_lazy("calendar of others", "shown"),
        default=True,
        help_text=_("Off: it is no longer read, and its events disappear from lists until it is on again."),
    )

    next_read_at = models.DateTimeField(null=True, editable=False, db_index=True)
    tried_at = models.DateTimeField(null=True, editable=False)
    read_at = models.DateTimeField(null=True, editable=False)
    expanded_at = models.DateTimeField(null=True, editable=False)
    failures = models.PositiveIntegerField(default=0, editable=False)
    fault = models.CharField(max_length=20, blank=True, editable=False)
    fault_detail = models.CharField(max_length=200, blank=True, editable=False)
    etag = models.CharField(max_length=200, blank=True, editable=False)
    last_modified = models.CharField(max_length=100, blank=True, editable=False)
    is_partial = models.BooleanField(default=False, editable=False)
    left_out = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("calendar of others")
        verbose_name_plural = _("calendars of others")
        ordering = ("pk",)

    def __str__(self):
        return label_in(self.name) or self.address

    def clean(self):
        super().clean()
        from events.sources.taking import own_hosts

        if not self.address:
            return
        try:
            target_of(self.address, loopback_port=settings.CALENDAR_LOOPBACK_PORT, own_hosts=own_hosts())
        except SourceError as error:
            raise ValidationError({"address": explain(error.fault)}) from None

    @property
    def explanation(self) -> str:
        """What is wrong with it, in words of the active language; empty while it is well."""
        if not self.fault:
            return ""
        words = explain(Fault(self.fault))
        return f"{words} ({self.fault_detail})" if self.fault_detail else words

    def is_alarming(self, now: datetime) -> bool:
        """Return whether what readers see of it is old enough to be wrong."""
        return self.active and now - (self.read_at or self.created_at) > ALARMING_AGE


class ImportedEntry(models.Model):
    """The words of an event that stands in somebody else's calendar, and which entry there it is."""

    event = models.OneToOneField("events.Event", on_delete=models.CASCADE, related_name="imported")
    source = models.ForeignKey(CalendarSource, null=True, on_delete=models.SET_NULL, related_name="entries")
    uid = models.CharField(max_length=LONGEST_UID)
    recurrence_id = models.CharField(max_length=20, blank=True)
    title = models.CharField(max_length=LONGEST_TITLE, blank=True)
    description = models.TextField(blank=True)
    url = models.CharField(max_length=LONGEST_ADDRESS, blank=True)
    location = models.CharField(max_length=LONGEST_PLACE, blank=True)
    language = models.CharField(max_length=8)
    # In small letters, so that every database finds Cyrillic words whatever their case.
    searched = models.TextField(blank=True)
    # Of the entry and of how it was sorted in, when it was last taken.
    digest = models.CharField(max_length=32, blank=True)

    # Thousands are written at a time, and nobody asks what they refer to.
    wagtail_reference_index_ignore = True

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "uid", "recurrence_id"], name="events_one_row_per_entry")
        ]

    def __str__(self):
        return self.title or self.uid
