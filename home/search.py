"""Search over pages: in the language of the address, and over what has no words in it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from operator import or_

from django.core.exceptions import BadRequest
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from wagtail.models import Locale, Page, Site

from core.paging import page_number
from core.search_backend import harmless

LONGEST = 200
PAGE_SIZE = 30
HITS = 200


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Show the pages that a query finds, or a form when nothing was asked."""
    query = request.GET.get("q", "").strip()
    if len(query) > LONGEST:
        raise BadRequest(_("Search for something shorter."))
    number = page_number(request)
    offset = (number - 1) * PAGE_SIZE
    found = _found(request, query)
    if number > 1 and len(found) <= offset:
        raise Http404
    pages = _in_full(found[offset : offset + PAGE_SIZE])
    context = {"query": query, "pages": pages, "page_number": number, "has_more": len(found) > offset + PAGE_SIZE}
    return render(request, "home/search.html", context)


def _in_full(found: list[Page]) -> list[Page]:
    pages = Page.objects.filter(pk__in=[page.pk for page in found]).specific()
    by_id = {page.pk: page for page in pages}
    return [by_id[page.pk] for page in found if page.pk in by_id]


def _found(request: HttpRequest, query: str) -> list[Page]:
    """Return the pages that match, in the shown language; those without words in it as they are in another."""
    words = harmless(query).strip()
    site = Site.find_for_request(request)
    if not words or site is None:
        return []
    roots = site.root_page.get_translations(inclusive=True)
    below = reduce(or_, (Q(path__startswith=path) for path in roots.values_list("path", flat=True)))
    hits = [page for page in Page.objects.live().public().filter(below).search(words)[:HITS] if not page.alias_of_id]
    return list(_best(hits))


def _best(hits: list[Page]) -> Iterator[Page]:
    """Yield each page that matches once: in the shown language, in another only if it has no words in that."""
    locale = Locale.objects.filter(language_code=get_language()).first()
    keys = [page.translation_key for page in hits]
    here = Page.objects.live().filter(translation_key__in=keys, locale=locale, alias_of=None)
    translated = set(here.values_list("translation_key", flat=True))
    seen = set()
    for page in hits:
        is_here = locale is not None and page.locale_id == locale.pk
        if page.translation_key not in seen and (is_here or page.translation_key not in translated):
            seen.add(page.translation_key)
            yield page
