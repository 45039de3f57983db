"""What is printed: the code of an event's address, and a month's programme of a branch or of the whole network."""

from __future__ import annotations

from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from core import qr_codes
from core.localtime import to_local
from core.page_words import words_for
from core.sites import network_for, visible_site_ids
from events.calendar import asked_month, neighbours, rows_between
from events.feed_codes import code_of
from events.feeds import calendar_name
from events.filters import EventFilter
from events.models import EventPage, Occurrence
from events.months import Month


@require_safe
def event_code(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Answer with the QR code of an event's page at one of its dates."""
    dates = Occurrence.objects.public_on(visible_site_ids(request)).filter(uid=uid).select_related("event")
    row = dates.first()
    words = words_for([row.event], EventPage, language=get_language() or "") if row else {}
    if row is None or row.event_id not in words:
        raise Http404
    address = request.build_absolute_uri(f"{words[row.event_id].path}?date={row.slot_key}")
    return HttpResponse(qr_codes.svg(address), content_type="image/svg+xml")


@require_safe
def programme(request: HttpRequest) -> HttpResponse:
    """Show what is on in a month, as sheets of A4; raise BadRequest or Http404 for what there isn't."""
    now, zone = timezone.now(), ZoneInfo(network_for(request).zone)
    filters = EventFilter.from_query(request.GET)
    today = to_local(now, zone).date()
    month = asked_month(request, today)
    days, running = rows_between(request, filters, (month.first, month.last), zone, now)
    code = code_of(filters)
    context = {
        "name": calendar_name(request, filters),
        "month": month,
        **neighbours(month, Month.of(today)),
        "days": [(day, found) for day, found in sorted(days.items()) if day in month],
        "running": running,
        "names_places": not filters.branch,
        "code": code,
        "address": request.build_absolute_uri(reverse("short_subscribe", args=[code])),
    }
    return render(request, "events/programme.html", context)
