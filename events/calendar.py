"""The calendar of events: agenda, week, month and what is over, narrowed by filters, from the asked day or month."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import BadRequest
from django.db.models import Min, Q, TextChoices
from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext as _

from branches.listing import branch_choices
from core.labels import label_in
from core.localtime import end_of_day, start_of_day, to_local
from core.memory import per_generation
from core.models import Audience, Topic
from core.paging import page_number
from core.sites import network_for, visible_site_ids
from events.dates import ListedDate
from events.enums import Format
from events.filters import EventFilter
from events.list_filters import ListFilter
from events.listing import Row, dates_for, limit_to, limit_to_moments, rows_of
from events.models import Occurrence
from events.models.occurrence import OccurrenceQuerySet
from events.months import Month

PAGE_SIZE = 40
# More exhibitions at once than any network holds.
MOST_LONG_RUNS = 100
# So far reaches the list from an asked day on.
DAYS_FROM_ASKED = 31
# Navigation ends where the calendar ends: no endless months for crawlers.
MONTHS_BACK, MONTHS_AHEAD = 13, 18


class View(TextChoices):
    """The ways to look at the calendar."""

    AGENDA = "agenda", pgettext_lazy("calendar", "List")
    WEEK = "week", pgettext_lazy("calendar", "Week")
    MONTH = "month", pgettext_lazy("calendar", "Month")
    PAST = "past", pgettext_lazy("calendar", "Past")


def index_context(request: HttpRequest) -> dict:
    """Return what the asked view of the calendar shows; raise BadRequest or Http404 for what there isn't."""
    now = timezone.now()
    zone = ZoneInfo(network_for(request).zone)
    filters = ListFilter.from_query(request.GET)
    today = to_local(now, zone).date()
    view = request.GET.get("view", View.AGENDA.value)
    if view not in View.values:
        raise BadRequest(_("There is no such view."))
    # Each view leaves some of them aside, but none takes for granted what can't be meant.
    page_number(request), asked_day(request, today), asked_month(request, today, past=view == View.PAST)
    return {
        "filters": filters,
        "filter_choices": filter_choices(request),
        "views": View.choices,
        "view": view,
        "today": today,
        "feed_query": filters.query,
    } | VIEWS[View(view)](request, filters, today, zone, now)


def agenda_context(request: HttpRequest, filters: ListFilter, today: date, zone: ZoneInfo, now: datetime) -> dict:
    """Return a page of the agenda from today, or from the asked day, on.

    Each date stands on its first day, what began before under the first day shown; a long run that has begun stands by
    itself on the first page.
    """
    number, day = page_number(request), filters.since or asked_day(request, today)
    since, until = now, None
    if filters.since:
        since = start_of_day(day, zone)
    elif day != today:
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
        "asked_day": day if day != today and not filters.since else None,
        "month": Month.of(day) if _is_within(Month.of(day), today) else Month.of(today),
    }


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


def rows_between(
    request: HttpRequest,
    filters: EventFilter,
    days: tuple[date, date],
    zone: ZoneInfo,
    now: datetime,
    *,
    running: tuple[date, date] | None = None,
) -> tuple[dict[date, list[Row]], list[Row]]:
    """Return what there is from the first to the last of the days, by day, and the long runs of these or other days."""
    short = dates_for(request, filters).between(*days, zone)
    long_runs = dates_for(request, filters, few=True).long_runs_between(*(running or days), zone)
    rows = rows_of(request, [*short, *long_runs[:MOST_LONG_RUNS]])
    limit_to(request, [row.occurrence for row in rows], now)
    by_days = by_each_day([row for row in rows if not row.occurrence.long_run])
    return by_days, [row for row in rows if row.occurrence.long_run]


def month_context(request: HttpRequest, filters: ListFilter, today: date, zone: ZoneInfo, now: datetime) -> dict:
    """Return the weeks of a month, each day with its dates."""
    month = asked_month(request, today)
    days, running = rows_between(request, filters, month.grid, zone, now, running=(month.first, month.last))
    weeks = [
        [{"day": day, "rows": days.get(day, []), "outside": day not in month, "today": day == today} for day in week]
        for week in month.weeks
    ]
    return {
        "month": month,
        "weeks": weeks,
        "running": running,
        **neighbours(month, Month.of(today)),
    }


def neighbours(month: Month, here: Month) -> dict[str, Month | None]:
    """Return the months before and after one, as far as the calendar reaches from this month, `here`."""
    return {
        "previous_month": month.previous if month.previous >= here.shifted(-MONTHS_BACK) else None,
        "next_month": month.next if month.next <= here.shifted(MONTHS_AHEAD) else None,
    }


