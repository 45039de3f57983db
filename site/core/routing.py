"""Finds the page of an address in one query, where Wagtail goes down the tree step by step."""

from __future__ import annotations

from django.contrib.contenttypes.models import ContentType
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import get_language
from wagtail import views
from wagtail.models import Page, Site
from wagtail.url_routing import RouteResult

from core.sites import home_of


def serve(request: HttpRequest, path: str) -> HttpResponse:
    """Serve the page at a path; what is not found directly is left to Wagtail, with its fallbacks and 404s."""
    found = _direct(request, path)
    if found is not None:
        request._wagtail_route_for_request = found
    return views.serve(request, path)


def _direct(request: HttpRequest, path: str) -> RouteResult | None:
    site = Site.find_for_request(request)
    home = home_of(site.pk, get_language() or "") if site is not None else None
    if home is None:
        return None
    slugs = [slug for slug in path.split("/") if slug]
    place = _place(f"{home.url_path}{'/'.join(slugs)}/", slugs[-1]) if slugs else (home.page_id, home.content_type_id)
    if place is None:
        return None
    page_id, content_type_id = place
    page = ContentType.objects.get_for_id(content_type_id).model_class()._default_manager.filter(pk=page_id).first()
    try:
        return page and page.route(request, [])
    except Http404:
        return None


def _place(url_path: str, slug: str) -> tuple[int, int] | None:
    """Return the ids of a live page and its type; the slug has an index, the path has none."""
    pages = Page.objects.filter(slug=slug, url_path=url_path, live=True)
    return pages.values_list("pk", "content_type_id").first()
