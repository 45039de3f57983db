"""Events in templates of other rooms, and the filters of the calendar as words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from html import escape
from typing import Any

from django import template
from django.conf import settings
from django.template import Context
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import pgettext

from branches.models import Branch
from core.active_filters import ActiveFilter
from core.date_words import date_words, range_pieces
from core.date_words import month_words as _month_words
from core.fragments import shown_where
from core.memory import fragment
from core.templatetags.page_links import request_of
from core.templatetags.times import clock
from events.dates import ListedDate
from events.domain.keys import TERMS
from events.enums import Format
from events.list_filters import ListFilter
from events.listing import Row, next_rows
from events.models import FilterKind, Occurrence
from events.months import Month
from events.soon import SoonDays, days_to_come, soon

register = template.Library()

Choices = Mapping[str, Sequence[tuple[str, str]]]


@register.simple_tag(takes_context=True)
def event_row(context: Context, row: Row, *, with_day: bool = False, with_leaf: bool = False) -> SafeString:
    """Show a date in a list: the day beside its time, or as a leaf; put together once a day for all lists of a site."""
    request, one = request_of(context), row.occurrence
    shown = {"row": row, "with_day": with_day, "with_leaf": with_leaf}

    def make() -> SafeString:
        return render_to_string("components/event_row.html", shown, request)

    if request is None:
        return make()
    return fragment(("event_row", one.event_id, one.slot, with_day, with_leaf, *shown_where(request, one.zone)), make)


@register.simple_tag(takes_context=True)
def event_date(context: Context, one: Occurrence, *, asked: Occurrence | None, in_feeds: bool) -> SafeString:
    """Show a date on the page of its event; put together once a day, but for a draft's."""
    request, is_asked = request_of(context), asked is not None and one.pk == asked.pk
    shown = {"one": one, "is_asked": is_asked, "in_feeds": in_feeds}

    def make() -> SafeString:
        return render_to_string("events/components/date.html", shown, request)

    if request is None or one.pk is None:
        return make()
    return fragment(("event_date", one.pk, one.elsewhere, is_asked, in_feeds, *shown_where(request, one.zone)), make)


@register.simple_tag(takes_context=True)
def soon_days(context: Context) -> SoonDays:
    """Return what is on today and tomorrow by day; where that is nothing, the next dates."""
    request = request_of(context)
    return soon(request) if request else SoonDays(days=[], is_near=True)


@register.simple_tag(takes_context=True)
def upcoming_days(context: Context, count: int | None) -> list[tuple[date, list[Row]]]:
    """Return the dates that follow what `soon_days` shows of today and tomorrow, by day; a draft may lack the count."""
    request = request_of(context)
    return days_to_come(request, count or 0) if request else []


@register.simple_tag(takes_context=True)
def branch_events(context: Context, branch: Branch | None, count: int = 6) -> list[Row]:
    """Return the next dates at a branch."""
    request = request_of(context)
    return next_rows(request, count, branch=branch) if request and branch else []


@register.simple_tag
def calendar_path(query: str = "") -> str:
    """Return the path of the feed in the shown language, narrowed by a query such as `branch=north`."""
    path = reverse("events_feed")
    return f"{path}?{query}" if query else path


@register.simple_tag
def active_filters(filters: ListFilter, choices: Choices) -> list[ActiveFilter]:
    """Return the filters in force with their names; a query only for what is no longer offered."""
    keyed = [
        ActiveFilter(kind, str(FilterKind(kind).label), key, _name(FilterKind(kind), key, choices), splits=True)
        for kind, keys in filters.active.items()
        for key in keys
    ]
    return [*keyed, *_more_filters(filters)]


