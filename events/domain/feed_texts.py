"""The stored VEVENT of every date in every language: rendered when something in it changes, only joined when read."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urljoin

from django.db.models import F, prefetch_related_objects
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from branches.models import Branch, BranchPage
from core.bulk import insert_rows, update_rows
from core.generations import bump
from core.labels import label_in
from core.page_words import Words, words_in
from core.picture_sizes import SHARED
from core.sites import languages_of
from events.enums import EventState, OccurrenceState
from events.ical import Status, VEvent, render_vevent, restamped
from events.models.occurrence import FeedVersion, Occurrence, OccurrenceText
from events.sources.words import ImportedWords, event_words

if TYPE_CHECKING:
    from events.models import Event

TICK = timedelta(seconds=1)
UID_DOMAIN = "events.chitalnya"
# Dates that stand in a calendar of others: who reads our feeds must not take them for ours and hand them on in circles.
IMPORTED_DOMAIN = f"imported.{UID_DOMAIN}"
# So far back may end a date that stands in feeds: they begin with the month a year ago.
FEEDS_REACH_BACK = timedelta(days=366 + 31)
# Facts of which each date says by itself what it made of them.
DATED_FACTS = frozenset({
    "starts_on", "starts_at", "ends_at", "ends_on", "long_run", "repeat", "repeat_every", "repeat_on", "repeat_until",
    "repeat_count", "left_out", "added", "branch", "place",
})  # fmt: skip


def uid_of(row: Occurrence) -> str:
    """Return the iCal UID of a date: from its own identity alone, for ever."""
    domain = IMPORTED_DOMAIN if row.event.translation_key is None else UID_DOMAIN
    return f"{row.uid}@{domain}"


@dataclass(frozen=True)
class Voice:
    """All that an event's texts need in one language; without words nothing is told of the event."""

    language: str
    words: Words | None
    branches: dict[int, str]
    categories: tuple[str, ...]
    root_url: str
    image: str | None
    # What it said of dates that are alike, so that each is only said once.
    said: dict[Hashable, dict[str, Any]] = field(default_factory=dict, compare=False)


@dataclass(frozen=True, slots=True)
class Telling:
    """A date and what it says by itself in every language; dates with the same `likeness` share all other words."""

    row: Occurrence
    uid: str
    slot: str
    created: datetime
    start: datetime | date
    end: datetime | date
    status: Status
    announced: bool
    likeness: Hashable


class Text(NamedTuple):
    """A row of `OccurrenceText`, without what it costs to be a model; new ones have no key."""

    pk: int | None
    occurrence_id: int
    language: str
    text: str
    modified_at: datetime


Stored = dict[tuple[int, str], Text]


def render_texts(event: Event, *, now: datetime | None = None) -> int:
    """Bring all texts of an event up to date; return how many changed.

    A date whose facts changed gets the next SEQUENCE; a text that changed gets `now` as LAST-MODIFIED; what stayed the
    same keeps its bytes. Of an event that is not public only what its subscribers have already stays, without words.
    """
    now = (now or timezone.now()).replace(microsecond=0)
    rows = _rows(event)
    prefetch_related_objects([event], *event.fact_relations)
    texts = OccurrenceText.objects.filter(occurrence__event=event).values_list(*Text._fields)
    stored: Stored = {(text.occurrence_id, text.language): text for text in map(Text._make, texts)}
    voices = list(_voices(event, rows, stored))
    tellings = [_telling(event, row) for row in rows]
    _raise_sequences(event, tellings, voices, stored)
    fresh = [text for date_ in tellings for voice in voices if (text := _fresh_text(event, date_, voice, stored, now))]
    _write(fresh)
    if fresh:
        raise_feed_version(event.site_id)
    if event.texts_stale:
        event.texts_stale = False
        event.save(update_fields=["texts_stale"])
    return len(fresh)


def _rows(event: Event) -> list[Occurrence]:
    """Return the event's dates with their branches: those that a merge has just written, once, or else all anew."""
    rows, event.merged_rows = event.merged_rows, None
    return list(event.occurrences.prefetch_related("branch")) if rows is None else rows


def _write(texts: list[Text]) -> None:
    changed = [(text.text, text.modified_at, text.pk) for text in texts if text.pk]
    update_rows(OccurrenceText, ["text", "modified_at", "pk"], changed)
    # Feeds are read by language.
    new = sorted((text[1:] for text in texts if not text.pk), key=itemgetter(1))
    insert_rows(OccurrenceText, Text._fields[1:], new)


