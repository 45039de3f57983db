"""What readers are shown of news: the index with its filters and archive, an article with what belongs to it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.core.exceptions import BadRequest
from django.db.models.functions import TruncMonth
from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from branches.models import Branch, BranchPage
from core.labels import label_in
from core.localtime import start_of_day, to_local
from core.memory import per_generation
from core.models import Topic
from core.page_words import Words, words_for
from core.sites import network_for, visible_site_ids
from news.models import Article, ArticleFacts, ArticlePage

PAGE_SIZE = 20
LAST_PAGE = 500


@dataclass(frozen=True)
class ArticleRow:
    """An article in a list."""

    article: Article
    words: Words

    @property
    def path(self) -> str:
        """The article's address in the shown language."""
        return self.words.path

    @property
    def lead(self) -> str:
        """The article's lead."""
        return self.words.page.lead


def rows_of(articles: Iterable[Article]) -> list[ArticleRow]:
    """Return the articles with their words; two queries for any number."""
    found = list(articles)
    words = words_for(found, ArticlePage, language=get_language(), only=["lead", "image_alt", "last_published_at"])
    return [ArticleRow(article, words[article.pk]) for article in found if article.pk in words]


def articles_for(request: HttpRequest):
    """Return the public articles that this request's site shows, pinned first, then the newest."""
    articles = Article.objects.public().on(visible_site_ids(request))
    return articles.select_related("image").order_by("-pinned", "-published_at", "-pk")


def latest(request: HttpRequest, count: int) -> list[ArticleRow]:
    """Return the newest articles."""
    return rows_of(articles_for(request)[:count])


def narrowed(articles, request: HttpRequest):
    """Return the articles of the asked topic, branch and month, and what was asked; BadRequest for unknown keys."""
    asked = {}
    for name, model, field in (("topic", Topic, "topics"), ("branch", Branch, "branches")):
        key = request.GET.get(name, "")
        if key:
            if not model.objects.filter(key=key).exists():
                raise BadRequest(_("There is no “%(key)s”.") % {"key": key[:60]})
            articles = articles.filter(**{f"{field}__key": key})
            asked[name] = key
    month = request.GET.get("month", "")
    if month:
        articles = _in_month(articles, month, ZoneInfo(network_for(request).zone))
        asked["month"] = month
    return articles, asked


def _in_month(articles, text: str, zone: ZoneInfo):
    try:
        first = datetime.strptime(text, "%Y-%m").date()  # noqa: DTZ007
    except ValueError:
        raise BadRequest(_("A month looks like 2027-05.")) from None
    after = (
        first.replace(year=first.year + first.month // 12, month=first.month % 12 + 1) if first.year < 9999 else first
    )
    return articles.filter(published_at__gte=start_of_day(first, zone), published_at__lt=start_of_day(after, zone))


def index_context(request: HttpRequest) -> dict:
    """Return one page of the index; raise BadRequest or Http404 for what there isn't."""
    text = request.GET.get("page", "1")
    if not text.isascii() or not text.isdigit() or len(text) > 12:
        raise BadRequest(_("A page is a number."))
    number = int(text)
    articles, asked = narrowed(articles_for(request), request)
    if not 1 <= number <= LAST_PAGE:
        raise Http404
    offset = (number - 1) * PAGE_SIZE
    found = list(articles[offset : offset + PAGE_SIZE + 1])
    if not found and (number > 1 or "month" in asked):
        raise Http404
    return {
        "rows": rows_of(found[:PAGE_SIZE]),
        "asked": asked,
        "page_number": number,
        "has_more": len(found) > PAGE_SIZE,
        "topics": topic_choices(get_language()),
        "months": archive(request),
    }


def archive(request: HttpRequest) -> list[datetime]:
    """Return the months that have articles, the newest first."""
    return _archive(tuple(visible_site_ids(request)), network_for(request).zone)


@per_generation
def _archive(sites: tuple[int, ...], zone: str) -> list[datetime]:
    public = Article.objects.public().on(sites)
    months = public.annotate(month=TruncMonth("published_at", tzinfo=ZoneInfo(zone))).values_list("month", flat=True)
    return [to_local(month, ZoneInfo(zone)) for month in months.distinct().order_by("-month")]


@per_generation
def topic_choices(language: str) -> list[tuple[str, str]]:
    """Return the topics that are offered, as key and name."""
    return [(term.key, label_in(term.label, language)) for term in Topic.objects.filter(retired=False)]


def article_context(page: ArticlePage, facts: ArticleFacts, request: HttpRequest) -> dict:
    """Return what an article shows beside its words."""
    branches = list(facts.branches.all())
    names = words_for(branches, BranchPage, language=get_language())
    published = getattr(facts, "published_at", None) or facts.date or page.first_published_at or timezone.now()
    return {
        "published_at": published,
        "topics": list(facts.topics.all()),
        "branch_words": [names[branch.pk] for branch in branches if branch.pk in names],
        "related_page": _related(facts),
        "json_ld": article_data(page, facts, published),
    }


def _related(facts: ArticleFacts):
    page = facts.related
    return page.localized if page and page.live else None


def article_data(page: ArticlePage, facts: ArticleFacts, published: datetime) -> dict:
    """Return the article as schema.org NewsArticle."""
    return {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": page.title,
        "description": page.lead,
        "inLanguage": page.words_language,
        "url": page.full_url,
        "datePublished": published.isoformat(timespec="seconds"),
        "dateModified": (page.last_published_at or published).isoformat(timespec="seconds"),
    }
