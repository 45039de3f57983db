"""What the pictures and the poster of an event show, from the context of its page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urljoin
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, QueryDict
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import get_language, npgettext, pgettext

from branches.listing import address_of
from core import addresses, card_drawing, sharing
from core.cards import Card, leaf_of
from core.date_words import when_pieces
from core.labels import label_in
from core.localtime import to_local
from core.sites import network_for
from events.enums import EventState, Format, RegistrationMode
from events.models import EventFacts, EventPage, Occurrence
from events.posters import Poster

# A date in the address of a picture.
PART = "%Y%m%dT%H%M"
# So many dates stand on a poster; the rest is counted.
DATES_ON_POSTER = 10


def part_of(asked: Occurrence) -> str:
    """Return a date as it stands in the address of a picture."""
    return asked.slot.strftime(PART)


def sharing_context(page: EventPage, request: HttpRequest, part: str) -> dict[str, Any]:
    """Return the context of the event's page at a date, or at the next; raise Http404 for a date that there isn't."""
    from events.listing import event_context

    request.GET = QueryDict(f"date={_slot(part)}" if part else "")
    return event_context(page, page.facts, request)


def card_of(page: EventPage, context: Mapping[str, Any], request: HttpRequest) -> Card:
    """Return the card of an event at the date that its page shows."""
    facts, asked = context["facts"], context["asked"]
    lines = [when_words(asked), _further(context)] if asked else []
    return sharing.plain_card(
        page,
        context,
        request,
        spines=getattr(facts, "key", "") or page.slug,
        topic=context["topic_key"],
        leaf=leaf_of(asked.local_start.date()) if asked else None,
        lines=tuple(filter(None, [*lines, place_words(facts, context)])),
        state=_state(facts, asked),
    )


def square_of(page: EventPage, context: Mapping[str, Any], request: HttpRequest) -> Card | None:
    """Return the card for the square picture; None for what nobody is invited to any more."""
    return sharing.card_of(page, context, request) if invites(context) else None


def poster_of(page: EventPage, context: Mapping[str, Any], request: HttpRequest) -> Poster | None:
    """Return the poster of an event; None for what nobody is invited to any more."""
    if not invites(context):
        return None
    facts, asked = context["facts"], context["asked"]
    others = [one for one in context["dates"] if one.slot != asked.slot and not one.is_cancelled]
    # A rule says more than a list, and holds for longer on a wall.
    dates = [asked] if context["repetition"] else [asked, *others][:DATES_ON_POSTER]
    more = context["repetition"] or _counted(len(others) + 1 - len(dates))
    path = addresses.path_in(page, get_language() or page.words_language)
    query = f"?date={asked.slot_key}" if context["sharing_part"] else ""
    return Poster(
        card=sharing.card_of(page, context, request),
        language=get_language() or page.words_language,
        lead=page.lead,
        dates=tuple(when_words(one) for one in sorted(dates, key=lambda one: one.starts_at)),
        more=more,
        facts=tuple(pair for pair in _facts(facts, context) if pair[1]),
        dates_label=pgettext("event", "When"),
        address=urljoin(network_for(request).site.root_url, f"{path}{query}"),
        logo=sharing.photo_of(sharing.first_shown(request, [network_for(request).logo])),
    )


def invites(context: Mapping[str, Any]) -> bool:
    """Return whether somebody can still come: the event is public and has a date that is neither over nor off."""
    facts, asked = context["facts"], context["asked"]
    is_public = bool(getattr(facts, "is_public", False))
    return bool(is_public and asked and asked.pk and not context["is_past"] and not _state(facts, asked))


def when_words(asked: Occurrence) -> str:
    """Return when a date takes place: "Tuesday, 24 November, 17:30–19:00"."""
    today = to_local(timezone.now(), ZoneInfo(asked.zone)).date()
    return "".join(piece.text for piece in when_pieces(asked, today=today))


def place_words(facts: EventFacts, context: Mapping[str, Any]) -> str:
    """Return where the event is held, in one line."""
    if facts.format == Format.ONLINE:
        return pgettext("event", "online")
    words = context["branch_words"]
    name = label_in(context["place"]) or (words.title if words else "")
    return ", ".join(filter(None, [name, label_in(context["room"])])) if name else ""


def _facts(facts: EventFacts, context: Mapping[str, Any]) -> list[tuple[str, str]]:
    branch = context["branch"]
    named = label_in(context["place"]) or facts.format == Format.ONLINE
    address = address_of(branch) if branch and not named else ""
    return [
        (pgettext("event", "Where"), "\n".join(filter(None, [place_words(facts, context), address]))),
        (pgettext("event", "For whom"), ", ".join(context["audiences"])),
        (pgettext("event", "Price"), _price(facts)),
        (pgettext("event", "Registration"), _registration(facts)),
    ]


def _price(facts: EventFacts) -> str:
    if facts.is_free:
        return pgettext("event", "free of charge")
    return label_in(facts.price) or pgettext("event", "there is a charge")


def _registration(facts: EventFacts) -> str:
    if facts.registration == RegistrationMode.LINK and facts.registration_url:
        return pgettext("poster", "on the page of the event")
    return pgettext("registration", "not needed, just come")


def _state(facts: EventFacts, asked: Occurrence | None) -> str:
    state = getattr(facts, "state", EventState.SCHEDULED)
    if state == EventState.POSTPONED:
        return capfirst(pgettext("event", "postponed"))
    if state == EventState.CANCELLED or (asked and asked.is_cancelled):
        return capfirst(pgettext("event", "cancelled"))
    return ""


def _further(context: Mapping[str, Any]) -> str:
    """Return how the event goes on after the shown date."""
    if context["repetition"]:
        return context["repetition"]
    asked = context["asked"]
    return _counted(sum(1 for one in context["dates"] if one.starts_at > asked.starts_at and not one.is_cancelled))


def _counted(number: int) -> str:
    if number < 1:
        return ""
    return npgettext("event", "and %(number)d more date", "and %(number)d more dates", number) % {"number": number}


def _slot(part: str) -> str:
    try:
        return datetime.fromisoformat(part).isoformat(timespec="minutes")
    except ValueError:
        raise Http404 from None


def register_kinds() -> None:
    """Let event pages have a square picture and a poster."""
    sharing.register(
        sharing.Kind(
            name="square",
            ending="png",
            content_type="image/png",
            shows=_of_events(square_of),
            draw=card_drawing.square_card,
            to_download=True,
        )
    )
    sharing.register(
        sharing.Kind(
            name="poster",
            ending="pdf",
            content_type="application/pdf",
            shows=_of_events(poster_of),
            draw=_drawn,
            to_download=True,
        )
    )


def _of_events(shows):
    def of_events(page, context, request):
        return shows(page, context, request) if isinstance(page, EventPage) else None

    return of_events


def _drawn(poster: Poster, photo) -> bytes:
    # Only who draws a poster needs the libraries of PDF and QR codes.
    from events.poster_drawing import poster_pdf

    logo = sharing.open_photo(poster.logo)
    try:
        return poster_pdf(poster, photo, logo)
    finally:
        if logo is not None:
            logo.close()
