"""The feed builder: what somebody wants to have in their calendar, and all the ways to get it there."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock
from typing import Any

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from django.utils.http import content_disposition_header
from django.utils.text import capfirst
from django.utils.translation import get_language, override, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from branches.listing import branch_choices
from core import qr_codes
from core.labels import label_in
from core.memory import per_generation
from core.models import Audience, Topic
from core.sites import network_for, visible_site_ids
from core.templatetags.labels import language_name
from events import calendar_links
from events.door_cards import DoorCard
from events.feed_codes import code_of, filters_at
from events.feeds import calendar_name, names_of
from events.filters import EventFilter
from events.listing import Row, dates_for, limit_to, rows_of
from events.models import Event, FilterKind

NEXT = 5
# From so many choices on they stand in a frame of their own.
MANY = 12
# Seconds for which somebody waits for cards that others print.
PATIENCE = 5
_one_at_a_time = Lock()


@dataclass(frozen=True)
class Choice:
    """What can be ticked: its key, its name, whether it is."""

    key: str
    name: str
    ticked: bool


@dataclass(frozen=True)
class Group:
    """The choices of one kind."""

    kind: str
    legend: str
    choices: tuple[Choice, ...]

    @property
    def is_long(self) -> bool:
        """Whether there are more than can be shown at once."""
        return len(self.choices) > MANY

    @property
    def ticked(self) -> list[str]:
        """The names of what is ticked."""
        return [choice.name for choice in self.choices if choice.ticked]


@dataclass(frozen=True)
class Subscription:
    """The calendar of what is ticked: its name, and the paths at which it is found in one language."""

    name: str
    language: str
    code: str
    feed: str
    page: str
    picture: str
    card: str
    atom: str
    embed: str

    @classmethod
    def of(cls, request: HttpRequest, filters: EventFilter, language: str) -> Subscription:
        """Return the calendar of filters with its texts in a language."""
        code, query = code_of(filters), f"?{filters.query}" if filters else ""
        with override(language):
            return cls(
                name=calendar_name(request, filters),
                language=language,
                code=code,
                feed=reverse("short_feed", args=[code]),
                page=reverse("short_subscribe", args=[code]),
                picture=reverse("calendar_code", args=[code]),
                card=reverse("door_card", args=[code]),
                atom=f"{reverse('events_atom')}{query}",
                embed=f"{reverse('events_embed')}{query}",
            )


@require_safe
def subscribe(request: HttpRequest) -> HttpResponse:
    """Show what can be ticked, and the calendar of what is."""
    filters = EventFilter.from_query(request.GET)
    return _page(request, filters, asked_language(request), is_narrowed=bool(request.GET))


@require_safe
def short_subscribe(request: HttpRequest, code: str) -> HttpResponse:
    """Show the same at the short address that is printed and read by cameras."""
    return _page(request, filters_at(code), get_language() or "", is_narrowed=True)


@require_safe
def calendar_code(request: HttpRequest, code: str) -> HttpResponse:
    """Send the QR code of a calendar's page."""
    address = _address_for_cameras(request, filters_at(code))
    return HttpResponse(qr_codes.svg(address), content_type="image/svg+xml")


@require_safe
def door_card(request: HttpRequest, code: str) -> HttpResponse:
    """Send a card with a calendar's QR code to print for a door, as PDF."""
    filters = filters_at(code)
    card = _card(request, filters, _address_for_cameras(request, filters))
    if not _one_at_a_time.acquire(timeout=PATIENCE):
        return HttpResponse(status=503, headers={"Retry-After": "5", "Cache-Control": "no-store"})
    try:
        # Only who draws a card needs the library of PDF.
        from events.door_card_drawing import card_pdf

        content = card_pdf(card)
    finally:
        _one_at_a_time.release()
    response = HttpResponse(content, content_type="application/pdf")
    name = f"calendar-{get_language()}.pdf"
    response.headers["Content-Disposition"] = content_disposition_header(False, name) or "inline"
    return response


def _address_for_cameras(request: HttpRequest, filters: EventFilter) -> str:
    """Return the address that a code holds; raise Http404 for one that would be too fine to read."""
    address = request.build_absolute_uri(Subscription.of(request, filters, get_language() or "").page)
    if len(address) > qr_codes.LONGEST:
        raise Http404
    return address


def asked_language(request: HttpRequest) -> str:
    """Return the language in which the texts are wanted, that of the page where none is asked for."""
    code = request.GET.get("language") or get_language() or ""
    if code not in site_languages(request):
        raise BadRequest(_("There is no “%(key)s”.") % {"key": code[:60]})
    return code


