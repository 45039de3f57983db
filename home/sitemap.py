"""The sitemap with its language alternates, and robots.txt."""

from __future__ import annotations

from collections import defaultdict

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from wagtail.models import Page

from core import addresses
from core.domain.things import thing_models
from core.sites import network_for

MOST = 10_000


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """List every page with words of its own, each with its translations."""
    groups: dict = defaultdict(list)
    for page in _pages(request):
        groups[page.translation_key].append(page)
    entries = []
    for pages in groups.values():
        alternates = [(page.locale.language_code, _url(request, page)) for page in pages]
        entries += [
            {"url": _url(request, page), "changed": page.last_published_at, "alternates": alternates} for page in pages
        ]
    return render(request, "home/sitemap.xml", {"entries": entries[:MOST]}, content_type="application/xml")


def _pages(request: HttpRequest):
    root = network_for(request).site.root_page
    roots = root.get_translations(inclusive=True)
    pages = Page.objects.live().public().filter(alias_of=None).filter(_below(roots)).select_related("locale")
    for model in thing_models():
        hidden = model.objects.filter(is_public=False).exclude(translation_key=None)
        pages = pages.exclude(translation_key__in=hidden.values("translation_key"))
    return pages.only("url_path", "translation_key", "locale", "last_published_at", "depth", "path").order_by("path")


def _below(roots):
    from django.db.models import Q

    condition = Q(pk__in=[])
    for path in roots.values_list("path", flat=True):
        condition |= Q(path__startswith=path)
    return condition


def _url(request: HttpRequest, page: Page) -> str:
    return request.build_absolute_uri(addresses.path_in(page, page.locale.language_code))


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Let crawlers read all but the admin, sign-in and searches; feeds stay open for those that subscribe."""
    lines = ["User-agent: *", "Disallow: /admin/", "Disallow: /accounts/"]
    lines += [f"Disallow: /{code}/search/" for code in settings.SITE_LANGUAGES]
    lines += [f"Allow: /{code}/events/feed.ics" for code in settings.SITE_LANGUAGES]
    lines += ["", f"Sitemap: {request.build_absolute_uri('/sitemap.xml')}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
