"""The way from the search box to the library's own catalogue, which is another site."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.catalogue import address_for
from core.sites import network_for
from home.search import query_of


@require_safe
def to_catalogue(request: HttpRequest) -> HttpResponse:
    """Lead on to the catalogue with what somebody looks for; raise Http404 where the network has none.

    A page that leads on by itself instead of a redirect: after a form was sent browsers hold every redirect, those of
    the catalogue included, against the policy `form-action`, and stop without a word.
    """
    network, query = network_for(request), query_of(request)
    if not network.catalogue_address:
        raise Http404
    address = address_for(network.catalogue_address, query, start=network.catalogue_start)
    response = render(request, "home/catalogue.html", {"query": query, "address": address})
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
