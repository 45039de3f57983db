"""The results of a search as a reader sees them: what each is, when it takes place, where the words stand in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import get_language, pgettext
from wagtail.models import Page

from core import addresses
from core.excerpts import marked, passage, pattern_of
from core.search_backend import texts_of
from core.search_words import beginnings_of
from events.listing import Row, telling_rows
from home.enums import HitKind
from home.search_hits import Hit


@dataclass(frozen=True)
class HitRow:
    """One result: `date` is the next date of an event, or its last one."""

    hit: Hit
    label: str
    path: str
    foreign: bool
    title: SafeString
    excerpt: SafeString
    date: Row | None

    @property
    def language(self) -> str:
        """The language of the words."""
        return self.hit.language


def rows_of(request: HttpRequest, hits: Sequence[Hit], query: str) -> list[HitRow]:
    """Return hits as they are shown; three queries for any number."""
    language = get_language() or ""
    pattern = pattern_of(beginnings_of(query))
    texts = texts_of(Page, [hit.page_id for hit in hits]) if hits else {}
    events = [hit.key for hit in hits if hit.kind == HitKind.EVENTS]
    dates = telling_rows(request, events) if events else {}
    return [
        HitRow(
            hit=hit,
            label=_label(hit),
            path=addresses.path_in(hit, language),
            foreign=hit.language != language,
            title=marked(hit.title, pattern),
            excerpt=marked(passage(texts.get(hit.page_id, ""), pattern), pattern),
            date=dates.get(hit.key),
        )
        for hit in hits
    ]


def _label(hit: Hit) -> str:
    """Return what a hit is."""
    if hit.is_past:
        return pgettext("search result", "Past event")
    model = ContentType.objects.get_for_id(hit.content_type_id).model_class()
    return capfirst(model._meta.verbose_name) if model else ""
