"""Until when a branch is closed today: the ready answers, and a moment in words."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from branches.listing import main_kind
from branches.models import Branch
from branches.opening_hours import day_hours, state_at
from core.date_words import clock_words, date_words
from core.localtime import start_of_day, to_local, to_utc

TODAY, TOMORROW = "today", "tomorrow"


def is_closed(branch: Branch) -> bool:
    """Return whether an emergency closes the branch now."""
    return branch.closed_until is not None and branch.closed_until > timezone.now()


def until_words(moment: datetime, branch: Branch) -> str:
    """Return a moment by the clock of the branch, in words."""
    local = to_local(moment, branch.zoneinfo)
    day = date_words(local.date(), today=timezone.localdate())
    return _("%(date)s, %(time)s") % {"date": day, "time": clock_words(local)}


def ready_moments(branch: Branch, now: datetime) -> dict[str, datetime]:
    """Return when the branch closes today and opens on a later day, in UTC; what is not known is left out."""
    hours, kind, zone = branch.opening_hours, main_kind(branch), branch.zoneinfo
    today = to_local(now, zone).date()
    moments: dict[str, datetime] = {}
    intervals = day_hours(hours, kind, today).intervals
    if intervals:
        midnight = datetime.combine(today, datetime.min.time())
        closing = to_utc(midnight + timedelta(minutes=max(one.end for one in intervals)), zone)
        if closing > now:
            moments[TODAY] = closing
    tomorrow = start_of_day(today + timedelta(days=1), zone)
    state = state_at(hours, kind, tomorrow, zone)
    opening = tomorrow if state.is_open else state.next_open
    if opening is not None:
        moments[TOMORROW] = opening
    return moments
