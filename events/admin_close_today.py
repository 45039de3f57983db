"""Closing a branch for today from a phone, its dates with it, and opening it again: one short form each."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.ui.components import Component
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets.button import Button
from wagtail.models import Page

from branches.admin_closing import may_close
from branches.admin_hours import lead_to_touched
from branches.admin_listing import branch_titles
from branches.closure_reasons import reason_choices, reason_label
from branches.domain.closures import ClosureError
from branches.listing import main_kind
from branches.models import Branch, BranchPage
from branches.opening_hours import day_hours, state_at
from core.admin_actions import ActionView, RefusedError
from core.date_words import clock_words, date_words
from core.labels import LabelFormField
from core.localtime import YEARS, start_of_day, to_local, to_utc
from core.models import User
from events import admin_closed_dates
from events.admin_closed_dates_words import event_titles
from events.admin_dates import when_words
from events.admin_operations import may_operate
from events.domain import closed_dates
from events.models import Occurrence

OWN = "own"
TODAY, TOMORROW, MOMENT = "today", "tomorrow", "moment"
# Dates that begin so soon may be called off with the closure.
REACH = timedelta(hours=36)


def closable(user: User) -> list[Branch]:
    """Return the public branches that the user may close."""
    found = Branch.objects.public().select_related("source_page")
    return [branch for branch in found if may_close(user, branch.source_page)]


def is_closed(branch: Branch) -> bool:
    """Return whether an emergency closes the branch now."""
    return branch.closed_until is not None and branch.closed_until > timezone.now()


def header_buttons(page: Page, user: User, next_url: str | None = None, view_name: str = "") -> Iterator[Button]:
    """Yield the button on a branch's form that closes it for today, or opens it again."""
    if view_name != "edit" or not isinstance(page, BranchPage) or page.record is None:
        return
    branch = page.record
    if branch.is_public and may_close(user, branch.source_page):
        name, label = ("reopen", _("Reopen now")) if is_closed(branch) else ("close_today", _("Close today"))
        yield Button(label, reverse(f"events:{name}", args=[branch.pk]), icon_name="lock", priority=4)


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


def date_choices(rows: list[Occurrence]) -> list[tuple[str, str]]:
    """Return each date with its event, by its id."""
    today, titles = timezone.localdate(), event_titles(rows)
    return [(str(row.pk), f"{when_words(row, today)}: {titles[row.event_id]}") for row in rows]


class CloseTodayForm(forms.Form):
    """Until when, why, and which dates are called off."""

    until = forms.ChoiceField(label=gettext_lazy("Closed until"), widget=forms.RadioSelect)
    day = forms.DateField(
        label=gettext_lazy("Another moment: day"),
        required=False,
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
    )
    time = forms.TimeField(
        label=gettext_lazy("Another moment: time"),
        required=False,
        widget=forms.TimeInput({"type": "time"}, "%H:%M"),
    )
    why = forms.ChoiceField(label=gettext_lazy("Reason"), widget=forms.RadioSelect)
    reason = LabelFormField(
        max_length=200,
        required=False,
        label=gettext_lazy("Your own words"),
        help_text=gettext_lazy("A language left empty shows another one's text."),
    )
    dates = forms.MultipleChoiceField(
        label=gettext_lazy("Dates that are cancelled"), required=False, widget=forms.CheckboxSelectMultiple
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput, max_length=40)

    def __init__(self, *args, branch: Branch, moments: dict[str, datetime], rows: list[Occurrence], **kwargs):
        super().__init__(*args, **kwargs)
        self.branch, self.moments = branch, moments
        self.rows = {str(row.pk): row for row in rows}
        names = {TODAY: _("closing time today: %(when)s"), TOMORROW: _("the next opening: %(when)s")}
        known = [(key, names[key] % {"when": until_words(moment, branch)}) for key, moment in moments.items()]
        self.fields["until"].choices = [*known, (MOMENT, _("another moment"))]
        self.fields["why"].choices = [*reason_choices(), (OWN, _("in your own words"))]
        self.fields["dates"].choices = date_choices(rows)
        if not rows:
            del self.fields["dates"]

    def clean_day(self):
        day = self.cleaned_data["day"]
        if day is not None and day.year not in YEARS:
            raise forms.ValidationError(_("The year %(year)s is too far away."), params={"year": day.year})
        return day

    def clean_seen(self):
        text = self.cleaned_data["seen"]
        try:
            moment = datetime.fromisoformat(text) if text else None
        except ValueError:
            moment = None
        return moment if moment is None or moment.tzinfo else None

    def clean(self):
        cleaned = super().clean()
        cleaned["moment"] = self._moment(cleaned)
        why = cleaned.get("why")
        cleaned["words"] = cleaned.get("reason", {}) if why == OWN else reason_label(why or "")
        if why == OWN and not cleaned["words"] and "reason" not in self.errors:
            self.add_error("reason", _("Say why in at least one language."))
        return cleaned

    def _moment(self, cleaned) -> datetime | None:
        if cleaned.get("until") != MOMENT:
            return self.moments.get(cleaned.get("until", ""))
        if cleaned.get("day") and cleaned.get("time"):
            moment = to_utc(datetime.combine(cleaned["day"], cleaned["time"]), self.branch.zoneinfo)
            if moment <= timezone.now():
                self.add_error("day", _("This moment is over already."))
            return moment
        for name in ("day", "time"):
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, _("Say until which day and time."))
        return None

    def cancelled(self) -> list[Occurrence]:
        """Return the dates that are called off."""
        return [self.rows[key] for key in self.cleaned_data.get("dates", [])]


