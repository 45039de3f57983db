"""Tells while an event is written which dates its plan makes; nothing of what the form sends is kept."""

from __future__ import annotations

from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from wagtail.models import Page

from events.models import EventPage
from events.schedule_preview import preview_of

# So many parts has the plan in the form; nothing else of it is looked at.
PLAN = (
    "starts_on", "starts_at", "ends_at", "ends_on", "long_run", "repeat", "repeat_every", "repeat_on", "repeat_which",
    "repeat_days", "repeat_months", "repeat_until", "repeat_count", "skips_days_off", "left_out", "added", "branch",
)  # fmt: skip


@require_POST
def schedule_preview(request: HttpRequest) -> HttpResponse:
    """Answer with a piece of the form that says what the plan makes, or what is wrong with it."""
    page, parent = _asked_page(request)
    page.is_only_told = True
    form_class = EventPage.get_edit_handler().get_form_class()
    form = form_class(request.POST, instance=page, parent_page=parent, for_user=request.user)
    form.defer_required_fields()
    form.full_clean()
    unread = [(form.fields[name].label, list(map(str, form.errors[name]))) for name in PLAN if name in form.errors]
    context = {"fields": unread, "preview": None if unread else preview_of(form.instance, timezone.now())}
    return render(request, "events/admin/_schedule_preview.html", context)


def _asked_page(request: HttpRequest) -> tuple[EventPage, Page]:
    """Return the page that is written and the one above it; raise PermissionDenied unless the user may write there."""
    if number := _number(request.GET.get("page")):
        page = EventPage.objects.filter(pk=number).first()
        if page is None or not page.permissions_for_user(request.user).can_edit():
            raise PermissionDenied
        return page.get_latest_revision_as_object(), page.get_parent()
    parent = Page.objects.filter(pk=_number(request.GET.get("parent")) or 0).first()
    if parent is None or not parent.permissions_for_user(request.user).can_add_subpage():
        raise PermissionDenied
    page = EventPage(owner=request.user, locale_id=parent.locale_id)
    # So that its site, and with it the days off, are those of the place where it will stand.
    page.url_path = parent.url_path
    return page, parent


def _number(text: str | None) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 12):
        raise BadRequest(_("There is no such page."))
    return int(text)


urlpatterns = [path("events/schedule/", schedule_preview, name="schedule_preview")]
