"""The report in the admin on the health of feeds."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from wagtail.admin.menu import MenuItem

from core.admin_places import admin_language
from core.page_words import words_for
from events.feed_health import check_up
from events.models import Event, EventPage


@require_safe
def feed_health(request: HttpRequest) -> HttpResponse:
    """Show what the check-up finds, each event with the way to its form."""
    result = check_up(request)
    ids = {pk for finding in result.findings for pk in finding.events if pk}
    events = list(Event.objects.filter(pk__in=ids).select_related("source_page"))
    words = words_for(events, EventPage, language=admin_language(), hidden=True)
    named = {event.pk: (words[event.pk].title if event.pk in words else event.key, event) for event in events}
    findings = [
        (finding, [named.get(pk, (name, None)) for pk, name in finding.events.items()]) for finding in result.findings
    ]
    context = {
        "result": result,
        "findings": findings,
        "page_title": _("Health of the calendar"),
        "header_icon": "calendar-check",
        "breadcrumbs_items": [
            {"url": reverse("wagtailadmin_home"), "label": _("Home")},
            {"url": "", "label": _("Health of the calendar")},
        ],
    }
    return render(request, "events/admin/health.html", context)


def menu_item() -> MenuItem:
    """Return the way to it, among the reports."""
    return MenuItem(_("Health of the calendar"), reverse("feed_health"), icon_name="calendar-check", order=700)


urlpatterns = [path("reports/feeds/", feed_health, name="feed_health")]
