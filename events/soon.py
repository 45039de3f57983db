"""What is on soon, for the first page of a site."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django.utils import timezone

from core.localtime import start_of_day, to_local
from core.sites import network_for
from events.calendar import by_day
from events.listing import Row, dates_for, limit_to, rows_of

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
