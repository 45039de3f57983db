"""Networks with days off and plans of events as an editor might type them, and apart from that as others read them.

Nothing here asks the code of the site: what a plan means is told to an independent engine as iCalendar text, and which
days are off is counted anew.
"""

from __future__ import annotations

import random
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays
import icalendar
import recurring_ical_events

ZONES = ("Europe/Kyiv", "Europe/Skopje", "America/New_York", "Asia/Kathmandu", "Pacific/Apia")
# A country each; Ukraine has no holidays by law in these years, the last network names no country.
COUNTRIES = ("MK", "US", "NP", "WS", "UA", "DE", "PL", "RS", "JP", "")
PER_NETWORK = 50
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
KINDS = ("daily", "weekly", "monthly-day", "monthly-weekdays", "monthly-days", "yearly", "yearly-weekdays")
# Far enough away to stand in every feed for years; 2040 has a leap day.
BEGIN = date(2039, 1, 1)
HOURS = (0, 1, 2, 3, 9, 12, 17, 18, 22, 23)
USUAL_MINUTES = (45, 45, 45, 90, 120, 0)
OTHER_TIME, NO_TIME = time(14, 15), time(10, 10)
# So far are rules without an end looked at from their first day on: eighteen months, and two for a late worker.
PLANNED_AHEAD = timedelta(days=610)

Spans = list[tuple[date, date]]


@dataclass(frozen=True)
class OwnDays:
    """A line of a network's own list of days off."""

    first: date
    last: date | None = None
    every_year: bool = False
    works: bool = False

    def has(self, day: date) -> bool:
        """Tell whether the line speaks of the day."""
        length = (self.last or self.first) - self.first
        years = (day.year - 1, day.year) if self.every_year else (self.first.year,)
        # On 29 February nothing begins in a common year.
        leap = (self.first.month, self.first.day) == (2, 29)
        starts = [self.first.replace(year=year) for year in years if not leap or year % 4 == 0]
        return any(timedelta() <= day - start <= length for start in starts)

    def block(self) -> dict[str, object]:
        """Return the line as the settings keep it."""
        return {"name": {}} | asdict(self)


class RandomNetwork:
    """A network with a country and a list of its own days off."""

    def __init__(self, chance: random.Random, country: str):
        self.country = country
        self.zone = chance.choice(ZONES)
        self.public = holidays.country_holidays(country) if country else {}
        summer, winter = date(2030, 7, chance.randrange(1, 32)), date(2030, 12, chance.randrange(20, 32))
        repair = BEGIN + timedelta(days=chance.randrange(800))
        self.own = [
            OwnDays(summer, summer + timedelta(days=chance.randrange(14, 50)), every_year=True),
            OwnDays(summer + timedelta(days=3), summer + timedelta(days=9), works=True, every_year=True),
            OwnDays(winter, winter + timedelta(days=chance.randrange(3, 16)), every_year=True),
            OwnDays(repair, repair + timedelta(days=chance.randrange(20))),
            OwnDays(date(2036, 2, 29), every_year=True),
            *(OwnDays(BEGIN + timedelta(days=chance.randrange(800))) for _number in range(4)),
        ]
        if country and (known := [day for day in _days(2040) if day in self.public]):
            self.own.append(OwnDays(chance.choice(known), works=True))
        chance.shuffle(self.own)

    def is_off(self, day: date) -> bool:
        """Tell whether nobody works on a day."""
        said = [line.works for line in self.own if line.has(day)]
        return not any(said) and bool(said or day in self.public)

    def fields(self) -> dict[str, object]:
        """Return the settings of the network."""
        return {"country": self.country, "zone": self.zone, "days_off": [("day", one.block()) for one in self.own]}