def raise_feed_version(site_id: int) -> None:
    """Let the feeds of a site be put together anew."""
    version = FeedVersion.objects.filter(site_id=site_id)
    if not version.update(number=F("number") + 1):
        FeedVersion.objects.get_or_create(site_id=site_id)
        version.update(number=F("number") + 1)
    bump(site_id)


def raise_all_feed_versions() -> None:
    """Let the feeds of every site be put together anew."""
    FeedVersion.objects.update(number=F("number") + 1)
    bump(None)


# --- What is said in a language ---------------------------------------------------------------------------------------


def _voices(event: Event, rows: Iterable[Occurrence], stored: Stored) -> Iterator[Voice]:
    """Yield the site's languages, and those that it had when texts were stored: they too must hear what is hidden."""
    branches = {row.branch_id: row.branch for row in rows if row.branch and row.branch.is_public}
    terms = [*event.audiences.all(), *event.topics.all()]
    root_url, image = event.site.root_url, _image_url(event)
    codes = list(dict.fromkeys([*languages_of(event.site), *(language for _row, language in stored)]))
    names = words_in(list(branches.values()), BranchPage, languages=codes)
    words = event_words([event] if event.is_public else [], languages=codes, only=["lead"])
    for code in codes:
        with translation.override(code):
            places = {pk: _branch_place(branches[pk], name) for pk, name in names[code].items()}
            categories = tuple(label_in(term.label, code) for term in terms)
            yield Voice(code, words[code].get(event.pk), places, categories, root_url, image)


def _branch_place(branch: Branch, words: Words) -> str:
    parts = [words.title, label_in(branch.street), label_in(branch.town)]
    return ", ".join(part for part in parts if part)


def _image_url(event: Event) -> str | None:
    """Return the absolute address of the event's picture; a broken file is no reason not to publish."""
    if not event.is_public or event.image is None or not event.image.may_be_shown():
        return None
    try:
        return urljoin(event.site.root_url, event.image.get_rendition(SHARED).url)
    except OSError:  # Wagtail's own error for a missing file is one, too
        return None


# --- What makes a new version of a date -------------------------------------------------------------------------------


def _raise_sequences(event: Event, dates: list[Telling], voices: list[Voice], stored: Stored) -> None:
    shared = _shared_facts(event)
    told = {row for row, _language in stored}
    alike: dict[Hashable, tuple[str, ...]] = {}
    changed = []
    for date_ in dates:
        row = date_.row
        if date_.likeness not in alike:
            alike[date_.likeness] = _facts_alike(event, row, voices)
        digest = _digest(shared, *_facts(date_), *alike[date_.likeness])
        if digest != row.facts_digest and (row.pk in told or date_.announced):
            row.sequence += 1 if row.pk in told else 0
            row.facts_digest = digest
            changed.append((row.sequence, digest, row.pk))
    update_rows(Occurrence, ["sequence", "facts_digest", "pk"], changed)


def _shared_facts(event: Event) -> str:
    """Return the facts that all dates share: none of them changes without a new SEQUENCE; terms count by their keys."""
    facts = {
        field.name: field.value_from_object(event) for field in event.fact_fields() if field.name not in DATED_FACTS
    }
    terms = {name: sorted(term.key for term in getattr(event, name).all()) for name in event.fact_relations}
    return json.dumps(facts | terms, sort_keys=True, default=str)


def _facts(date_: Telling) -> tuple[str, ...]:
    row = date_.row
    return row.local_start.isoformat(), row.local_end.isoformat(), row.zone, str(row.all_day), date_.status


def _facts_alike(event: Event, row: Occurrence, voices: list[Voice]) -> tuple[str, ...]:
    """Return the facts that a date shares with those that are like it; what befell the event, if it befell them."""
    off = row.state == OccurrenceState.CANCELLED
    return (
        *((event.state, str(sorted(event.state_reason.items()))) if off else ()),
        str(row.branch_id), str(_geo(row)),
        *(str(sorted(label.items())) for label in (row.where, row.reason, row.note)),
        # Only where there are any: what was stored before them stays the same version.
        *((f"room {sorted(row.moved_room.items())}",) if row.moved_room else ()),
        *((f"seats {row.moved_capacity}",) if row.moved_capacity is not None else ()),
        *sorted({voice.branches.get(row.branch_id, "") for voice in voices}),
    )  # fmt: skip


def status_of(event: Event, row: Occurrence) -> str:
    """Return the iCal STATUS of a date: what is cancelled, withdrawn or hidden is CANCELLED."""
    return "CONFIRMED" if event.is_public and row.state == OccurrenceState.SCHEDULED else "CANCELLED"


