"""The typed value of opening hours and the JSON in which it is stored."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .errors import HoursError, Message, Path
from .json_shape import expect_keys, expect_list, expect_object, read_clock, read_date, read_texts

DAY = 24 * 60  # minutes
VERSION = 1


class HoursKind(StrEnum):
    """What the hours are of: the staff, the shelves with a self-service door, the telephone."""

    STAFFED = "staffed"
    SELF_SERVICE = "self-service"
    PHONE = "phone"

    @property
    def label(self) -> Message:
        return KIND_LABELS[self]


KIND_LABELS = {
    HoursKind.STAFFED: pgettext_lazy("kind of opening hours", "With staff"),
    HoursKind.SELF_SERVICE: pgettext_lazy("kind of opening hours", "Self-service"),
    HoursKind.PHONE: pgettext_lazy("kind of opening hours", "By phone"),
}


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """A time without a break, in minutes from the midnight at which its day begins.

    `end` is past 1440 when the interval ends on the next day. An interval of no length can be written down, so that
    it can be refused with words; it is never open.
    """

    start: int
    end: int

    def __post_init__(self) -> None:
        latest = max(DAY, self.start + DAY - 1)
        if not (0 <= self.start < DAY and self.start <= self.end <= latest):
            raise ValueError(f"no interval of a day: {self.start}, {self.end}")

    @classmethod
    def of_clock(cls, start: int, end: int) -> "Interval":
        """Return the interval between two readings of the clock (minutes, 0 to 1440).

        An end at 00:00 is the midnight that ends the day; an end before the start is on the next day.
        """
        if end == 0:
            return cls(start, DAY)
        return cls(start, end if end >= start else end + DAY)

    @classmethod
    def from_json(cls, value: object, path: Path = ()) -> "Interval":
        start, end = expect_list(value, path, length=2)
        opens, closes = read_clock(start, path), read_clock(end, path)
        if opens == DAY:
            raise HoursError("time", _("A day begins at 00:00, not at 24:00."), path)
        return cls.of_clock(opens, closes)

    def to_json(self) -> list[str]:
        return [self.opens, self.closes]

    @property
    def length(self) -> int:
        return self.end - self.start

    @property
    def tail(self) -> int:
        """How many minutes of the next day belong to it."""
        return max(self.end - DAY, 0)

    @property
    def opens(self) -> str:
        return clock(self.start)

    @property
    def closes(self) -> str:
        return clock(self.end if self.end <= DAY else self.tail)


def clock(minutes: int) -> str:
    """Return minutes from midnight as "09:05" (1440 is "24:00")."""
    return f"{minutes // 60:02}:{minutes % 60:02}"


Day = tuple[Interval, ...]
Week = tuple[Day, ...]
CLOSED_WEEK: Week = ((),) * 7


def day_from_json(value: object, path: Path) -> Day:
    """Return the intervals of a day in the order of the clock."""
    return tuple(sorted(Interval.from_json(item, (*path, i)) for i, item in enumerate(expect_list(value, path))))


def day_to_json(day: Day) -> list[list[str]]:
    return [interval.to_json() for interval in day]


def week_from_json(value: object, path: Path) -> Week:
    """Return the seven days, from Monday."""
    days = expect_list(expect_keys(value, path, required={"week"})["week"], (*path, "week"), length=7)
    return tuple(day_from_json(day, (*path, "week", number)) for number, day in enumerate(days))


def kind_from_json(value: object, path: Path) -> HoursKind:
    if isinstance(value, str) and value in KIND_LABELS:
        return HoursKind(value)
    raise HoursError("kind", _("There is no such kind of opening hours."), path)


@dataclass(frozen=True, slots=True)
class DatedException:
    """Other hours on each day of a period, or no hours; `kind` None means all kinds.

    `first` and `last` are local dates, both inside the period. `reason` holds a text per language code.
    """

    first: date
    last: date
    kind: HoursKind | None = None
    hours: Day = ()
    reason: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def from_json(cls, value: object, path: Path = ()) -> "DatedException":
        parts = expect_keys(value, path, required={"first", "last", "hours"}, optional={"kind", "reason"})
        kind = parts.get("kind")
        return cls(
            first=read_date(parts["first"], (*path, "first")),
            last=read_date(parts["last"], (*path, "last")),
            kind=None if kind is None else kind_from_json(kind, (*path, "kind")),
            hours=day_from_json(parts["hours"], (*path, "hours")),
            reason=read_texts(parts.get("reason", {}), (*path, "reason")),
        )

    def to_json(self) -> dict[str, Any]:
        return {
            "first": self.first.isoformat(),
            "last": self.last.isoformat(),
            "kind": self.kind and self.kind.value,
            "hours": day_to_json(self.hours),
            "reason": dict(self.reason),
        }

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def is_closure(self) -> bool:
        return not self.hours

    def covers(self, day: date) -> bool:
        return self.first <= day <= self.last

    def dates(self, limit: int) -> list[date]:
        """Return the days of the period, no more than `limit`."""
        return [self.first + timedelta(days=number) for number in range(min(self.days, limit))]


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """The weeks of a branch by kind (seven days from Monday) and the exceptions from them.

    A kind that isn't in `kinds` isn't offered: it is closed always, whatever the exceptions say.
    """

    kinds: Mapping[HoursKind, Week] = field(default_factory=dict)
    exceptions: tuple[DatedException, ...] = ()

    @classmethod
    def from_json(cls, value: object) -> "OpeningHours":
        """Return the hours that stored or foreign JSON describes; raises HoursError for anything else."""
        parts = expect_keys(value, (), required={"v", "kinds"}, optional={"exceptions"})
        if type(parts["v"]) is not int or parts["v"] != VERSION:
            raise HoursError("version", _("These opening hours were written by another version."), ("v",))
        kinds = expect_object(parts["kinds"], ("kinds",)).items()
        exceptions = expect_list(parts.get("exceptions", []), ("exceptions",))
        return cls(
            {kind_from_json(kind, ("kinds",)): week_from_json(week, ("kinds", kind)) for kind, week in kinds},
            tuple(DatedException.from_json(item, ("exceptions", i)) for i, item in enumerate(exceptions)),
        )

    def to_json(self) -> dict[str, Any]:
        """Return the value as JSON of version 1, which `from_json` reads back to an equal value."""
        return {
            "v": VERSION,
            "kinds": {kind.value: {"week": [day_to_json(day) for day in week]} for kind, week in self.kinds.items()},
            "exceptions": [exception.to_json() for exception in self.exceptions],
        }
