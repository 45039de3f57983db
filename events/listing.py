"""What readers are shown of events: rows of dates with their words in any list, and the page of one event."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.core.exceptions import BadRequest
from django.db.models import Case, OuterRef, Subquery, When
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from branches.listing import branch_names
from branches.models import Branch, BranchPage
from core import page_cache
from core.labels import label_in
from core.localtime import end_of_day, to_local
from core.memory import per_generation
from core.models import Audience
from core.page_words import Words, words_for
from core.sites import network_for, visible_site_ids
from events.dates import ListedDate, ListedEvent
from events.enums import OccurrenceState
from events.filters import EventFilter
from events.list_filters import narrowed
from events.models import Event, EventFacts, EventPage, FilterKind, Occurrence
from events.recurrence import RuleError
from events.schedule import ScheduleError
from events.schedule_words import describe
from events.sources.words import ImportedWords, event_words


@dataclass(frozen=True, slots=True)
class Row:
    """One date in a list, with the words of its event and its place; `day` is the day under which it stands there."""

    occurrence: ListedDate
    event: ListedEvent
    words: Words
    place: str
    audiences: tuple[str, ...]
    day: date | None = None

    def under(self, day: date) -> Row:
        """Return the same under another day."""
        return Row(self.occurrence, self.event, self.words, self.place, self.audiences, day)

    @property
    def path(self) -> str:
        """The address of the event page at this date, or the one elsewhere of what stands in a calendar of others."""
        if self.imported:
            return self.words.path
        return f"{self.words.path}?date={self.occurrence.slot_key}"

    @property
    def imported(self) -> ImportedWords | None:
        """The words of what stands in a calendar of others, with whose it is; None for an event of the network."""
        return self.words if isinstance(self.words, ImportedWords) else None

    @property
    def continues(self) -> bool:
        """Whether it began on an earlier day than the one under which it stands."""
        return self.day is not None and self.day > self.occurrence.local_start.date()

    @property
    def cancelled(self) -> bool:
        """Whether the date is announced as not taking place."""
        return self.occurrence.is_cancelled

    @property
    def postponed(self) -> bool:
        """Whether the whole event waits for other dates."""
        return self.event.is_postponed

    @property
    def has_news(self) -> bool:
        """Whether there is more to tell than the plan: it is off, or at another time."""
        return self.occurrence.is_moved or self.occurrence.is_cancelled or self.event.is_postponed


def rows_of(request: HttpRequest, occurrences: Iterable[ListedDate]) -> list[Row]:
    """Return the dates with their words: one query for any number of dates, one more for those of other calendars."""
    found = list(occurrences)
    events = {row.event_id: row.event for row in {row.event_id: row for row in found}.values()}
    language = get_language() or ""
    words = event_words(list(events.values()), languages=[language])[language]
    places = branch_names(tuple(visible_site_ids(request)), get_language())
    audiences = {pk: audiences_of(event, get_language()) for pk, event in events.items()}
    return [
        Row(row, events[row.event_id], words[row.event_id], _place(row, places), audiences[row.event_id])
        for row in found
        if row.event_id in words
    ]


def audiences_of(event: ListedEvent, language: str) -> tuple[str, ...]:
    """Return the names of those for whom an event is, in a language."""
    names = audience_names(language)
    return tuple(names.get(key, "") for kind, key in event.filters if kind == FilterKind.AUDIENCE)


@per_generation
def audience_names(language: str) -> dict[str, str]:
    """Return the names of all audiences in a language by key."""
    return {key: label_in(label, language) for key, label in Audience.objects.values_list("key", "label")}


def _place(row: ListedDate, places: dict[int, Words]) -> str:
    branch = places.get(row.branch_id) if row.branch_id else None
    return (label_in(row.where) if row.where else "") or (branch.title if branch else "")


def dates_for(request: HttpRequest, filters: EventFilter | None = None, *, few: bool = False):
    """Return the public dates that this request's site shows, narrowed by filters; `few` as in `narrowed`."""
    dates = Occurrence.objects.public_on(visible_site_ids(request)).listed()
    return narrowed(dates, filters, zone=ZoneInfo(network_for(request).zone), few=few) if filters else dates


def next_rows(request: HttpRequest, count: int, **conditions) -> list[Row]:
    """Return the next dates, and tell the page cache when the first of them ends."""
    now = timezone.now()
    dates = list(dates_for(request).filter(**conditions).upcoming(now)[:count])
    limit_to(request, dates, now)
    return rows_of(request, dates)


def telling_rows(request: HttpRequest, keys: Collection[UUID]) -> dict[UUID, Row]:
    """Return of each public event, by its translation key, the date that says most of it: the next, else the last one.

    A date that is cancelled stands for its event only where no other one is to come. Two queries for any number.
    """
    dates = Occurrence.objects.announced().filter(event=OuterRef("pk"))
    is_off = Case(When(state=OccurrenceState.CANCELLED, then=1), default=0)
    coming = dates.filter(ends_at__gt=timezone.now()).order_by(is_off, "starts_at").values("pk")[:1]
    told = Coalesce(Subquery(coming), Subquery(dates.order_by("-starts_at").values("pk")[:1]))
    events = Event.objects.filter(translation_key__in=list(keys)).values(told=told)
    return {row.event.translation_key: row for row in rows_of(request, dates_for(request).filter(pk__in=events))}


def limit_to(request: HttpRequest, dates: Iterable[Occurrence | ListedDate], now: datetime) -> None:
    """Let a cached list end when one of its dates begins or ends, at midnight at the latest."""
    zone = ZoneInfo(network_for(request).zone)
    page_cache.limit(request, end_of_day(to_local(now, zone).date(), zone))
    limit_to_moments(request, (moment for one in dates for moment in (one.starts_at, one.ends_at)), now)


