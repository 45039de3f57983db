"""Reading the calendars of others when they are due: each by itself, a broken one more and more rarely."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from core.localtime import to_local
from events.models import CalendarSource
from events.sources.faults import Fault, SourceError
from events.sources.fetch import Known, Limits
from events.sources.reader import Question, Reading, read
from events.sources.taking import own_hosts, take, zone_of

log = logging.getLogger(__name__)

Reader = Callable[[Question], Reading]
INTERVAL = timedelta(hours=1)
LONGEST_INTERVAL = timedelta(hours=24)
# An unchanged calendar is expanded anew now and then: its rules reach further as time goes on.
EXPANDED_FOR = timedelta(days=7)
BACK, AHEAD = timedelta(days=31), timedelta(days=550)
# Together they take less than the longest run of a job.
MOST_AT_ONCE = 20


def read_due(now: datetime, *, reader: Reader = read) -> tuple[int, int]:
    """Read the sources that are due; return how many went well and how many did not."""
    due = CalendarSource.objects.filter(Q(next_read_at=None) | Q(next_read_at__lte=now), active=True)
    well = broken = 0
    for source in due.select_related("site", "branch").order_by("next_read_at", "pk")[:MOST_AT_ONCE]:
        if read_source(source, now, reader=reader):
            well += 1
        else:
            broken += 1
    return well, broken


def read_source(source: CalendarSource, now: datetime, *, reader: Reader = read) -> bool:
    """Read one source and write down how it went; return whether it went well. A fault leaves its events alone."""
    values: dict = {"tried_at": now}
    try:
        values |= _read(source, now, reader)
    except SourceError as error:
        values |= _failed(source, now, error)
    except Exception as error:
        log.exception("The calendar %s could not be taken.", source.address)
        values |= _failed(source, now, SourceError(Fault.INTERNAL, type(error).__name__))
    # Whoever changed it in the meantime wants it read again as it is now.
    CalendarSource.objects.filter(pk=source.pk, next_read_at=source.next_read_at).update(**values)
    return not values["fault"]


def _read(source: CalendarSource, now: datetime, reader: Reader) -> dict:
    reading = reader(_question(source, now))
    values = {"fault": "", "fault_detail": "", "failures": 0, "read_at": now, "next_read_at": now + INTERVAL}
    if reading.expanded is not None:
        take(source, reading.expanded, now)
        values |= {"expanded_at": now, "is_partial": reading.expanded.is_partial, "left_out": reading.expanded.left_out}
    return values | asdict(reading.known)


def _question(source: CalendarSource, now: datetime) -> Question:
    zone = zone_of(source)
    today = to_local(now, ZoneInfo(zone)).date()
    is_fresh = source.expanded_at is not None and now - source.expanded_at < EXPANDED_FOR
    return Question(
        address=source.address,
        since=today - BACK,
        until=today + AHEAD,
        zone=zone,
        known=Known(source.etag, source.last_modified) if is_fresh else Known(),
        own_hosts=own_hosts(),
        limits=Limits(loopback_port=settings.CALENDAR_LOOPBACK_PORT),
    )


def _failed(source: CalendarSource, now: datetime, error: SourceError) -> dict:
    wait = min(INTERVAL * 2 ** min(source.failures, 10), LONGEST_INTERVAL)
    return {
        "fault": error.fault,
        "fault_detail": error.detail,
        "failures": source.failures + 1,
        "next_read_at": now + wait,
    }


def broken_sources(now: datetime) -> list[CalendarSource]:
    """Return the shown sources that could not be read the last time, or not for an alarming time."""
    shown = CalendarSource.objects.filter(active=True).select_related("site")
    return [source for source in shown if source.fault or source.is_alarming(now)]


def broken_in_words() -> list[str] | str:
    """Return a line for each broken source, for whoever asks whether the installation is well."""
    now = timezone.now()
    found = [
        f"{source.address}: {source.fault or 'old'}, read {source.read_at or 'never'}" for source in broken_sources(now)
    ]
    return found or "ok"