class OfBranch(ActionView):
    """What closing and opening have in common: the branch, the right to it, the way back."""

    header_icon = "lock"

    def setup(self, request: HttpRequest, *args, pk: int, **kwargs):
        super().setup(request, *args, pk=pk, **kwargs)
        self.branch = get_object_or_404(Branch.objects.public().select_related("source_page"), pk=pk)

    def dispatch(self, request, *args, **kwargs):
        if not may_close(request.user, self.branch.source_page):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def title(self) -> str:
        """The branch's name in the language of the admin."""
        return branch_titles([self.branch])[self.branch.pk]

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"subject": self.title}

    def get_breadcrumbs_items(self):
        return [*self.breadcrumbs_items, {"url": "", "label": self.get_page_title()}]

    def home_url(self):
        return reverse("wagtailadmin_home")

    def own(self, rows) -> list[Occurrence]:
        """Return those of the dates about which the user decides."""
        return [row for row in rows if may_operate(self.request.user, row.event.source_page)]


class CloseTodayView(OfBranch):
    """Closes a branch at once and cancels the dates that are ticked."""

    template_name = "events/admin/close_today.html"
    form_class = CloseTodayForm
    page_title = gettext_lazy("Close today")
    submit_label = gettext_lazy("Close the branch")
    is_serious = True

    @cached_property
    def now(self) -> datetime:
        """The moment at which the form is shown or sent."""
        return timezone.now()

    @cached_property
    def moments(self) -> dict[str, datetime]:
        """The ready answers to "until when"."""
        return ready_moments(self.branch, self.now)

    @cached_property
    def rows(self) -> list[Occurrence]:
        """The dates soon at the branch about which the user decides."""
        return self.own(closed_dates.dates_to_come(self.branch, self.now).filter(starts_at__lt=self.now + REACH))

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"branch": self.branch, "moments": self.moments, "rows": self.rows}

    def get_initial(self):
        choice = next(iter(self.moments), MOMENT)
        until = self.moments.get(choice, self.now)
        ticked = [str(row.pk) for row in self.rows if self.now <= row.starts_at < until]
        seen = self.branch.closed_until.isoformat() if is_closed(self.branch) else ""
        local = to_local(self.now, self.branch.zoneinfo)
        return {"until": choice, "day": local.date(), "dates": ticked, "seen": seen}

    def explanation(self):
        if not is_closed(self.branch):
            return [_("Readers see it at once, in every language. The branch opens again by itself.")]
        until = until_words(self.branch.closed_until, self.branch)
        return [_("It is closed already, until %(when)s. What you say here takes its place.") % {"when": until}]

    def perform(self, form):
        cleaned = form.cleaned_data
        try:
            self.branch, self.number = closed_dates.close_today(
                self.branch,
                until=cleaned["moment"],
                reason=cleaned["words"],
                cancel=form.cancelled(),
                seen=cleaned["seen"],
                user=self.request.user,
            )
        except ClosureError as error:
            raise RefusedError(error.message) from error

    def form_valid(self, form):
        try:
            self.perform(form)
        except RefusedError as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        button = messages.button(reverse("events:reopen", args=[self.branch.pk]), _("Reopen now"))
        messages.success(self.request, self.success(), buttons=[button])
        lead_to_touched(self.request, self.branch)
        return redirect(self.back_url())

    def success(self):
        return _("“%(branch)s” is closed until %(when)s. Dates cancelled: %(number)s.") % {
            "branch": self.title,
            "when": until_words(self.branch.closed_until, self.branch),
            "number": self.number,
        }


