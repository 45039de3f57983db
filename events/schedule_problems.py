"""What an editor should look at before a schedule is published: errors to put right, questions to confirm."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import islice

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from events.recurrence import Freq
from events.schedule import FIRST_DAY, LAST_DAY, MAX_DATES, PlannedDate, Schedule, day_of, expand, slots_of_rule

# So long lasts nothing that ends on the next day: the times were exchanged.
LONG_DAY = timedelta(hours=16)
WHOLE_DAY = timedelta(days=1)


class Level(StrEnum):
    ERROR = "error"
    QUESTION = "question"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in a schedule that must be put right (an error) or that the editor should confirm (a question).

    `path` is that of the value in the schedule's JSON ("added.0.ends"), empty for the schedule as a whole.
    """

    code: str
    message: Promise | str = field(compare=False, repr=False)
    level: Level
    path: str = ""


def problems(schedule: Schedule, *, horizon: date) -> list[Problem]:
    """Return all that is wrong or odd with a schedule; an open-ended rule is looked at up to `horizon`."""
    checks = (_of_length, _of_years, _of_rule, _of_added)
    found = [problem for check in checks for problem in check(schedule)]
    return found + list(_of_dates(schedule, horizon)) + list(_of_excluded(schedule, horizon))


def _of_length(schedule: Schedule) -> Iterator[Problem]:
    if schedule.starts is not None and schedule.ends is None and schedule.days:
        yield _error("ends_missing", _("Enter also the time at which it ends on its last day."), "ends")
    if schedule.ends is not None and schedule.length <= timedelta():
        yield _error("ends_before_start", _("It ends before it starts."), "ends")
    if schedule.ends is not None and schedule.days == 1:
        if schedule.ends == schedule.starts:
            yield _question("lasts_whole_day", _("It ends at the same time on the next day. Is that right?"), "ends")
        elif LONG_DAY <= schedule.length < WHOLE_DAY:
            words = _("It ends on the next day, 16 hours or more after it starts. Is that right?")
            yield _question("lasts_long", words, "ends")
    if schedule.rule is not None and schedule.length > WHOLE_DAY:
        yield _question("long_for_repeated", _("Each of its dates lasts more than 24 hours. Is that right?"), "days")


def _of_years(schedule: Schedule) -> Iterator[Problem]:
    days = {"first": schedule.first}
    if schedule.rule is not None and schedule.rule.until is not None:
        days["rule"] = schedule.rule.until
    days |= {f"excluded.{number}": day_of(value) for number, value in enumerate(schedule.excluded)}
    for number, added in enumerate(schedule.added):
        days[f"added.{number}.slot"] = added.slot.date()
        if added.ends is not None:
            days[f"added.{number}.ends"] = added.ends.date()
    for path, day in days.items():
        if not FIRST_DAY <= day <= LAST_DAY:
            years = {"first": FIRST_DAY.year, "last": LAST_DAY.year}
            yield _error("year", format_lazy(_("The year must be between {first} and {last}."), **years), path)


def _of_rule(schedule: Schedule) -> Iterator[Problem]:
    rule = schedule.rule
    if rule is None:
        return
    if rule.until is not None and rule.until < schedule.first:
        yield _error("until_before_first", _("The repetition ends before the first date."), "rule")
    if not rule.starts_on(schedule.first):
        yield _question("first_not_in_rule", _("The first date isn't a day of the repetition. Is that right?"), "first")
    if rule.freq == Freq.MONTHLY and any(day > 28 for day in rule.anchored(schedule.first).bymonthday):
        yield _question("skips_short_months", _("Months without this day are left out. Is that right?"), "rule")


def _of_added(schedule: Schedule) -> Iterator[Problem]:
    slots = set()
    for number, added in enumerate(schedule.added):
        if added.slot in slots:
            yield _error("added_twice", _("This date is entered twice."), f"added.{number}.slot")
        slots.add(added.slot)
        if added.ends is not None and added.ends <= added.slot:
            yield _error("ends_before_start", _("It ends before it starts."), f"added.{number}.ends")


def _of_dates(schedule: Schedule, horizon: date) -> Iterator[Problem]:
    planned = expand(schedule, until=horizon, limit=MAX_DATES + 1)
    if not planned:
        yield _error("no_dates", _("This schedule makes no dates."))
    if len(planned) > MAX_DATES:
        message = format_lazy(_("This schedule makes more than {limit} dates. End it earlier."), limit=MAX_DATES)
        yield _error("too_many_dates", message)
    if _overlaps(planned):
        yield _question("overlaps_itself", _("One of its dates begins before another one has ended. Is that right?"))


def _overlaps(planned: list[PlannedDate]) -> bool:
    """Tell whether two dates in the same place overlap; a touring event may be in two places at once."""
    ends: dict[object, datetime] = {}
    for date_ in planned:
        place = (date_.branch, frozenset(date_.place.items()))
        if place in ends and date_.start < ends[place]:
            return True
        ends[place] = date_.end
    return False


def _of_excluded(schedule: Schedule, horizon: date) -> Iterator[Problem]:
    until = max([horizon, *map(day_of, schedule.excluded)])
    slots = set(islice(slots_of_rule(schedule, until=until), MAX_DATES + 1)) if schedule.excluded else set()
    known = slots | {slot.date() for slot in slots}
    for number, excluded in enumerate(schedule.excluded):
        if excluded not in known:
            message = _("This date is left out, but isn't one of the dates. Is that right?")
            yield _question("excluded_not_planned", message, f"excluded.{number}")


def _error(code: str, message: Promise | str, path: str = "") -> Problem:
    return Problem(code, message, Level.ERROR, path)


def _question(code: str, message: Promise | str, path: str = "") -> Problem:
    return Problem(code, message, Level.QUESTION, path)
