"""Search over pages: in the language of the address, and over what has no words in it."""

from __future__ import annotations

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.paging import page_number
from home.search_facets import SearchFilter, facets_of
from home.search_hits import hits_for
from home.search_rows import rows_of
from home.search_suggestions import suggestions

LONGEST = 200
PAGE_SIZE = 30


def query_of(request: HttpRequest) -> str:
    """Return what somebody searches for; raise BadRequest for more than anybody types."""
    query = " ".join(request.GET.get("q", "").split())
    if len(query) > LONGEST:
        raise BadRequest(_("Search for something shorter."))
    return query


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Show the pages that a query finds, or what there is to find when nothing was asked."""
    query, number = query_of(request), page_number(request)
    filters = SearchFilter.from_request(request)
    hits = hits_for(request, query)
    found = filters.narrowed(hits)
    offset = (number - 1) * PAGE_SIZE
    if number > 1 and len(found) <= offset:
        raise Http404
    context = {
        "query": query,
        "rows": rows_of(request, found[offset : offset + PAGE_SIZE], query),
        "count": len(found),
        "count_without_filters": len(hits),
        "facets": facets_of(hits, filters, request.GET),
        "active": filters.active if query else [],
        "page_number": number,
        "has_more": len(found) > offset + PAGE_SIZE,
    }
    if not found:
        context |= suggestions(request, query if not hits else "")
    return render(request, "home/search.html", context)