class ReopenForm(forms.Form):
    """Which of the cancelled dates take place after all."""

    dates = forms.MultipleChoiceField(
        label=gettext_lazy("Dates that take place after all"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args, rows: list[Occurrence], **kwargs):
        super().__init__(*args, **kwargs)
        self.rows = {str(row.pk): row for row in rows}
        self.fields["dates"].choices = date_choices(rows)
        if not rows:
            del self.fields["dates"]

    def restored(self) -> list[Occurrence]:
        """Return the dates that take place after all."""
        return [self.rows[key] for key in self.cleaned_data.get("dates", [])]


class ReopenTodayView(OfBranch):
    """Ends the closure now, and asks which of its cancelled dates take place after all."""

    form_class = ReopenForm
    page_title = gettext_lazy("Reopen now")
    submit_label = gettext_lazy("Open the branch")

    @cached_property
    def rows(self) -> list[Occurrence]:
        """The dates that the closure cancelled and that have not begun."""
        return self.own(closed_dates.cancelled_by_closure(self.branch, now=timezone.now()))

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"rows": self.rows}

    def explanation(self):
        if self.rows:
            return [_("The usual hours hold again at once. Tick the dates that take place after all.")]
        return [_("The usual hours hold again at once.")]

    def perform(self, form):
        self.number = closed_dates.reopen(self.branch, restore=form.restored(), user=self.request.user)

    def success(self):
        return _("“%(branch)s” keeps its usual hours again. Dates that take place after all: %(number)s.") % {
            "branch": self.title,
            "number": self.number,
        }


class ChooseView(WagtailAdminTemplateMixin, TemplateView):
    """Asks which branch is closed; somebody with one branch is not asked."""

    template_name = "events/admin/close_which.html"
    page_title = gettext_lazy("Close today")
    header_icon = "lock"

    def get_breadcrumbs_items(self):
        return [*self.breadcrumbs_items, {"url": "", "label": self.get_page_title()}]

    def get(self, request, *args, **kwargs):
        self.branches = closable(request.user)
        if not self.branches:
            raise PermissionDenied
        if len(self.branches) == 1:
            return redirect(_action_url(self.branches[0]))
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"choices": choices_of(self.branches)}


def _action_url(branch: Branch) -> str:
    return reverse("events:reopen" if is_closed(branch) else "events:close_today", args=[branch.pk])


def choices_of(branches: list[Branch]) -> list[tuple[str, str, str]]:
    """Return name, address of the form and until when it is closed for each branch, in the order of the names."""
    titles = branch_titles(branches)
    rows = [
        (titles[one.pk], _action_url(one), until_words(one.closed_until, one) if is_closed(one) else "")
        for one in branches
    ]
    return sorted(rows, key=lambda row: row[0].casefold())


class CloseTodayPanel(Component):
    """Leads from the first page of the admin to closing for today."""

    name = "close_today"
    template_name = "events/admin/close_panel.html"
    order = 40

    def __init__(self, branches: list[Branch]) -> None:
        self.branches = branches

    def get_context_data(self, parent_context):
        return {
            "closed": [row for row in choices_of(self.branches) if row[2]],
            "list_url": reverse("events:closed_days"),
        }


def add_panel(request: HttpRequest, panels: list[Component]) -> None:
    """Add the way to closing for those who may close a branch; for Wagtail's hook."""
    if branches := closable(request.user):
        panels.append(CloseTodayPanel(branches))


def urlpatterns() -> list:
    """Return the addresses of closing and of the dates on closed days."""
    return [
        path("close-today/", ChooseView.as_view(), name="close_which"),
        path("close-today/<int:pk>/", CloseTodayView.as_view(), name="close_today"),
        path("reopen/<int:pk>/", ReopenTodayView.as_view(), name="reopen"),
        *admin_closed_dates.urlpatterns(),
    ]
