"""What readers are shown of events: rows of dates with their words, agenda, month, one event's dates."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from branches.listing import branch_names
from branches.models import Branch, BranchPage
from core import page_cache
from core.labels import Label, label_in
from core.localtime import end_of_day, to_local
from core.memory import per_generation
from core.models import Audience
from core.page_words import Words, words_for
from core.sites import network_for, visible_site_ids
from events.enums import EventState
from events.filters import EventFilter, narrowed
from events.models import Event, EventFacts, EventPage, FilterKind, Occurrence
from events.months import Month

PAGE_SIZE = 40
LAST_PAGE = 500
# Navigation ends where the calendar ends: no endless months for crawlers.
MONTHS_BACK, MONTHS_AHEAD = 13, 18


@dataclass(frozen=True)
class Row:
    """One date in a list, with the words of its event and its place."""

    occurrence: Occurrence
    event: Event
    words: Words
    place: str
    audiences: tuple[str, ...]

    @property
    def path(self) -> str:
        """The address of the event page at this date."""
        return f"{self.words.path}?date={self.occurrence.slot_key}"

    @property
    def cancelled(self) -> bool:
        """Whether the date is announced as not taking place."""
        return self.occurrence.is_cancelled

    @property
    def postponed(self) -> bool:
        """Whether the whole event waits for other dates."""
        return self.event.state == EventState.POSTPONED


def rows_of(request: HttpRequest, occurrences: Iterable[Occurrence]) -> list[Row]:
    """Return the dates with their words: one query for any number of dates."""
    found = list(occurrences)
    events = {row.event_id: row.event for row in found}
    words = words_for(list(events.values()), EventPage, language=get_language(), only=["lead"])
    places = branch_names(tuple(visible_site_ids(request)), get_language())
    names = audience_names()
    return [_row(row, events[row.event_id], words, places, names) for row in found if row.event_id in words]


@per_generation
def audience_names() -> dict[str, Label]:
    """Return the labels of all audiences by key."""
    return dict(Audience.objects.values_list("key", "label"))


def _row(
    row: Occurrence, event: Event, words: dict[int, Words], places: dict[int, Words], names: dict[str, Label]
) -> Row:
    branch = places.get(row.branch_id)
    place = label_in(row.place) or (branch.title if branch else "")
    audiences = tuple(label_in(names.get(key)) for kind, key in event.filters if kind == FilterKind.AUDIENCE)
    return Row(occurrence=row, event=event, words=words[row.event_id], place=place, audiences=audiences)


def dates_for(request: HttpRequest, filters: EventFilter | None = None):
    """Return the public dates that this request's site shows, narrowed by filters."""
    dates = Occurrence.objects.public().on(visible_site_ids(request)).select_related("event", "branch")
    return narrowed(dates, filters) if filters else dates


def next_rows(request: HttpRequest, count: int, **conditions) -> list[Row]:
    """Return the next dates, and tell the page cache when the first of them ends."""
    now = timezone.now()
    rows = rows_of(request, dates_for(request).filter(**conditions).upcoming(now)[:count])
    limit_to(request, rows, now)
    return rows


def limit_to(request: HttpRequest, rows: Sequence[Row], now: datetime) -> None:
    """Let a cached list end when one of its dates begins or ends, at midnight at the latest."""
    zone = ZoneInfo(network_for(request).zone)
    page_cache.limit(request, end_of_day(to_local(now, zone).date(), zone))
    for row in rows:
        for moment in (row.occurrence.starts_at, row.occurrence.ends_at):
            if moment > now:
                page_cache.limit(request, moment)


# --- The index --------------------------------------------------------------------------------------------------------


def index_context(request: HttpRequest) -> dict:
    """Return the agenda, or the month grid with `view=month`; raise BadRequest or Http404 for what there isn't."""
    now = timezone.now()
    zone = ZoneInfo(network_for(request).zone)
    filters = EventFilter.from_query(request.GET)
    today = to_local(now, zone).date()
    context = {
        "filters": filters,
        "filter_choices": filter_choices(request),
        "view": request.GET.get("view", "agenda"),
        "today": today,
        "feed_query": "&".join(f"{kind}={key}" for kind, key in filters.active.items()),
    }
    if context["view"] == "month":
        return context | month_context(request, filters, today, zone, now)
    if context["view"] != "agenda":
        raise BadRequest(_("There is no such view."))
    return context | agenda_context(request, filters, today, zone, now)


def agenda_context(request: HttpRequest, filters: EventFilter, today: date, zone: ZoneInfo, now: datetime) -> dict:
    """Return a page of the agenda from today, or from the asked day, on."""
    number = page_number(request)
    day = asked_day(request, today)
    dates = dates_for(request, filters)
    dates = dates.upcoming(now) if day == today else dates.between(day, day + timedelta(days=31), zone)
    offset = (number - 1) * PAGE_SIZE
    found = list(dates[offset : offset + PAGE_SIZE + 1])
    if not found and number > 1:
        raise Http404
    long_runs = list(dates_for(request, filters).on_now(now)[:20]) if number == 1 else []
    both = rows_of(request, [*found[:PAGE_SIZE], *long_runs])
    rows = [row for row in both if not row.occurrence.long_run]
    running = [row for row in both if row.occurrence.long_run]
    limit_to(request, both, now)
    return {
        "days": by_day(rows),
        "running": running,
        "page_number": number,
        "has_more": len(found) > PAGE_SIZE,
        "asked_day": day if day != today else None,
        "month": Month.of(day),
    }