class RandomPlan:
    """What an editor might type, and, written apart from it, what a calendar program would be told.

    What is `known` is not left to chance: `place`, `first`, `starts` (None: all day), `minutes`, `days`, `kind`,
    `every` or `skips_days_off`.
    """

    def __init__(self, chance: random.Random, network: RandomNetwork, **known):
        self.chance = chance
        self.network = network
        self.skips_days_off = chance.random() < 0.4
        self.kind, self.every = chance.choice(KINDS), chance.choice((1, 1, 1, 2, 3))
        # The zone of the branch, or none: the network's.
        self.place = chance.choice((*ZONES, None))
        self.first = BEGIN + timedelta(days=chance.randrange(800))
        if self.skips_days_off and chance.random() < 0.5:
            public = [day for day in _days(2040) if day in network.public]
            off = [day for day in _days(2040) if network.is_off(day)]
            self.first = chance.choice(public or off) - timedelta(days=chance.randrange(3))
        self.starts = time(chance.choice(HOURS), chance.choice((0, 30))) if chance.random() < 0.75 else None
        self.minutes, self.days = chance.choice(USUAL_MINUTES), chance.choice((0, 0, 1, 2))
        self.__dict__ |= known

        self.zone = ZoneInfo(self.place or network.zone)
        self.parts = {"FREQ": self.kind.partition("-")[0].upper(), "INTERVAL": str(self.every)}
        self.fields: dict[str, object] = {"repeat": self.kind, "repeat_every": self.every}
        getattr(self, f"_{self.kind.replace('-', '_')}")()
        if self.kind in ("daily", "weekly", "monthly-weekdays") and chance.random() < 0.3:
            self._in_months()
        self._end()
        self._exceptions()

    @property
    def all_day(self) -> bool:
        return self.starts is None

    # --- The rule -----------------------------------------------------------------------------------------------------

    def _some(self, choices, must):
        return sorted({must, *self.chance.sample(choices, self.chance.randrange(3))})

    def _weekdays(self):
        days = self._some(range(7), self.first.weekday())
        self.fields["repeat_on"] = [WEEKDAYS[day] for day in days]
        return [WEEKDAYS[day] for day in days]

    def _in_months(self):
        months = self._some(range(1, 13), self.first.month)
        self.fields["repeat_months"] = [str(month) for month in months]
        self.parts["BYMONTH"] = ",".join(map(str, months))

    def _daily(self):
        pass

    def _weekly(self):
        self.parts["BYDAY"] = ",".join(self._weekdays())

    def _monthly_day(self):
        self.parts["BYMONTHDAY"] = str(self.first.day)

    def _counted(self):
        if self.first.day > 28:
            self.first = self.first.replace(day=28)
        which = self._some((1, 2, 3, 4, -1), (self.first.day - 1) // 7 + 1)
        self.fields["repeat_which"] = [str(one) for one in which]
        weekdays = self._weekdays()
        self.parts["BYDAY"] = ",".join(f"{one}{day}" for one in which for day in weekdays)

    def _monthly_weekdays(self):
        self._counted()

    def _monthly_days(self):
        days = self._some((1, 5, 15, 29, 30, 31, -1), self.first.day)
        self.fields["repeat_days"] = ", ".join(map(str, days))
        self.parts["BYMONTHDAY"] = ",".join(map(str, days))

    def _yearly(self):
        self.parts |= {"BYMONTH": str(self.first.month), "BYMONTHDAY": str(self.first.day)}

    def _yearly_weekdays(self):
        self._counted()
        self._in_months()

    def _end(self):
        end = self.chance.random()
        if end < 0.5:
            self.fields["repeat_count"] = self.chance.randrange(2, 14)
            self.parts["COUNT"] = str(self.fields["repeat_count"])
            return
        span = {"daily": 12, "weekly": 40, "yearly": 2200}.get(self.kind.partition("-")[0], 240)
        until = self.first + timedelta(days=self.chance.randrange(1, span))
        if end > 0.9 and self.kind not in ("daily", "weekly"):
            until = self.first + PLANNED_AHEAD
        else:
            self.fields["repeat_until"] = until
        last = datetime.combine(until, time(23, 59, 59), self.zone).astimezone(UTC)
        self.parts["UNTIL"] = f"{until:%Y%m%d}" if self.all_day else f"{last:%Y%m%dT%H%M%SZ}"

    # --- What is left out and added -----------------------------------------------------------------------------------

    def _exceptions(self):
        self.left_out: list[date] = []
        self.left_out_by_time: list[datetime] = []
        self.added: set[datetime] = set()
        self.off: list[date] = []
        ruled = [self.day_of(start) for start, _end in self.by_engine()]
        if self.skips_days_off:
            self.off = [day for day in ruled if self.network.is_off(day)]
        for day in self.chance.sample(ruled, min(self.chance.randrange(3), len(ruled))):
            if self.all_day or self.chance.random() < 0.5:
                self.left_out.append(day)
            else:
                at = self.starts if self.chance.random() < 0.8 else NO_TIME
                self.left_out_by_time.append(datetime.combine(day, at))
            # The day has two dates, and keeps one of them.
            if not self.all_day and self.chance.random() < 0.5:
                self.added.add(datetime.combine(day, OTHER_TIME))
        self.added |= {
            self._usual(self.first + timedelta(days=self.chance.randrange(90)), OTHER_TIME)
            for _number in range(self.chance.randrange(3))
        }
        if self.off and self.chance.random() < 0.3:
            self.added.add(self._usual(self.chance.choice(self.off)))
        if not set(map(self._usual, ruled)) - self.gone:
            # Without any date it would be no plan.
            self.added.add(self._usual(self.first + timedelta(days=1)))

    def _usual(self, day: date, at: time | None = None) -> datetime:
        """Return the start of a date that isn't the rule's, all days at midnight."""
        return datetime.combine(day, time.min if self.starts is None else at or self.starts)

    @property
    def gone(self) -> set[datetime]:
        """The starts of the rule that are no dates: what was added by hand stays in, whatever its day is."""
        return {*map(self._usual, (*self.off, *self.left_out)), *self.left_out_by_time} - self.added

    # --- What others make of it ---------------------------------------------------------------------------------------

    def day_of(self, start: date) -> date:
        """Return the local day on which a date of the engine begins."""
        return start if self.all_day else start.astimezone(self.zone).date()

    def by_engine(self) -> Spans:
        """Return start and end of the dates that an independent engine makes of the same plan, written as iCalendar.

        Those of all-day dates are days, the others moments. Where a clock change skips the start and brings it behind
        the end, a date lasts as long as usual.
        """
        start = self._usual(self.first)
        end = start + (timedelta(days=self.days + 1) if self.all_day else timedelta(minutes=self.minutes))
        lines = [
            "BEGIN:VEVENT",
            "UID:plan",
            self._line("DTSTART", start),
            *([self._line("DTEND", end)] if end > start else []),
            f"RRULE:{';'.join(f'{name}={value}' for name, value in self.parts.items())}",
            *(self._line("EXDATE", moment) for moment in sorted(self.gone)),
            *(self._line("RDATE", moment) for moment in sorted(self.added)),
        ]
        text = "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-", *lines, "END:VEVENT", "END:VCALENDAR", ""])
        calendar = icalendar.Calendar.from_ical(text)
        found = recurring_ical_events.of(calendar).between(BEGIN - timedelta(days=30), date(2100, 1, 1))
        spans = map(self.span_of, found)
        return sorted((since, until if until >= since else since + (end - start)) for since, until in spans)

    def has_usual_date(self, day: date) -> bool:
        """Tell whether a date begins on the day at the usual time."""
        starts = {start for start, _end in self.by_engine()}
        return (day if self.all_day else self._usual(day).replace(tzinfo=self.zone).astimezone(UTC)) in starts

    def _line(self, name: str, moment: datetime) -> str:
        if self.all_day:
            return f"{name};VALUE=DATE:{moment:%Y%m%d}"
        return f"{name};TZID={self.zone.key}:{moment:%Y%m%dT%H%M%S}"

    def span_of(self, event: icalendar.Event) -> tuple[date, date]:
        """Return start and end of a date in a calendar: days or moments."""
        start = event["DTSTART"].dt
        end = event["DTEND"].dt if "DTEND" in event else start
        if self.all_day:
            assert (type(start), type(end)) == (date, date)
            return start, end
        return start.astimezone(UTC), end.astimezone(UTC)

    def page_fields(self) -> dict[str, object]:
        """Return the fields of the page that holds the plan."""
        fields = self.fields | {"starts_on": self.first, "skips_days_off": self.skips_days_off, "ends_at": None}
        if self.all_day:
            fields["ends_on"] = self.first + timedelta(days=self.days) if self.days else None
        elif self.minutes:
            fields["ends_at"] = (datetime.combine(self.first, self.starts) + timedelta(minutes=self.minutes)).time()
        by_time = [("moment", {"date": one.date(), "time": one.time()}) for one in self.left_out_by_time]
        return fields | {
            "starts_at": self.starts,
            "left_out": [*(("date", day) for day in self.left_out), *by_time],
            "added": [("date", self._added_fields(moment)) for moment in sorted(self.added)],
        }

    def _added_fields(self, moment: datetime) -> dict[str, object]:
        starts = None if self.all_day or moment.time() == self.starts else moment.time()
        return {"date": moment.date(), "starts": starts, "ends": None, "branch": "", "place": {}}


