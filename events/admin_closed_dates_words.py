"""What the admin says of dates on closed days: whose they are, why the doors are closed, and who decides."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from wagtail.models import GroupPagePermission, Page

from branches.domain.closed_times import ClosedTime
from branches.opening_words import day_words
from core.date_words import date_words
from core.labels import label_in
from core.models import User
from core.page_words import words_for
from events.models import Event, EventPage, Occurrence


def event_titles(rows: Iterable[Occurrence]) -> dict[int, str]:
    """Return the title of each date's event by the event's id, in the admin's language where there is one."""
    events = list({row.event_id: row.event for row in rows}.values())
    words = words_for(events, EventPage, language=get_language() or "", hidden=True)
    return {one.pk: words[one.pk].title if one.pk in words else str(one) for one in events}


def reason_words(closed: ClosedTime) -> str:
    """Return why the doors are closed, or the hours at which they are open, or else the day alone."""
    words = []
    if closed.hours:
        words.append(_("open %(hours)s") % {"hours": day_words(closed.hours)})
    if reason := label_in(closed.reason).rstrip("."):
        words.append(reason)
    return ", ".join(words) or date_words(closed.day, today=timezone.localdate(), weekday=True)


def why_words(closed: ClosedTime) -> str:
    """Return the day and why the doors are closed: its name, or the hours at which they are open."""
    day = date_words(closed.day, today=timezone.localdate(), weekday=True)
    return f"{day} ({reason_words(closed)})" if closed.hours or label_in(closed.reason) else day


def who_can(event: Event) -> str:
    """Return the names of those who may decide about the event, a few of them."""
    page = event.source_page
    if page is None:
        return _("an administrator")
    paths = [page.path[:length] for length in range(Page.steplen, len(page.path) + 1, Page.steplen)]
    groups = GroupPagePermission.objects.filter(page__path__in=paths, permission__codename="publish_page")
    people = User.objects.filter(is_active=True, groups__in=groups.values("group")).distinct().order_by("pk")[:3]
    return ", ".join(str(person) for person in people) or _("an administrator")
