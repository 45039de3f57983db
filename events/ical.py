"""iCalendar text (RFC 5545, RFC 7986) written as plain strings: an event once, a feed by joining the stored texts."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache, lru_cache
from typing import Literal, get_args
from urllib.parse import quote
from zoneinfo import ZoneInfo

from PIL import ImageColor

from core.localtime import to_local
from events.vtimezone import time_zone, vtimezone

PRODID = "-//Chitalnya//Events//EN"
LINE_OCTETS = 75
CSS3_COLORS = frozenset(ImageColor.colormap) - {"rebeccapurple"}  # that one came with CSS 4
IMAGE_TYPES = {
    "avif": "image/avif",
    "gif": "image/gif",
    "jpeg": "image/jpeg",
    "jpg": "image/jpeg",
    "png": "image/png",
    "svg": "image/svg+xml",
    "webp": "image/webp",
}

Status = Literal["CONFIRMED", "TENTATIVE", "CANCELLED"]
Transparency = Literal["OPAQUE", "TRANSPARENT"]
_STATUSES = frozenset(get_args(Status))
_TRANSPARENCIES = frozenset((None, *get_args(Transparency)))

# Everything that some program takes for the end of a line becomes one; what else no text may hold goes.
_LINE_END = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
# 74 octets and the space that opens a continued line; the character after them begins there.
_FOLD = re.compile(rb".{1,74}(?![\x80-\xbf])", re.DOTALL)
_URI = re.compile(r"[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]*")
_URI_SAFE = "._~:/?#[]@!$&'()*+,;=%-"
_QUERY = re.compile(r"[?#].*")
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*")
_TZID = re.compile(r"[A-Za-z0-9_+/-]+")
_DURATION = re.compile(r"P(?:[0-9]+[WD]|T[0-9]+[HMS])")


@dataclass(frozen=True, slots=True, kw_only=True)
class VEvent:
    """One date of an event, as calendars see it.

    `start` and `end` are local wall times without zone (`fold=1` for the second of two equal ones) that `tzid` places,
    or dates for an all-day event, the end then being the day after the last. `uid` and `sequence` belong to the date;
    `dtstamp`, `last_modified` and `created` are stored, aware times. Texts are plain: the summary in `language`, the
    place in `feed_language`, the description in both where these differ, so that it then claims neither;
    `geo` is latitude and longitude in degrees; `color` is a CSS3 name. None, or an empty text in place of all but the
    summary, leaves the property out: so an event without words is the tombstone of a date that nothing may be told of.
    """

    uid: str
    sequence: int
    dtstamp: datetime
    last_modified: datetime
    start: datetime | date
    end: datetime | date
    summary: str | None = None
    language: str = ""
    feed_language: str = ""
    tzid: str = "UTC"
    created: datetime | None = None
    status: Status = "CONFIRMED"
    # Nobody is busy because a library holds an event.
    transp: Transparency | None = "TRANSPARENT"
    description: str = ""
    location: str = ""
    geo: tuple[float | Decimal, float | Decimal] | None = None
    url: str | None = None
    categories: tuple[str, ...] = ()
    image: str | None = None
    color: str | None = None


def render_vevent(event: VEvent) -> str:
    """Give the VEVENT component for one date: the same event, the same text.

    Lines end with CRLF and are folded at 75 octets. Raises ValueError when a time, zone, language, place, status or
    color is none that iCalendar can say.
    """
    folds = getattr(event.start, "fold", 0), getattr(event.end, "fold", 0)
    period = _period(event.start, event.end, event.tzid, folds)
    languages = event.language, event.feed_language or event.language
    words = _words(event.summary, languages, event.description, event.location, event.categories)
    first, last = ("BEGIN:VEVENT", *_identity(event), *period), (*_links(event), "END:VEVENT")
    return f"{_folded(first)}{words}{_folded(last)}"


def restamped(vevent: str, before: datetime, after: datetime) -> str:
    """Give a rendered VEVENT another DTSTAMP and LAST-MODIFIED than the moment `before` that both have."""
    for name in ("\r\nDTSTAMP:", "\r\nLAST-MODIFIED:"):
        # No text can hold such a line: those that go on begin with a space.
        vevent = vevent.replace(f"{name}{_utc(before)}\r\n", f"{name}{_utc(after)}\r\n", 1)
    return vevent


def render_calendar(
    *,
    name: str,
    language: str,
    vevents: Iterable[str],
    tzids: Iterable[str],
    window: tuple[date, date],
    timezone: str | None = None,
    description: str = "",
    url: str | None = None,
    source: str | None = None,
    color: str | None = None,
    refresh: str = "PT4H",
) -> bytes:
    """Give the whole feed in UTF-8: the calendar's properties, a VTIMEZONE per zone, and the ready VEVENT texts.

    `tzids` are the zones that the texts name ("UTC" needs none), `window` the first and last day of any of them.
    `timezone` is the network's own zone: always described, so that a feed without dates is a valid calendar too.
    `url` is the page for people, `source` the feed itself, `refresh` a duration such as "PT4H" or "P1D".
    Raises ValueError for an unknown zone or CSS3 color, a malformed language or duration.
    """
    properties = _calendar_words(name, description, language)
    properties += _calendar_facts(timezone, url, source, color, refresh)
    zones = sorted({*tzids, *filter(None, (timezone,))} - {"UTC"})
    head = _folded(["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODID}", "CALSCALE:GREGORIAN", *properties])
    return "".join((head, *(vtimezone(zone, *window) for zone in zones), *vevents, "END:VCALENDAR\r\n")).encode()


def _identity(event: VEvent) -> Iterator[str]:
    if event.status not in _STATUSES or event.transp not in _TRANSPARENCIES:
        raise ValueError(f"No such status or transparency: {event.status!r}, {event.transp!r}")
    yield f"UID:{_text(event.uid)}"
    yield f"SEQUENCE:{event.sequence:d}"
    yield f"DTSTAMP:{_utc(event.dtstamp)}"
    if event.created is not None:
        yield f"CREATED:{_utc(event.created)}"
    yield f"LAST-MODIFIED:{_utc(event.last_modified)}"
    yield f"STATUS:{event.status}"
    if event.transp:
        yield f"TRANSP:{event.transp}"


@lru_cache(maxsize=256)
def _period(start: datetime | date, end: datetime | date, tzid: str, _folds: tuple[int, int]) -> tuple[str, ...]:
    """Give the lines of time, remembered: a date has them in every language; equal times may differ in their folds."""
    if isinstance(start, datetime) and isinstance(end, datetime):
        # RFC 5545 section 3.6.1: DTEND must be later; an event without it ends when it starts.
        later = _later_end(start, end, time_zone(tzid))
        return _moment("DTSTART", start, tzid), *([_moment("DTEND", later, tzid)] if later else [])
    if isinstance(start, datetime) or isinstance(end, datetime) or end <= start:
        raise ValueError(f"An all-day event has dates and ends at least a day later: {start}, {end}")
    return f"DTSTART;VALUE=DATE:{_compact(start)}", f"DTEND;VALUE=DATE:{_compact(end)}"


def _later_end(start: datetime, end: datetime, zone: ZoneInfo) -> datetime | None:
    """Give the wall time of an end at which time has passed, None where none has.

    In an hour that comes twice the later of two wall times may look the earlier; a start in an hour that is skipped may
    come to lie behind the end, which then keeps its distance by the wall clock, as everywhere (`to_utc_span`).
    """
    began, ended = start.replace(tzinfo=zone).astimezone(UTC), end.replace(tzinfo=zone).astimezone(UTC)
    if ended > began:
        return end
    if end > start and not start.fold:
        return to_local(began + (end - start), zone)
    if ended < began:
        raise ValueError(f"The event ends before it starts: {start}, {end}")
    return None


@lru_cache(maxsize=256)
def _words(
    summary: str | None, languages: tuple[str, str], description: str, location: str, categories: tuple[str, ...]
) -> str:
    """Give the lines of words, remembered: the dates of an event differ in them only by chance."""
    if summary is None and not (description or location or categories):
        return ""
    lines, (tag, own) = [], map(_language, languages)
    if summary is not None:
        lines.append(f"SUMMARY{tag}:{_text(summary)}")
    if description:
        lines.append(f"DESCRIPTION{tag if tag == own else ''}:{_text(description)}")
    if location:
        lines.append(f"LOCATION{own}:{_text(location)}")
    if categories:
        lines.append(f"CATEGORIES:{','.join(map(_text, categories))}")
    return _folded(lines)


def _links(event: VEvent) -> Iterator[str]:
    if event.geo is not None:
        yield f"GEO:{_geo(*event.geo)}"
    if event.url:
        yield f"URL:{_uri(event.url)}"
    if event.image:
        image = _uri(event.image)
        yield f"IMAGE;VALUE=URI;DISPLAY=BADGE{_image_type(image)}:{image}"
    if event.color:
        yield f"COLOR:{_color(event.color)}"


def _calendar_words(name: str, description: str, language: str) -> list[str]:
    """Name and description as RFC 7986 has them, then for the many programs that know the X- names only."""
    lines = [f"NAME{_language(language)}:{_text(name)}", f"X-WR-CALNAME:{_text(name)}"]
    if description:
        lines += [f"DESCRIPTION{_language(language)}:{_text(description)}", f"X-WR-CALDESC:{_text(description)}"]
    return lines


def _calendar_facts(
    timezone: str | None, url: str | None, source: str | None, color: str | None, refresh: str
) -> Iterator[str]:
    if not _DURATION.fullmatch(refresh):
        raise ValueError(f"Not a duration: {refresh!r}")
    yield f"REFRESH-INTERVAL;VALUE=DURATION:{refresh}"
    yield f"X-PUBLISHED-TTL:{refresh}"
    if timezone:
        yield f"X-WR-TIMEZONE:{_tzid(timezone)}"
    if url:
        yield f"URL:{_uri(url)}"
    if source:
        yield f"SOURCE;VALUE=URI:{_uri(source)}"
    if color:
        yield f"COLOR:{_color(color)}"
        yield "X-APPLE-CALENDAR-COLOR:#{:02X}{:02X}{:02X}".format(*ImageColor.getrgb(_color(color)))


def _text(value: str) -> str:
    r"""Clean and escape a TEXT value (RFC 5545 section 3.3.11)."""
    value = value.replace("\r\n", "\n")
    if not value.replace("\n", "").isprintable():  # rare, and much slower to clean than to ask
        value = _CONTROL.sub("", _LINE_END.sub("\n", value))
    return value.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _uri(value: str) -> str:
    """Clean a URI: what RFC 3986 doesn't allow is percent-encoded, controls and spaces around are dropped."""
    if _URI.fullmatch(value):
        return value
    return quote(_CONTROL.sub("", _LINE_END.sub("", value)).strip(), safe=_URI_SAFE)


