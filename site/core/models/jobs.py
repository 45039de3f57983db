"""The table of named jobs: when each runs next, who runs it now, and how its last run went."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class JobQuerySet(models.QuerySet["Job"]):
    """Questions about many jobs."""

    def free(self, now: datetime) -> JobQuerySet:
        """Return jobs that nobody holds: never taken, given back, or left by a worker whose lease has lapsed."""
        return self.filter(Q(lease_until=None) | Q(lease_until__lte=now))

    def due(self, now: datetime) -> JobQuerySet:
        """Return free jobs whose time has come, the longest overdue first."""
        return self.free(now).filter(next_run_at__lte=now).order_by("next_run_at", "name")

    def troubled(self) -> JobQuerySet:
        """Return jobs whose last run failed, wholly or in part."""
        return self.exclude(last_error="")


class Job(models.Model):
    """One named job of the worker, shared by all nodes."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    next_run_at = models.DateTimeField(_("next run at"))
    lease_owner = models.CharField(_("held by"), max_length=200, blank=True)
    lease_until = models.DateTimeField(_("held until"), null=True, blank=True)
    last_started = models.DateTimeField(_("last started at"), null=True, blank=True)
    last_finished = models.DateTimeField(_("last finished at"), null=True, blank=True)
    last_report = models.TextField(_("last report"), blank=True)
    last_error = models.TextField(_("last error"), blank=True)
    runs = models.PositiveBigIntegerField(_("runs"), default=0)
    failures = models.PositiveIntegerField(_("failures in a row"), default=0)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
