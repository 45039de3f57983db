"""Feeds made by other means than the site's, to compare it with; runs inside of Django."""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
from django.conf import settings
from django.db import connection
from django.utils.translation import get_language

from branches.models import BranchPage
from core.labels import label_in
from core.localtime import start_of_day
from core.page_words import Words, words_for
from events.domain.feed_texts import status_of, uid_of
from events.models import EventPage, Occurrence


def feed_of_objects(sites: list[int], since: date) -> bytes:
    """Return the site's feed as most programs make it: rows with all that belongs to them, objects, `to_ical()`."""
    # The dates that the site tells in this language, so that both make the same feed.
    told = Occurrence.objects.filter(texts__language=get_language(), event__site__in=sites)
    rows: Any = (
        told.filter(ends_at__gte=start_of_day(since, ZoneInfo(settings.TIME_ZONE)))
        .select_related("event", "branch")
        .prefetch_related("event__audiences", "event__topics")
        .order_by("starts_at", "uid")
    )
    events = {row.event_id: row.event for row in rows}
    branches = {row.branch_id: row.branch for row in rows if row.branch_id}
    words = words_for(list(events.values()), EventPage, language=get_language(), only=["lead"])
    names = words_for(list(branches.values()), BranchPage, language=get_language())
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//Measuring//EN")
    calendar.add("version", "2.0")
    for row in rows:
        calendar.add_component(_event(row, words.get(row.event_id), names.get(row.branch_id)))
    return calendar.to_ical()


def _event(row: Any, words: Words | None, place: Words | None) -> icalendar.Event:
    zone = ZoneInfo(row.zone)
    event = icalendar.Event()
    event.add("uid", uid_of(row))
    event.add("sequence", row.sequence)
    event.add("dtstamp", row.changed_at)
    event.add("created", row.created_at)
    event.add("last-modified", row.changed_at)
    event.add("status", status_of(row.event, row))
    event.add("transp", "TRANSPARENT")
    event.add("dtstart", row.local_start.date() if row.all_day else row.local_start.replace(tzinfo=zone))
    event.add("dtend", row.local_end.date() if row.all_day else row.local_end.replace(tzinfo=zone))
    event.add("categories", [str(term) for term in (*row.event.audiences.all(), *row.event.topics.all())])
    if words:
        event.add("summary", words.title)
        event.add("description", words.page.lead)
        event.add("url", words.path)
    if place:
        event.add("location", f"{place.title}, {label_in(row.branch.street)}, {label_in(row.branch.town)}")
        event.add("geo", (row.branch.latitude, row.branch.longitude))
    return event


def bare_join() -> bytes:
    """Return the stored texts of one language and nothing else: one SELECT and a join."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT text FROM events_occurrencetext WHERE language = %s", [get_language()])
        return "".join([text for (text,) in cursor.fetchall()]).encode()
