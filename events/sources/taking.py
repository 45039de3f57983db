"""Taking the entries of a foreign calendar into events and dates, and letting them go again."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from wagtail.models import Site

from core.generations import bump
from core.labels import Label
from core.sites import network_of
from events.domain.feed_texts import FEEDS_REACH_BACK, IMPORTED_DOMAIN, UID_DOMAIN, render_texts
from events.domain.filters import filters_by_row, remember_left_filters
from events.domain.occurrences import settle
from events.enums import OccurrenceState
from events.models import CalendarSource, Event, ImportedEntry, Occurrence
from events.sources.entries import LONGEST_PLACE, Entry, Expanded

log = logging.getLogger(__name__)

# So many entries are written in one transaction: others want to write, too.
STEP = 25


@dataclass
class Taken:
    """What became of the entries of a calendar."""

    new: int = 0
    changed: int = 0
    withdrawn: int = 0
    own: int = 0


@dataclass(frozen=True)
class Mapping:
    """How the entries of a source are sorted in; read once for all of them."""

    source: CalendarSource
    audiences: list[int]
    topics: list[int]
    zone: str
    digest: str

    @classmethod
    def of(cls, source: CalendarSource) -> Mapping:
        """Return what its editors have chosen."""
        audiences, topics = (
            sorted(relation.values_list("pk", flat=True)) for relation in (source.audiences, source.topics)
        )
        zone = zone_of(source)
        said = [source.branch_id, source.place, source.language, source.name, source.page_url, audiences, topics, zone]
        return cls(source, audiences, topics, zone, json.dumps(said, sort_keys=True))

    def digest_of(self, entry: Entry) -> str:
        """Return a short sign of an entry and of how it is sorted in."""
        said = json.dumps([entry.as_json(), self.digest], sort_keys=True)
        return hashlib.blake2b(said.encode(), digest_size=16).hexdigest()

    def place_of(self, location: str) -> Label:
        """Return where an entry is held: where it says so itself, else where the source says."""
        return {self.source.language: location[:LONGEST_PLACE]} if location else self.source.place


@dataclass
class Stored:
    """The entries of a source that are stored, by their identity, and the moment at which each ends and begins."""

    rows: dict[tuple[str, str], dict] = field(default_factory=dict)

    @classmethod
    def of(cls, source: CalendarSource) -> Stored:
        """Read them in one query."""
        columns = (
            "pk", "uid", "recurrence_id", "digest", "event", "event__occurrences__pk", "event__occurrences__state",
            "event__occurrences__local_start", "event__occurrences__starts_at", "event__occurrences__ends_at",
        )  # fmt: skip
        found = ImportedEntry.objects.filter(source=source).values(*columns)
        return cls({(row["uid"], row["recurrence_id"]): row for row in found})


def zone_of(source: CalendarSource) -> str:
    """Return the zone in which times are meant that name none."""
    return source.branch.zoneinfo.key if source.branch else network_of(source.site).zone


def own_hosts() -> list[str]:
    """Return the names of this installation's own sites, whose calendars are no calendars of others."""
    names = {name.lower() for name in Site.objects.values_list("hostname", flat=True)}
    return sorted(names | {host.lower() for host in settings.ALLOWED_HOSTS if "*" not in host and host[:1] != "."})


