"""Closing a branch in an emergency, in the admin: a page asks until when and why, a POST does it at once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.widgets import AdminDateInput, AdminTimeInput
from wagtail.admin.widgets.button import Button
from wagtail.models import Page

from branches.admin_hours import lead_to_touched
from branches.domain import closures
from branches.domain.branches import closure_of
from branches.domain.closures import ClosureError
from branches.models import Branch, BranchPage
from core.admin_actions import ActionView, RefusedError, with_post_button
from core.date_words import clock_words, date_words
from core.labels import LabelFormField
from core.localtime import YEARS, to_local, to_utc
from core.models import User

END_OF_DAY = time(23, 59)


def may_close(user: User, page: Page | None) -> bool:
    """Return whether the user may publish the branch's page, and so close the branch."""
    if page is None:
        return user.is_superuser
    permissions = page.permissions_for_user(user)
    return permissions.can_edit() and permissions.can_publish()


def header_buttons(page: Page, user: User, next_url: str | None = None, view_name: str = "") -> Iterator[Button]:
    """Yield the button on a branch's form that closes it now, or opens it again."""
    if view_name != "edit" or not isinstance(page, BranchPage) or page.record is None:
        return
    branch = page.record
    if branch.is_public and may_close(user, branch.source_page):
        label = _("Closed in an emergency") if _is_closed(branch) else _("Close now")
        yield Button(label, reverse("close_branch", args=[branch.pk]), icon_name="lock", priority=6)


def _is_closed(branch: Branch) -> bool:
    closure = closure_of(branch)
    return closure is not None and closure.is_in_force(timezone.now())


class CloseForm(forms.Form):
    """Until when a branch is closed, in its own time, and why in words for readers."""

    day = forms.DateField(label=gettext_lazy("Closed until"), widget=AdminDateInput)
    time = forms.TimeField(label=gettext_lazy("At"), widget=AdminTimeInput)
    reason = LabelFormField(
        max_length=200,
        required=False,
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("Readers see it beside the hours. A language left empty shows another one's text."),
    )

    def clean_day(self):
        day = self.cleaned_data["day"]
        if day.year not in YEARS:
            raise forms.ValidationError(_("The year %(year)s is too far away."), params={"year": day.year})
        return day


class OfBranch(ActionView):
    """What both actions have in common: the branch, the right to close it, the way back."""

    header_icon = "lock"

    def setup(self, request: HttpRequest, *args, pk: int, **kwargs):
        super().setup(request, *args, pk=pk, **kwargs)
        self.branch = get_object_or_404(Branch.objects.select_related("source_page"), pk=pk)

    def dispatch(self, request, *args, **kwargs):
        if not may_close(request.user, self.branch.source_page):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self):
        return str(self.branch)

    def home_url(self):
        if self.branch.source_page_id is None:
            return reverse("wagtailadmin_home")
        return reverse("wagtailadmin_pages:edit", args=[self.branch.source_page_id])


class CloseView(OfBranch):
    """Closes a branch at once, until the moment that is given."""

    form_class = CloseForm
    page_title = gettext_lazy("Close now")
    submit_label = gettext_lazy("Close the branch")
    is_serious = True

    def get_initial(self):
        now = to_local(timezone.now(), self.branch.zoneinfo)
        until = self.branch.closed_until if _is_closed(self.branch) else None
        shown = to_local(until, self.branch.zoneinfo) if until else datetime.combine(now.date(), END_OF_DAY)
        return {"day": shown.date(), "time": shown.time(), "reason": self.branch.closed_reason if until else {}}

    def explanation(self):
        return [
            _("Readers see at once, in every language, that the branch is closed. It opens again by itself."),
            _("Times are local ones of the branch (%(zone)s).") % {"zone": self.branch.zone},
        ]

    def form_valid(self, form):
        response = super().form_valid(form)
        if not form.errors:
            lead_to_touched(self.request, self.branch)
        return response

    def perform(self, form):
        local = datetime.combine(form.cleaned_data["day"], form.cleaned_data["time"])
        until = to_utc(local, self.branch.zoneinfo)
        try:
            self.branch = closures.close_branch(
                self.branch, until=until, reason=form.cleaned_data["reason"], user=self.request.user
            )
        except ClosureError as error:
            raise RefusedError(error.message) from error

    def success(self):
        until = to_local(self.branch.closed_until, self.branch.zoneinfo)
        when = f"{date_words(until.date())}, {clock_words(until)}"
        return with_post_button(
            _("“%(branch)s” is closed until %(when)s.") % {"branch": self.branch, "when": when},
            _("Open again"),
            reverse("reopen_branch", args=[self.branch.pk]),
        )


class ReopenView(OfBranch):
    """Ends the closure now."""

    asks = False

    def perform(self, form):
        self.branch = closures.reopen_branch(self.branch, user=self.request.user)

    def success(self):
        return _("“%(branch)s” keeps its usual hours again.") % {"branch": self.branch}


urlpatterns = [
    path("branches/<int:pk>/close/", CloseView.as_view(), name="close_branch"),
    path("branches/<int:pk>/reopen/", ReopenView.as_view(), name="reopen_branch"),
]
