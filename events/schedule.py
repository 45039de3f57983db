"""The schedule of an event: the plan of its dates in local wall time, and the dates that it makes.

A slot is the original local start that the plan gives to a date: a naive datetime in whole minutes, midnight for an
all-day date. Its text form is "2026-09-01T17:30".
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Self
from zoneinfo import ZoneInfo

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from core.localtime import start_of_day, to_utc_span
from events import schedule_json as read
from events.recurrence import Freq, Rule, RuleError, parse_rule, period_number
from events.schedule_json import ScheduleError

__all__ = ["AddedDate", "PlannedDate", "Schedule", "ScheduleError", "expand", "slot_text", "utc_span"]

VERSION = 1
MAX_DATES = 3000
MAX_DAYS = 3660
FIRST_DAY = date(1900, 1, 1)
LAST_DAY = date(2200, 12, 31)

_FIELDS = frozenset({"all_day", "starts", "ends", "days", "long_run", "rule", "excluded", "added"})


@dataclass(frozen=True, slots=True)
class AddedDate:
    """A date beside the rule, or instead of the rule's own date in the same slot (which then has this end and place).

    `ends` is local (for all-day the exclusive midnight); None means that it lasts as long as the others. `branch` is
    a public key, None the event's own; `place` holds a text per language code.
    """

    slot: datetime
    ends: datetime | None = None
    branch: str | None = None
    place: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """The plan of an event: a first date, its length, and a rule with dates left out and added.

    `days` counts from the first day of a date to the day on which it ends. A long run is one date over all its days.
    `excluded` holds a date (all dates of that day) or a slot; what is added stays in. On `days_off` the rule makes no
    dates; None where it pays no heed to them. The caller knows them, the stored form doesn't. Raises ScheduleError
    where two fields contradict each other; `problems` tells what an editor should still look at.
    """

    first: date
    starts: time | None = None
    ends: time | None = None
    days: int = 0
    all_day: bool = False
    long_run: bool = False
    rule: Rule | None = None
    excluded: tuple[date | datetime, ...] = ()
    added: tuple[AddedDate, ...] = ()
    days_off: frozenset[date] | None = None

    def __post_init__(self) -> None:
        for path, value in _times_of(self):
            _check_time(value, path, all_day=self.all_day)
        if not self.all_day and self.starts is None:
            raise ScheduleError("starts_missing", _("Enter when it starts, or choose “all day”."), "starts")
        if not 0 <= self.days <= MAX_DAYS:
            message = format_lazy(_("An event can last up to {limit} days."), limit=MAX_DAYS)
            raise ScheduleError("days", message, "days")
        if self.long_run and self.rule is not None:
            raise ScheduleError("long_run_repeats", _("An exhibition or other long run can't repeat."), "rule")

    @classmethod
    def from_json(cls, value: object) -> Self:
        """Return the schedule stored by `to_json`; without `days`, an end that isn't after the start is the next day's.

        Raises ScheduleError, and nothing else, for whatever isn't a schedule.
        """
        fields = read.read_fields(value, "", required=frozenset({"v", "first"}), optional=_FIELDS)
        if read.read_number(fields["v"], "v") != VERSION:
            raise ScheduleError("version", _("This schedule was made by another version of the site."), "v")
        starts, ends = (
            None if fields[key] is None else read.read_clock(fields[key], key) for key in ("starts", "ends")
        )
        days = fields["days"]
        return cls(
            first=read.read_day(fields["first"], "first"),
            starts=starts,
            ends=ends,
            days=days_until_end(starts, ends) if days is None else read.read_number(days, "days"),
            all_day=read.read_flag(fields["all_day"], "all_day"),
            long_run=read.read_flag(fields["long_run"], "long_run"),
            rule=_read_rule(fields["rule"]),
            excluded=tuple(
                read.read_day_or_moment(item, path)
                for item, path in read.read_items(fields["excluded"], "excluded", limit=MAX_DATES)
            ),
            added=tuple(
                _read_added(item, path) for item, path in read.read_items(fields["added"], "added", limit=MAX_DATES)
            ),
        )

    def to_json(self) -> dict[str, object]:
        """Return the schedule as plain JSON values, from which `from_json` makes an equal one."""
        return {
            "v": VERSION,
            "first": self.first.isoformat(),
            "starts": self.starts and self.starts.isoformat("minutes"),
            "ends": self.ends and self.ends.isoformat("minutes"),
            "days": self.days,
            "all_day": self.all_day,
            "long_run": self.long_run,
            "rule": self.rule and self.rule.to_rrule(),
            "excluded": [slot_text(item) if isinstance(item, datetime) else item.isoformat() for item in self.excluded],
            "added": [
                {
                    "slot": slot_text(one.slot),
                    "ends": one.ends and slot_text(one.ends),
                    "branch": one.branch,
                    "place": dict(one.place),
                }
                for one in self.added
            ],
        }

    @property
    def freq(self) -> Freq | None:
        """The rule's period, by which changed dates find their rows again; None for single dates."""
        return self.rule.freq if self.rule else None

    @property
    def length(self) -> timedelta:
        """How long each date lasts by the wall clock: zero where no end is known."""
        if self.all_day:
            return timedelta(days=self.days + 1)
        if self.starts is None or self.ends is None:
            return timedelta()
        day = self.first.min
        return timedelta(days=self.days) + (datetime.combine(day, self.ends) - datetime.combine(day, self.starts))


