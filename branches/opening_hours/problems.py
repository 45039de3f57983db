"""What is wrong or doubtful about opening hours, to be said to the person who enters them."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from django.utils.dates import WEEKDAYS
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from .errors import Message, Path, filled
from .state import day_after, day_before, day_hours
from .values import DatedException, Day, HoursKind, Interval, OpeningHours, Week

MOST_INTERVALS = 8
LONGEST_NIGHT = 18 * 60  # minutes; what passes midnight and is longer is rather a slip of the pen
LONGEST_EXCEPTION = 400  # days


class Level(StrEnum):
    """What becomes of the hours: they are refused, or stored once the editor says that they are right."""

    REFUSED = "refused"
    QUESTION = "question"


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding: `code` for programs, `message` for people (translated when it is shown), `path` into the JSON."""

    code: str
    message: Message
    level: Level
    path: Path


def problems(hours: OpeningHours) -> list[Problem]:
    """Return what is wrong with the hours: the weeks by kind first, then the exceptions in their order."""
    found = [each for kind, week in hours.kinds.items() for each in _of_week(week, ("kinds", kind.value, "week"))]
    for number in range(len(hours.exceptions)):
        found += _of_exception(hours, number)
    return found


def _refused(code: str, message: Message, path: Path) -> Problem:
    return Problem(code, message, Level.REFUSED, path)


def _question(code: str, message: Message, path: Path) -> Problem:
    return Problem(code, message, Level.QUESTION, path)


def _of_week(week: Week, path: Path) -> Iterator[Problem]:
    for weekday, day in enumerate(week):
        yield from _of_day(day, week[weekday - 1], (*path, weekday))


def _of_day(day: Day, before: Day, path: Path) -> Iterator[Problem]:
    """Yield the problems of hours that follow those of the day before."""
    if len(day) > MOST_INTERVALS:
        message = _("Too many opening times for one day. The most is %(limit)s.")
        yield _refused("too_many", filled(message, limit=MOST_INTERVALS), path)
    for interval in day:
        yield from _of_interval(interval, path)
    if _overlap(day):
        yield _refused("overlap", _("These opening times overlap."), path)
    if _tail_meets(before, day):
        message = _("These hours begin before those of the day before end, after midnight.")
        yield _refused("overlap_day_before", message, path)


def _of_interval(interval: Interval, path: Path) -> Iterator[Problem]:
    clock = {"opens": interval.opens, "closes": interval.closes}
    if not interval.length:
        message = _("%(opens)s–%(closes)s ends when it begins. Round the clock is 00:00–24:00.")
        yield _refused("no_length", filled(message, **clock), path)
    if interval.tail and interval.length > LONGEST_NIGHT:
        message = _("%(opens)s–%(closes)s ends on the next day. Is that right?")
        yield _question("long_night", filled(message, **clock), path)


def _overlap(day: Day) -> bool:
    end = 0
    for interval in sorted(day):
        if interval.length and interval.start < end:
            return True
        end = max(end, interval.end)
    return False


def _tail_meets(before: Day, day: Day) -> bool:
    """Whether hours of the day before are still running, after midnight, when hours of the day begin."""
    tail = max((interval.tail for interval in before), default=0)
    return any(interval.start < tail for interval in day if interval.length)


def _of_exception(hours: OpeningHours, number: int) -> Iterator[Problem]:
    exception, path = hours.exceptions[number], ("exceptions", number)
    if exception.days < 1:
        yield _refused("last_before_first", _("The last day is before the first."), (*path, "last"))
        return
    if exception.days > LONGEST_EXCEPTION:
        yield _question("long_exception", _("This lasts longer than a year. Is that right?"), (*path, "last"))
    if any(_same_days(exception, other) for other in hours.exceptions[:number]):
        yield _refused("overlapping_exceptions", _("Another exception already covers some of these days."), path)
    lasts = exception.days > 1
    yield from _of_day(exception.hours, exception.hours if lasts else (), (*path, "hours"))
    yield from _of_exception_in_week(hours, exception, path)


def _same_days(one: DatedException, other: DatedException) -> bool:
    return one.kind == other.kind and max(one.first, other.first) <= min(one.last, other.last)


def _of_exception_in_week(hours: OpeningHours, exception: DatedException, path: Path) -> Iterator[Problem]:
    """Yield the problems of an exception beside the hours that it interrupts."""
    if exception.kind is not None and exception.kind not in hours.kinds:
        yield _question("unused_kind", _("The branch has no such opening hours."), (*path, "kind"))
        return
    kinds = [kind for kind in hours.kinds if exception.kind in (kind, None)]
    weekdays = sorted({day.weekday() for day in exception.dates(limit=7)})
    usual = {weekday: [hours.kinds[kind][weekday] for kind in kinds] for weekday in weekdays}
    if exception.is_closure and kinds and not any(any(days) for days in usual.values()):
        yield _question("closed_anyway", _("The branch is closed on these days anyway."), path)
    if not exception.is_closure and (closed := [weekday for weekday in weekdays if not all(usual[weekday])]):
        message = _("The branch is usually closed then: %(weekdays)s. Does it open?")
        yield _question("usually_closed", filled(message, weekdays=_weekday_names(closed)), path)
    if any(_meets_neighbours(hours, kind, exception) for kind in kinds):
        message = _("These hours overlap those of the day before or after, past midnight. Is that right?")
        yield _question("overlap_neighbour", message, (*path, "hours"))


def _meets_neighbours(hours: OpeningHours, kind: HoursKind, exception: DatedException) -> bool:
    before = day_hours(hours, kind, day_before(exception.first)).intervals
    after = day_hours(hours, kind, day_after(exception.last)).intervals
    return _tail_meets(before, exception.hours) or _tail_meets(exception.hours, after)


def _weekday_names(weekdays: list[int]) -> Message:
    return lazy(lambda: ", ".join(str(WEEKDAYS[weekday]) for weekday in weekdays), str)()
