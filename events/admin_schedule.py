"""Asks about a schedule that may be a slip, tells what it could not change, fills in where a new event is held."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.models import Page

from branches.models import BranchPage
from events.admin_dates import when_words
from events.domain.begun import held_otherwise
from events.domain.plan import horizon, schedule_of
from events.models import Event, EventPage
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


def tell_of_begun_dates(request: HttpRequest, page: Page) -> None:
    """Tell who has just published an event which of its dates stay as they were announced; for Wagtail's hook."""
    if not isinstance(page, EventPage) or not page.is_source or "action-publish" not in request.POST:
        return
    event = Event.objects.filter(pk=page.record.pk, is_public=True).first()
    dates = held_otherwise(event, now=timezone.now()) if event else []
    if not dates:
        return
    today = timezone.localdate()
    sentence = _(
        "Already under way, and therefore left as announced but for the end: %(dates)s. "
        "If another time or place is right after all, move that date by itself."
    ) % {"dates": "; ".join(when_words(row, today) for row in dates)}
    button = messages.button(reverse("events:dates", args=[event.pk]), _("Dates: cancel, move"))
    messages.warning(request, sentence, buttons=[button])


def fill_in_branch(sender, page: Page, parent: Page, **_kwargs) -> None:
    """Let a new event below a branch be held there until somebody says something else."""
    if isinstance(page, EventPage) and isinstance(parent.specific, BranchPage):
        page.branch = parent.specific.record
