"""When a branch is closed, or open at other hours than usual, asked for days and for what is held on them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from branches.domain.branches import closure_of
from branches.opening_hours import HoursKind, OpeningHours, closed_on
from branches.opening_hours.state import day_hours
from branches.opening_hours.values import Day
from core.localtime import to_local

if TYPE_CHECKING:
    from branches.models import BranchFacts
    from core.labels import Label

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class ClosedTime:
    """Why what is held on a day meets closed doors; `hours` are those at which the branch is open on that day."""

    day: date
    reason: Label = field(default_factory=dict)
    hours: Day = ()
    is_emergency: bool = False


def closed_days(branch: BranchFacts, days: Iterable[date]) -> dict[date, Label]:
    """Return those of the days on which an exception closes the branch, each with the closure's name."""
    found = {day: closed_on(branch.opening_hours, day) for day in days}
    return {day: dict(closure.reason) for day, closure in found.items() if closure is not None}


def closed_at(
    branch: BranchFacts, start: datetime, end: datetime, *, all_day: bool, now: datetime
) -> ClosedTime | None:
    """Return what closes the branch during a span of naive local times; None where its usual hours hold.

    All-day spans end at the midnight after their last day.
    """
    closure = closure_of(branch)
    if closure is not None and closure.until is not None and closure.is_in_force(now):
        since, until = (to_local(moment, branch.zoneinfo) for moment in (now, closure.until))
        if start < until and max(end, start + timedelta(minutes=1)) > since:
            return ClosedTime(max(start, since).date(), dict(closure.reason), is_emergency=True)
    return _by_exception(branch.opening_hours, start, end, all_day)


def _by_exception(hours: OpeningHours, start: datetime, end: datetime, all_day: bool) -> ClosedTime | None:
    last = (end - ONE_DAY if all_day and end > start else end).date()
    if not all_day and end.time() == time(0) and last > start.date():
        last -= ONE_DAY
    day = start.date()
    while day <= last:
        closure = closed_on(hours, day)
        # What lasts past midnight is an evening, not a second day.
        if closure and (day == start.date() or end - start >= ONE_DAY):
            return ClosedTime(day, dict(closure.reason))
        day += ONE_DAY
    return None if all_day or end - start >= ONE_DAY else _outside(hours, start, end)


def _outside(hours: OpeningHours, start: datetime, end: datetime) -> ClosedTime | None:
    """Return the exceptional hours of the day where the span does not lie within them."""
    kind = next((kind for kind in HoursKind if kind in hours.kinds), HoursKind.STAFFED)
    found = day_hours(hours, kind, start.date())
    if found.exception is None:
        return None
    begins = start.hour * 60 + start.minute
    ends = begins + int((end - start).total_seconds()) // 60
    if any(one.start <= begins and ends <= one.end for one in found.intervals):
        return None
    return ClosedTime(start.date(), dict(found.exception.reason), hours=found.intervals)