def take(source: CalendarSource, expanded: Expanded, now: datetime) -> Taken:
    """Let the events of a source be what its calendar says now; what is over stays as it is, even if it is gone there.

    An entry keeps its event and its UID by UID and RECURRENCE-ID of the calendar; a date of a series whose time was
    moved within the day is still found. Nothing is written of entries that are as they were.
    """
    mapping, stored, taken = Mapping.of(source), Stored.of(source), Taken()
    entries = _of_others(expanded.entries, taken)
    known, new = _paired(entries, stored)
    todo = [(entry, row) for entry, row in known if _differs(entry, row, mapping)]
    for step in _steps([*todo, *((entry, None) for entry in new)]):
        with transaction.atomic():
            if not _is_shown(source):
                return taken
            for entry, row in step:
                _write(mapping, entry, row, now)
    taken.new, taken.changed = len(new), len(todo)
    kept = {row["pk"] for _entry, row in known}
    # Of a calendar that was cut off, nobody knows what follows.
    horizon = expanded.entries[-1].start if expanded.is_partial else None
    gone = [row for row in stored.rows.values() if row["pk"] not in kept and _is_to_go(row, now, horizon)]
    for step in _steps(gone):
        with transaction.atomic():
            if not _is_shown(source):
                return taken
            for row in step:
                _withdraw(row, now)
    taken.withdrawn = len(gone)
    return taken


def _is_shown(source: CalendarSource) -> bool:
    """Return whether nobody has deleted the source or switched it off meanwhile, and let nobody do so for now."""
    return CalendarSource.objects.select_for_update(no_key=True).filter(pk=source.pk, active=True).exists()


def _steps(found: Sequence) -> Iterable[Sequence]:
    return (found[start : start + STEP] for start in range(0, len(found), STEP))


def _of_others(entries: Iterable[Entry], taken: Taken) -> list[Entry]:
    """Leave out what is ours, and what another network shows of somebody else: else calendars would go in circles."""
    kept, ours = [], {}
    for entry in entries:
        name, _at, domain = entry.uid.rpartition("@")
        if domain == IMPORTED_DOMAIN:
            taken.own += 1
            continue
        kept.append(entry)
        if domain == UID_DOMAIN and (key := _uuid(name)):
            ours[entry.uid] = key
    if not ours:
        return kept
    here = set(Occurrence.objects.filter(uid__in=set(ours.values())).values_list("uid", flat=True))
    found = [entry for entry in kept if ours.get(entry.uid) not in here]
    taken.own += len(kept) - len(found)
    return found


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _paired(entries: list[Entry], stored: Stored) -> tuple[list[tuple[Entry, dict]], list[Entry]]:
    """Return the entries with the rows that they have, and those that are new."""
    known, rest = [], []
    left = dict(stored.rows)
    for entry in entries:
        row = left.pop((entry.uid, entry.recurrence_id), None)
        if row is None:
            rest.append(entry)
        else:
            known.append((entry, row))
    by_day: dict[tuple, list[dict]] = {}
    for row in left.values():
        by_day.setdefault((row["uid"], row["event__occurrences__local_start"].date()), []).append(row)
    new = []
    for entry in rest:
        same_day = by_day.get((entry.uid, entry.start.date()))
        if same_day:
            known.append((entry, same_day.pop(0)))
        else:
            new.append(entry)
    return known, new


def _differs(entry: Entry, row: dict, mapping: Mapping) -> bool:
    is_withdrawn = row["event__occurrences__state"] == OccurrenceState.WITHDRAWN
    return is_withdrawn or row["digest"] != mapping.digest_of(entry)


def _is_to_go(row: dict, now: datetime, horizon: datetime | None) -> bool:
    if row["event__occurrences__state"] == OccurrenceState.WITHDRAWN or row["event__occurrences__ends_at"] <= now:
        return False
    return horizon is None or row["event__occurrences__local_start"] < horizon


def _write(mapping: Mapping, entry: Entry, row: dict | None, now: datetime) -> None:
    """Write an entry into its event and date, which are made for a new one."""
    if row is None:
        event = Event.objects.create(
            site=mapping.source.site, key=f"x-{uuid4().hex[:16]}", is_public=mapping.source.active, is_free=False
        )
        date_ = Occurrence(event=event, slot=entry.start, created_at=now)
        imported = ImportedEntry(event=event, source=mapping.source)
        before = {}
    else:
        event = Event.objects.select_for_update(no_key=True).get(pk=row["event"])
        date_ = event.occurrences.get(pk=row["event__occurrences__pk"])
        imported = ImportedEntry.objects.get(pk=row["pk"])
        before = filters_by_row(event, stored=True)
    _write_words(imported, mapping, entry)
    _sort_in(event, mapping)
    event.place = mapping.place_of(entry.location)
    event.save(update_fields=["branch", "place", "changed_at"])
    date_.planned_start, date_.planned_end = entry.start, entry.end
    date_.zone, date_.all_day, date_.cancelled = entry.zone, entry.all_day, entry.cancelled
    date_.planned_branch, date_.place = mapping.source.branch, event.place
    settle(date_, event)
    date_.save()
    remember_left_filters(event, before)
    render_texts(event, now=now)
    bump(event.site_id)