def _more_filters(filters: ListFilter) -> Iterator[ActiveFilter]:
    for one in filters.format:
        name = str(Format(one).label)
        yield ActiveFilter("format", pgettext("filter", "How to take part"), one, name, splits=True)
    if filters.age is not None:
        yield ActiveFilter("age", pgettext("filter", "For the age of"), str(filters.age), str(filters.age))
    if filters.free:
        yield ActiveFilter("free", pgettext("filter", "Price"), "1", pgettext("event", "free of charge"))
    if filters.seats:
        yield ActiveFilter("seats", pgettext("filter", "Seats"), "1", pgettext("event", "free seats"))
    for kind, label, day in (
        ("from", pgettext("first day", "From"), filters.since),
        ("to", pgettext("last day", "To"), filters.until),
    ):
        if day:
            yield ActiveFilter(kind, label, day.isoformat(), date_words(day))
    if filters.text:
        yield ActiveFilter("text", pgettext("filter", "With these words"), filters.text, filters.text)


@register.simple_tag
def several_names(keys: Sequence[str], choices: Sequence[tuple[str, str]]) -> str:
    """Return the names of several keys as one text, empty for one or none."""
    names = dict(choices)
    return ", ".join(names.get(key, key) for key in keys) if len(keys) > 1 else ""


def _name(kind: FilterKind, key: str, choices: Choices) -> str:
    if kind == FilterKind.HELD_IN:
        return str(settings.ALL_LANGUAGES[key])
    offered = dict(choices.get(kind.value, ()))
    if key in offered:
        return offered[key]
    if kind == FilterKind.BRANCH:
        # One that is offered no more is hidden: its name is nobody's business.
        return key
    record = TERMS[kind].objects.filter(key=key).first()
    return str(record) if record else key


@register.simple_tag
def has_dates(weeks: Sequence[Sequence[Mapping[str, Any]]]) -> bool:
    """Return whether any day of the month itself has a date."""
    return any(cell["rows"] and not cell["outside"] for week in weeks for cell in week)


@register.simple_tag
def month_entries(rows: Sequence[Row]) -> SafeString:
    """Show the dates of one day in the month grid; in Python, since a month has hundreds of them."""
    return mark_safe(f"<ul>{''.join(map(_month_entry, rows))}</ul>" if rows else "")


@register.simple_tag
def programme_entry(row: Row, names_place: bool) -> SafeString:
    """Show a date on a sheet: its time, what it is, for whom, and where unless the whole sheet is of one place."""
    date_, words = row.occurrence, row.words
    begins = "" if date_.all_day or row.continues else clock(date_.local_start, date_.zone)
    span = f" {date_range_words(date_)}" if date_.long_run else ""
    language = f' lang="{words.language}"' if words.foreign else ""
    state = f' <small class="state">{escape(_month_state(row))}</small>' if row.has_news else ""
    more = ", ".join(filter(None, [row.place if names_place else "", *row.audiences]))
    about = f" <small>{escape(more)}</small>" if more else ""
    off = " is-off" if row.cancelled or row.postponed else ""
    return mark_safe(
        f'<span class="programme-time">{begins}</span><span class="programme-what{off}">'
        f'<a href="{escape(row.path)}"{language}>{escape(words.title)}</a>{escape(span)}{state}{about}</span>'
    )


def date_range_words(date_: ListedDate) -> str:
    """Return from when until when a long run is on, as plain text."""
    return "".join(
        piece.text for piece in range_pieces(date_.local_start.date(), date_.last_day, today=timezone.localdate())
    )


@register.simple_tag
def month_words(month: Month) -> str:
    """Return a month by itself as plain text."""
    return _month_words(month.first)


def _month_entry(row: Row) -> str:
    date_, words = row.occurrence, row.words
    off = ' class="is-off"' if row.cancelled or row.postponed else ""
    begins = "" if date_.all_day or row.continues else clock(date_.local_start, date_.zone)
    language = f' lang="{words.language}"' if words.foreign else ""
    state = f' <small class="state">{escape(_month_state(row))}</small>' if row.has_news else ""
    away = ' rel="external nofollow"' if row.imported else ""
    return f'<li{off}>{begins} <a href="{escape(row.path)}"{language}{away}>{escape(words.title)}</a>{state}</li>'


def _month_state(row: Row) -> str:
    if row.postponed:
        return pgettext("event", "postponed")
    return pgettext("event", "cancelled") if row.cancelled else pgettext("event", "moved")
