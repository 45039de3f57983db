"""The month in the admin: every date that readers see and every draft, by branch; a click edits or begins one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets.button import HeaderButton
from wagtail.permissions import page_permission_policy

from branches.admin_listing import branch_choices, branch_titles
from branches.models import Branch
from branches.opening_hours import closed_on
from core.admin_listing import MAY_WORK, edit_url
from core.admin_places import admin_language
from core.date_words import clock_words, month_words
from core.labels import label_in
from core.page_words import words_for
from core.sites import network_for, visible_site_ids
from events.domain.plan import schedule_of
from events.enums import EventState
from events.models import Event, EventPage, Occurrence
from events.months import Month
from events.recurrence import RuleError
from events.schedule import ScheduleError, expand

FIRST, LAST = Month(1900, 1), Month(2200, 12)
# Drafts that are looked at; whoever has more narrows the month to a branch.
MOST_DRAFTS = 300


@dataclass(frozen=True)
class Entry:
    """One date in the month: where a click leads, and what there is to tell in words; `is_draft` is not yet public."""

    day: date
    begins: datetime
    times: str
    title: str
    url: str
    place: str
    remarks: tuple[str, ...]
    is_draft: bool = False


@dataclass(frozen=True)
class Cell:
    """A day of the grid."""

    day: date
    entries: list[Entry]
    outside: bool
    today: bool
    closed: str
    add_url: str


class CalendarView(WagtailAdminTemplateMixin, TemplateView):
    """Shows the asked month, narrowed to a branch where one is asked for."""

    template_name = "events/admin/calendar.html"
    page_title = gettext_lazy("Calendar")
    header_icon = "calendar-alt"

    def dispatch(self, request, *args, **kwargs):
        if not page_permission_policy.user_has_any_permission(request.user, set(MAY_WORK)):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def month(self) -> Month:
        """The asked month, else this one."""
        text = self.request.GET.get("month", "")
        month = Month.parse(text) if text else Month.of(timezone.localdate())
        if not FIRST <= month <= LAST:
            raise Http404
        return month

    @cached_property
    def branch(self) -> Branch | None:
        """The asked branch."""
        key = self.request.GET.get("branch", "")
        if not key:
            return None
        branch = Branch.objects.filter(key=key, site__in=visible_site_ids(self.request)).first()
        if branch is None:
            raise BadRequest(_("There is no “%(key)s”.") % {"key": key[:60]})
        return branch

    @cached_property
    def header_buttons(self):
        return [
            HeaderButton(_("New event"), url=reverse("events:add"), icon_name="plus"),
            HeaderButton(_("List of events"), url=reverse("events:index"), icon_name="list-ul"),
        ]

    def get_breadcrumbs_items(self):
        return [
            *self.breadcrumbs_items,
            {"url": reverse("events:index"), "label": gettext_lazy("Events")},
            {"url": "", "label": self.get_page_title()},
        ]

    def address(self, month: Month) -> str:
        """Return the address of a month with the same branch."""
        query = {"month": str(month)} | ({"branch": self.branch.key} if self.branch else {})
        return f"{reverse('events:calendar')}?{urlencode(query)}"

    def get_context_data(self, **kwargs):
        days: dict[date, list[Entry]] = {}
        for entry in sorted(self.entries(), key=lambda one: (one.begins, one.title)):
            days.setdefault(entry.day, []).append(entry)
        today = timezone.localdate()
        return super().get_context_data(**kwargs) | {
            "month": self.month,
            "month_title": month_words(self.month.first, capital=True),
            "weeks": [[self.cell(day, days.get(day, []), today) for day in week] for week in self.month.weeks],
            "previous_url": self.address(self.month.previous) if self.month > FIRST else "",
            "next_url": self.address(self.month.next) if self.month < LAST else "",
            "branches": branch_choices(),
            "branch": self.branch,
            "is_empty": not days,
        }

    def cell(self, day: date, entries: list[Entry], today: date) -> Cell:
        """Return a day of the grid, with the way to a new event on it."""
        query = {"starts_on": day.isoformat()} | ({"branch": self.branch.key} if self.branch else {})
        return Cell(
            day=day,
            entries=entries,
            outside=day not in self.month,
            today=day == today,
            closed=self.closed(day),
            add_url=f"{reverse('events:add')}?{urlencode(query)}",
        )

    def closed(self, day: date) -> str:
        """Return why the asked branch is closed on a day, empty where it isn't."""
        found = closed_on(self.branch.opening_hours, day) if self.branch else None
        return (label_in(dict(found.reason)) or _("closed")) if found else ""

    def entries(self) -> Iterator[Entry]:
        """Yield the dates of the grid: those that readers see, then those of drafts that the user may edit."""
        first, last = self.month.grid
        user = self.request.user
        own = set(
            page_permission_policy.instances_user_has_any_permission_for(user, {"change"})
            .filter(pk__in=EventPage.objects.values("pk"))
            .values_list("pk", flat=True)
        )
        yield from self._published(first, last, own)
        yield from self._drafts(first, last, own)

    def _published(self, first: date, last: date, own: set[int]) -> Iterator[Entry]:
        zone = ZoneInfo(network_for(self.request).zone)
        dates = Occurrence.objects.public_on(visible_site_ids(self.request))
        dates = dates.filter(branch=self.branch) if self.branch else dates
        rows = list(dates.select_related("event").between(first, last, zone))
        rows += dates.select_related("event").long_runs_between(first, last, zone)
        titles = branch_titles(Branch.objects.filter(pk__in={row.branch_id for row in rows} - {None}))
        words = words_for(
            list({row.event_id: row.event for row in rows}.values()), EventPage, language=self.language, hidden=True
        )
        back = self.address(self.month)
        for row in rows:
            source = row.event.source_page_id
            found = words.get(row.event_id)
            url = edit_url(EventPage(pk=source), back) if source in own else (found.path if found else "")
            place = label_in(row.where) or titles.get(row.branch_id, "")
            for day in _shown_days(row, first, last):
                yield _entry(row, day, title=found.title if found else row.event.key, url=url, place=place)

    @cached_property
    def language(self) -> str:
        """The language in which the person at the admin reads."""
        return admin_language()

    def _drafts(self, first: date, last: date, own: set[int]) -> Iterator[Entry]:
        sources = Event.objects.exclude(source_page=None).values("source_page")
        pages = EventPage.objects.filter(
            pk__in=sources, live=False, alias_of=None, is_template=False, starts_on__lte=last
        ).select_related("branch")
        if self.branch:
            pages = pages.filter(branch=self.branch)
        drafts = [page for page in pages.order_by("-starts_on", "pk")[:MOST_DRAFTS] if page.pk in own]
        titles = branch_titles({page.branch_id: page.branch for page in drafts if page.branch}.values())
        back = self.address(self.month)
        for page in drafts:
            for planned in _planned(page, last):
                if first <= planned.start.date() <= last:
                    yield Entry(
                        day=planned.start.date(),
                        begins=planned.start,
                        times="" if page.all_day else clock_words(planned.start),
                        title=page.get_admin_display_title(),
                        url=edit_url(page, back),
                        place=titles.get(page.branch_id, ""),
                        remarks=(pgettext("event", "draft"),),
                        is_draft=True,
                    )


