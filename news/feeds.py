"""Atom feeds of news, by language, topic and branch."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import feedgenerator
from django.utils.cache import get_conditional_response
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.labels import label_in
from core.sites import network_for
from news.listing import articles_for, narrowed, rows_of

ENTRIES = 50


@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """Answer with the newest articles as Atom (RFC 4287)."""
    articles, _asked = narrowed(
        articles_for(request).order_by("-published_at", "-pk").prefetch_related("topics"), request
    )
    network = network_for(request)
    name = label_in(network.name) or _("Library news")
    atom = feedgenerator.Atom1Feed(
        title=name,
        link=request.build_absolute_uri(f"/{get_language()}/"),
        description=label_in(network.tagline),
        language=get_language(),
        feed_url=request.build_absolute_uri(),
        author_name=name,
        feed_guid=f"tag:{network.site.hostname},2026:{reverse('news_feed')}?{request.GET.urlencode()}",
    )
    for row in rows_of(articles[:ENTRIES]):
        page, article = row.words.page, row.article
        atom.add_item(
            title=row.words.title,
            link=request.build_absolute_uri(row.path),
            description=row.lead,
            unique_id=f"urn:uuid:{article.translation_key}",
            pubdate=article.published_at,
            updateddate=max(article.published_at, page.last_published_at or article.published_at),
            categories=[str(term) for term in article.topics.all()],
        )
    response = HttpResponse(atom.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")
    return get_conditional_response(request, response=response) or response
