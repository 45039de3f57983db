"""Attendance: how many people came to a date, by age; "not counted" is no row, which is something else than none."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from events.enums import AgeGroup
from events.models.occurrence import Occurrence


class Attendance(models.Model):
    """How many people of one age came to a date."""

    occurrence = models.ForeignKey(Occurrence, on_delete=models.CASCADE, related_name="attendance")
    group = models.CharField(_("age"), max_length=10, choices=AgeGroup.choices)
    people = models.PositiveIntegerField(_("people"))
    counted_at = models.DateTimeField(auto_now=True)
    counted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendance")
        constraints = [models.UniqueConstraint(fields=["occurrence", "group"], name="events_each_age_counted_once")]

    def __str__(self):
        return f"{self.occurrence_id} {self.group}: {self.people}"
