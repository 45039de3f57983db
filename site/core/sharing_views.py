"""Sends the pictures of pages at the addresses that were made for them."""

from __future__ import annotations

import re
from datetime import timedelta

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.views.decorators.http import require_safe
from wagtail.models import Page

from core import page_cache, sharing
from core.pages import BasePage, ThingPage
from core.sites import network_for, site_of

A_YEAR = timedelta(days=365)
A_DAY = timedelta(days=1)
NAME = re.compile(
    rf"(?P<page>[1-9][0-9]{{0,17}})(?:\.(?P<part>[0-9T]{{1,20}}))?"
    rf"-(?P<digest>[0-9a-f]{{{sharing.DIGITS}}})(?P<seal>[0-9a-f]{{{sharing.DIGITS}}})\.(?P<ending>[a-z]{{3}})"
)


@require_safe
def picture(request: HttpRequest, kind: str, name: str) -> HttpResponse:
    """Send a picture of a public page; lead on from one that is outdated; 404 for every address not made here."""
    found, asked = sharing.KINDS.get(kind), NAME.fullmatch(name)
    if found is None or asked is None or asked["ending"] != found.ending:
        raise Http404
    page_id, part = int(asked["page"]), asked["part"] or ""
    if not sharing.is_issued(kind, page_id, part, asked["digest"], asked["seal"]):
        raise Http404
    page = _public_page(request, page_id)
    shown = found.shows(page, page.sharing_context(request, part), request)
    if shown is None:
        raise Http404
    if asked["digest"] != sharing.digest_of(found, shown):
        response = HttpResponseRedirect(sharing.address_of(found, page, shown, part=part))
        response.headers["Cache-Control"] = "no-store"
        return response
    return _sent(request, found, shown, page)


def _public_page(request: HttpRequest, page_id: int) -> BasePage:
    """Return the page if everybody may see it on this site; raise Http404 for any other."""
    page = Page.objects.live().filter(pk=page_id).first()
    page = page.specific if page else None
    if not isinstance(page, BasePage) or site_of(page).pk != network_for(request).site_id:
        raise Http404
    if not page.is_shown() or page.get_view_restrictions().exists():
        raise Http404
    if isinstance(page, ThingPage) and not page.facts.is_public:  # type: ignore[attr-defined]
        raise Http404
    return page


def _sent(request: HttpRequest, kind: sharing.Kind, shown: sharing.Shown, page: BasePage) -> HttpResponse:
    # It has a file; the memory is for pages.
    page_cache.forbid(request)
    try:
        drawn = sharing.content_of(kind, shown)
    except sharing.BusyError:
        return HttpResponse(status=503, headers={"Retry-After": "5", "Cache-Control": "no-store"})
    response = HttpResponse(drawn.content, content_type=kind.content_type)
    name = f"{page.slug}-{get_language()}-{kind.name}.{kind.ending}"
    response.headers["Content-Disposition"] = content_disposition_header(kind.to_download, name) or "inline"
    response.headers["Cache-Control"] = _lifetime(shown) if drawn.is_whole else "no-store"
    return response


def _lifetime(shown: sharing.Shown) -> str:
    """Return how long a picture may be kept: for ever without photographs, which may be taken away from everywhere."""
    if not shown.photos:
        return f"public, max-age={int(A_YEAR.total_seconds())}, immutable"
    ends = [photo.shown_before - timezone.now() for photo in shown.photos if photo.shown_before]
    seconds = int(min([A_DAY, *ends]).total_seconds())
    return f"public, max-age={max(seconds, 0)}"
