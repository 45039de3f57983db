"""Copying an event in the admin: it asks for the new first day, makes a draft, and opens its form."""

from __future__ import annotations

from collections.abc import Iterator

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.widgets import AdminDateInput
from wagtail.admin.widgets.button import Button
from wagtail.models import Page
from wagtail.permissions import page_permission_policy

from core.admin_actions import ActionView
from core.models import User
from events.domain.copying import copy_event
from events.models import EventPage
from events.schedule import FIRST_DAY, LAST_DAY


class CopyForm(forms.Form):
    """The new event's title and first day."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=255)
    first = forms.DateField(
        label=gettext_lazy("First day"),
        widget=AdminDateInput,
        help_text=gettext_lazy("All other days of the plan move with it."),
    )

    def clean_first(self):
        """Keep within the calendar."""
        day = self.cleaned_data["first"]
        if not FIRST_DAY <= day <= LAST_DAY:
            years = {"first": FIRST_DAY.year, "last": LAST_DAY.year}
            raise forms.ValidationError(_("The year must be between %(first)s and %(last)s.") % years)
        return day


def may_copy(user: User, page: Page | None) -> bool:
    """Return whether the user may read the page's draft and add another beside it."""
    if page is None or not page.permissions_for_user(user).can_edit():
        return False
    return page.get_parent().permissions_for_user(user).can_add_subpage()


def header_buttons(page: Page, user: User, next_url: str | None = None, view_name: str = "") -> Iterator[Button]:
    """Yield the button that leads from an event's form to its copy."""
    if view_name == "edit" and isinstance(page, EventPage) and page.is_source and may_copy(user, page):
        yield Button(_("Copy to another date"), reverse("events:copy", args=[page.pk]), icon_name="copy", priority=6)


def templates_for(user: User) -> list[EventPage]:
    """Return the templates from which the user may make events, by title."""
    editable = page_permission_policy.instances_user_has_any_permission_for(user, {"change"})
    found = EventPage.objects.filter(is_template=True, alias_of=None, pk__in=editable.values("pk"))
    return [page for page in found.order_by("title") if page.is_source]


class CopyEventView(ActionView):
    """Says what is copied; a POST makes the draft and opens its form."""

    form_class = CopyForm
    page_title = gettext_lazy("Copy to another date")
    header_icon = "copy"
    submit_label = gettext_lazy("Make the draft")
    copy: EventPage | None = None

    def setup(self, request: HttpRequest, *args, pk: int, **kwargs):
        super().setup(request, *args, pk=pk, **kwargs)
        self.page = get_object_or_404(EventPage, pk=pk)

    def dispatch(self, request, *args, **kwargs):
        if not (self.page.is_source and may_copy(request.user, self.page)):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_initial(self):
        day = self.request.GET.get("first", "")
        return {"title": self.page.get_latest_revision_as_object().title, "first": day or timezone.localdate()}

    def get_page_subtitle(self):
        return self.page.get_admin_display_title()

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"subject": self.page.get_admin_display_title()}

    def get_breadcrumbs_items(self):
        return [
            *self.breadcrumbs_items,
            {"url": reverse("events:index"), "label": gettext_lazy("Events")},
            {"url": "", "label": self.get_page_title()},
        ]

    def explanation(self):
        return [
            _("A draft is made with the same words in every language, the same facts and the same repetition."),
            _("What was cancelled or moved by itself stays with the old event."),
        ]

    def perform(self, form):
        cleaned = form.cleaned_data
        self.copy = copy_event(self.page, first=cleaned["first"], title=cleaned["title"], user=self.request.user)

    def success(self):
        return _("This is the draft. Look at its dates, then publish it.")

    def back_url(self):
        if self.copy:
            return reverse("wagtailadmin_pages:edit", args=[self.copy.pk])
        return super().back_url()

    def home_url(self):
        return reverse("wagtailadmin_pages:edit", args=[self.page.pk])


def urlpatterns() -> list:
    """Return the address of copying, below that of the list of events."""
    return [path("<int:pk>/copy/", CopyEventView.as_view(), name="copy")]