def _days(year: int) -> list[date]:
    return [date(year, 1, 1) + timedelta(days=number) for number in range(365)]


@cache
def random_plans(country: str) -> tuple[RandomNetwork, list[RandomPlan]]:
    """Return a network in a country, and plans of its events: always the same."""
    chance = random.Random(f"plans in {country or 'no country'}")
    network = RandomNetwork(chance, country)
    return network, [RandomPlan(chance, network) for _number in range(PER_NETWORK)]


# --- The edges of the calendar ----------------------------------------------------------------------------------------

KYIV, SKOPJE, NEW_YORK, KATHMANDU, APIA = ZONES
# A zone, a day on which there must be a date, when that starts (None: all day), how many minutes, or days more than
# one, it lasts, and how it repeats.
EDGES = [
    # A start and an end that no clock shows, a start that comes twice, a night with an hour more, a day with one less.
    (KYIV, date(2040, 3, 25), time(3, 30), 45, "daily"),
    (NEW_YORK, date(2040, 3, 11), time(1, 30), 60, "daily"),
    (SKOPJE, date(2040, 10, 28), time(2, 30), 20, "weekly"),
    (KYIV, date(2040, 10, 27), time(23, 30), 300, "daily"),
    (KYIV, date(2040, 3, 25), None, 0, "daily"),
    # The leap day, the end of the year, midnight.
    (SKOPJE, date(2040, 2, 29), time(18), 45, "yearly"),
    (NEW_YORK, date(2040, 2, 28), None, 1, "daily"),
    (KYIV, date(2039, 12, 31), time(23, 30), 45, "yearly"),
    (APIA, date(2040, 7, 1), time(0), 90, "daily"),
    (KATHMANDU, date(2040, 7, 1), time(23, 15), 45, "monthly-day"),
]
MORE_EDGES = [
    (KYIV, date(2040, 3, 25), time(3), 120, "weekly"),
    (SKOPJE, date(2040, 3, 25), time(2, 30), 45, "weekly"),
    (NEW_YORK, date(2040, 3, 11), time(2, 30), 20, "daily"),
    (KYIV, date(2040, 3, 24), time(23, 30), 300, "weekly"),
    (KYIV, date(2040, 10, 28), time(3, 30), 45, "daily"),
    (NEW_YORK, date(2040, 11, 4), time(1), 60, "daily"),
    (NEW_YORK, date(2040, 11, 4), time(0, 30), 60, "weekly"),
    (NEW_YORK, date(2040, 11, 4), None, 1, "weekly"),
    (KATHMANDU, date(2040, 2, 29), time(18), 45, "monthly-days"),
    (APIA, date(2040, 2, 29), None, 0, "monthly-day"),
    (KYIV, date(2040, 2, 29), time(23, 30), 45, "daily"),
    (KATHMANDU, date(2039, 12, 31), time(22), 300, "daily"),
    (APIA, date(2039, 12, 31), None, 2, "weekly"),
    (NEW_YORK, date(2040, 1, 1), time(0), 45, "weekly"),
    (SKOPJE, date(2040, 3, 31), time(23), 60, "daily"),
]


def edge_plans(edges: list[tuple]) -> tuple[RandomNetwork, list[RandomPlan]]:
    """Return a network, and a plan for each edge with a date on it: always the same."""
    chance = random.Random("plans at the edges")
    network = RandomNetwork(chance, "MK")
    return network, [_plan_at(chance, network, *edge) for edge in edges]


def _plan_at(chance, network, place, day, starts, length, kind) -> RandomPlan:
    lasts = {"minutes": length} if starts else {"days": length}
    before = {"daily": 1, "weekly": 7}.get(kind, 0)
    while True:
        first = day - timedelta(days=before * chance.randrange(3))
        plan = RandomPlan(
            chance, network, place=place, first=first, starts=starts, kind=kind, every=1, skips_days_off=False, **lasts
        )
        if plan.has_usual_date(day):
            return plan
