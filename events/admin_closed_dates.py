"""Dates on closed days in the admin: a warning when they are made, a list of them, one form that settles them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, time

from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext_lazy, ngettext, pgettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets.button import Button
from wagtail.models import GroupPagePermission, Page

from branches.admin_closing import may_close
from branches.admin_listing import branch_choices, branch_titles
from branches.domain.closed_times import ClosedTime, closed_at
from branches.domain.closures import Touched
from branches.models import Branch, BranchPage
from branches.opening_words import day_words
from core.admin_actions import with_post_button
from core.date_words import date_words
from core.labels import LabelFormField, label_in
from core.models import User
from core.page_words import words_for
from events import admin_operations
from events.admin_dates import when_words
from events.domain.closed_dates import Decision, TouchedDate, moved_span, settle_dates, touched_dates, unsettle_dates
from events.domain.operations import OperationError
from events.domain.plan import horizon, schedule_of
from events.enums import Format
from events.models import Event, EventPage, Occurrence
from events.recurrence import RuleError
from events.schedule import FIRST_DAY, LAST_DAY, ScheduleError, expand

SHOWN = 5
UNDO_KEY = "settled_dates"
CHOICES = [
    ("", gettext_lazy("decide later")),
    ("keep", pgettext_lazy("date", "keep: it takes place")),
    ("cancel", pgettext_lazy("date", "cancel it")),
    ("move", pgettext_lazy("date", "move it")),
]
FOR_ALL = [("", gettext_lazy("each by itself")), *CHOICES[1:3]]


def may_operate(user: User, event: Event) -> bool:
    """Return whether the user may decide about the event's dates."""
    return admin_operations.may_operate(user, event.source_page)


def list_url(branch: Branch | None = None) -> str:
    """Return the address of the list of dates on closed days, of one branch or of all."""
    return reverse("events:closed_days") + (f"?branch={branch.key}" if branch else "")


# --- Telling ----------------------------------------------------------------------------------------------------------


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


class MoveDateView(admin_operations.MoveDateView):
    """Moves a date, and warns where the branch is closed then."""

    def success(self):
        warn_of_closed_date(self.request, self.occurrence)
        return super().success()


# --- Settling ---------------------------------------------------------------------------------------------------------


