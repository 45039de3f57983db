"""Atom of coming events, for any filters: for readers of news, and for programs that put them on other pages."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.text import capfirst
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core import addresses, atom
from core.date_words import when_pieces
from core.labels import label_in
from core.page_words import words_for
from core.sites import network_for
from events.dates import ListedEvent
from events.feeds import calendar_name, names_of
from events.filters import EventFilter
from events.listing import Row, dates_for, limit_to, rows_of
from events.models import EventIndexPage, EventPage, FilterKind, Occurrence, OccurrenceText

ENTRIES = 50
# When a feed without entries was changed last.
NEVER = datetime(2000, 1, 1, tzinfo=UTC)
# With a day of that year no date leaves its year out: the words of an entry don't change on New Year's Eve.
ANOTHER_YEAR = date(1, 1, 1)


@dataclass(frozen=True)
class Stamps:
    """What is stored of a date and its text: who it is, since when, and when it was last changed."""

    uid: UUID
    created: datetime
    modified: datetime


@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """Answer with the next dates of the filters as Atom (RFC 4287), in the language of the address."""
    filters, now = EventFilter.from_query(request.GET), timezone.now()
    dates = list(dates_for(request, filters).upcoming(now)[:ENTRIES])
    limit_to(request, dates, now)
    entries = _entries(request, rows_of(request, dates))
    body = atom.render(_feed(request, filters, entries), entries)
    etag = quote_etag(hashlib.blake2b(body, digest_size=16).hexdigest())
    response = HttpResponse(body, content_type=atom.CONTENT_TYPE)
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "public, max-age=0, must-revalidate"
    return get_conditional_response(request, etag=etag, response=response)


def _feed(request: HttpRequest, filters: EventFilter, entries: Iterable[atom.Entry]) -> atom.Feed:
    network, query = network_for(request), f"?{filters.query}" if filters else ""
    path = f"{reverse('events_atom')}{query}"
    return atom.Feed(
        uid=f"tag:{network.site.hostname},2026:{path}",
        address=request.build_absolute_uri(path),
        url=request.build_absolute_uri(f"{calendar_path(request)}{query}"),
        title=calendar_name(request, filters),
        subtitle=label_in(network.tagline),
        language=get_language() or "",
        author=_name_of(request),
        updated=max((entry.updated for entry in entries), default=NEVER),
    )


def calendar_path(request: HttpRequest) -> str:
    """Return the path of the agenda in the shown language; the first page's where the site has none."""
    root = network_for(request).site.root_page
    index = EventIndexPage.objects.live().child_of(root).first()
    return addresses.path_in(index or root, get_language() or "")


def _name_of(request: HttpRequest) -> str:
    return label_in(network_for(request).name) or _("Library events")


def _entries(request: HttpRequest, rows: list[Row]) -> list[atom.Entry]:
    stamps = _stamps(rows, get_language() or "")
    events = list({row.event.pk: row.event for row in rows}.values())
    words = words_for(events, EventPage, language=get_language(), only=["lead"])
    topics = names_of(FilterKind.TOPIC, sorted({key for event in events for key in _topics(event)}))
    scheme = f"tag:{network_for(request).site.hostname},2026:topic"
    return [
        atom.Entry(
            uid=f"urn:uuid:{known.uid}",
            url=request.build_absolute_uri(row.path),
            title=_title(row),
            summary="\n".join(filter(None, [_when(row), row.place, words[row.event.pk].page.lead])),
            language=row.words.language,
            author=_name_of(request),
            published=known.created,
            updated=known.modified,
            categories=tuple(atom.Category(scheme, key, topics[key]) for key in _topics(row.event) if key in topics),
        )
        for row in rows
        if (known := stamps.get((row.occurrence.event_id, row.occurrence.slot)))
    ]


def _topics(event: ListedEvent) -> list[str]:
    return [key for kind, key in event.filters if kind == FilterKind.TOPIC]


def _stamps(rows: Iterable[Row], language: str) -> dict[tuple[int, datetime], Stamps]:
    """Return what is stored of each date by event and slot (one query)."""
    dates = [row.occurrence for row in rows]
    text = OccurrenceText.objects.filter(occurrence=OuterRef("pk"), language=language)
    found = Occurrence.objects.filter(event__in={one.event_id for one in dates}, slot__in={one.slot for one in dates})
    found = found.annotate(modified=Coalesce(Subquery(text.values("modified_at")[:1]), "changed_at"))
    values = found.values_list("event_id", "slot", "uid", "created_at", "modified")
    return {(event, slot): Stamps(uid, created, modified) for event, slot, uid, created, modified in values}


def _title(row: Row) -> str:
    """Return the title, in front of it what keeps the date from taking place."""
    state = ""
    if row.postponed:
        state = pgettext("event", "postponed")
    elif row.cancelled:
        state = pgettext("event", "cancelled")
    return f"{capfirst(state)}: {row.words.title}" if state else row.words.title


def _when(row: Row) -> str:
    return "".join(piece.text for piece in when_pieces(row.occurrence, today=ANOTHER_YEAR))
