"""Where the admin tells of dates on closed days: when a closure, an event or a moved date is saved."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.admin import messages
from wagtail.admin.widgets.button import Button
from wagtail.models import Page

from branches.domain.closed_times import ClosedTime, closed_at
from branches.domain.closures import Touched
from branches.models import Branch, BranchPage
from core.models import User
from events.admin_closed_dates_words import why_words
from events.domain.closed_dates import touched_dates
from events.domain.plan import horizon, schedule_of
from events.enums import Format
from events.models import EventPage, Occurrence
from events.recurrence import RuleError
from events.schedule import ScheduleError, expand

# So many dates are named one by one.
SHOWN = 5


def list_url(branch: Branch | None = None) -> str:
    """Return the address of the list of dates on closed days, of one branch or of all."""
    return reverse("events:closed_days") + (f"?branch={branch.key}" if branch else "")


def touched_by(branch: Branch) -> Touched | None:
    """Say how many dates the closures of a branch touch; for the hook of branches."""
    number = len(touched_dates(branch, now=timezone.now()))
    if not number:
        return None
    sentence = ngettext(
        "%(number)s date is planned for a time at which the branch is closed.",
        "%(number)s dates are planned for times at which the branch is closed.",
        number,
    ) % {"number": number}
    return Touched(sentence, _("Keep, move or cancel"), list_url(branch))


def header_buttons(page: Page, user: User, next_url: str | None = None, view_name: str = "") -> Iterator[Button]:
    """Yield the button that leads from a branch's form to its dates on closed days."""
    if view_name == "edit" and isinstance(page, BranchPage) and page.record is not None:
        yield Button(_("Dates on closed days"), list_url(page.record), icon_name="calendar-alt", priority=7)


def warn_of_closed_days(request: HttpRequest, page: Page) -> None:
    """Warn who has just saved an event of dates on which its branch is closed; for Wagtail's hooks."""
    if not isinstance(page, EventPage) or not page.is_source or not request.accepts("text/html"):
        return
    if page.starts_on is None or page.format == Format.ONLINE or page.long_run:
        return
    try:
        found = list(_closed_plan(page))
    except (ScheduleError, RuleError):
        return
    if found:
        _warn(request, found)


def _closed_plan(page: EventPage) -> Iterator[ClosedTime]:
    now, today = timezone.now(), timezone.localdate()
    schedule = schedule_of(page)
    branches = {branch.key: branch for branch in Branch.objects.filter(key__in=_keys(page, schedule))}
    for planned in expand(schedule, until=horizon(max(today, page.starts_on))):
        key = planned.branch or ("" if planned.place else (page.branch.key if page.branch else ""))
        branch = branches.get(key)
        if branch is None or planned.end.date() < today:
            continue
        closed = closed_at(branch, planned.start, planned.end, all_day=schedule.all_day, now=now)
        if closed is not None:
            yield closed


def _keys(page: EventPage, schedule) -> set[str]:
    return {added.branch for added in schedule.added if added.branch} | ({page.branch.key} if page.branch else set())


def warn_of_closed_date(request: HttpRequest, row: Occurrence) -> None:
    """Warn who has just moved a date to a time at which the branch is closed."""
    if row.branch is None or row.event.format == Format.ONLINE or row.cancelled:
        return
    closed = closed_at(row.branch, row.local_start, row.local_end, all_day=row.all_day, now=timezone.now())
    if closed is not None:
        _warn(request, [closed])


def _warn(request: HttpRequest, found: list[ClosedTime]) -> None:
    words = "; ".join(why_words(closed) for closed in found[:SHOWN])
    if len(found) > SHOWN:
        words = _("%(dates)s and %(number)s more") % {"dates": words, "number": len(found) - SHOWN}
    messages.warning(request, _("The branch is closed then: %(dates)s.") % {"dates": words})