def _folded(lines: Iterable[str]) -> str:
    """Join content lines, those over 75 octets folded, never inside a character (RFC 5545 section 3.1)."""
    octets = "\r\n".join(lines).encode().split(b"\r\n")
    return b"\r\n".join([_fold(line) if len(line) > LINE_OCTETS else line for line in (*octets, b"")]).decode()


def _fold(line: bytes) -> bytes:
    return b"\r\n ".join(_FOLD.findall(line))


def _moment(name: str, local: datetime, tzid: str) -> str:
    if local.tzinfo is not None:
        raise ValueError(f"A local time has no zone of its own: {local}")
    if tzid == "UTC":
        return f"{name}:{_compact(local)}Z"
    if local.fold:
        # A TZID can only mean the first of two equal wall times (RFC 5545 section 3.3.5), UTC means either.
        return f"{name}:{_utc(local.replace(tzinfo=time_zone(tzid)))}"
    return f"{name};TZID={_tzid(tzid)}:{_compact(local)}"


def _utc(moment: datetime) -> str:
    if moment.tzinfo is None:
        raise ValueError(f"A stored time needs its zone: {moment}")
    return _utc_text(moment if moment.tzinfo is UTC else moment.astimezone(UTC))


@lru_cache(maxsize=256)
def _utc_text(moment: datetime) -> str:
    return f"{_compact(moment)}Z"


def _compact(moment: date) -> str:
    day = f"{moment.year * 10000 + moment.month * 100 + moment.day:08}"
    if not isinstance(moment, datetime):
        return day
    return f"{day}T{moment.hour * 10000 + moment.minute * 100 + moment.second:06}"


def _geo(latitude: float | Decimal, longitude: float | Decimal) -> str:
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise ValueError(f"No such place: {latitude}, {longitude}")
    return f"{latitude:.6f};{longitude:.6f}"


@cache
def _language(tag: str) -> str:
    if not _LANGUAGE.fullmatch(tag):
        raise ValueError(f"Not a language tag: {tag!r}")
    return f";LANGUAGE={tag}"


@cache
def _tzid(tzid: str) -> str:
    if not _TZID.fullmatch(tzid):
        raise ValueError(f"Not a time zone name: {tzid!r}")
    return tzid


def _color(name: str) -> str:
    if name not in CSS3_COLORS:
        raise ValueError(f"Not a CSS3 color name: {name!r}")
    return name


def _image_type(uri: str) -> str:
    path = _QUERY.sub("", uri)
    media_type = IMAGE_TYPES.get(path.rpartition(".")[2].lower())
    return f";FMTTYPE={media_type}" if media_type else ""
