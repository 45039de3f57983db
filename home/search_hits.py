"""What a search finds: the public pages that match, each once and in the best language, what is over last."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, Max, OuterRef
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language
from wagtail.models import Page, Site

from branches.listing import public_branches
from branches.models import BranchPage
from core.excerpts import pattern_of
from core.memory import per_generation
from core.search_backend import ids_by_rank
from core.search_words import beginnings_of
from core.sites import language_codes_by_locale, visible_site_ids
from events.enums import EventState
from events.models import EventPage, Occurrence
from home.enums import HitKind
from home.sitemap import public_pages
from news.models import Article, ArticlePage

# More pages than anybody looks through, in all languages together: what a search costs has an end.
MOST = 6_000
MODELS = {EventPage: HitKind.EVENTS, ArticlePage: HitKind.NEWS, BranchPage: HitKind.BRANCHES}


class FoundPage(NamedTuple):
    """The columns of a page that decide where it stands among the results."""

    pk: int
    translation_key: UUID
    locale_id: int
    content_type_id: int
    path: str
    url_path: str
    title: str
    has_words_here: bool


@dataclass(slots=True)
class Hit:
    """A page that was found: of which kind, in which language, at which branches, and whether it is over."""

    page_id: int
    key: UUID
    title: str
    path: str
    url_path: str
    content_type_id: int
    kind: str
    language: str
    is_past: bool = False
    branches: set[str] = field(default_factory=set)


def hits_for(request: HttpRequest, query: str) -> list[Hit]:
    """Return the hits, the best ones in front: what is over last, before it what is in another language than the shown.

    Among the rest those with all words in their title come first, else the order is that of the index.
    """
    site = Site.find_for_request(request)
    beginnings = beginnings_of(query)
    if site is None or not beginnings:
        return []
    hits = _hits(_found(site, beginnings))
    _add_places(request, hits)
    _add_dates(request, hits, timezone.now())
    patterns = [pattern for one in beginnings if (pattern := pattern_of([one]))]
    shown = get_language()

    def place(hit: Hit) -> tuple[bool, bool, bool]:
        is_named = all(pattern.search(hit.title) for pattern in patterns)
        return hit.is_past, hit.language != shown, not is_named

    return sorted(hits, key=place)


def _found(site: Site, beginnings: list[str]) -> list[FoundPage]:
    """Return the pages that match, in the shown language; those without words in it as they are in another."""
    ranks = {pk: rank for rank, pk in enumerate(ids_by_rank(Page, beginnings, most=MOST))}
    codes = language_codes_by_locale()
    here = next((pk for pk, code in codes.items() if code == get_language()), None)
    in_language = Page.objects.live().filter(translation_key=OuterRef("translation_key"), locale_id=here, alias_of=None)
    pages = public_pages(site).filter(pk__in=list(ranks)).annotate(has_words_here=Exists(in_language)).order_by()
    found = [FoundPage(*values) for values in pages.values_list(*FoundPage._fields)]
    seen: set[UUID] = set()
    best = []
    for page in sorted(found, key=lambda page: ranks[page.pk]):
        is_best = page.locale_id == here or not page.has_words_here
        if is_best and page.translation_key not in seen:
            seen.add(page.translation_key)
            best.append(page)
    return best


def _hits(pages: Iterable[FoundPage]) -> list[Hit]:
    kinds, codes = _kinds(), language_codes_by_locale()
    return [
        Hit(
            page_id=page.pk,
            key=page.translation_key,
            title=page.title,
            path=page.path,
            url_path=page.url_path,
            content_type_id=page.content_type_id,
            kind=kinds.get(page.content_type_id, HitKind.PAGES.value),
            language=codes.get(page.locale_id, ""),
        )
        for page in pages
    ]


@per_generation
def _kinds() -> dict[int, str]:
    types = ContentType.objects.get_for_models(*MODELS)
    return {types[model].pk: kind.value for model, kind in MODELS.items()}


# --- Where and when ---------------------------------------------------------------------------------------------------


@per_generation
def _branches_by_path(site_ids: tuple[int, ...]) -> dict[str, str]:
    """Return the public keys of the branches by the tree paths of all their pages."""
    keys = {branch.translation_key: branch.key for branch in public_branches(site_ids)}
    pages = BranchPage.objects.filter(translation_key__in=list(keys)).values_list("path", "translation_key")
    return {path: keys[key] for path, key in pages}


def _add_places(request: HttpRequest, hits: Iterable[Hit]) -> None:
    """Say of branch pages, of what stands below them and of articles, of which branches they are."""
    sites = tuple(visible_site_ids(request))
    places = _branches_by_path(sites)
    articles = {hit.key: hit for hit in hits if hit.kind == HitKind.NEWS}
    for hit in hits:
        # A branch stands below an index, and that below a home page.
        above = (hit.path[:end] for end in range(4 * Page.steplen, len(hit.path) + 1, Page.steplen))
        hit.branches = {places[path] for path in above if path in places}
    if articles:
        keys = {branch.pk: branch.key for branch in public_branches(sites)}
        named = Article.branches.through.objects.filter(article__translation_key__in=list(articles))
        for key, branch in named.values_list("article__translation_key", "branch"):
            if branch in keys:
                articles[key].branches.add(keys[branch])


def _add_dates(request: HttpRequest, hits: Iterable[Hit], now: datetime) -> None:
    """Say of events at which branches their dates are, and whether all of these are over and none will follow."""
    events = {hit.key: hit for hit in hits if hit.kind == HitKind.EVENTS}
    if not events:
        return
    keys = {branch.pk: branch.key for branch in public_branches(tuple(visible_site_ids(request)))}
    dates = Occurrence.objects.announced().filter(event__translation_key__in=list(events)).order_by()
    by_branch = dates.values_list("event__translation_key", "event__state", "branch").annotate(until=Max("ends_at"))
    over: dict[UUID, bool] = {}
    for key, state, branch, until in by_branch:
        # One that is postponed waits for other dates.
        over[key] = over.get(key, True) and until <= now and state != EventState.POSTPONED
        if branch in keys:
            events[key].branches.add(keys[branch])
    for key, is_over in over.items():
        events[key].is_past = is_over
