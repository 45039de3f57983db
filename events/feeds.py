"""iCal feeds: stored texts joined by one query, for anyone, without cookies or redirects."""

from __future__ import annotations

import gzip
import hashlib
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from threading import Lock
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import BooleanField, Exists, ExpressionWrapper, F, OuterRef, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from branches.models import Branch, BranchPage
from core import page_cache
from core.labels import label_in
from core.localtime import start_of_day, to_local
from core.page_words import words_for
from core.sites import network_for, visible_site_ids
from events.domain.keys import TERMS
from events.feed_codes import filters_at
from events.filters import EventFilter, condition
from events.ical import render_calendar
from events.models import FeedVersion, FilterKind, FormerFilter, OccurrenceText

CONTENT_TYPE = "text/calendar; charset=utf-8"
# All finished feeds of a process together, plain and packed; one filter more must not push the whole feed out.
MOST_KEPT_BYTES = 96 * 1024 * 1024
# Half the time of the usual level for a few percent more bytes.
PACKING_LEVEL = 4
# A phone shows no more of a calendar's name; of a kind, so many are named.
MOST_NAMES = 3


@dataclass(frozen=True)
class KeptFeed:
    """A finished feed: what it was made from, its bytes and their ETag; packed when somebody first asks for that."""

    state: tuple
    body: bytes
    etag: str

    @cached_property
    def packed(self) -> bytes:
        """The bytes as gzip, the same for the same bytes."""
        return gzip.compress(self.body, PACKING_LEVEL, mtime=0)

    @property
    def size(self) -> int:
        """How many bytes it holds, or will."""
        return len(self.body) + len(self.__dict__.get("packed", b""))


# Finished feeds of this process by what they were asked for.
kept_feeds: OrderedDict[tuple, KeptFeed] = OrderedDict()
_keeping = Lock()


@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """Answer with all dates of the site, or those of the filters, in the language of the address."""
    return feed_of(request, EventFilter.from_query(request.GET))


@require_safe
def short_feed(request: HttpRequest, code: str) -> HttpResponse:
    """Answer with the same under a short address."""
    return feed_of(request, filters_at(code))


def feed_of(request: HttpRequest, filters: EventFilter) -> HttpResponse:
    """Answer with the dates of the filters: kept bytes where nothing in the site's feeds has changed."""
    sites = visible_site_ids(request)
    since = window_start(to_local(timezone.now(), ZoneInfo(network_for(request).zone)).date())
    key = (request.get_host(), request.is_secure(), get_language(), filters)
    state = (tuple(versions(sites)), since)
    kept = kept_feeds.get(key)
    if kept is None or kept.state != state:
        body = assemble(request, filters, sites, since)
        kept = KeptFeed(state, body, _etag_of(body))
        _keep(key, kept)
    response = _answer(request, kept.body, kept.etag, "feed.ics")
    if response.status_code == 200:
        page_cache.offer_packed(response, lambda: kept.packed)
    return response


def _keep(key: tuple, value: KeptFeed) -> None:
    # Another thread may drop the oldest key while it is on its way to the end.
    with _keeping:
        kept_feeds[key] = value
        kept_feeds.move_to_end(key)
        while len(kept_feeds) > 1 and sum(kept.size for kept in kept_feeds.values()) > MOST_KEPT_BYTES:
            kept_feeds.popitem(last=False)


def _etag_of(body: bytes) -> str:
    # Processors have instructions for this one.
    return quote_etag(hashlib.sha256(body).hexdigest()[:32])


def _answer(request: HttpRequest, body: bytes, etag: str, name: str) -> HttpResponse:
    response = HttpResponse(body, content_type=CONTENT_TYPE)
    response.headers["ETag"] = etag
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cache-Control"] = "public, max-age=0, must-revalidate"
    response.headers["Vary"] = "Accept-Encoding"
    return get_conditional_response(request, etag=etag, response=response)


def versions(sites: list[int]):
    """Return the versions of the sites' feeds (one query)."""
    return FeedVersion.objects.filter(site__in=sites).order_by("site").values_list("site", "number")


def window_start(today: date) -> date:
    """Return the first of the month a year back."""
    return date(today.year - 1, today.month, 1)


