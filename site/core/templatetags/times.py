"""The one library that shows times: each as words of the active language inside `<time datetime>`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from html import escape
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.template import Context
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from core import date_words
from core.date_words import Piece, Spanning
from core.localtime import to_local
from core.sites import network_for
from core.templatetags.page_links import request_of

register = template.Library()


@dataclass(frozen=True)
class PlannedStart:
    """The start alone of a date, as something that has a start and an end."""

    local_start: datetime
    local_end: datetime
    zone: str
    all_day: bool

    @property
    def last_day(self) -> date:
        """The day of the start."""
        return self.local_start.date()


@register.simple_tag(takes_context=True)
def date_of(context: Context, day: date, weekday: bool = False) -> SafeString:
    """Show a day: "24 November", with the year where it isn't this one."""
    local = _local_day(context, day)
    return _time(date_words.date_words(local, today=_today(context), weekday=weekday), local.isoformat())


@register.simple_tag(takes_context=True)
def date_range(context: Context, first: date, last: date) -> SafeString:
    """Show a period of days: "24 December – 2 January"."""
    return _times(date_words.range_pieces(first, last, today=_today(context)))


@register.simple_tag
def occurrence_when(occurrence: Spanning) -> SafeString:
    """Show when a date of an event takes place: "Tuesday, 24 November, 17:30–19:00"."""
    return _times(date_words.when_pieces(occurrence, today=_today_in(ZoneInfo(occurrence.zone))))


@register.simple_tag
def occurrence_times(occurrence: Spanning) -> SafeString:
    """Show when a date takes place below the heading of its day: "17:30–19:00", "all day"."""
    return _times(date_words.times_pieces(occurrence, today=_today_in(ZoneInfo(occurrence.zone))))


@register.simple_tag
def planned_when(occurrence: Any) -> SafeString:
    """Show when a date that an operation moved would have begun by its plan."""
    start, today = occurrence.planned_start, _today_in(ZoneInfo(occurrence.zone))
    planned = PlannedStart(start, start, occurrence.zone, occurrence.all_day)
    return _times(date_words.when_pieces(planned, today=today))


@register.simple_tag
def clock(local: datetime, zone: str) -> SafeString:
    """Show the reading of the clock at a naive local time: "17:30"."""
    return _time(date_words.clock_words(local), date_words.stamp_of(local, zone))


@register.simple_tag
def month_name(month: object, capital: bool = False) -> SafeString:
    """Show a month by itself: "листопад 2026"; takes anything with a year and a month or `number`."""
    first = _first_day(month)
    return _time(date_words.month_words(first, capital=capital), month_key(first))


@register.simple_tag
def weekday_name(day: date, short: bool = False) -> str:
    """Return the name of a day's weekday."""
    return date_words.weekday_words(day, short=short)


@register.simple_tag
def day_cell(day: date, today: date) -> SafeString:
    """Show a day in a month grid: its number for the wide grid, its words for the list that a phone shows."""
    words = escape(date_words.date_words(day, today=today, weekday=True))
    return mark_safe(
        f'<time datetime="{day.isoformat()}"><span class="day-number" aria-hidden="true">{day.day}</span>'
        f'<span class="day-words">{words}</span></time>'
    )


@register.simple_tag(takes_context=True)
def leaf(context: Context, day: date, size: str = "") -> SafeString:
    """Show a day as on a tear-off calendar: read once and in words, seen as a large number."""
    local = _local_day(context, day)
    return format_html(
        '<time class="leaf{}" datetime="{}"><span class="visually-hidden">{}</span>'
        '<span class="leaf-weekday" aria-hidden="true">{}</span><span class="leaf-day" aria-hidden="true">{}</span>'
        '<span class="leaf-month" aria-hidden="true">{}</span></time>',
        f" leaf-{size}" if size else "",
        local.isoformat(),
        date_words.date_words(local, today=_today(context), weekday=True),
        date_words.weekday_words(local, short=True),
        local.day,
        date_words.month_of_day_words(local, short=size != "large"),
    )


@register.filter
def month_key(month: object) -> str:
    """Return the month as it stands in addresses: "2026-11"."""
    first = _first_day(month)
    return f"{first.year:04d}-{first.month:02d}"


@register.filter
def moment_stamp(moment: datetime) -> str:
    """Return an aware moment as sitemaps want it, to the second."""
    return moment.isoformat(timespec="seconds")


def _first_day(month: object) -> date:
    number = getattr(month, "number", None) or month.month  # type: ignore[attr-defined]
    return date(month.year, number, 1)  # type: ignore[attr-defined]


def _local_day(context: Context, day: date) -> date:
    if not isinstance(day, datetime):
        return day
    return to_local(day, _zone(context)).date() if timezone.is_aware(day) else day.date()


def _zone(context: Context) -> ZoneInfo:
    request = request_of(context)
    return ZoneInfo(network_for(request).zone if request else timezone.get_current_timezone_name())


def _today(context: Context) -> date:
    return _today_in(_zone(context))


def _today_in(zone: ZoneInfo) -> date:
    return to_local(timezone.now(), zone).date()


def _times(pieces: Iterable[Piece]) -> SafeString:
    """Show the pieces one after the other; by hand, since a list has hundreds of them."""
    return mark_safe("".join(_time(piece.text, piece.stamp) if piece.stamp else escape(piece.text) for piece in pieces))


def _time(text: str, stamp: str) -> SafeString:
    return mark_safe(f'<time datetime="{stamp}">{escape(text)}</time>')
