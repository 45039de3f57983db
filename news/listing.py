"""What readers are shown of news: the index with its filters and archive, an article with what belongs to it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import BadRequest
from django.db.models import Q, prefetch_related_objects
from django.db.models.functions import TruncMonth
from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from wagtail.models import Page

from branches.listing import branch_choices
from branches.models import Branch, BranchPage
from core import addresses
from core.domain import privacy
from core.domain.pictures import shared_url
from core.labels import label_in
from core.localtime import start_of_day, to_local
from core.memory import per_generation
from core.models import Topic
from core.models.terms import key_was_issued
from core.page_words import Words, words_for
from core.pages import BasePage
from core.paging import page_number
from core.sites import language_code_of, network_for, visible_site_ids
from core.structured import absolute_or_blank, network_data, without_blanks
from events.models import Event
from news.models import Article, ArticleFacts, ArticlePage, NewsIndexPage

PAGE_SIZE = 20


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

    @property
    def topic_key(self) -> str:
        """The key of its first topic, by which what is about the same looks related."""
        return next((topic.key for topic in self.article.topics.all()), "")


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


def reports_on(request: HttpRequest, event: Event) -> list[ArticleRow]:
    """Return the public reports on an event, the newest first; no query for an event that has none."""
    ids = _reported(tuple(visible_site_ids(request))).get(event.pk, ())
    return rows_of(articles_for(request).filter(pk__in=ids)) if ids else []


@per_generation
def _reported(sites: tuple[int, ...]) -> dict[int, list[int]]:
    """Return the ids of the sites' public reports by the id of their event."""
    found: dict[int, list[int]] = {}
    reports = Article.objects.public().on(sites).exclude(event=None).order_by()
    for event_id, article_id in reports.values_list("event", "pk"):
        found.setdefault(event_id, []).append(article_id)
    return found


def narrowed(articles, request: HttpRequest):
    """Return the articles of the asked topic, branch and month, and what was asked, always in this order.

    Raises BadRequest for unknown keys and for what is no month, Http404 at the ends of the calendar.
    """
    asked = {name: request.GET[name] for name in ("topic", "branch", "month") if request.GET.get(name)}
    if "topic" in asked:
        topic = _known(Topic, asked["topic"])
        articles = articles.filter(topics=topic) if topic else articles.none()
    if "branch" in asked:
        branch = _known(Branch, asked["branch"])
        articles = articles.of_branch(branch) if branch else articles.none()
    if "month" in asked:
        articles = _in_month(articles, asked["month"], ZoneInfo(network_for(request).zone))
    return articles, asked


def _known(model, key: str):
    """Return what a key names, None for what is gone; raise BadRequest for a key that readers never could meet."""
    found = model.objects.filter(key=key).first()
    is_met = found is not None and getattr(found, "is_public", True)
    if not is_met and not key_was_issued(model, key):
        raise BadRequest(_("There is no “%(key)s”.") % {"key": key[:60]})
    return found


def _in_month(articles, text: str, zone: ZoneInfo):
    match = re.fullmatch(r"([0-9]{4})-(0[1-9]|1[0-2])", text)
    year = int(match[1]) if match else 0
    if not match or not year:
        raise BadRequest(_("A month looks like 2027-05."))
    if year in (date.min.year, date.max.year):
        # In another time zone its first or last moment may be outside of what a date can say.
        raise Http404
    first = date(year, int(match[2]), 1)
    after = (first + timedelta(days=31)).replace(day=1)
    return articles.filter(published_at__gte=start_of_day(first, zone), published_at__lt=start_of_day(after, zone))


def index_context(request: HttpRequest) -> dict:
    """Return one page of the index; raise BadRequest or Http404 for what there isn't."""
    number = page_number(request)
    articles, asked = narrowed(articles_for(request), request)
    offset = (number - 1) * PAGE_SIZE
    found = list(articles[offset : offset + PAGE_SIZE + 1])
    # A month of the calendar without articles is no page; with another filter it is an answer that fits nothing.
    if not found and (number > 1 or list(asked) == ["month"]):
        raise Http404
    return {
        "rows": rows_of(found[:PAGE_SIZE]),
        "asked": asked,
        "page_number": number,
        "has_more": len(found) > PAGE_SIZE,
        "topics": topic_choices(get_language()),
        "branches": branch_choices(tuple(visible_site_ids(request)), get_language()),
        "months": archive(request),
    }


