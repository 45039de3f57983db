"""News in templates of other rooms, and the filters of the index as words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django import template
from django.db.models import prefetch_related_objects
from django.template import Context
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from branches.models import Branch, BranchPage
from core.date_words import month_words
from core.models import Topic
from core.page_words import words_for
from core.templatetags.page_links import request_of
from events.models import Event
from news.listing import ArticleRow, articles_for, latest, reports_on, rows_of

register = template.Library()


@dataclass(frozen=True)
class ActiveFilter:
    """A filter that narrows the list, in words."""

    kind: str
    label: str
    key: str
    name: str


@register.simple_tag(takes_context=True)
def latest_news(context: Context, count: int) -> list[ArticleRow]:
    """Return the newest articles."""
    request = request_of(context)
    return latest(request, count) if request else []


@register.simple_tag(takes_context=True)
def branch_news(context: Context, branch: Branch | None, count: int = 4) -> list[ArticleRow]:
    """Return the newest articles about a branch."""
    request = request_of(context)
    return rows_of(articles_for(request).of_branch(branch)[:count]) if request and branch else []


@register.simple_tag(takes_context=True)
def event_reports(context: Context, event: Event | None) -> list[ArticleRow]:
    """Return the public reports on an event."""
    request = request_of(context)
    return reports_on(request, event) if request and event else []


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
