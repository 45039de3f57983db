"""The sitemap with its language alternates, and robots.txt."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.conf import settings
from django.db.models import Min, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from wagtail.models import Page, PageQuerySet, Site

from core import addresses
from core.domain.things import thing_models
from core.sites import language_codes_by_locale, languages_of, network_for

# Pages with all their translations that one sitemap holds: with four languages 10,000 addresses of the 50,000 that
# sitemaps.org allows, and some ten megabytes of the fifty.
PER_SITEMAP = 2_500
MOST_SITEMAPS = 50_000
FEEDS = ("events/feed.ics", "news/feed.atom")


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """List every page with words of its own, each with its translations; an index of such lists where there are many.

    Raises Http404 for a part that there isn't.
    """
    site = network_for(request).site
    pages = _pages(site)
    if "page" in request.GET:
        return _part(request, pages, _number(request.GET["page"]))
    parts = -(-_keys(pages).count() // PER_SITEMAP)
    if parts <= 1:
        return _part(request, pages, 1)
    address = request.build_absolute_uri(request.path)
    context = {"addresses": [f"{address}?page={number}" for number in range(1, parts + 1)]}
    return render(request, "home/sitemap_index.xml", context, content_type="application/xml")


def _number(text: str) -> int:
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= 12 else 0
    if not 1 <= number <= MOST_SITEMAPS:
        raise Http404
    return number


def _part(request: HttpRequest, pages: PageQuerySet, number: int) -> HttpResponse:
    wanted = _keys(pages)[(number - 1) * PER_SITEMAP : number * PER_SITEMAP]
    words = pages.filter(translation_key__in=wanted)
    found = list(words.only("url_path", "translation_key", "locale", "last_published_at", "depth", "path"))
    if not found and number > 1:
        raise Http404
    context = {"entries": _entries(request, found, languages_of(network_for(request).site))}
    return render(request, "home/sitemap.xml", context, content_type="application/xml")


def _keys(pages: PageQuerySet):
    """Return the translation keys of the pages; what is new comes last, so that the parts stay as they are."""
    return pages.values("translation_key").annotate(first=Min("pk")).order_by("first").values("translation_key")


def public_pages(site: Site) -> PageQuerySet:
    """Return the site's pages that everybody may read and that have words of their own, in whatever language."""
    pages = Page.objects.live().public().filter(_below(site), alias_of=None)
    for model in thing_models():
        hidden = model.objects.filter(is_public=False).exclude(translation_key=None)
        pages = pages.exclude(translation_key__in=hidden.values("translation_key"))
    return pages


def _pages(site: Site) -> PageQuerySet:
    return public_pages(site).filter(locale__language_code__in=languages_of(site))


def _below(site: Site) -> Q:
    condition = Q(pk__in=[])
    for root in Site.get_site_root_paths():
        if root.site_id == site.pk:
            condition |= Q(url_path__startswith=root.root_path)
    return condition


def _entries(request: HttpRequest, pages: Iterable[Page], codes: list[str]) -> list[dict]:
    """Return an entry for each page, with its thing's addresses in all languages, in the order of the site."""
    by_locale = language_codes_by_locale()
    groups: dict[UUID, dict[str, Page]] = {}
    for page in sorted(pages, key=lambda page: page.pk):
        groups.setdefault(page.translation_key, {})[by_locale[page.locale_id]] = page
    entries = []
    for group in groups.values():
        there = [(code, group[code]) for code in codes if code in group]
        alternates = [(code, request.build_absolute_uri(addresses.path_in(page, code))) for code, page in there]
        entries += [
            {"url": url, "changed": page.last_published_at, "alternates": alternates}
            for (_code, page), (_same, url) in zip(there, alternates, strict=True)
        ]
    return entries


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Let crawlers read all but the admin, sign-in and searches; feeds stay open for those that subscribe."""
    lines = ["User-agent: *", "Disallow: /admin/", "Disallow: /accounts/"]
    lines += [f"Disallow: /{code}/search/" for code in settings.SITE_LANGUAGES]
    lines += [f"Allow: /{code}/{feed}" for code in settings.SITE_LANGUAGES for feed in FEEDS]
    lines += ["", f"Sitemap: {request.build_absolute_uri('/sitemap.xml')}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
