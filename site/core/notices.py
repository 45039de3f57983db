"""The notices that a page shows now, and until when that holds: asked of the database once per generation."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language
from wagtail.models import Site

from core import page_cache
from core.enums import NoticeLevel
from core.labels import Label, label_in, label_language
from core.memory import per_generation
from core.models import Notice
from core.page_targets import PageTargets
from core.sites import network_of

log = logging.getLogger(__name__)

# The hook of this room: a higher one registers for "what else is every page of this site to say, in this language?".
posted_hooks: list[Callable[[Site, str], Iterable[Posted]]] = []

ORDER = {level: place for place, level in enumerate(NoticeLevel.values)}


@dataclass(frozen=True, slots=True)
class Words:
    """A text, and in which language it is."""

    text: str
    language: str


@dataclass(frozen=True, slots=True)
class Posted:
    """A notice in one language, from one moment to another; `path` is empty where it leads nowhere."""

    level: NoticeLevel
    begins: datetime
    ends: datetime | None
    words: Words
    path: str
    link: Words

    def is_up(self, now: datetime) -> bool:
        """Return whether readers see it."""
        return self.begins <= now and (self.ends is None or now < self.ends)


def notices_for(request: HttpRequest, now: datetime | None = None) -> list[Posted]:
    """Return what is up on the request's site, the most urgent first, and tell the page cache when that changes."""
    site = Site.find_for_request(request)
    if site is None:
        return []
    now = now or timezone.now()
    posted = _posted(site, get_language() or settings.LANGUAGE_CODE)
    page_cache.limit(request, next_change(posted, now))
    return [notice for notice in posted if notice.is_up(now)]


def next_change(posted: Iterable[Posted], now: datetime) -> datetime | None:
    """Return the next moment at which a notice begins or ends; None where none does."""
    edges = (edge for notice in posted for edge in (notice.begins, notice.ends))
    return min((edge for edge in edges if edge is not None and edge > now), default=None)


@per_generation
def _posted(site: Site, language: str) -> tuple[Posted, ...]:
    """Return a site's notices that are not over, in the order in which they are shown."""
    zone, now = zone_of(site), timezone.now()
    stored = list(_with_moments(Notice.objects.filter(site=site).select_related("page"), zone))
    coming = [one for one in stored if one[2] is None or one[2] > now]
    targets = PageTargets(site.pk, {notice.page.translation_key for notice, *_moments in coming if notice.page})
    coming.sort(key=lambda one: (ORDER[one[0].level], -one[1].timestamp(), -one[0].pk))
    own = [_in_language(notice, begins, ends, targets, language) for notice, begins, ends in coming]
    others = [notice for hook in posted_hooks for notice in hook(site, language)]
    return tuple(sorted([*own, *others], key=lambda notice: ORDER[notice.level]))


def _with_moments(notices: Iterable[Notice], zone: ZoneInfo) -> Iterator[tuple[Notice, datetime, datetime | None]]:
    for notice in notices:
        try:
            yield (notice, *notice.moments(zone))
        except OverflowError:
            # One that nobody could have typed, such as year 1, must not take down every page.
            log.exception("The notice %s is at no moment.", notice.pk)


def zone_of(site: Site) -> ZoneInfo:
    """Return the time zone by whose clock a site's notices begin and end."""
    return ZoneInfo(network_of(site).zone)


def _in_language(
    notice: Notice, begins: datetime, ends: datetime | None, targets: PageTargets, language: str
) -> Posted:
    target = targets.target(notice.page.translation_key, language) if notice.page else None
    named = _words(notice.link_text, language)
    title = Words(target.title, target.language) if target else named
    return Posted(
        level=NoticeLevel(notice.level),
        begins=begins,
        ends=ends,
        words=_words(notice.text, language),
        path=target.path if target else notice.address,
        link=named if named.text else title,
    )


def _words(label: Label, language: str) -> Words:
    return Words(label_in(label, language), label_language(label, language))
