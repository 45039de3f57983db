"""Reads feeds as a calendar program does."""

from __future__ import annotations

import icalendar
from django.test import Client

FEED = "/en/events/feed.ics"


def feed_of(client: Client, path: str = FEED, **query: str) -> icalendar.Calendar:
    """Return the calendar at an address."""
    response = client.get(path, query)
    assert response.status_code == 200
    return icalendar.Calendar.from_ical(response.content)


def dates_in(client: Client, path: str = FEED, **query: str) -> list[icalendar.Event]:
    """Return the dates of the calendar at an address, in order of time."""
    return sorted(feed_of(client, path, **query).walk("VEVENT"), key=lambda event: str(event["DTSTART"].dt))


def version_of(event: icalendar.Event) -> tuple[int, object, object]:
    """Return by what a program tells a newer version of a date from an older one."""
    return event["SEQUENCE"], event["DTSTAMP"].dt, event["LAST-MODIFIED"].dt
