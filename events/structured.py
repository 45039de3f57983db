"""Events as schema.org data for search engines."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from core import addresses
from core.domain.pictures import shared_url
from core.labels import label_in
from core.localtime import to_utc
from core.sites import network_for
from core.structured import absolute_or_blank, network_data, without_blanks
from events.enums import EventState, Format

if TYPE_CHECKING:
    from django.http import HttpRequest

    from core.page_words import Words
    from events.models import EventFacts, EventPage, Occurrence

STATUS = {EventState.POSTPONED: "EventPostponed", EventState.CANCELLED: "EventCancelled"}
# Search engines ask for a currency, even of nothing.
CURRENCIES = {"MK": "MKD", "RU": "RUB", "UA": "UAH"}
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
    url = request.build_absolute_uri(addresses.path_in(page, page.words_language))
    data = {
        "@context": "https://schema.org",
        "@type": "ExhibitionEvent" if facts.long_run else "Event",
        "name": page.title,
        "description": page.lead,
        # The language in which it is held, where that is known.
        "inLanguage": facts.held_in or page.words_language,
        "url": url,
        "startDate": _moment(occurrence, occurrence.starts_at, occurrence.local_start.date()),
        "endDate": _moment(occurrence, occurrence.ends_at, occurrence.last_day),
        "previousStartDate": _planned(occurrence),
        "eventStatus": f"https://schema.org/{_status(facts, occurrence)}",
        "eventAttendanceMode": f"https://schema.org/{MODES[Format(facts.format)]}",
        "maximumAttendeeCapacity": occurrence.capacity,
        "isAccessibleForFree": facts.is_free,
        "offers": _offer(facts, url, network_for(request).country),
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


def _planned(occurrence: Occurrence) -> str:
    """Return when a date was planned that an operation has moved; empty for any other."""
    if not occurrence.is_moved or occurrence.planned_start == occurrence.local_start:
        return ""
    moment = to_utc(occurrence.planned_start, ZoneInfo(occurrence.zone))
    return _moment(occurrence, moment, occurrence.planned_start.date())


def _offer(facts: EventFacts, url: str, country: str) -> dict:
    """Return what it costs and where people sign up: a number is known of what is free of charge alone."""
    offer = {"@type": "Offer", "url": facts.registration_url or url, "description": label_in(facts.price)}
    if facts.is_free:
        offer |= {"price": "0", "priceCurrency": CURRENCIES.get(country, ""), "description": ""}
    return offer


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