def _write_words(imported: ImportedEntry, mapping: Mapping, entry: Entry) -> None:
    imported.uid, imported.recurrence_id = entry.uid, entry.recurrence_id
    imported.title, imported.description = entry.title, entry.description
    imported.url, imported.location, imported.language = entry.url, entry.location, mapping.source.language
    imported.searched = " ".join([entry.title, entry.location, entry.description]).casefold()
    imported.digest = mapping.digest_of(entry)
    imported.save()


def _sort_in(event: Event, mapping: Mapping) -> None:
    event.branch = mapping.source.branch
    event.audiences.set(mapping.audiences)
    event.topics.set(mapping.topics)


def _withdraw(row: dict, now: datetime) -> None:
    """Take a date out of lists and leave its tombstone in feeds."""
    event = Event.objects.select_for_update(no_key=True).get(pk=row["event"])
    event.occurrences.update(state=OccurrenceState.WITHDRAWN, changed_at=now)
    render_texts(event, now=now)
    bump(event.site_id)


# --- What editors change ----------------------------------------------------------------------------------------------


@transaction.atomic
def mapping_changed(source: CalendarSource, *, now: datetime) -> None:
    """Sort the entries that are stored in anew at once, even if the calendar can't be read at the moment.

    Their texts in feeds follow with the worker.
    """
    mapping = Mapping.of(source)
    entries = ImportedEntry.objects.filter(source=source).select_related("event")
    for imported in entries:
        event = imported.event
        before = filters_by_row(event, stored=True)
        _sort_in(event, mapping)
        event.place = mapping.place_of(imported.location)
        event.is_public, event.texts_stale = source.active, True
        event.save(update_fields=["branch", "place", "is_public", "texts_stale", "changed_at"])
        event.occurrences.update(planned_branch=source.branch, branch=source.branch, place=event.place, changed_at=now)
        remember_left_filters(event, before)
    # Entries are compared with what they were taken as, so all of them are written once more when it is next read.
    entries.update(language=source.language, digest="")
    CalendarSource.objects.filter(pk=source.pk).update(etag="", last_modified="", next_read_at=now)
    bump(source.site_id)


@transaction.atomic
def let_go(source: CalendarSource) -> None:
    """Before a source is deleted: its events leave all lists; subscribers are told by tombstones."""
    events_of(source).update(is_public=False, texts_stale=True)
    bump(source.site_id)


def events_of(source: CalendarSource) -> QuerySet[Event]:
    """Return the events of a source."""
    return Event.objects.filter(imported__source=source)


def coming_dates(source: CalendarSource, now: datetime) -> QuerySet[Occurrence]:
    """Return the dates of a source that readers see now or will, in order of time."""
    dates = Occurrence.objects.announced().filter(event__imported__source=source, ends_at__gt=now)
    return dates.select_related("event__imported").order_by("starts_at", "pk")


def sweep(now: datetime) -> int:
    """Delete what was let go or withdrawn so long ago that no feed tells of it any more; return how many events."""
    over = now - FEEDS_REACH_BACK - timedelta(days=1)
    gone = Event.objects.filter(imported__isnull=False, imported__source=None, texts_stale=False)
    done, _by_model = gone.exclude(occurrences__ends_at__gt=over).delete()
    return done