def week_context(request: HttpRequest, filters: ListFilter, today: date, zone: ZoneInfo, now: datetime) -> dict:
    """Return the seven days of the week in which the asked day is, each with its dates."""
    day = asked_day(request, today)
    first = day - timedelta(days=day.weekday())
    last = first + timedelta(days=6)
    rows, running = rows_between(request, filters, (first, last), zone, now)
    days = [first + timedelta(days=number) for number in range(7)]
    beside = first - timedelta(days=7), first + timedelta(days=7)
    before, after = (one if _is_within(Month.of(one), today) else None for one in beside)
    return {
        "days": [(one, rows.get(one, [])) for one in days],
        "first": first,
        "last": last,
        "running": running,
        "previous_week": before,
        "next_week": after,
        "month": Month.of(max(first, min(today, last))),
    }


def past_context(request: HttpRequest, filters: ListFilter, today: date, zone: ZoneInfo, now: datetime) -> dict:
    """Return what is over of a month, the last first; without a month, of the last one in which anything took place."""
    number, sites = page_number(request), tuple(visible_site_ids(request))
    oldest = first_month(sites, zone)
    over = dates_for(request, filters).over(now)
    if request.GET.get("month"):
        month = asked_month(request, today, past=True)
    else:
        latest = next(iter(over[:1]), None)
        month = Month.of(latest.local_start.date()) if latest else Month.of(today)
    first, after = start_of_day(month.first, zone), start_of_day(month.next.first, zone)
    found, has_more = page_of(request, over.filter(starts_at__gte=first, starts_at__lt=after), number, now)
    # What ends meanwhile joins the list.
    coming = dates_for(request, filters).upcoming(now).values_list("ends_at", flat=True)[:1]
    limit_to_moments(request, coming if month == Month.of(today) else [], now)
    limit_to(request, [], now)
    days: dict[date, list[Row]] = {}
    for row in rows_of(request, found):
        days.setdefault(row.occurrence.local_start.date(), []).append(row)
    here = Month.of(today)
    return {
        "days": list(days.items()),
        "month": month,
        "page_number": number,
        "has_more": has_more,
        "previous_month": month.previous if oldest and month > oldest else None,
        "next_month": month.next if month < here else None,
    }


@per_generation
def first_month(sites: tuple[int, ...], zone: ZoneInfo) -> Month | None:
    """Return the month in which the calendar begins."""
    first = Occurrence.objects.public_on(sites).aggregate(first=Min("starts_at"))["first"]
    return Month.of(to_local(first, zone).date()) if first else None


VIEWS = {
    View.AGENDA: agenda_context,
    View.WEEK: week_context,
    View.MONTH: month_context,
    View.PAST: past_context,
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
    if not _is_within(Month.of(day), today):
        raise Http404
    return day


def asked_month(request: HttpRequest, today: date, *, past: bool = False) -> Month:
    """Return the asked month, else this one; raise BadRequest for what is no month, Http404 outside of the calendar.

    What is over is shown as far back as there are dates, and no month that has not begun.
    """
    text, here = request.GET.get("month", ""), Month.of(today)
    month = Month.parse(text) if text else here
    if past:
        oldest = first_month(tuple(visible_site_ids(request)), ZoneInfo(network_for(request).zone)) or here
        is_there = min(oldest, here) <= month <= here
    else:
        is_there = _is_within(month, today)
    if not is_there:
        raise Http404
    return month


def _is_within(month: Month, today: date) -> bool:
    here = Month.of(today)
    return here.shifted(-MONTHS_BACK) <= month <= here.shifted(MONTHS_AHEAD)


def filter_choices(request: HttpRequest) -> dict[str, list[tuple[str, str]]]:
    """Return what a reader can narrow the list to, as key and name: branches, audiences, topics, languages, formats."""
    return _filter_choices(tuple(visible_site_ids(request)), get_language(), tuple(network_for(request).language_codes))


@per_generation
def _filter_choices(
    sites: tuple[int, ...], language: str, languages: tuple[str, ...]
) -> dict[str, list[tuple[str, str]]]:
    audiences, topics = (model.objects.filter(retired=False).for_sites(sites) for model in (Audience, Topic))
    return {
        "branch": branch_choices(sites, language),
        "audience": [(term.key, label_in(term.label, language)) for term in audiences],
        "topic": [(term.key, label_in(term.label, language)) for term in topics],
        "held_in": [(code, str(settings.ALL_LANGUAGES[code])) for code in languages if code in settings.ALL_LANGUAGES],
        "format": [(one.value, str(one.label)) for one in (Format.ONSITE, Format.ONLINE)],
    }
