"""List the worker's jobs."""

from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from core.models import Job
from core.worker import Registry, registered_jobs


class Command(BaseCommand):
    help = "Lists the worker's jobs: when each ran, when it runs next, and what went wrong."

    def handle(self, *args: Any, **options: Any) -> None:
        now, jobs = timezone.now(), registered_jobs()
        for row in Job.objects.all():
            self.stdout.write(line(row, jobs, now))


def line(row: Job, jobs: Registry, now: datetime) -> str:
    """Return one job as a line of text."""
    parts = [f"{row.name}: {standing(row, jobs, now)}", f"{row.runs} runs"]
    if row.last_finished:
        parts.append(f"last ended {row.last_finished:%Y-%m-%d %H:%M:%S} UTC")
    if row.last_report:
        parts.append(row.last_report)
    if row.last_error:
        parts.append(f"FAILED ({row.failures} in a row): {row.last_error}")
    return ", ".join(parts)


def standing(row: Job, jobs: Registry, now: datetime) -> str:
    """Return what a job is doing at a moment."""
    if row.name not in jobs:
        return "no longer known"
    if row.lease_until and row.lease_until > now:
        return f"running, held by {row.lease_owner}"
    if row.next_run_at <= now:
        return "due"
    return f"next at {row.next_run_at:%Y-%m-%d %H:%M:%S} UTC"
