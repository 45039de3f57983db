"""What opening hours mean on a day and at a moment, in the zone of the branch.

Hours are readings of the clock on the wall. Where a clock change skips a reading, the hour begins or ends at the
change; a reading that comes twice is the first of the two, so that nobody opens twice.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from core.localtime import existing_local, start_of_day, to_local, to_utc

from .values import DatedException, Day, HoursKind, OpeningHours

LOOK_AHEAD_DAYS = 400
ONE_DAY = timedelta(days=1)

Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Closure:
    """An emergency closure of all kinds, in force at once; `until` None means until further notice."""

    until: datetime | None = None
    reason: Mapping[str, str] = field(default_factory=dict)

    def is_in_force(self, moment: datetime) -> bool:
        return self.until is None or moment < self.until


@dataclass(frozen=True, slots=True)
class OpenState:
    """Open or closed at a moment, and the first change after it, in UTC.

    Open: `until` is the closing, None when there is none within 400 days. Closed: `next_open` is the opening, None
    when there is none within 400 days, and `reason` says in each language why the day is out of the ordinary.
    Not known: nobody has entered hours of this kind, which must not be told as closed.
    """

    is_open: bool
    until: datetime | None = None
    next_open: datetime | None = None
    reason: Mapping[str, str] = field(default_factory=dict)
    is_known: bool = True

    @property
    def next_change(self) -> datetime | None:
        return self.until if self.is_open else self.next_open


@dataclass(frozen=True, slots=True)
class DayHours:
    """The hours that begin on a local day, with the exception that they come from."""

    day: date
    intervals: Day
    exception: DatedException | None = None


def day_hours(hours: OpeningHours, kind: HoursKind, day: date) -> DayHours:
    """Return the hours of a kind that begin on the local day; the last of them may end after midnight."""
    if kind not in hours.kinds:
        return DayHours(day, ())
    exception = _exception_on(hours, kind, day)
    if exception is not None:
        return DayHours(day, exception.hours, exception)
    return DayHours(day, hours.kinds[kind][day.weekday()])


def week(hours: OpeningHours, kind: HoursKind, monday: date) -> tuple[DayHours, ...]:
    """Return the hours of the seven days from `monday` on."""
    return tuple(day_hours(hours, kind, monday + timedelta(days=number)) for number in range(7))


def day_before(day: date) -> date:
    """Return the day before, or the first day that there is: an editor may type any year."""
    return day - ONE_DAY if day > date.min else day


def day_after(day: date) -> date:
    """Return the day after, or the last day that there is."""
    return day + ONE_DAY if day < date.max else day


def closed_on(hours: OpeningHours, day: date) -> DatedException | None:
    """Return the exception that closes the branch to people on the local day, if there is one.

    The hours with staff decide where the branch has them, else its first kind.
    """
    kind = next((kind for kind in HoursKind if kind in hours.kinds), HoursKind.STAFFED)
    exception = _exception_on(hours, kind, day)
    return exception if exception is not None and exception.is_closure else None


def state_at(
    hours: OpeningHours, kind: HoursKind, moment: datetime, zone: ZoneInfo, closure: Closure | None = None
) -> OpenState:
    """Return whether a kind is open at an aware moment, and until when that holds."""
    moment = moment.astimezone(UTC)
    for opens, closes in _open_spans(hours, kind, moment, zone, closure):
        if closes is not None and closes <= moment:
            continue
        if opens <= moment:
            return OpenState(True, until=closes)
        return OpenState(False, next_open=opens, reason=_reason(hours, kind, moment, zone, closure))
    closed_now = closure is not None and closure.is_in_force(moment)
    known = kind in hours.kinds or closed_now
    return OpenState(False, reason=_reason(hours, kind, moment, zone, closure), is_known=known)


def next_change(
    hours: OpeningHours, moment: datetime, zone: ZoneInfo, closure: Closure | None = None
) -> datetime | None:
    """Return the first moment after `moment` at which a kind opens or closes or the closure ends, in UTC.

    None when nothing does within 400 days. A sentence that names a day ("tomorrow") also changes at midnight: see
    `branches.opening_words.words_valid_until`.
    """
    changes = [state_at(hours, kind, moment, zone, closure).next_change for kind in hours.kinds]
    if closure is not None and closure.until is not None and closure.is_in_force(moment):
        changes.append(closure.until.astimezone(UTC))
    return min((change for change in changes if change is not None), default=None)


def exception_periods(hours: OpeningHours, kind: HoursKind, since: date) -> list[DatedException]:
    """Return what the exceptions come to for one kind, in order of time, from `since` on.

    The periods don't overlap: an exception for the kind itself cuts its days out of one for all kinds.
    """
    bounds = {since}
    for each in hours.exceptions:
        bounds |= {each.first, day_after(each.last)}
    starts = sorted(bound for bound in bounds if bound >= since)
    periods: list[DatedException] = []
    for first, after in pairwise(starts):
        exception = day_hours(hours, kind, first).exception
        if exception is not None:
            periods.append(replace(exception, first=first, last=after - ONE_DAY))
    return _merged(periods)


def with_closure(
    hours: OpeningHours, kind: HoursKind, closure: Closure | None, moment: datetime, zone: ZoneInfo
) -> OpeningHours:
    """Return the hours with an emergency closure that is in force written into the days of one kind, before all else.

    The day on which it ends keeps what is left of its hours. Without an end it reaches as far as anybody looks ahead.
    """
    if closure is None or not closure.is_in_force(moment):
        return hours
    today = to_local(moment, zone).date()
    ends = datetime.combine(today + LOOK_AHEAD_DAYS * ONE_DAY, time.min)
    if closure.until is not None:
        ends = to_local(closure.until, zone)
    minutes, last = ends.hour * 60 + ends.minute, ends.date()
    left = tuple(
        replace(interval, start=max(interval.start, minutes))
        for interval in day_hours(hours, kind, last).intervals
        if interval.end > minutes
    )
    days = [DatedException(last, last, kind, left)] if minutes else []
    if last > today:
        days.append(DatedException(today, day_before(last), kind))
    return replace(hours, exceptions=(*days, *hours.exceptions))


def _merged(periods: list[DatedException]) -> list[DatedException]:
    """Return the periods with those made one that follow each other and say the same."""
    merged: list[DatedException] = []
    for period in periods:
        before = merged[-1] if merged else period
        longer = replace(period, first=before.first)
        if longer == replace(before, last=period.last) and day_after(before.last) == period.first:
            merged[-1] = longer
        else:
            merged.append(period)
    return merged


def _exception_on(hours: OpeningHours, kind: HoursKind, day: date) -> DatedException | None:
    """Return the exception in force: one for the kind itself before one for all kinds."""
    found = [each for each in hours.exceptions if each.kind in (kind, None) and each.covers(day)]
    return min(found, key=lambda each: each.kind is None, default=None)


def _reason(
    hours: OpeningHours, kind: HoursKind, moment: datetime, zone: ZoneInfo, closure: Closure | None
) -> Mapping[str, str]:
    if closure is not None and closure.is_in_force(moment):
        return closure.reason
    exception = day_hours(hours, kind, to_local(moment, zone).date()).exception
    return exception.reason if exception is not None else {}


def _open_spans(
    hours: OpeningHours, kind: HoursKind, moment: datetime, zone: ZoneInfo, closure: Closure | None
) -> Iterator[tuple[datetime, datetime | None]]:
    """Yield the open times from about `moment` on in UTC, in order, without those that a closure covers.

    The end is None where it lies behind the last day that is looked at.
    """
    if closure is not None and closure.until is None:
        return
    ready = closure.until.astimezone(UTC) if closure is not None and closure.until is not None else None
    today = to_local(moment, zone).date()
    horizon = start_of_day(today + timedelta(days=LOOK_AHEAD_DAYS + 1), zone)
    local_spans = _joined(_local_spans(hours, kind, today))
    for opens, closes in _joined(_real_spans(local_spans, zone)):
        begins = opens if ready is None else max(opens, ready)
        if begins < closes:
            yield begins, closes if closes < horizon else None


def _joined(spans: Iterator[Span]) -> Iterator[Span]:
    """Yield the spans, which come in order of their start, with those made one that touch or overlap."""
    current = next(spans, None)
    for start, end in spans:
        if current is not None and start <= current[1]:
            current = current[0], max(current[1], end)
        elif current is not None:
            yield current
            current = start, end
    if current is not None:
        yield current


def _local_spans(hours: OpeningHours, kind: HoursKind, today: date) -> Iterator[Span]:
    for number in range(-1, LOOK_AHEAD_DAYS + 1):
        day = today + timedelta(days=number)
        midnight = datetime.combine(day, time.min)
        for interval in sorted(day_hours(hours, kind, day).intervals):
            yield midnight + timedelta(minutes=interval.start), midnight + timedelta(minutes=interval.end)


def _real_spans(local_spans: Iterator[Span], zone: ZoneInfo) -> Iterator[Span]:
    """Yield the spans in UTC, without those that a clock change swallows."""
    for start, end in local_spans:
        opens, closes = _moment_of(start, zone), _moment_of(end, zone)
        if opens < closes:
            yield opens, closes


def _moment_of(local: datetime, zone: ZoneInfo) -> datetime:
    """Return the first moment at which the clock shows `local` or more, in UTC."""
    moment = to_utc(local, zone)
    if existing_local(local, zone) == local:
        return moment
    # The reading is skipped: `moment` is after the change, and the change is at most a day before it.
    before = moment - ONE_DAY
    while moment - before > timedelta(seconds=1):
        middle = before + (moment - before) / 2
        before, moment = (before, middle) if to_local(middle, zone) >= local else (middle, moment)
    return moment.replace(microsecond=0)
