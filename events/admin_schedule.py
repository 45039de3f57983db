"""Asks about a schedule that may be a slip, once it is stored, and fills in where a new event is held."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils import timezone
from wagtail.admin import messages
from wagtail.models import Page

from branches.models import BranchPage
from events.domain.plan import horizon, schedule_of
from events.models import EventPage
from events.recurrence import RuleError
from events.schedule import ScheduleError
from events.schedule_problems import Level, problems


def ask_about_schedule(request: HttpRequest, page: Page) -> None:
    """Ask the editor of an event that was just saved; for Wagtail's hooks."""
    # Drafts that save themselves while somebody types would ask again and again.
    if not isinstance(page, EventPage) or not page.is_source or not request.accepts("text/html"):
        return
    if page.starts_on is None:
        return
    try:
        found = problems(schedule_of(page), horizon=horizon(max(timezone.localdate(), page.starts_on)))
    except (ScheduleError, RuleError):
        # A draft may still contradict itself.
        return
    for problem in found:
        if problem.level == Level.QUESTION:
            messages.warning(request, problem.message)


def fill_in_branch(sender, page: Page, parent: Page, **_kwargs) -> None:
    """Let a new event below a branch be held there until somebody says something else."""
    if isinstance(page, EventPage) and isinstance(parent.specific, BranchPage):
        page.branch = parent.specific.record