def limit_to_moments(request: HttpRequest, moments: Iterable[datetime | None], now: datetime) -> None:
    """Let a cached list end at the first of the moments that is still to come."""
    page_cache.limit(request, min((moment for moment in moments if moment and moment > now), default=None))


# --- One event --------------------------------------------------------------------------------------------------------


def event_context(page: EventPage, facts: EventFacts, request: HttpRequest) -> dict:
    """Return what an event page shows beside its words: its dates, its place, the asked date."""
    from events.sharing import part_of
    from events.structured import event_data

    now = timezone.now()
    dates = preview_dates(page) if facts is page else _stored_dates(facts, now)
    asked = _asked_date(request, facts, dates)
    name_other_places(dates, asked, branch_names(tuple(visible_site_ids(request)), get_language()))
    branch = _shown_branch(asked.branch if asked else facts.branch)
    branch_words = _branch_words(request, branch) if branch else None
    topics = list(facts.topics.all())
    if dates and facts is not page:
        limit_to(request, dates, now)
    return {
        "dates": dates,
        "asked": asked,
        "is_past": bool(asked and asked.ends_at <= now),
        "repetition": repetition_of(facts),
        "place": asked.where if asked else facts.place,
        "room": asked.room if asked else facts.room,
        "capacity": asked.capacity if asked else facts.capacity,
        "zone_note": zone_note(asked, ZoneInfo(network_for(request).zone)) if asked and not asked.all_day else None,
        "branch_words": branch_words,
        "branch": branch,
        "audiences": [str(term) for term in facts.audiences.all()],
        "topics": [str(term) for term in topics],
        "topic_key": topics[0].key if topics else "",
        "sharing_part": part_of(asked) if asked and request.GET.get("date") else "",
        "json_ld": event_data(page, facts, request, asked, branch_words),
    }


@dataclass(frozen=True)
class ZoneNote:
    """In which zone a time is meant: its start with the offset, the offset in minutes and in words.

    `is_named` where it is not the network's own; to visitors elsewhere a script shows it, too.
    """

    start: str
    offset: int
    words: str
    is_named: bool


def zone_note(asked: Occurrence, home: ZoneInfo) -> ZoneNote:
    """Return what there is to say of the zone of a date."""
    start = asked.starts_at.astimezone(ZoneInfo(asked.zone))
    offset = int((start.utcoffset() or timedelta()).total_seconds()) // 60
    hours, minutes = divmod(abs(offset), 60)
    words = f"UTC{'−' if offset < 0 else '+'}{hours}{f':{minutes:02}' if minutes else ''}"
    is_named = start.utcoffset() != asked.starts_at.astimezone(home).utcoffset()
    return ZoneNote(start.isoformat(timespec="minutes"), offset, words, is_named)


def name_other_places(dates: Iterable[Occurrence], asked: Occurrence | None, names: dict[int, Words]) -> None:
    """Give each date the name of its place as `elsewhere`, if that is another one than that of the asked date."""
    for one in dates:
        is_same = asked is None or (one.branch_id, one.where) == (asked.branch_id, asked.where)
        branch = names.get(one.branch_id)
        one.elsewhere = "" if is_same else label_in(one.where) or (branch.title if branch else "")


def _shown_branch(branch: Branch | None) -> Branch | None:
    """Return the branch if readers may know of it."""
    return branch if branch and branch.is_public else None


def _branch_words(request: HttpRequest, branch: Branch) -> Words | None:
    """Return the branch's words: remembered ones, unless it belongs to a network that this site doesn't show."""
    language = get_language()
    known = branch_names(tuple(visible_site_ids(request)), language).get(branch.pk)
    return known or words_for([branch], BranchPage, language=language).get(branch.pk)


def repetition_of(facts: EventFacts) -> str:
    """Return how the event repeats, in words of the active language; empty for what doesn't."""
    if facts.starts_on is None or not facts.repeat:
        return ""
    try:
        return capfirst(describe(facts.schedule))
    except (ScheduleError, RuleError):
        # A draft may contradict itself while it is written.
        return ""


def _stored_dates(event: Event, now: datetime) -> list[Occurrence]:
    # Not only of a public event: who may see a private page sees its dates.
    announced = event.occurrences.announced()
    coming = list(announced.filter(ends_at__gt=now).order_by("starts_at")[:20])
    return coming or list(announced.order_by("-starts_at")[:1])


def preview_dates(page: EventPage) -> list[Occurrence]:
    """Return the dates that a draft's plan would make, unsaved; none while it has no first day."""
    from events.domain.occurrences import RowWriter, planned_dates

    if page.starts_on is None:
        return []
    event, now = page.draft_event(), timezone.now()
    writer = RowWriter(event, now)
    return [writer.new(planned) for planned in planned_dates(event, now.date())[:20]]


def _asked_date(request: HttpRequest, facts: EventFacts, dates: list[Occurrence]) -> Occurrence | None:
    text = request.GET.get("date", "")
    if text and isinstance(facts, Event):
        try:
            slot = datetime.fromisoformat(text).replace(tzinfo=None)
        except ValueError:
            raise BadRequest(_("A date looks like 2027-05-30T18:00.")) from None
        found = facts.occurrences.announced().select_related("branch").filter(slot=slot).first()
        if found is None:
            raise Http404
        return found
    return next((date_ for date_ in dates if not date_.is_cancelled), dates[0] if dates else None)