def index_path(request: HttpRequest) -> str:
    """Return the path of the index in the shown language; the first page's where the site has no index."""
    language = get_language() or settings.LANGUAGE_CODE
    root = network_for(request).site.root_page
    index = NewsIndexPage.objects.live().child_of(root).first()
    return addresses.path_in(index or root, language)


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
    branches = branches_of(page, facts)
    names = words_for(branches, BranchPage, language=get_language())
    published = getattr(facts, "published_at", None) or facts.date or page.first_published_at or timezone.now()
    return {
        "published_at": published,
        "topics": list(facts.topics.all()),
        "branch_words": [names[branch.pk] for branch in branches if branch.pk in names],
        "related": related_to(facts),
        "json_ld": article_data(page, facts, published, request),
    }


def day_of(moment: datetime, request: HttpRequest) -> date:
    """Return the day of a moment where the request's network is."""
    return to_local(moment, ZoneInfo(network_for(request).zone)).date()


def branches_of(page: ArticlePage, facts: ArticleFacts) -> list[Branch]:
    """Return the public branches of an article: those that it names, and the one below whose page it stands."""
    named = [branch.pk for branch in facts.branches.all()]
    above = Page.objects.filter(path=page.path[: -Page.steplen]).values("translation_key")
    return list(Branch.objects.public().filter(Q(pk__in=named) | Q(translation_key__in=above)))


def branch_words_of(articles: Sequence[Article]) -> dict[int, dict[str, Words]]:
    """Return the words of each article's public branches by their keys, by article; four queries for any number."""
    prefetch_related_objects(articles, "branches", "source_page")
    places = {article.pk: article.source_page.path[: -Page.steplen] for article in articles if article.source_page}
    above = dict(Page.objects.filter(path__in=set(places.values())).values_list("path", "translation_key"))
    named = {branch.pk for article in articles for branch in article.branches.all()}
    public = Branch.objects.public().filter(Q(pk__in=named) | Q(translation_key__in=above.values()))
    branches = list(public.only("key", "translation_key", "source_page").order_by("key"))
    words = words_for(branches, BranchPage, language=get_language() or settings.LANGUAGE_CODE)
    return {
        article.pk: {
            branch.key: words[branch.pk]
            for branch in branches
            if branch.pk in words
            and (branch in article.branches.all() or branch.translation_key == above.get(places.get(article.pk, "")))
        }
        for article in articles
    }


def related_to(facts: ArticleFacts) -> Words | None:
    """Return the words of the page that an article names, in the best language; None where not everybody may see it."""
    page = facts.related
    if page is None or not _is_public(page):
        return None
    shown = page.localized
    language = get_language() or settings.LANGUAGE_CODE
    code = language_code_of((shown.alias_of or shown).locale_id)
    return Words(shown, addresses.path_in(shown, language), code, code != language)


def _is_public(page: Page) -> bool:
    specific = page.specific
    return page.live and not privacy.is_private(page) and isinstance(specific, BasePage) and specific.is_shown()


def article_data(page: ArticlePage, facts: ArticleFacts, published: datetime, request: HttpRequest) -> dict:
    """Return the article as schema.org NewsArticle."""
    data = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": page.title,
        "description": page.lead,
        "inLanguage": page.words_language,
        "url": request.build_absolute_uri(addresses.path_in(page, page.words_language)),
        "datePublished": published.isoformat(timespec="seconds"),
        "dateModified": max(published, page.last_published_at or published).isoformat(timespec="seconds"),
        "image": absolute_or_blank(request, shared_url(facts.image)),
        "publisher": network_data(request),
    }
    return without_blanks(data)