def _planned(page: EventPage, last: date) -> Iterable:
    try:
        return expand(schedule_of(page), until=last)
    except (ScheduleError, RuleError):
        # A draft may contradict itself.
        return []


def _shown_days(row: Occurrence, first: date, last: date) -> list[date]:
    """Return the days of the grid under which a date stands; a long run on its first one alone."""
    days = [day for day in row.days if first <= day <= last]
    return days[:1] if row.long_run else days


def _entry(row: Occurrence, day: date, *, title: str, url: str, place: str) -> Entry:
    begins_here = day == row.local_start.date()
    return Entry(
        day=day,
        begins=row.local_start if begins_here else datetime.combine(day, time.min),
        times=clock_words(row.local_start) if begins_here and not row.all_day else "",
        title=title,
        url=url,
        place=place,
        remarks=tuple(_remarks(row)),
    )


def _remarks(row: Occurrence) -> Iterator[str]:
    if row.is_cancelled:
        state = EventState.POSTPONED if row.event.state == EventState.POSTPONED else EventState.CANCELLED
        yield str(state.label)
    elif row.is_moved:
        yield pgettext("event", "moved")
    if row.long_run:
        yield pgettext("event", "until %(day)s") % {"day": f"{row.last_day:%d.%m.}"}


def remember_asked_day(request, _parent, page_class) -> None:
    """Let the form of a new event begin with the day that was clicked; for Wagtail's hook before it is made."""
    if page_class is not EventPage or request.method != "GET":
        return
    try:
        day = date.fromisoformat(request.GET.get("starts_on", ""))
    except ValueError:
        return
    # The one thing that the hook and the form both see.
    request.user.asked_first_day = day


def urlpatterns() -> list:
    """Return the address of the calendar, below that of the list of events."""
    return [path("calendar/", CalendarView.as_view(), name="calendar")]
