"""Events as schema.org data for search engines."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from core import addresses
from core.domain.pictures import shared_url
from core.labels import label_in
from core.structured import absolute_or_blank, network_data, without_blanks
from events.enums import EventState, Format

if TYPE_CHECKING:
    from django.http import HttpRequest

    from core.page_words import Words
    from events.models import EventFacts, EventPage, Occurrence

STATUS = {EventState.POSTPONED: "EventPostponed", EventState.CANCELLED: "EventCancelled"}
MODES = {
    Format.ONSITE: "OfflineEventAttendanceMode",
    Format.ONLINE: "OnlineEventAttendanceMode",
    Format.HYBRID: "MixedEventAttendanceMode",
}


def event_data(
    page: EventPage, facts: EventFacts, request: HttpRequest, occurrence: Occurrence | None, place: Words | None
) -> dict | None:
    """Return one date of an event as schema.org Event; None where there is no date."""
    if occurrence is None:
        return None
    data = {
        "@context": "https://schema.org",
        "@type": "ExhibitionEvent" if facts.long_run else "Event",
        "name": page.title,
        "description": page.lead,
        "inLanguage": page.words_language,
        "url": request.build_absolute_uri(addresses.path_in(page, page.words_language)),
        "startDate": _moment(occurrence, occurrence.starts_at, occurrence.local_start.date()),
        "endDate": _moment(occurrence, occurrence.ends_at, occurrence.last_day),
        "eventStatus": f"https://schema.org/{_status(facts, occurrence)}",
        "eventAttendanceMode": f"https://schema.org/{MODES[Format(facts.format)]}",
        "maximumAttendeeCapacity": occurrence.capacity,
        "isAccessibleForFree": facts.is_free,
        "location": _location(facts, occurrence, place),
        "image": absolute_or_blank(request, shared_url(facts.image)),
        "organizer": network_data(request),
    }
    return without_blanks(data)


def _moment(occurrence: Occurrence, moment: datetime, day: date) -> str:
    """Return a moment with its offset; of an all-day event the day, the last one included."""
    if occurrence.all_day:
        return day.isoformat()
    return moment.astimezone(ZoneInfo(occurrence.zone)).isoformat(timespec="minutes")


def _status(facts: EventFacts, occurrence: Occurrence) -> str:
    if getattr(facts, "state", "") in STATUS:
        return STATUS[EventState(facts.state)]
    if occurrence.is_cancelled:
        return "EventCancelled"
    return "EventRescheduled" if occurrence.is_moved else "EventScheduled"


def _location(facts: EventFacts, occurrence: Occurrence, place: Words | None) -> dict | list[dict]:
    """Return where it is held, as far as that is known: in the house, online, or both."""
    online = {"@type": "VirtualLocation", "url": facts.online_url}
    if facts.format == Format.ONLINE:
        return online
    house = _house(occurrence, place)
    return [house, online] if facts.format == Format.HYBRID else house


def _house(occurrence: Occurrence, place: Words | None) -> dict:
    branch = occurrence.branch if place and not label_in(occurrence.where) else None
    name = label_in(occurrence.where) or (place.title if place else "")
    address = [label_in(branch.street), label_in(branch.town)] if branch else []
    name = ", ".join(filter(None, [name, label_in(occurrence.room)]))
    return {"@type": "Place", "name": name, "address": ", ".join(part for part in address if part)}