@dataclass(frozen=True, slots=True)
class PlannedDate:
    """One date that a schedule makes: naive local times, for all-day midnights with the end exclusive.

    Without a known end, `end` equals `start`. `period` is the calendar period of the rule (`period_number`), `by_rule`
    tells a date of the rule from one that was entered by itself.
    """

    slot: datetime
    start: datetime
    end: datetime
    period: int = 0
    by_rule: bool = False
    branch: str | None = None
    place: Mapping[str, str] = field(default_factory=dict, hash=False)


def slot_text(slot: datetime) -> str:
    """Return the text form of a slot."""
    return slot.isoformat(timespec="minutes")


def day_of(value: date | datetime) -> date:
    """Return the day of an excluded date or slot."""
    return value.date() if isinstance(value, datetime) else value


def days_until_end(starts: time | None, ends: time | None) -> int:
    """Return after how many days a date ends whose end is only a time of day: 1 when that is past midnight."""
    return int(starts is not None and ends is not None and ends <= starts)


def expand(schedule: Schedule, *, until: date, limit: int = MAX_DATES) -> list[PlannedDate]:
    """Return the first `limit` dates of the schedule, sorted, each slot once.

    A rule that ends is expanded whole, an open-ended one up to `until` (its first date is always there). Days outside
    1900 to 2200 make no dates. A schedule with problems expands as well as it can.
    """
    excluded = frozenset(schedule.excluded)
    closed = schedule.days_off or frozenset()
    slots = (
        slot
        for slot in slots_of_rule(schedule, until=until)
        if excluded.isdisjoint((slot, slot.date())) and slot.date() not in closed
    )
    by_rule = schedule.rule is not None
    length, freq = schedule.length, schedule.freq
    planned = {
        slot: PlannedDate(slot, slot, slot + length, period_number(slot.date(), freq), by_rule)
        for slot in islice(slots, limit)
    }
    for added in reversed(schedule.added):
        if added.slot.date() >= FIRST_DAY and (added.ends or added.slot).date() <= LAST_DAY:
            planned[added.slot] = PlannedDate(
                slot=added.slot,
                start=added.slot,
                end=added.slot + length if added.ends is None else added.ends,
                period=period_number(added.slot.date(), freq),
                branch=added.branch,
                place=added.place,
            )
    return sorted(planned.values(), key=lambda one: one.slot)[:limit]


def slots_of_rule(schedule: Schedule, *, until: date) -> Iterator[datetime]:
    """Yield the slots of the first date and the rule in order, also those that are left out."""
    if not FIRST_DAY <= schedule.first <= LAST_DAY:
        return
    rule, days = schedule.rule, iter((schedule.first,))
    if rule is not None:
        end = max(until, schedule.first) if rule.is_open_ended else LAST_DAY
        days = rule.dates(schedule.first, until=min(end, LAST_DAY))
    starts = schedule.starts or time.min
    for day in days:
        yield datetime.combine(day, starts)


def utc_span(planned: PlannedDate, zone: ZoneInfo, all_day: bool) -> tuple[datetime, datetime]:
    """Return the UTC start and end of a date in a zone; all-day dates last from local midnight to local midnight."""
    if all_day:
        return start_of_day(planned.start.date(), zone), start_of_day(planned.end.date(), zone)
    return to_utc_span(planned.start, planned.end, zone)


def _times_of(schedule: Schedule) -> Iterator[tuple[str, time | datetime | None]]:
    yield "starts", schedule.starts
    yield "ends", schedule.ends
    for number, excluded in enumerate(schedule.excluded):
        yield f"excluded.{number}", excluded if isinstance(excluded, datetime) else None
    for number, added in enumerate(schedule.added):
        yield f"added.{number}.slot", added.slot
        yield f"added.{number}.ends", added.ends


def _check_time(value: time | datetime | None, path: str, *, all_day: bool) -> None:
    if value is None:
        return
    if value.second or value.microsecond or value.tzinfo:
        raise ScheduleError("whole_minutes", _("Enter hours and minutes of local time."), path)
    if all_day and (not isinstance(value, datetime) or value.time() != time.min):
        raise ScheduleError("time_of_all_day", _("An all-day event has no time of day."), path)


def _read_rule(value: object) -> Rule | None:
    if value is None:
        return None
    try:
        return parse_rule(read.read_text(value, "rule"))
    except RuleError as error:
        raise ScheduleError(error.code, error.message, "rule") from error


def _read_added(value: object, path: str) -> AddedDate:
    optional = frozenset({"ends", "branch", "place"})
    fields = read.read_fields(value, path, required=frozenset({"slot"}), optional=optional)
    ends, branch = fields["ends"], fields["branch"]
    return AddedDate(
        slot=read.read_moment(fields["slot"], f"{path}.slot"),
        ends=None if ends is None else read.read_moment(ends, f"{path}.ends"),
        branch=None if branch is None else read.read_key(branch, f"{path}.branch"),
        place=read.read_label(fields["place"], f"{path}.place"),
    )