class DateForm(forms.Form):
    """What becomes of one date."""

    choice = forms.ChoiceField(label=gettext_lazy("What becomes of it"), choices=CHOICES, required=False)
    day = forms.DateField(
        label=gettext_lazy("To the day"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    starts = forms.TimeField(
        label=gettext_lazy("Starts at"), required=False, widget=forms.TimeInput({"type": "time"}, "%H:%M")
    )
    branch = forms.ChoiceField(label=gettext_lazy("At the branch"), required=False)

    def __init__(self, *args, touched: TouchedDate, branches: list[tuple[str, str]], **kwargs):
        self.touched = touched
        row = touched.row
        initial = {"day": row.local_start.date(), "starts": row.local_start.time(), "branch": touched.branch.key}
        super().__init__(*args, prefix=f"d{row.pk}", initial=initial, **kwargs)
        self.fields["branch"].choices = branches
        if row.all_day:
            del self.fields["starts"]

    def clean_day(self):
        day = self.cleaned_data["day"]
        if day is not None and not FIRST_DAY <= day <= LAST_DAY:
            raise forms.ValidationError(
                _("The year must be between {first} and {last}.").format(first=FIRST_DAY.year, last=LAST_DAY.year)
            )
        return day

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("choice") == "move" and not self.errors and self._stays(cleaned):
            self.add_error("day", _("This is when and where it is held already."))
        return cleaned

    def _stays(self, cleaned) -> bool:
        row = self.touched.row
        return self.start(cleaned) == row.local_start and (cleaned["branch"] or self.touched.branch.key) == (
            self.touched.branch.key
        )

    def start(self, cleaned) -> datetime:
        """Return the local start to which the date is moved; what is left empty stays."""
        row = self.touched.row
        at = time(0) if row.all_day else cleaned.get("starts") or row.local_start.time()
        return datetime.combine(cleaned.get("day") or row.local_start.date(), at)

    def decision(self, choice: str, reason, branches: dict[str, Branch]) -> Decision:
        """Return what was decided of the date."""
        row, cleaned = self.touched.row, self.cleaned_data
        if choice != "move":
            return Decision(row, choice, reason=reason)
        start, end = moved_span(row, self.start(cleaned))
        elsewhere = branches.get(cleaned["branch"]) if cleaned["branch"] != self.touched.branch.key else None
        return Decision(row, choice, start=start, end=end, branch=elsewhere)


class EventForm(forms.Form):
    """What becomes of all dates of an event at once, and the reason that readers are told."""

    choice = forms.ChoiceField(label=gettext_lazy("All dates of this event"), choices=FOR_ALL, required=False)
    reason = LabelFormField(max_length=200, required=False, label=gettext_lazy("Reason, if cancelled"))


@dataclass
class Group:
    """The touched dates of one event, with their forms."""

    event: Event
    title: str
    form: EventForm
    dates: list[DateForm] = field(default_factory=list)

    @property
    def is_valid(self) -> bool:
        """Whether every form is right; all are looked at, so that all errors show."""
        wrong = [form for form in (self.form, *self.dates) if not form.is_valid()]
        return not wrong

    def decisions(self, branches: dict[str, Branch]) -> Iterator[Decision]:
        """Yield what was decided; what a date says by itself comes before what the event says."""
        for form in self.dates:
            choice = form.cleaned_data["choice"] or self.form.cleaned_data["choice"]
            if choice:
                yield form.decision(choice, self.form.cleaned_data["reason"], branches)


@dataclass(frozen=True)
class OthersDate:
    """A touched date about which somebody else decides."""

    event: Event
    title: str
    when: str
    why: str
    who: str


def who_can(event: Event) -> str:
    """Return the names of those who may decide about the event, a few of them."""
    page = event.source_page
    if page is None:
        return _("an administrator")
    paths = [page.path[:length] for length in range(Page.steplen, len(page.path) + 1, Page.steplen)]
    groups = GroupPagePermission.objects.filter(page__path__in=paths, permission__codename="publish_page")
    people = User.objects.filter(is_active=True, groups__in=groups.values("group")).distinct().order_by("pk")[:3]
    return ", ".join(str(person) for person in people) or _("an administrator")


class ClosedDaysView(WagtailAdminTemplateMixin, TemplateView):
    """Lists the dates on closed days and settles them with one submission."""

    template_name = "events/admin/closed_days.html"
    page_title = gettext_lazy("Dates on closed days")
    header_icon = "calendar-alt"

    def get_breadcrumbs_items(self):
        return [
            *self.breadcrumbs_items,
            {"url": reverse("events:index"), "label": gettext_lazy("Events")},
            {"url": "", "label": self.get_page_title()},
        ]

    @cached_property
    def asked(self) -> Branch | None:
        """The branch to which the list is narrowed."""
        return Branch.objects.filter(key=self.request.GET.get("branch", "")[:80].replace("\0", "")).first()

    def touched(self) -> list[TouchedDate]:
        """Return the touched dates of which the user may know."""
        branches = [self.asked] if self.asked else Branch.objects.public().select_related("source_page")
        now = timezone.now()
        found = []
        for branch in branches:
            closes = may_close(self.request.user, branch.source_page)
            found += [
                one for one in touched_dates(branch, now=now) if closes or may_operate(self.request.user, one.row.event)
            ]
        return found

    def build(self, data=None) -> None:
        """Sort the dates by events, with a form for each, and those of others apart."""
        choices = branch_choices()
        self.groups: dict[int, Group] = {}
        self.others: list[OthersDate] = []
        today = timezone.localdate()
        touched = self.touched()
        titles = event_titles(one.row for one in touched)
        for one in touched:
            event, when = one.row.event, when_words(one.row, today)
            if not may_operate(self.request.user, event):
                self.others.append(OthersDate(event, titles[event.pk], when, reason_words(one.closed), who_can(event)))
                continue
            if event.pk not in self.groups:
                form = EventForm(data, prefix=f"e{event.pk}", initial={"reason": one.closed.reason})
                self.groups[event.pk] = Group(event, titles[event.pk], form)
            form = DateForm(data, touched=one, branches=choices)
            form.when, form.why = when, reason_words(one.closed)
            self.groups[event.pk].dates.append(form)
        for group in self.groups.values():
            if len(group.dates) > 1:
                for form in group.dates:
                    form.fields["choice"].choices = [("", _("as chosen for all dates")), *CHOICES[1:]]
        rows = [form for group in self.groups.values() for form in group.dates]
        names = branch_titles({form.touched.branch for form in rows})
        for form in rows:
            form.where = ", ".join(filter(None, [names[form.touched.branch.pk], label_in(group_room(form))]))

    def get(self, request, *args, **kwargs):
        self.build()
        return super().get(request, *args, **kwargs)

    @transaction.atomic
    def post(self, request, *args, **kwargs):
        self.build(request.POST)
        wrong = [group for group in self.groups.values() if not group.is_valid]
        if wrong:
            messages.error(request, _("Something is not right yet; nothing was changed. See below."))
            return self.render_to_response(self.get_context_data())
        branches = {branch.key: branch for branch in Branch.objects.all()}
        decisions = [one for group in self.groups.values() for one in group.decisions(branches)]
        try:
            with transaction.atomic():
                done, before = settle_dates(decisions, user=request.user)
        except OperationError as error:
            messages.error(request, error.message)
            return self.render_to_response(self.get_context_data())
        self.report(done, before)
        return redirect(list_url(self.asked))

    def report(self, done: dict[str, int], before: list) -> None:
        """Say what was done, with a button that takes it back."""
        if not before:
            messages.info(self.request, _("Nothing was chosen, nothing was changed."))
            return
        self.request.session[UNDO_KEY] = before
        sentence = _("Cancelled: %(cancel)s. Moved: %(move)s. Kept: %(keep)s.") % done
        messages.success(self.request, with_post_button(sentence, _("Undo"), reverse("events:closed_days_undo")))

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {
            "groups": list(self.groups.values()),
            "others": self.others,
            "branch": self.asked,
            "branch_title": branch_titles([self.asked])[self.asked.pk] if self.asked else "",
            "all_url": list_url(),
        }


def group_room(form: DateForm):
    """Return the room of a date, where it is the event's own."""
    row = form.touched.row
    return row.event.room if row.is_where_usual else {}


@require_POST
def undo(request: HttpRequest) -> HttpResponse:
    """Take back what the last submission settled."""
    before = request.session.pop(UNDO_KEY, [])
    number = unsettle_dates(before, may=lambda event: may_operate(request.user, event), user=request.user)
    if number:
        text = ngettext("%(number)s date is as it was.", "%(number)s dates are as they were.", number)
        messages.success(request, text % {"number": number})
    else:
        messages.error(request, _("There is nothing to take back."))
    return redirect(list_url())


def urlpatterns() -> list:
    """Return the addresses of this module, before those of the operations."""
    return [
        path("closed-days/", ClosedDaysView.as_view(), name="closed_days"),
        path("closed-days/undo/", undo, name="closed_days_undo"),
        path("<int:pk>/dates/<uuid:uid>/move/", MoveDateView.as_view(), name="move_date"),
    ]
