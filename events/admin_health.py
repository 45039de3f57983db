"""The report in the admin on the health of feeds."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from wagtail.admin.menu import MenuItem
from wagtail.permissions import page_permission_policy

from core.admin_places import admin_language
from core.page_words import words_for
from core.sites import visible_site_ids
from events.admin_dates import when_words
from events.domain.attendance import not_counted
from events.feed_health import MOST_NAMED, check_up
from events.models import Event, EventPage, Occurrence


@require_safe
def feed_health(request: HttpRequest) -> HttpResponse:
    """Show what the check-up finds, each event with the way to its form."""
    result = check_up(request)
    ids = {pk for finding in result.findings for pk in finding.events if pk}
    uncounted = not_counted(Occurrence.objects.filter(event__in=_own_events(request)), timezone.now())
    latest = list(uncounted.select_related("event")[:MOST_NAMED])
    ids |= {row.event_id for row in latest}
    events = list(Event.objects.filter(pk__in=ids).select_related("source_page"))
    words = words_for(events, EventPage, language=admin_language(), hidden=True)
    named = {event.pk: (words[event.pk].title if event.pk in words else event.key, event) for event in events}
    today = timezone.localdate()
    named_dates = [
        (named[row.event_id][0], when_words(row, today), reverse("events:count_date", args=[row.event_id, row.uid]))
        for row in latest
    ]
    findings = [
        (finding, [named.get(pk, (name, None)) for pk, name in finding.events.items()]) for finding in result.findings
    ]
    context = {
        "result": result,
        "findings": findings,
        "not_counted": named_dates,
        "not_counted_number": uncounted.count(),
        "page_title": _("Health of the calendar"),
        "header_icon": "calendar-check",
        "breadcrumbs_items": [
            {"url": reverse("wagtailadmin_home"), "label": _("Home")},
            {"url": "", "label": _("Health of the calendar")},
        ],
    }
    return render(request, "events/admin/health.html", context)


def _own_events(request: HttpRequest):
    """Return the public events of the site that this person may change."""
    pages = page_permission_policy.instances_user_has_any_permission_for(request.user, {"publish"})
    sites = visible_site_ids(request)
    return Event.objects.filter(site__in=sites, is_public=True, source_page__in=pages.values("pk"))


def menu_item() -> MenuItem:
    """Return the way to it, among the reports."""
    return MenuItem(_("Health of the calendar"), reverse("feed_health"), icon_name="calendar-check", order=700)


urlpatterns = [path("reports/feeds/", feed_health, name="feed_health")]
