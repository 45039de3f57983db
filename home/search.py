"""Search over pages in the language of the address."""

from __future__ import annotations

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from wagtail.models import Locale, Page, Site

from core.search_backend import harmless

LONGEST = 200
RESULTS = 30


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Show the pages that a query finds, or a form when nothing was asked."""
    query = request.GET.get("q", "").strip()
    if len(query) > LONGEST:
        raise BadRequest(_("Search for something shorter."))
    return render(request, "home/search.html", {"query": query, "pages": _found(request, query)})


def _found(request: HttpRequest, query: str) -> list[Page]:
    site = Site.find_for_request(request)
    words = harmless(query).strip()
    if not words or site is None:
        return []
    locale = Locale.objects.filter(language_code=get_language()).first()
    pages = Page.objects.live().public().filter(locale=locale)
    root = site.root_page.get_translation_or_none(locale) or site.root_page
    return list(pages.descendant_of(root, inclusive=True).search(words)[:RESULTS])
