"""Closing a branch for today from a phone, its dates with it, and opening it again: one short form each."""

from __future__ import annotations

from datetime import datetime, timedelta

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
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from branches.admin_closing import may_close
from branches.admin_hours import lead_to_touched
from branches.admin_listing import branch_titles
from branches.domain.closures import ClosureError
from branches.models import Branch
from core.admin_actions import ActionView, RefusedError
from core.localtime import to_local
from events.admin_close_today_forms import MOMENT, CloseTodayForm, ReopenForm
from events.admin_close_today_links import action_url, choices_of, closable
from events.admin_close_today_moments import is_closed, ready_moments, until_words
from events.admin_operations import may_operate
from events.domain import closed_dates
from events.models import Occurrence

# Dates that begin so soon may be called off with the closure.
REACH = timedelta(hours=36)


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
            return redirect(action_url(self.branches[0]))
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"choices": choices_of(self.branches)}


def urlpatterns() -> list:
    """Return the addresses of closing for today and of opening again."""
    return [
        path("close-today/", ChooseView.as_view(), name="close_which"),
        path("close-today/<int:pk>/", CloseTodayView.as_view(), name="close_today"),
        path("reopen/<int:pk>/", ReopenTodayView.as_view(), name="reopen"),
    ]