def _is_announced(event: Event, row: Occurrence) -> bool:
    """Return whether readers are told of the date: only then it needs a text, and later a tombstone."""
    return event.is_public and row.state != OccurrenceState.WITHDRAWN


# --- The text of a date -----------------------------------------------------------------------------------------------


def _telling(event: Event, row: Occurrence) -> Telling:
    start, end = row.local_start, row.local_end
    if row.all_day:
        start, end = start.date(), max(end.date(), start.date() + timedelta(days=1))
    labels = (tuple(label.items()) for label in (row.where, row.reason, row.note, row.moved_room))
    likeness = (row.branch_id, row.state == OccurrenceState.CANCELLED, row.moved_capacity, *labels)
    return Telling(
        row, uid_of(row), row.slot_key, row.created_at.replace(microsecond=0), start, end,
        status_of(event, row), _is_announced(event, row), likeness,
    )  # fmt: skip


def _fresh_text(event: Event, date_: Telling, voice: Voice, stored: Stored, now: datetime) -> Text | None:
    """Return the text to be written; None where the stored one still says the same, or nobody was told of the date."""
    text = stored.get((date_.row.pk, voice.language))
    if text is None:
        if not (voice.words and date_.announced):
            return None
        said = render_vevent(vevent(event, date_, voice, stamp=now))
        return Text(None, date_.row.pk, voice.language, said, now)
    said = render_vevent(vevent(event, date_, voice, stamp=text.modified_at))
    if said == text.text:
        return None
    # Later than before in any case: what changes twice in a second, or after the clock was put back, is a change too.
    stamp = max(now, text.modified_at + TICK)
    return text._replace(text=restamped(said, text.modified_at, stamp), modified_at=stamp)


def vevent(event: Event, date_: Telling, voice: Voice, *, stamp: datetime) -> VEvent:
    """Return a date as an iCal event in a language; without words for it a mere tombstone."""
    row = date_.row
    bare = {
        "uid": date_.uid, "sequence": row.sequence, "dtstamp": stamp, "last_modified": stamp,
        "start": date_.start, "end": date_.end, "tzid": row.zone,
    }  # fmt: skip
    if voice.words is None:
        return VEvent(**bare, status="CANCELLED", transp=None)
    if date_.likeness not in voice.said:
        voice.said[date_.likeness] = _said(event, row, voice, voice.words)
    return VEvent(
        **bare,
        **voice.said[date_.likeness],
        status=date_.status,
        created=date_.created,
        url=_address(voice.words, voice.root_url, date_.slot),
    )


def _address(words: Words, root_url: str, slot: str) -> str:
    return words.path if isinstance(words, ImportedWords) else f"{root_url}{words.path}?date={slot}"


def _said(event: Event, row: Occurrence, voice: Voice, words: Words) -> dict[str, Any]:
    """Return what a date and those that are like it say in a language."""
    return {
        "transp": "TRANSPARENT",
        "summary": words.title,
        "description": _description(event, row, voice),
        "location": _location(event, row, voice),
        "geo": _geo(row),
        "categories": voice.categories,
        "image": voice.image,
        "language": words.language,
        "feed_language": voice.language,
    }


def _location(event: Event, row: Occurrence, voice: Voice) -> str:
    place = label_in(row.where, voice.language) or voice.branches.get(row.branch_id, "")
    room = label_in(row.room, voice.language)
    return ", ".join(part for part in (room, place) if part)


def _geo(row: Occurrence):
    """Return where the branch is, if the date is held at one that readers may know of."""
    branch = None if label_in(row.where) else row.branch
    if branch is None or not branch.is_public or branch.latitude is None or branch.longitude is None:
        return None
    return (branch.latitude, branch.longitude)


def _description(event: Event, row: Occurrence, voice: Voice) -> str:
    with translation.override(voice.language):
        parts = []
        # What has begun before the event was called off took place, and says nothing of that.
        if row.state == OccurrenceState.CANCELLED:
            parts.append(_("Postponed.") if event.state == EventState.POSTPONED else _("Cancelled."))
            parts.append(label_in(row.reason or event.state_reason, voice.language))
        parts.append(label_in(row.note, voice.language))
        parts.append(voice.words.page.lead if voice.words else "")
        if isinstance(voice.words, ImportedWords):
            parts.append(_("From the calendar of %(name)s: %(address)s") % {
                "name": voice.words.source, "address": voice.words.source_url,
            })  # fmt: skip
        parts.append(_("Free of charge.") if event.is_free else label_in(event.price, voice.language))
    return "\n".join(part for part in parts if part)


def _digest(*parts: str) -> str:
    return hashlib.blake2b("\x1f".join(parts).encode(), digest_size=16).hexdigest()
