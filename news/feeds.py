"""Atom feeds of news, by language, topic and branch."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core import atom
from core.domain.pictures import read_sizes, shared_url
from core.labels import label_in
from core.models import Network
from core.page_words import Words
from core.sites import network_for, network_of
from core.structured import absolute_or_blank
from news.listing import ArticleRow, articles_for, branch_words_of, index_path, narrowed, rows_of, topic_choices
from news.models import Article
from news.templatetags.article_lists import asked_filters

ENTRIES = 50
# When a feed without entries was changed last.
NEVER = datetime(2000, 1, 1, tzinfo=UTC)


@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """Answer with the newest articles as Atom (RFC 4287)."""
    articles, asked = narrowed(articles_for(request), request)
    newest = articles.select_related("site").prefetch_related("topics").order_by("-published_at", "-pk")[:ENTRIES]
    entries = _entries(request, rows_of(newest))
    body = atom.render(_feed(request, asked, entries), entries)
    etag = quote_etag(hashlib.blake2b(body, digest_size=16).hexdigest())
    response = HttpResponse(body, content_type=atom.CONTENT_TYPE)
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "public, max-age=0, must-revalidate"
    return get_conditional_response(request, etag=etag, response=response)


def _feed(request: HttpRequest, asked: Mapping[str, str], entries: Iterable[atom.Entry]) -> atom.Feed:
    """Return what a feed says of itself; its address and its id know what it is narrowed to and nothing else."""
    network, language = network_for(request), get_language()
    query = f"?{urlencode(asked)}" if asked else ""
    path = f"{reverse('news_feed')}{query}"
    name = _name_of(network)
    return atom.Feed(
        uid=f"tag:{network.site.hostname},2026:{path}",
        address=request.build_absolute_uri(path),
        url=request.build_absolute_uri(f"{index_path(request)}{query}"),
        title=": ".join([name, *(one.name for one in asked_filters(asked, topic_choices(language)))]),
        subtitle=label_in(network.tagline),
        language=language,
        author=name,
        updated=max((entry.updated for entry in entries), default=NEVER),
    )


def _name_of(network: Network) -> str:
    return label_in(network.name) or _("Library news")


def _entries(request: HttpRequest, rows: Iterable[ArticleRow]) -> list[atom.Entry]:
    rows = list(rows)
    sites = {row.article.site for row in rows}
    authors = {site: _name_of(network_of(site)) for site in sites}
    branches = branch_words_of([row.article for row in rows])
    read_sizes(row.article.image for row in rows)
    return [
        atom.Entry(
            uid=f"urn:uuid:{row.article.translation_key}",
            url=request.build_absolute_uri(row.path),
            title=row.words.title,
            summary=row.lead,
            language=row.words.language,
            author=authors[row.article.site],
            published=row.article.published_at,
            updated=max(row.article.published_at, row.words.page.last_published_at or row.article.published_at),
            categories=tuple(_categories(row.article, branches[row.article.pk])),
            picture=absolute_or_blank(request, shared_url(row.article.image)),
        )
        for row in rows
    ]


def _categories(article: Article, branches: Mapping[str, Words]) -> Iterator[atom.Category]:
    scheme = f"tag:{article.site.hostname},2026"
    for topic in article.topics.all():
        yield atom.Category(f"{scheme}:topic", topic.key, str(topic))
    for key, words in branches.items():
        yield atom.Category(f"{scheme}:branch", key, words.title)
