"""The list of coming events for other sites: of the public pages only this one may be shown in a frame."""

from __future__ import annotations

from csp.decorators import csp_replace
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from core.sites import network_for
from events.feeds import calendar_name
from events.list_filters import ListFilter
from events.listing import dates_for, limit_to, rows_of

USUAL, MOST = 10, 50


@require_safe
@xframe_options_exempt
@csp_replace({"frame-ancestors": ["*"]})
def embed(request: HttpRequest) -> HttpResponse:
    """Show the next dates of the filters without anything around them."""
    filters, count, now = ListFilter.from_query(request.GET), asked_count(request), timezone.now()
    dates = list(dates_for(request, filters).upcoming(now)[:count])
    limit_to(request, dates, now)
    context = {
        "name": calendar_name(request, filters),
        "accent": network_for(request).accent,
        "rows": rows_of(request, dates),
        "query": filters.query,
    }
    response = render(request, "events/embed.html", context)
    # Sites that isolate themselves show only what says that it may be shown anywhere.
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def asked_count(request: HttpRequest) -> int:
    """Return how many dates are wanted at most; raise BadRequest for what is no such number."""
    text = request.GET.get("count", "") or str(USUAL)
    if not (text.isascii() and text.isdigit() and len(text) < 4 and 1 <= int(text) <= MOST):
        raise BadRequest(_("There can be 1 to %(most)d events in the list.") % {"most": MOST})
    return int(text)
