"""The calendar of events: agenda and month, narrowed by filters, from the day or month that was asked for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.core.exceptions import BadRequest
from django.db.models import Min, Q
from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from branches.listing import branch_choices
from core.labels import label_in
from core.localtime import end_of_day, start_of_day, to_local
from core.memory import per_generation
from core.models import Audience
from core.paging import page_number
from core.sites import network_for, visible_site_ids
from events.dates import ListedDate
from events.filters import EventFilter
from events.listing import Row, dates_for, limit_to, limit_to_moments, rows_of
from events.models.occurrence import OccurrenceQuerySet
from events.months import Month

PAGE_SIZE = 40
# More exhibitions at once than any network holds.
MOST_LONG_RUNS = 100
# So far reaches the list from an asked day on.
DAYS_FROM_ASKED = 31
# Navigation ends where the calendar ends: no endless months for crawlers.
MONTHS_BACK, MONTHS_AHEAD = 13, 18


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
        "feed_query": filters.query,
    }
    # Each view leaves some of them aside, but none takes for granted what can't be meant.
    page_number(request), asked_day(request, today), asked_month(request, today)
    if context["view"] == "month":
        return context | month_context(request, filters, today, zone, now)
    if context["view"] != "agenda":
        raise BadRequest(_("There is no such view."))
    return context | agenda_context(request, filters, today, zone, now)


def agenda_context(request: HttpRequest, filters: EventFilter, today: date, zone: ZoneInfo, now: datetime) -> dict:
    """Return a page of the agenda from today, or from the asked day, on.

    Each date stands on its first day, what began before under the first day shown; a long run that has begun stands by
    itself on the first page.
    """
    number, day = page_number(request), asked_day(request, today)
    since, until = now, None
    if day != today:
        since, until = (start_of_day(day + timedelta(days=days), zone) for days in (0, DAYS_FROM_ASKED))
    found, has_more = page_of(request, dates_for(request, filters).upcoming(since, until=until), number, now)
    # Those that begin later on the day aren't shown by themselves yet, but they say how long the page holds.
    long_runs = dates_for(request, filters, few=True).on_now(since, until=end_of_day(day, zone))
    long_runs = list(long_runs[:MOST_LONG_RUNS]) if number == 1 else []
    limit_to(request, [*found, *long_runs], now)
    rows = rows_of(request, [*found, *(one for one in long_runs if one.starts_at < since)])
    return {
        "days": by_day([row for row in rows if not _runs(row, since)], day),
        "running": [row for row in rows if _runs(row, since)],
        "page_number": number,
        "has_more": has_more,
        "asked_day": day if day != today else None,
        "month": Month.of(day),
    }


# --- For the first page of a site -------------------------------------------------------------------------------------

MOST_SOON = 6
FEW_NEXT = 3
# So many dates most first pages show after those of today and tomorrow; they are read together.
USUALLY_COME = 8


@dataclass(frozen=True)
class SoonDays:
    """The next dates by day; `is_near` says that they are those of today and tomorrow."""

    days: list[tuple[date, list[Row]]]
    is_near: bool


def soon(request: HttpRequest) -> SoonDays:
    """Return what is on today and tomorrow; where that is nothing, the next few dates."""
    now, today, zone = _now_here(request)
    after = start_of_day(today + timedelta(days=2), zone)
    found = _next_rows(request, MOST_SOON + USUALLY_COME, now)[:MOST_SOON]
    near = [row for row in found if row.occurrence.starts_at < after]
    return SoonDays(days=by_day(near or found[:FEW_NEXT], today), is_near=bool(near) or not found)


def days_to_come(request: HttpRequest, count: int) -> list[tuple[date, list[Row]]]:
    """Return the next dates that `soon` does not show of today and tomorrow, by day."""
    now, today, zone = _now_here(request)
    after = start_of_day(today + timedelta(days=2), zone)
    found = _next_rows(request, MOST_SOON + count, now)
    shown = sum(row.occurrence.starts_at < after for row in found[:MOST_SOON])
    return by_day(found[shown : shown + count], today)


def _next_rows(request: HttpRequest, least: int, now: datetime) -> list[Row]:
    """Return at least so many of the next dates, if there are so many; read once for all parts of a page."""
    kept: tuple[int, list[Row]] = request.__dict__.get("_next_rows", (0, []))
    if kept[0] < least:
        found = list(dates_for(request).upcoming(now)[:least])
        limit_to(request, found, now)
        kept = request.__dict__["_next_rows"] = (least, rows_of(request, found))
    return kept[1]


def _now_here(request: HttpRequest) -> tuple[datetime, date, ZoneInfo]:
    now, zone = timezone.now(), ZoneInfo(network_for(request).zone)
    return now, to_local(now, zone).date(), zone


def _runs(row: Row, since: datetime) -> bool:
    return row.occurrence.long_run and row.occurrence.starts_at < since


def page_of(
    request: HttpRequest, dates: OccurrenceQuerySet, number: int, now: datetime
) -> tuple[list[ListedDate], bool]:
    """Return the dates of a page of the agenda and whether more follow; raise Http404 behind the last page."""
    offset = (number - 1) * PAGE_SIZE
    found = list(dates[offset : offset + PAGE_SIZE + 1])
    if number > 1:
        if not found:
            raise Http404
        limit_to_moments(request, changes_before(dates, offset, now), now)
    return found[:PAGE_SIZE], len(found) > PAGE_SIZE


def changes_before(dates: OccurrenceQuerySet, offset: int, now: datetime) -> Iterable[datetime | None]:
    """Return when a date on an earlier page first ends, or a long run begins: then all that follows moves up."""
    begins = Min("starts_at", filter=Q(long_run=True, starts_at__gt=now))
    return dates[:offset].aggregate(ends=Min("ends_at"), begins=begins).values()


def by_day(rows: Sequence[Row], first: date) -> list[tuple[date, list[Row]]]:
    """Return the rows under the local day on which each begins, at `first` where that was before."""
    days: dict[date, list[Row]] = {}
    for row in rows:
        day = max(first, row.occurrence.local_start.date())
        days.setdefault(day, []).append(row.under(day))
    return sorted(days.items())


def by_each_day(rows: Sequence[Row]) -> dict[date, list[Row]]:
    """Return the rows under each of the days on which they take place."""
    days: dict[date, list[Row]] = {}
    for row in rows:
        for day in row.occurrence.days:
            days.setdefault(day, []).append(row.under(day))
    return days


def month_context(request: HttpRequest, filters: EventFilter, today: date, zone: ZoneInfo, now: datetime) -> dict:
    """Return the weeks of a month, each day with its dates."""
    month = asked_month(request, today)
    first, last = month.grid
    short = dates_for(request, filters).between(first, last, zone)
    long_runs = dates_for(request, filters, few=True).long_runs_between(month.first, month.last, zone)
    both = rows_of(request, [*short, *long_runs[:MOST_LONG_RUNS]])
    limit_to(request, [row.occurrence for row in both], now)
    days = by_each_day([row for row in both if not row.occurrence.long_run])
    weeks = [
        [{"day": day, "rows": days.get(day, []), "outside": day not in month, "today": day == today} for day in week]
        for week in month.weeks
    ]
    here = Month.of(today)
    return {
        "month": month,
        "weeks": weeks,
        "running": [row for row in both if row.occurrence.long_run],
        "previous_month": month.previous if month.previous >= here.shifted(-MONTHS_BACK) else None,
        "next_month": month.next if month.next <= here.shifted(MONTHS_AHEAD) else None,
    }


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
    audiences = Audience.objects.filter(retired=False).for_sites(sites)
    return {
        "branch": branch_choices(sites, language),
        "audience": [(term.key, label_in(term.label, language)) for term in audiences],
    }
