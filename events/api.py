"""The dates of events as JSON, with the filters of lists and feeds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers

from branches.listing import address_of, branch_names, public_branches
from branches.models import Branch
from core.api import LANGUAGE, ErrorSerializer, Pages, PublicView, TermSerializer
from core.domain.pictures import read_sizes, shared_url
from core.labels import label_in
from core.localtime import start_of_day, to_utc
from core.memory import per_generation
from core.page_words import Words
from core.sites import network_for, visible_site_ids
from core.structured import absolute_or_blank
from events.domain.keys import TERMS
from events.enums import EventState, Format, OccurrenceState, RegistrationMode
from events.list_filters import LONGEST_TEXT, MORE, OLDEST, ListFilter, narrowed
from events.listing import limit_to
from events.models import FilterKind, Occurrence
from events.models.occurrence import LOOK_BACK
from events.sources.words import ImportedWords, event_words

if TYPE_CHECKING:
    from django.http import HttpRequest

Names = dict[tuple[str, str], str]
# The public branches by id, each with its name.
Places = dict[int | None, tuple[Branch | None, str]]
# What takes time to read and is not told.
UNTOLD = ("event__left_out", "event__added")
STATES = [OccurrenceState.SCHEDULED.value, OccurrenceState.CANCELLED.value, EventState.POSTPONED.value]
AGE = {"type": "integer", "minimum": 0, "maximum": OLDEST}
TEXT = {"type": "string", "minLength": 1, "maxLength": LONGEST_TEXT, "pattern": "^[^\\x00]+$"}


class PlaceSerializer(serializers.Serializer):
    """Where a date is held; empty for what is only online."""

    branch = serializers.CharField(allow_null=True, help_text="The key of the branch, if it is held at one.")
    name = serializers.CharField()
    room = serializers.CharField()
    address = serializers.CharField()


class RegistrationSerializer(serializers.Serializer):
    """How people sign up."""

    mode = serializers.ChoiceField(choices=RegistrationMode.values)
    url = serializers.CharField()


class OccurrenceSerializer(serializers.Serializer):
    """One date of an event."""

    uid = serializers.UUIDField(help_text="The same as in iCal; stays when the date is moved.")
    event = serializers.CharField(help_text="The public key of the event, the same for all of its dates.")
    title = serializers.CharField()
    lead = serializers.CharField()
    language = serializers.ChoiceField(choices=list(settings.SITE_LANGUAGES), help_text="Language of title and lead.")
    url = serializers.URLField()
    ics = serializers.URLField(help_text="This date as a calendar of its own.")
    image = serializers.CharField(help_text="Address of a picture, empty where there is none.")
    status = serializers.ChoiceField(choices=STATES)
    reason = serializers.CharField(help_text="Why it is cancelled or postponed.")
    note = serializers.CharField()
    start = serializers.DateTimeField()
    end = serializers.DateTimeField()
    time_zone = serializers.CharField()
    all_day = serializers.BooleanField()
    first_day = serializers.DateField(help_text="The first local day.")
    last_day = serializers.DateField(help_text="The last local day, itself included.")
    long_run = serializers.BooleanField(help_text="An exhibition, or what else lasts longer than a week.")
    previous_start = serializers.DateTimeField(allow_null=True, help_text="When it was planned, if it was moved.")
    place = PlaceSerializer()
    format = serializers.ChoiceField(choices=Format.values)
    online_url = serializers.CharField()
    audiences = TermSerializer(many=True)
    topics = TermSerializer(many=True)
    held_in = serializers.ListField(child=serializers.CharField(), help_text="Languages in which it is held.")
    age_from = serializers.IntegerField(allow_null=True)
    age_to = serializers.IntegerField(allow_null=True)
    is_free = serializers.BooleanField()
    price = serializers.CharField()
    capacity = serializers.IntegerField(allow_null=True, help_text="Seats; null where they are not limited.")
    registration = RegistrationSerializer()
    updated = serializers.DateTimeField(help_text="When the facts of this date last changed.")


def filter_parameter(kind: FilterKind) -> OpenApiParameter:
    """Return how a filter is described: keys, either of which lets a date through."""
    is_language = kind == FilterKind.HELD_IN
    return OpenApiParameter(
        kind.value,
        str,
        many=True,
        enum=list(settings.ALL_LANGUAGES) if is_language else None,
        description="Languages: held in either of them." if is_language else "Public keys: of either of them.",
    )


class OccurrencePages(Pages):
    """Dates page by page, in order of time."""

    ordering = ("starts_at", "pk")


class OccurrenceList(PublicView):
    """The dates of events, in order of time: those that have not ended, or those of the asked days."""

    pagination_class = OccurrencePages
    params = frozenset({*FilterKind.values, *MORE, "cursor", "limit"})

    @extend_schema(
        operation_id="occurrences",
        parameters=[
            LANGUAGE,
            *(filter_parameter(kind) for kind in FilterKind),
            OpenApiParameter("from", OpenApiTypes.DATE, description="First day; else from now on."),
            OpenApiParameter("to", OpenApiTypes.DATE, description="Last day, itself included."),
            OpenApiParameter("age", AGE, description="For whoever is so many years old."),
            OpenApiParameter("format", str, many=True, enum=Format.values, description="Of either of these."),
            OpenApiParameter("free", str, enum=["1"], description="Free of charge."),
            OpenApiParameter("seats", str, enum=["1"], description="Not known to be full: no limit, or seats free."),
            OpenApiParameter("text", TEXT, description="With all of these words in title, lead or text."),
        ],
        responses={200: OccurrenceSerializer(many=True), 400: ErrorSerializer},
    )
    def get(self, request):
        """Dates of events, with what was cancelled or moved."""
        now, zone = timezone.now(), ZoneInfo(network_for(self.asked).zone)
        filters = ListFilter.from_query(self.asked.GET)
        since = start_of_day(filters.since, zone) if filters.since else now
        found = self.page_of(dates_since(self.asked, filters, since, zone))
        limit_to(self.asked, found, now)
        return self.answer(OccurrenceSerializer(told(self.asked, found), many=True).data)


def dates_since(request: HttpRequest, filters: ListFilter, since: datetime, zone: ZoneInfo):
    """Return the public dates that end after a moment, long runs among them.

    The database walks along the dates from the first long run that is still on, not from the first date ever.
    """
    dates = Occurrence.objects.public_on(visible_site_ids(request))
    # Read one by one: for their minimum the database would walk along everything that ever began.
    began = dates.on_now(since).values_list("starts_at", flat=True)
    dates = dates.filter(starts_at__gte=min([*began, since - LOOK_BACK]), ends_at__gt=since)
    return narrowed(dates.select_related("event__image").defer(*UNTOLD), filters, zone=zone)


def told(request: HttpRequest, rows: Sequence[Occurrence]) -> list[dict]:
    """Return dates as the JSON tells them: the words of all in one query."""
    language = get_language()
    events = {row.event_id: row.event for row in rows}
    words = event_words(list(events.values()), languages=[language], only=["lead"])[language]
    sites = tuple(visible_site_ids(request))
    titles, names = branch_names(sites, language), term_names(language)
    places = {branch.pk: (branch, titles[branch.pk].title) for branch in public_branches(sites) if branch.pk in titles}
    read_sizes(event.image for event in events.values())
    return [_told(request, row, words[row.event_id], places, names) for row in rows if row.event_id in words]


def _told(request: HttpRequest, row: Occurrence, words: Words, places: Places, names: Names) -> dict:
    event, zone = row.event, ZoneInfo(row.zone)
    terms: dict[str, list[dict]] = {FilterKind.AUDIENCE: [], FilterKind.TOPIC: []}
    for kind, key in event.filters:
        if (kind, key) in names:
            terms[kind].append({"key": key, "name": names[kind, key]})
    is_postponed = row.is_cancelled and event.state == EventState.POSTPONED
    was_moved = row.is_moved and row.planned_start != row.local_start
    return {
        "uid": row.uid,
        "event": event.key,
        "title": words.title,
        "lead": words.page.lead,
        "language": words.language,
        "url": _address(request, row, words),
        "ics": request.build_absolute_uri(reverse("occurrence_feed", args=[row.uid])),
        "image": absolute_or_blank(request, shared_url(event.image)),
        "status": EventState.POSTPONED.value if is_postponed else row.state,
        "reason": (label_in(row.reason) or label_in(event.state_reason)) if row.is_cancelled else "",
        "note": label_in(row.note),
        "start": row.starts_at.astimezone(zone),
        "end": row.ends_at.astimezone(zone),
        "time_zone": row.zone,
        "all_day": row.all_day,
        "first_day": row.local_start.date(),
        "last_day": row.last_day,
        "long_run": row.long_run,
        "previous_start": to_utc(row.planned_start, zone).astimezone(zone) if was_moved else None,
        "place": _place(row, places),
        "format": event.format,
        "online_url": event.online_url,
        "audiences": terms[FilterKind.AUDIENCE],
        "topics": terms[FilterKind.TOPIC],
        "held_in": event.held_in,
        "age_from": event.age_from,
        "age_to": event.age_to,
        "is_free": event.is_free,
        "price": label_in(event.price),
        "capacity": row.capacity,
        "registration": {"mode": event.registration, "url": event.registration_url},
        "updated": row.changed_at,
    }


def _address(request: HttpRequest, row: Occurrence, words: Words) -> str:
    if isinstance(words, ImportedWords):
        return words.path
    return request.build_absolute_uri(f"{words.path}?date={row.slot_key}")


def _place(row: Occurrence, places: Places) -> dict:
    """Return where a date is held, as far as readers may know of the branch."""
    branch, title = places.get(row.branch_id, (None, ""))
    own = label_in(row.where)
    return {
        "branch": branch.key if branch else None,
        "name": own or title,
        "room": label_in(row.room),
        "address": address_of(branch) if branch and not own else "",
    }


@per_generation
def term_names(language: str) -> Names:
    """Return the names of audiences and topics in a language, by kind and key."""
    return {
        (kind, key): label_in(label, language) or key
        for kind, model in TERMS.items()
        for key, label in model.objects.values_list("key", "label")
    }
