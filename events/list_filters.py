"""What readers narrow lists of dates to beside what feeds know: age, format, price, free seats, days, words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.core.exceptions import BadRequest
from django.db.models import Exists, OuterRef, Q
from django.http import QueryDict
from django.utils.translation import gettext as _

from core.localtime import start_of_day
from core.search_backend import ids_by_rank
from core.search_words import beginnings_of
from events import filters
from events.enums import Format
from events.filters import EventFilter, read_keys
from events.models import Event, EventPage, ImportedEntry, SeatCount

OLDEST = 120
LONGEST_TEXT = 100
# How the filters beside those of feeds stand in addresses.
MORE = ("age", "format", "free", "from", "seats", "to", "text")
# More pages than any word stands in that narrows anything.
MOST_PAGES = 3000
# Beyond these no calendar reaches; a day may still be asked for.
EARLIEST, LATEST = date(1900, 1, 1), date(2200, 1, 1)


@dataclass(frozen=True)
class ListFilter(EventFilter):
    """What a reader narrowed a list of dates to; all of it must hold."""

    age: int | None = None
    format: tuple[str, ...] = ()
    free: bool = False
    seats: bool = False
    since: date | None = None
    until: date | None = None
    text: str = ""

    @classmethod
    def from_query(cls, query: QueryDict) -> ListFilter:
        """Read the filters of an address; raise BadRequest in words for what can't be."""
        since, until = (_day(query.get(name, "")) for name in ("from", "to"))
        if since and until and until < since:
            raise BadRequest(_("The last day is before the first."))
        return cls(
            **read_keys(query),
            age=_age(query.get("age", "")),
            format=_formats(query),
            free=_flag(query.get("free", "")),
            seats=_flag(query.get("seats", "")),
            since=since,
            until=until,
            text=_text(query.get("text", "")),
        )

    @property
    def more(self) -> dict[str, str | list[str]]:
        """The filters in force that feeds don't know, by their names in addresses."""
        found: dict[str, str | list[str]] = {
            "age": "" if self.age is None else str(self.age),
            "format": list(self.format),
            "free": "1" if self.free else "",
            "seats": "1" if self.seats else "",
            "from": self.since.isoformat() if self.since else "",
            "to": self.until.isoformat() if self.until else "",
            "text": self.text,
        }
        return {name: value for name, value in found.items() if value}

    def __bool__(self) -> bool:
        return bool(self.active or self.more)


def narrowed(occurrences, asked: EventFilter, *, zone: ZoneInfo, few: bool = False):
    """Return the dates that all filters let through; days are local ones of `zone`, `few` as in `events.filters`."""
    occurrences = filters.narrowed(occurrences, asked, few=few)
    if not isinstance(asked, ListFilter):
        return occurrences
    if asked.since:
        occurrences = occurrences.filter(ends_at__gt=start_of_day(asked.since, zone))
    if asked.until:
        occurrences = occurrences.filter(starts_at__lt=start_of_day(asked.until + timedelta(days=1), zone))
    if (wanted := _of_event(asked)) is not None:
        # Of each date, so that the database walks along the dates.
        occurrences = occurrences.filter(Exists(Event.objects.filter(wanted, pk=OuterRef("event"))))
    if asked.seats:
        occurrences = occurrences.exclude(Exists(SeatCount.objects.full().filter(pk=OuterRef("pk"))))
    if asked.text:
        occurrences = occurrences.filter(event__in=events_with(asked.text))
    return occurrences


def _of_event(asked: ListFilter) -> Q | None:
    """Return what is asked of the event of a date, None where nothing is."""
    wanted = []
    if asked.age is not None:
        wanted.append(Q(age_from=None) | Q(age_from__lte=asked.age))
        wanted.append(Q(age_to=None) | Q(age_to__gte=asked.age))
    if asked.format:
        wanted.append(Q(format__in=_held_as(asked.format)))
    if asked.free:
        wanted.append(Q(is_free=True))
    return Q(*wanted) if wanted else None


def _held_as(formats: tuple[str, ...]) -> set[str]:
    """Return the formats that serve whoever wants one of these: what is both on site and online serves both."""
    return {*formats, Format.HYBRID.value} if set(formats) & {Format.ONSITE, Format.ONLINE} else set(formats)


def events_with(text: str) -> list[int]:
    """Return the ids of the events that have all words of a text, in whatever form and language, on a page."""
    pages = ids_by_rank(EventPage, beginnings_of(text), most=MOST_PAGES)
    keys = EventPage.objects.filter(pk__in=pages, live=True).values("translation_key")
    own = Event.objects.filter(translation_key__in=keys).values_list("pk", flat=True)
    return [*own, *_imported_with(text)]


def _imported_with(text: str) -> list[int]:
    """Return the ids of the events in calendars of others that have all words of a text as it is spelt."""
    wanted = [Q(searched__contains=word) for word in text.casefold().split()]
    return list(ImportedEntry.objects.filter(*wanted).values_list("event", flat=True)[:MOST_PAGES]) if wanted else []


# --- Reading an address -----------------------------------------------------------------------------------------------


def _age(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and int(text) <= OLDEST):
        raise BadRequest(_("An age is a number of years, such as 7."))
    return int(text)


def _formats(query: QueryDict) -> tuple[str, ...]:
    asked = {one for value in query.getlist("format") for one in value.split(",") if one}
    if not asked <= set(Format.values):
        raise BadRequest(_("There is no such format."))
    return tuple(sorted(asked))


def _flag(text: str) -> bool:
    if text not in ("", "1"):
        raise BadRequest(_("This filter is on (1) or left out."))
    return text == "1"


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        # The basic form (20270530) and weeks are days to Python, but not to anybody else.
        day = date.fromisoformat(text if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text) else "")
    except ValueError:
        raise BadRequest(_("A day looks like 2027-05-30.")) from None
    return min(max(day, EARLIEST), LATEST)


def _text(text: str) -> str:
    text = " ".join(text.split())
    if len(text) > LONGEST_TEXT:
        raise BadRequest(_("Search for something shorter."))
    return text