def texts(language: str, sites: list[int], since: datetime, filters: EventFilter):
    """Return text and zone of each date, and whether it is inside of the filters, where there are any.

    One query, in the order in which the dates were made, which no sorting of long texts delays: programs sort by time
    themselves. What left a filter is not inside.
    """
    rows = OccurrenceText.objects.filter(
        language=language, occurrence__event__site__in=sites, occurrence__ends_at__gte=since
    )
    inside = Q()
    for kind, keys in filters.active.items():
        listed = condition(kind, keys, to_date="occurrence__")
        left = FormerFilter.objects.filter(occurrence=OuterRef("occurrence"), kind=kind, key__in=keys)
        rows = rows.filter(listed | Exists(left))
        inside &= listed
    rows = rows.order_by("occurrence")
    if not inside:
        return list(rows.values_list("text", "occurrence__zone"))
    rows = rows.annotate(inside=ExpressionWrapper(inside, output_field=BooleanField()))
    return list(rows.values_list("text", "occurrence__zone", "inside"))


def tombstone(text: str) -> str:
    """Return the text of a date as cancelled."""
    return text.replace("\r\nSTATUS:CONFIRMED\r\n", "\r\nSTATUS:CANCELLED\r\n", 1)


def assemble(request: HttpRequest, filters: EventFilter, sites: list[int], since: date) -> bytes:
    """Put a feed together."""
    network = network_for(request)
    rows = texts(get_language(), sites, start_of_day(since, ZoneInfo(network.zone)), filters)
    if filters:
        found = [text if inside else tombstone(text) for text, _zone, inside in rows]
    else:
        found = [row[0] for row in rows]
    zones = {row[1] for row in rows}
    source = f"{reverse('events_feed')}{'?' if filters else ''}{filters.query}"
    return _calendar(request, calendar_name(request, filters), found, zones=zones, since=since, source=source)


def _calendar(request: HttpRequest, name: str, found: list[str], *, zones: set[str], since: date, source: str) -> bytes:
    language = get_language()
    rendered = render_calendar(
        name=name,
        language=language,
        vevents=found,
        tzids=sorted(zones),
        window=(since, since + timedelta(days=5 * 366)),
        timezone=network_for(request).zone,
        url=request.build_absolute_uri(f"/{language}/"),
        # Never the address as it was asked for: what nobody announced in it would be kept for others.
        source=request.build_absolute_uri(source),
    )
    return rendered if isinstance(rendered, bytes) else "".join(rendered).encode()


def calendar_name(request: HttpRequest, filters: EventFilter) -> str:
    """Return the calendar's name as it stands in a phone: the network's and what it is narrowed to."""
    names = [_name_of(FilterKind(kind), keys) for kind, keys in filters.active.items()]
    return ": ".join([label_in(network_for(request).name) or _("Library events"), *filter(None, names)])


def _name_of(kind: FilterKind, keys: Sequence[str]) -> str:
    """Return the names of what a filter lets through, empty for what has none, or none any more that may be told."""
    named = names_of(kind, keys)
    names = [named[key] for key in keys if named.get(key)]
    return ", ".join([*names[:MOST_NAMES], *(["…"] if len(names) > MOST_NAMES else [])])


def names_of(kind: FilterKind, keys: Sequence[str]) -> dict[str, str]:
    """Return the names of the keys that have one which may be told."""
    if kind in TERMS:
        return {term.key: str(term) for term in TERMS[kind].objects.filter(key__in=keys)}
    if kind != FilterKind.BRANCH:
        return {}
    branches = list(Branch.objects.public().filter(key__in=keys))
    words = words_for(branches, BranchPage, language=get_language() or "")
    return {branch.key: words[branch.pk].title for branch in branches if branch.pk in words}


@require_safe
def occurrence(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Answer with one date as a calendar of its own, under the same UID as in the feeds."""
    row = (
        OccurrenceText.objects.filter(
            occurrence__uid=uid, language=get_language(), occurrence__event__site__in=visible_site_ids(request)
        )
        .annotate(zone=F("occurrence__zone"), start=F("occurrence__local_start"))
        .first()
    )
    if row is None:
        raise Http404
    name = label_in(network_for(request).name) or _("Library events")
    since = date(row.start.year, 1, 1)
    body = _calendar(request, name, [row.text], zones={row.zone}, since=since, source=request.path)
    return _answer(request, body, _etag_of(body), f"{uid}.ics")
