"""The stored VEVENT of every date in every language: rendered when something in it changes, only joined when read."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import F
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from branches.models import Branch, BranchPage
from core.labels import label_in
from core.page_words import Words, words_for
from core.sites import languages_of
from events.enums import EventState, OccurrenceState
from events.ical import VEvent, render_vevent
from events.models.occurrence import FeedVersion, Occurrence, OccurrenceText

if TYPE_CHECKING:
    from events.models import Event

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
UID_DOMAIN = "events.chitalnya"


def uid_of(row: Occurrence) -> str:
    """Return the iCal UID of a date: from its own identity alone, for ever."""
    return f"{row.uid}@{UID_DOMAIN}"


@dataclass(frozen=True)
class Voice:
    """All that an event's texts need in one language."""

    language: str
    words: Words | None
    branches: dict[int, str]
    categories: tuple[str, ...]


def render_texts(event: Event, *, now: datetime | None = None) -> int:
    """Bring all texts of an event up to date; return how many changed.

    A date whose facts changed gets the next SEQUENCE; a text that changed gets `now` as LAST-MODIFIED; what stayed the
    same keeps its bytes.
    """
    now = (now or timezone.now()).replace(microsecond=0)
    rows = list(event.occurrences.select_related("branch"))
    voices = [_voice(event, code, rows) for code in languages_of(event.site)]
    root_url = event.site.root_url
    _raise_sequences(event, rows, voices)
    stored = {
        (text.occurrence_id, text.language): text for text in OccurrenceText.objects.filter(occurrence__event=event)
    }
    new, changed = [], []
    for voice in voices:
        for row in rows:
            text = _fresh_text(vevent(event, row, voice, root_url), stored.get((row.pk, voice.language)), now)
            if text is not None:
                text.occurrence, text.language = row, voice.language
                (changed if text.pk else new).append(text)
    OccurrenceText.objects.bulk_create(new, batch_size=500)
    OccurrenceText.objects.bulk_update(changed, ["text", "digest", "modified_at"], batch_size=200)
    if new or changed:
        raise_feed_version(event.site_id)
    if event.texts_stale:
        event.texts_stale = False
        event.save(update_fields=["texts_stale"])
    return len(new) + len(changed)


def raise_feed_version(site_id: int) -> None:
    """Let the feeds of a site be put together anew."""
    FeedVersion.objects.get_or_create(site_id=site_id)
    FeedVersion.objects.filter(site_id=site_id).update(number=F("number") + 1)


def _voice(event: Event, code: str, rows: Iterable[Occurrence]) -> Voice:
    from events.models import EventPage

    with translation.override(code):
        branches = {row.branch_id: row.branch for row in rows if row.branch_id}
        names = words_for(list(branches.values()), BranchPage, language=code)
        return Voice(
            language=code,
            words=words_for([event], EventPage, language=code, only=["lead"], hidden=True).get(event.pk),
            branches={pk: _branch_place(branch, names.get(pk)) for pk, branch in branches.items()},
            categories=tuple(label_in(term.label, code) for term in [*event.audiences.all(), *event.topics.all()]),
        )


def _branch_place(branch: Branch, words: Words | None) -> str:
    parts = [words.title if words else branch.key, label_in(branch.street), label_in(branch.town)]
    return ", ".join(part for part in parts if part)


def _raise_sequences(event: Event, rows: list[Occurrence], voices: list[Voice]) -> None:
    changed = []
    for row in rows:
        digest = _digest(*_facts(event, row), *(voice.branches.get(row.branch_id, "") for voice in voices))
        if digest != row.facts_digest:
            row.sequence += 1 if row.facts_digest else 0
            row.facts_digest = digest
            changed.append(row)
    Occurrence.objects.bulk_update(changed, ["sequence", "facts_digest"], batch_size=200)


def _facts(event: Event, row: Occurrence) -> tuple[str, ...]:
    return (
        row.local_start.isoformat(), row.local_end.isoformat(), row.zone, str(row.all_day), status_of(event, row),
        str(sorted(row.place.items())), str(sorted(event.room.items())), event.state,
        str(sorted(row.reason.items())), str(sorted(row.note.items())),
    )  # fmt: skip


def status_of(event: Event, row: Occurrence) -> str:
    """Return the iCal STATUS of a date: what is cancelled, withdrawn or hidden is CANCELLED."""
    return "CONFIRMED" if event.is_public and row.state == OccurrenceState.SCHEDULED else "CANCELLED"


def _fresh_text(plain: VEvent, stored: OccurrenceText | None, now: datetime) -> OccurrenceText | None:
    """Return the text to be written, None where the stored one still says the same."""
    digest = _digest(repr(plain))
    if stored is not None and stored.digest == digest:
        return None
    fresh = stored or OccurrenceText()
    fresh.text = render_vevent(replace(plain, dtstamp=now, last_modified=now))
    fresh.digest, fresh.modified_at = digest, now
    return fresh


def vevent(event: Event, row: Occurrence, voice: Voice, root_url: str) -> VEvent:
    """Return a date as an iCal event in a language, without its stamps."""
    words = voice.words
    start, end = (row.local_start, row.local_end)
    if row.all_day:
        start, end = start.date(), max(end.date(), start.date() + timedelta(days=1))
    return VEvent(
        uid=uid_of(row),
        sequence=row.sequence,
        dtstamp=EPOCH,
        last_modified=EPOCH,
        created=row.created_at.replace(microsecond=0),
        start=start,
        end=end,
        tzid=row.zone,
        status=status_of(event, row),
        transp="TRANSPARENT",
        summary=words.title if words else event.key,
        description=_description(event, row, voice),
        location=_location(event, row, voice),
        geo=_geo(row),
        url=f"{root_url}{words.path}?date={row.slot_key}" if words else None,
        categories=voice.categories,
        language=words.language if words else voice.language,
    )


def _location(event: Event, row: Occurrence, voice: Voice) -> str:
    place = label_in(row.place, voice.language) or voice.branches.get(row.branch_id, "")
    room = label_in(event.room, voice.language)
    return ", ".join(part for part in (room, place) if part)


def _geo(row: Occurrence):
    branch = row.branch
    if branch is None or branch.latitude is None or branch.longitude is None:
        return None
    return (branch.latitude, branch.longitude)


def _description(event: Event, row: Occurrence, voice: Voice) -> str:
    with translation.override(voice.language):
        parts = []
        if event.state == EventState.POSTPONED:
            parts.append(_("Postponed."))
        elif row.state == OccurrenceState.CANCELLED:
            parts.append(_("Cancelled."))
        parts += [label_in(row.reason or event.state_reason, voice.language), label_in(row.note, voice.language)]
        parts.append(voice.words.page.lead if voice.words else "")
        parts.append(_("Free of charge.") if event.is_free else label_in(event.price, voice.language))
    return "\n".join(part for part in parts if part)


def _digest(*parts: str) -> str:
    return hashlib.blake2b("\x1f".join(parts).encode(), digest_size=16).hexdigest()