def site_languages(request: HttpRequest) -> list[str]:
    """Return the languages that the site offers."""
    return [code for code in network_for(request).language_codes if code in settings.SITE_LANGUAGES]


def _page(request: HttpRequest, filters: EventFilter, language: str, *, is_narrowed: bool) -> HttpResponse:
    calendar = Subscription.of(request, filters, language)
    address = request.build_absolute_uri(calendar.feed)
    context: dict[str, Any] = {
        "is_narrowed": is_narrowed,
        "filters": filters,
        "groups": groups(request, filters),
        "languages_of_text": [(code, capfirst(language_name(code))) for code in site_languages(request)],
        "calendar": calendar,
        "address": address,
        "links": {
            "webcal": calendar_links.webcal(address),
            "google": calendar_links.google(address),
            "outlook": calendar_links.outlook(address, calendar.name),
            "office": calendar_links.office(address, calendar.name),
        },
        "has_code": len(request.build_absolute_uri(calendar.page)) <= qr_codes.LONGEST,
        "rows": next_entries(request, filters, language),
        "frame": frame_code(request.build_absolute_uri(calendar.embed), calendar.name),
    }
    return render(request, "events/subscribe.html", context)


def next_entries(request: HttpRequest, filters: EventFilter, language: str) -> list[Row]:
    """Return the next dates that the calendar holds, with their words in its language."""
    now = timezone.now()
    dates = list(dates_for(request, filters).upcoming(now)[:NEXT])
    limit_to(request, dates, now)
    with override(language):
        return rows_of(request, dates)


def frame_code(address: str, name: str) -> str:
    """Return the HTML with which another site shows the list."""
    # A plain text, which the page escapes once more to show it.
    return f'<iframe src="{escape(address)}" title="{escape(name)}" width="100%" height="600" loading="lazy"></iframe>'


def groups(request: HttpRequest, filters: EventFilter) -> list[Group]:
    """Return what can be ticked; what no list offers any more stays ticked where it was."""
    offered = offered_choices(tuple(visible_site_ids(request)), get_language() or "")
    legends = {
        FilterKind.BRANCH: _("Branches"),
        FilterKind.AUDIENCE: pgettext("filter", "For whom"),
        FilterKind.TOPIC: _("Topics"),
        FilterKind.HELD_IN: _("Language in which they are held"),
    }
    found = []
    for kind, legend in legends.items():
        asked = filters.active.get(kind.value, ())
        names = dict(offered[kind.value])
        others = [key for key in asked if key not in names]
        # A hidden branch is named by its key: its name is nobody's business any more.
        names |= {key: key for key in others} | (names_of(kind, others) if others else {})
        choices = tuple(Choice(key, name, key in asked) for key, name in names.items())
        found.append(Group(kind.value, legend, choices))
    return [group for group in found if group.choices]


@per_generation
def offered_choices(sites: tuple[int, ...], language: str) -> dict[str, list[tuple[str, str]]]:
    """Return what can be ticked by kind, as key and name: languages as far as public events are held in them."""
    audiences, topics = (model.objects.filter(retired=False).for_sites(sites) for model in (Audience, Topic))
    spoken = Event.objects.filter(is_public=True, site__in=sites).values_list("held_in", flat=True).distinct()
    codes = {code for languages in spoken.order_by() for code in languages}
    return {
        FilterKind.BRANCH.value: branch_choices(sites, language),
        FilterKind.AUDIENCE.value: [(term.key, label_in(term.label, language)) for term in audiences],
        FilterKind.TOPIC.value: [(term.key, label_in(term.label, language)) for term in topics],
        FilterKind.HELD_IN.value: [
            (code, capfirst(language_name(code))) for code in settings.ALL_LANGUAGES if code in codes
        ],
    }


def _card(request: HttpRequest, filters: EventFilter, address: str) -> DoorCard:
    network = network_for(request)
    feed = Subscription.of(request, filters, get_language() or "").feed
    network_name = label_in(network.name)
    of_what = [", ".join(group.ticked) for group in groups(request, filters) if group.ticked]
    return DoorCard(
        network=network_name,
        accent=network.accent,
        language=get_language() or "",
        title=_("All our events in your phone's calendar") if not of_what else _("Our events in your phone's calendar"),
        narrowed="; ".join(of_what),
        steps=(
            _("Point the camera of your phone at the code."),
            _("Open the page and choose your calendar."),
            _("New dates, changes and cancellations then come by themselves."),
        ),
        address_label=_("Without a camera, type this address:"),
        address=address,
        feed_label=_("For a calendar program:"),
        feed=request.build_absolute_uri(feed),
    )