def by_day(rows: Sequence[Row]) -> list[tuple[date, list[Row]]]:
    """Return the rows under the local day on which each begins."""
    days: dict[date, list[Row]] = {}
    for row in rows:
        days.setdefault(row.occurrence.local_start.date(), []).append(row)
    return sorted(days.items())


def month_context(request: HttpRequest, filters: EventFilter, today: date, zone: ZoneInfo, now: datetime) -> dict:
    """Return the weeks of a month, each day with its dates."""
    month = asked_month(request, today)
    first, last = month.grid
    dates = dates_for(request, filters)
    long_runs = dates.long_runs_between(month.first, month.last, zone)[:20]
    both = rows_of(request, [*dates.between(first, last, zone), *long_runs])
    rows = [row for row in both if not row.occurrence.long_run]
    running = [row for row in both if row.occurrence.long_run]
    limit_to(request, both, now)
    days = dict(by_day(rows))
    weeks = [
        [{"day": day, "rows": days.get(day, []), "outside": day not in month, "today": day == today} for day in week]
        for week in month.weeks
    ]
    here = Month.of(today)
    return {
        "month": month,
        "weeks": weeks,
        "running": running,
        "previous_month": month.previous if month.previous >= here.shifted(-MONTHS_BACK) else None,
        "next_month": month.next if month.next <= here.shifted(MONTHS_AHEAD) else None,
    }


def page_number(request: HttpRequest) -> int:
    """Return the asked page; raise BadRequest for what is no number, Http404 beyond any page there can be."""
    text = request.GET.get("page", "1")
    if not text.isascii() or not text.isdigit() or len(text) > 12:
        raise BadRequest(_("A page is a number."))
    number = int(text)
    if not 1 <= number <= LAST_PAGE:
        raise Http404
    return number


def asked_day(request: HttpRequest, today: date) -> date:
    """Return the asked day, today where none is; raise BadRequest for what is no day."""
    text = request.GET.get("day", "")
    if not text:
        return today
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise BadRequest(_("A day looks like 2027-05-30.")) from None
    _within(Month.of(day), today)
    return day


def asked_month(request: HttpRequest, today: date) -> Month:
    """Return the asked month, else this one; raise BadRequest for what is no month, Http404 outside of the calendar."""
    text = request.GET.get("month", "")
    month = Month.of(today) if not text else Month.parse(text)
    _within(month, today)
    return month


def _within(month: Month, today: date) -> None:
    here = Month.of(today)
    if not here.shifted(-MONTHS_BACK) <= month <= here.shifted(MONTHS_AHEAD):
        raise Http404


def filter_choices(request: HttpRequest) -> dict[str, list[tuple[str, str]]]:
    """Return what a reader can narrow the list to: branches and audiences in use, as key and name."""
    return _filter_choices(tuple(visible_site_ids(request)), get_language())


@per_generation
def _filter_choices(sites: tuple[int, ...], language: str) -> dict[str, list[tuple[str, str]]]:
    names = branch_names(sites, language)
    branches = [(branch.key, names[branch.pk].title) for branch in Branch.objects.filter(pk__in=names)]
    audiences = Audience.objects.filter(retired=False).for_sites(sites)
    return {
        "branch": sorted(branches, key=lambda pair: pair[1]),
        "audience": [(term.key, label_in(term.label, language)) for term in audiences],
    }


# --- One event --------------------------------------------------------------------------------------------------------


def event_context(page: EventPage, facts: EventFacts, request: HttpRequest) -> dict:
    """Return what an event page shows beside its words: its dates, its place, the asked date."""
    from events.structured import event_data

    now = timezone.now()
    dates = preview_dates(page) if facts is page else _stored_dates(facts, now)
    asked = _asked_date(request, facts, dates)
    branch = asked.branch if asked else facts.branch
    names = words_for([branch] if branch else [], BranchPage, language=get_language())
    if dates and facts is not page:
        limit_to(request, [_plain_row(date_, facts) for date_ in dates], now)
    return {
        "dates": dates,
        "asked": asked,
        "is_past": bool(asked and asked.ends_at <= now),
        "branch_words": names.get(branch.pk) if branch else None,
        "branch": branch,
        "audiences": [str(term) for term in facts.audiences.all()],
        "topics": [str(term) for term in facts.topics.all()],
        "json_ld": event_data(page, facts, asked, names.get(branch.pk) if branch else None),
    }


def _plain_row(occurrence: Occurrence, event: Event) -> Row:
    return Row(occurrence=occurrence, event=event, words=None, place="", audiences=())


def _stored_dates(event: Event, now: datetime) -> list[Occurrence]:
    public = event.occurrences.public().select_related("branch")
    coming = list(public.filter(ends_at__gt=now).order_by("starts_at")[:20])
    return coming or list(public.order_by("-starts_at")[:1])


def preview_dates(page: EventPage) -> list[Occurrence]:
    """Return the dates that a draft's plan would make, unsaved."""
    from events.domain.occurrences import RowWriter, planned_dates

    event = page.draft_event()
    now = timezone.now()
    writer = RowWriter(event, now)
    return [writer.new(planned) for planned in planned_dates(event, now.date())[:20]]


def _asked_date(request: HttpRequest, facts: EventFacts, dates: list[Occurrence]) -> Occurrence | None:
    text = request.GET.get("date", "")
    if text and isinstance(facts, Event):
        try:
            slot = datetime.fromisoformat(text).replace(tzinfo=None)
        except ValueError:
            raise BadRequest(_("A date looks like 2027-05-30T18:00.")) from None
        found = facts.occurrences.public().select_related("branch").filter(slot=slot).first()
        if found is None:
            raise Http404
        return found
    return next((date_ for date_ in dates if not date_.is_cancelled), dates[0] if dates else None)
