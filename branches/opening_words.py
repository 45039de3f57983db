"""Opening hours in words of the active language, and as data for search engines.

Each sentence is one message with the weekday inside it, because languages decline the names of the days.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.dateformat import format as format_date
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from branches.opening_hours import (
    Closure,
    Day,
    HoursKind,
    Interval,
    OpeningHours,
    OpenState,
    exception_periods,
    format_day,
    next_change,
)
from core.date_words import date_words
from core.localtime import end_of_day, to_local

ROUND_THE_CLOCK: Day = (Interval(0, 24 * 60),)
ONE_DAY = timedelta(days=1)

OPEN_UNTIL_WEEKDAY = (
    gettext_lazy("Open now, until Monday at %(time)s"),
    gettext_lazy("Open now, until Tuesday at %(time)s"),
    gettext_lazy("Open now, until Wednesday at %(time)s"),
    gettext_lazy("Open now, until Thursday at %(time)s"),
    gettext_lazy("Open now, until Friday at %(time)s"),
    gettext_lazy("Open now, until Saturday at %(time)s"),
    gettext_lazy("Open now, until Sunday at %(time)s"),
)
OPENS_ON_WEEKDAY = (
    gettext_lazy("Closed, opens on Monday at %(time)s"),
    gettext_lazy("Closed, opens on Tuesday at %(time)s"),
    gettext_lazy("Closed, opens on Wednesday at %(time)s"),
    gettext_lazy("Closed, opens on Thursday at %(time)s"),
    gettext_lazy("Closed, opens on Friday at %(time)s"),
    gettext_lazy("Closed, opens on Saturday at %(time)s"),
    gettext_lazy("Closed, opens on Sunday at %(time)s"),
)
# The names that schema.org gives to the days; never translated.
SCHEMA_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def state_words(state: OpenState, moment: datetime, zone: ZoneInfo) -> str:
    """Return the state at a moment as a sentence without a full stop: "Closed, opens tomorrow at 10:00"."""
    if not state.is_known:
        return _("Opening hours are not entered yet")
    now = to_local(moment, zone)
    if state.is_open:
        return _open_words(now, state.until and to_local(state.until, zone))
    return _closed_words(now, state.next_open and to_local(state.next_open, zone))


def words_valid_until(
    hours: OpeningHours, moment: datetime, zone: ZoneInfo, closure: Closure | None = None
) -> datetime:
    """Return the moment until which `state_words` stays true for all kinds: the next change or local midnight."""
    midnight = end_of_day(to_local(moment, zone).date(), zone)
    return min(midnight, next_change(hours, moment, zone, closure) or midnight)


def day_words(day: Day) -> str:
    """Return the hours of a day as they stand in a table: "09:00–13:00, 14:00–18:00", "closed", "round the clock"."""
    if not day:
        return pgettext("opening hours of a day", "closed")
    if day == ROUND_THE_CLOCK:
        return pgettext("opening hours of a day", "round the clock")
    return format_day(day)


def week_summary(hours: OpeningHours, kind: HoursKind) -> str:
    """Return the usual week in one line: "Mon–Fri 09:00–18:00; Sat 10:00–16:00; Sun closed"."""
    groups = list(_groups_of_days(hours, kind))
    if len(groups) > 1:
        return "; ".join(_group_words(*group) for group in groups)
    day = groups[0][2] if groups else ()
    if not day:
        return _("Closed all week")
    if day == ROUND_THE_CLOCK:
        return _("Open round the clock")
    return _("Every day %(hours)s") % {"hours": format_day(day)}


def opening_hours_specification(hours: OpeningHours, kind: HoursKind) -> list[dict[str, Any]]:
    """Return the usual week as schema.org OpeningHoursSpecification; days without hours are left out."""
    week = hours.kinds.get(kind, ())
    intervals = sorted({interval for day in week for interval in day})
    return [
        {
            "@type": "OpeningHoursSpecification",
            "dayOfWeek": [name for name, day in zip(SCHEMA_DAYS, week, strict=True) if interval in day],
            **_schema_times(interval),
        }
        for interval in intervals
    ]


def special_opening_hours_specification(hours: OpeningHours, kind: HoursKind, since: date) -> list[dict[str, Any]]:
    """Return the exceptions from `since` on as schema.org OpeningHoursSpecification with dates.

    A closed period opens and closes at 00:00, as search engines ask.
    """
    return [
        {
            "@type": "OpeningHoursSpecification",
            "validFrom": period.first.isoformat(),
            "validThrough": period.last.isoformat(),
            **times,
        }
        for period in exception_periods(hours, kind, since)
        for times in [_schema_times(interval) for interval in period.hours] or [{"opens": "00:00", "closes": "00:00"}]
    ]


def _open_words(now: datetime, until: datetime | None) -> str:
    if until is None:
        return _("Open round the clock")
    days = (until.date() - now.date()).days
    if days > 6:
        return _("Open now, until %(date)s") % {"date": date_words(until.date(), today=now.date())}
    if until - now > ONE_DAY:
        return OPEN_UNTIL_WEEKDAY[until.weekday()] % {"time": _time_words(until)}
    if days and not (until.hour or until.minute):
        return _("Open now, until midnight")
    return _("Open now, until %(time)s") % {"time": _time_words(until)}


def _closed_words(now: datetime, opens: datetime | None) -> str:
    if opens is None:
        return _("Closed")
    days = (opens.date() - now.date()).days
    if days > 6:
        return _("Closed, opens on %(date)s") % {"date": date_words(opens.date(), today=now.date())}
    time = {"time": _time_words(opens)}
    if days > 1:
        return OPENS_ON_WEEKDAY[opens.weekday()] % time
    return (_("Closed, opens tomorrow at %(time)s") if days else _("Closed, opens today at %(time)s")) % time


def _time_words(local: datetime) -> str:
    return format_date(local, "H:i")


def _groups_of_days(hours: OpeningHours, kind: HoursKind) -> Iterator[tuple[int, int, Day]]:
    """Yield the first weekday, the last and their hours for each run of days with the same hours."""
    for day, run in groupby(enumerate(hours.kinds.get(kind, ())), key=lambda numbered: numbered[1]):
        weekdays = [weekday for weekday, _day in run]
        yield weekdays[0], weekdays[-1], day


def _group_words(first: int, last: int, day: Day) -> str:
    names = {"first": WEEKDAYS_ABBR[first], "last": WEEKDAYS_ABBR[last], "hours": day_words(day)}
    if first == last:
        # Translators: one weekday, shortened, and its opening hours: "Mon 09:00–18:00".
        return _("%(first)s %(hours)s") % names
    # Translators: weekdays, shortened, and their opening hours: "Mon–Fri 09:00–18:00".
    return _("%(first)s–%(last)s %(hours)s") % names


def _schema_times(interval: Interval) -> dict[str, str]:
    """Return the times as search engines read them: round the clock ends at 23:59, midnight is 00:00."""
    if interval == ROUND_THE_CLOCK[0]:
        return {"opens": "00:00", "closes": "23:59"}
    return {"opens": interval.opens, "closes": "00:00" if interval.closes == "24:00" else interval.closes}
