"""News in templates of other rooms, and the filters of the index as words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from django import template
from django.db.models import prefetch_related_objects
from django.http import HttpRequest
from django.template import Context
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from branches.models import Branch, BranchPage
from core.active_filters import ActiveFilter
from core.date_words import month_words
from core.fragments import shown_where
from core.memory import fragment
from core.models import Topic
from core.page_words import words_for
from core.templatetags.page_links import request_of
from events.models import Event
from news.listing import ArticleRow, articles_for, latest, reports_on, rows_of

register = template.Library()
NOTHING = SafeString("")


@register.simple_tag(takes_context=True)
def latest_news(context: Context, count: int | None) -> SafeString:
    """Show the newest articles, the first one large."""
    request = request_of(context)
    return _tiles(request, ("latest", count), lambda: latest(request, count or 0)) if request else NOTHING


@register.simple_tag(takes_context=True)
def branch_news(context: Context, branch: Branch | None, count: int = 4) -> SafeString:
    """Show the newest articles about a branch, the first one large; nothing where there are none."""
    request = request_of(context)
    if request is None or branch is None:
        return NOTHING

    def find() -> list[ArticleRow]:
        return rows_of(articles_for(request).of_branch(branch)[:count])

    return _tiles(request, ("branch", branch.pk, count), find, if_none=NOTHING)


def _tiles(
    request: HttpRequest, which: tuple, find: Callable[[], list[ArticleRow]], *, if_none: SafeString | None = None
) -> SafeString:
    """Show the found articles, put together once a day."""
    rows: list[ArticleRow] = []

    def make() -> SafeString:
        rows.extend(find())
        if not rows and if_none is not None:
            return if_none
        return render_to_string("components/article_tiles.html", {"rows": rows, "request": request}, request)

    return fragment(
        ("tiles", *which, *shown_where(request)),
        make,
        lambda: all(_lasts(row) for row in rows),
    )


@register.simple_tag(takes_context=True)
def event_reports(context: Context, event: Event | None) -> list[ArticleRow]:
    """Return the public reports on an event."""
    request = request_of(context)
    return reports_on(request, event) if request and event else []


@register.simple_tag(takes_context=True)
def article_row(context: Context, row: ArticleRow, *, with_topics: bool = False) -> SafeString:
    """Show an article in a list."""
    return _entry(context, "components/article_row.html", row, with_topics=with_topics)


@register.simple_tag(takes_context=True)
def article_tile(context: Context, row: ArticleRow, *, first: bool = False) -> SafeString:
    """Show an article among few; the first one large."""
    return _entry(context, "components/article_tile.html", row, first=first)


def _entry(context: Context, template: str, row: ArticleRow, **look: bool) -> SafeString:
    """Render an entry once a day for all lists of a site."""
    request = request_of(context)

    def make() -> SafeString:
        return render_to_string(template, {"row": row, "request": request, **look}, request)

    if request is None or not _lasts(row):
        return make()
    return fragment((template, row.article.pk, *shown_where(request), *sorted(look.items())), make)


def _lasts(row: ArticleRow) -> bool:
    """Return whether an entry has no picture that will be taken down by itself."""
    return row.article.image is None or row.article.image.shown_until is None


@register.simple_tag
def with_topics(rows: Sequence[ArticleRow]) -> Sequence[ArticleRow]:
    """Return the rows, the topics of all their articles read in one query."""
    prefetch_related_objects([row.article for row in rows], "topics")
    return rows


@register.simple_tag
def asked_filters(asked: Mapping[str, str], topics: Sequence[tuple[str, str]]) -> list[ActiveFilter]:
    """Return what the index is narrowed to, with names; at most three queries."""
    names = {
        "topic": (_("topic"), lambda key: dict(topics).get(key) or _topic(key)),
        "branch": (_("branch"), _branch),
        "month": (_("month"), lambda key: month_words(_first_day(key))),
    }
    return [
        ActiveFilter(kind, str(names[kind][0]), key, names[kind][1](key))
        for kind, key in asked.items()
        if kind in names
    ]


def _first_day(month: str) -> date:
    year, number = month.split("-")
    return date(int(year), int(number), 1)


def _topic(key: str) -> str:
    return str(Topic.objects.filter(key=key).first() or key)


def _branch(key: str) -> str:
    branch = Branch.objects.public().filter(key=key).first()
    found = words_for([branch] if branch else [], BranchPage, language=get_language() or "")
    return found[branch.pk].title if branch and branch.pk in found else key
