"""Rules against what others make of them: the dates printed in RFC 5545, and an independent engine on random plans."""

# ruff: noqa: E501  (a row of the table is a row)
import random
import re
from datetime import date, datetime, time, timedelta

import icalendar
import pytest
import recurring_ical_events

from events.recurrence import WEEKDAYS, parse_rule
from tests.factories.library import publish

# RFC 5545, 3.8.5.3: the first day, the rule (UNTIL as the local day), the days printed there as "year month: days".
PRINTED = [
    ("19970902", "FREQ=DAILY;COUNT=10", "1997 9: 2-11"),
    ("19970902", "FREQ=DAILY;UNTIL=19971223", "1997 9: 2-30, 10: 1-31, 11: 1-30, 12: 1-23"),
    ("19970902", "FREQ=DAILY;INTERVAL=2;UNTIL=19971012", "1997 9: 2 4 6 8 10 12 14 16 18 20 22 24 26 28 30, 10: 2 4 6 8 10 12"),
    ("19970902", "FREQ=DAILY;INTERVAL=10;COUNT=5", "1997 9: 2 12 22, 10: 2 12"),
    ("19980101", "FREQ=YEARLY;UNTIL=20000131;BYMONTH=1;BYDAY=SU,MO,TU,WE,TH,FR,SA", "1998 1: 1-31; 1999 1: 1-31; 2000 1: 1-31"),
    ("19980101", "FREQ=DAILY;UNTIL=20000131;BYMONTH=1", "1998 1: 1-31; 1999 1: 1-31; 2000 1: 1-31"),
    ("19970902", "FREQ=WEEKLY;COUNT=10", "1997 9: 2 9 16 23 30, 10: 7 14 21 28, 11: 4"),
    ("19970902", "FREQ=WEEKLY;UNTIL=19971223", "1997 9: 2 9 16 23 30, 10: 7 14 21 28, 11: 4 11 18 25, 12: 2 9 16 23"),
    ("19970902", "FREQ=WEEKLY;INTERVAL=2;UNTIL=19980217", "1997 9: 2 16 30, 10: 14 28, 11: 11 25, 12: 9 23; 1998 1: 6 20, 2: 3 17"),
    ("19970902", "FREQ=WEEKLY;UNTIL=19971006;BYDAY=TU,TH", "1997 9: 2 4 9 11 16 18 23 25 30, 10: 2"),
    ("19970902", "FREQ=WEEKLY;COUNT=10;BYDAY=TU,TH", "1997 9: 2 4 9 11 16 18 23 25 30, 10: 2"),
    (
        "19970901",
        "FREQ=WEEKLY;INTERVAL=2;UNTIL=19971223;BYDAY=MO,WE,FR",
        "1997 9: 1 3 5 15 17 19 29, 10: 1 3 13 15 17 27 29 31, 11: 10 12 14 24 26 28, 12: 8 10 12 22",
    ),
    ("19970902", "FREQ=WEEKLY;INTERVAL=2;COUNT=8;BYDAY=TU,TH", "1997 9: 2 4 16 18 30, 10: 2 14 16"),
    ("19970905", "FREQ=MONTHLY;COUNT=10;BYDAY=1FR", "1997 9: 5, 10: 3, 11: 7, 12: 5; 1998 1: 2, 2: 6, 3: 6, 4: 3, 5: 1, 6: 5"),
    ("19970905", "FREQ=MONTHLY;UNTIL=19971223;BYDAY=1FR", "1997 9: 5, 10: 3, 11: 7, 12: 5"),
    ("19970907", "FREQ=MONTHLY;INTERVAL=2;COUNT=10;BYDAY=1SU,-1SU", "1997 9: 7 28, 11: 2 30; 1998 1: 4 25, 3: 1 29, 5: 3 31"),
    ("19970922", "FREQ=MONTHLY;COUNT=6;BYDAY=-2MO", "1997 9: 22, 10: 20, 11: 17, 12: 22; 1998 1: 19, 2: 16"),
    ("19970928", "FREQ=MONTHLY;BYMONTHDAY=-3;UNTIL=19980226", "1997 9: 28, 10: 29, 11: 28, 12: 29; 1998 1: 29, 2: 26"),
    ("19970902", "FREQ=MONTHLY;COUNT=10;BYMONTHDAY=2,15", "1997 9: 2 15, 10: 2 15, 11: 2 15, 12: 2 15; 1998 1: 2 15"),
    ("19970930", "FREQ=MONTHLY;COUNT=10;BYMONTHDAY=1,-1", "1997 9: 30, 10: 1 31, 11: 1 30, 12: 1 31; 1998 1: 1 31, 2: 1"),
    ("19970910", "FREQ=MONTHLY;INTERVAL=18;COUNT=10;BYMONTHDAY=10,11,12,13,14,15", "1997 9: 10-15; 1999 3: 10-13"),
    (
        "19970902",
        "FREQ=MONTHLY;INTERVAL=2;BYDAY=TU;UNTIL=19980331",
        "1997 9: 2 9 16 23 30, 11: 4 11 18 25; 1998 1: 6 13 20 27, 3: 3 10 17 24 31",
    ),
    (
        "19970610",
        "FREQ=YEARLY;COUNT=10;BYMONTH=6,7",
        "1997 6: 10, 7: 10; 1998 6: 10, 7: 10; 1999 6: 10, 7: 10; 2000 6: 10, 7: 10; 2001 6: 10, 7: 10",
    ),
    (
        "19970310",
        "FREQ=YEARLY;INTERVAL=2;COUNT=10;BYMONTH=1,2,3",
        "1997 3: 10; 1999 1: 10, 2: 10, 3: 10; 2001 1: 10, 2: 10, 3: 10; 2003 1: 10, 2: 10, 3: 10",
    ),
    (
        "19970313",
        "FREQ=YEARLY;BYMONTH=3;BYDAY=TH;UNTIL=19990331",
        "1997 3: 13 20 27; 1998 3: 5 12 19 26; 1999 3: 4 11 18 25",
    ),
    (
        "19970605",
        "FREQ=YEARLY;BYDAY=TH;BYMONTH=6,7,8;UNTIL=19980831",
        "1997 6: 5 12 19 26, 7: 3 10 17 24 31, 8: 7 14 21 28; 1998 6: 4 11 18 25, 7: 2 9 16 23 30, 8: 6 13 20 27",
    ),
    # Its first day is left out there by an exception.
    ("19980213", "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13;UNTIL=20001013", "1998 2: 13, 3: 13, 11: 13; 1999 8: 13; 2000 10: 13"),
    (
        "19970913",
        "FREQ=MONTHLY;BYDAY=SA;BYMONTHDAY=7,8,9,10,11,12,13;UNTIL=19980613",
        "1997 9: 13, 10: 11, 11: 8, 12: 13; 1998 1: 10, 2: 7, 3: 7, 4: 11, 5: 9, 6: 13",
    ),
    (
        "19961105",
        "FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8;UNTIL=20041231",
        "1996 11: 5; 2000 11: 7; 2004 11: 2",
    ),
    ("20070115", "FREQ=MONTHLY;BYMONTHDAY=15,30;COUNT=5", "2007 1: 15 30, 2: 15, 3: 15 30"),
]  # fmt: skip


def _printed(text: str) -> list[date]:
    days = []
    for year_text in text.split("; "):
        year, months = year_text.split(" ", 1)
        for month_text in months.split(", "):
            month, numbers = month_text.split(": ")
            for number in numbers.split():
                first, _, last = number.partition("-")
                days += [date(int(year), int(month), day) for day in range(int(first), int(last or first) + 1)]
    return days


@pytest.mark.parametrize(("first", "rule", "printed"), PRINTED)
def test_examples_of_the_standard_give_the_dates_printed_there(first, rule, printed):
    found = list(parse_rule(rule).dates(date.fromisoformat(first), until=date(2010, 1, 1)))

    assert found == _printed(printed)


# --- Random plans -----------------------------------------------------------------------------------------------------

PLANS, BATCHES = 500, 10
# So many of the next dates stand on the page of an event.
SHOWN = 20
HOURS = (0, 1, 9, 12, 17, 18, 22, 23)


class RandomPlan:
    """What an editor might type, and, written apart from it, what a calendar program would be told."""

    def __init__(self, chance: random.Random):
        self.chance = chance
        self.first = date(2027, 1, 1) + timedelta(days=chance.randrange(800))
        self.starts = time(chance.choice(HOURS), chance.choice((0, 30)))
        self.kind = chance.choice(
            ("daily", "weekly", "monthly-day", "monthly-weekdays", "monthly-days", "yearly", "yearly-weekdays")
        )
        self.every = chance.choice((1, 1, 1, 2, 3))
        self.parts = {"FREQ": self.kind.partition("-")[0].upper(), "INTERVAL": str(self.every)}
        self.fields: dict[str, object] = {"repeat": self.kind, "repeat_every": self.every}
        getattr(self, f"_{self.kind.replace('-', '_')}")()
        if self.kind in ("daily", "weekly", "monthly-weekdays") and chance.random() < 0.3:
            self._in_months()
        self._end()
        self._exceptions()

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
        if self.chance.random() < 0.5:
            self.fields["repeat_count"] = self.chance.randrange(2, 14)
            self.parts["COUNT"] = str(self.fields["repeat_count"])
        else:
            span = {"daily": 12, "weekly": 40, "yearly": 2200}.get(self.kind.partition("-")[0], 240)
            self.fields["repeat_until"] = self.first + timedelta(days=self.chance.randrange(1, span))
            self.parts["UNTIL"] = f"{self.fields['repeat_until']:%Y%m%d}T235959"

    def _exceptions(self):
        ruled = [start.date() for start in self.by_engine(exceptions=False)]
        gone = self.chance.sample(ruled[1:], min(self.chance.randrange(3), max(0, len(ruled) - 2))) if ruled[1:] else []
        self.left_out = sorted(gone)
        self.added = sorted(
            datetime.combine(self.first + timedelta(days=self.chance.randrange(90)), time(14, 15))
            for _number in range(self.chance.randrange(3))
        )
        self.added = sorted(set(self.added))

    def by_engine(self, *, exceptions=True) -> list[datetime]:
        """Return the starts that an independent engine makes of the same plan, written as iCalendar text."""
        start = datetime.combine(self.first, self.starts)
        lines = [
            "BEGIN:VEVENT",
            "UID:plan",
            f"DTSTART:{start:%Y%m%dT%H%M%S}",
            f"DTEND:{start + timedelta(minutes=45):%Y%m%dT%H%M%S}",
            f"RRULE:{';'.join(f'{name}={value}' for name, value in self.parts.items())}",
        ]
        if exceptions:
            lines += [f"EXDATE:{datetime.combine(day, self.starts):%Y%m%dT%H%M%S}" for day in self.left_out]
            lines += [f"RDATE:{moment:%Y%m%dT%H%M%S}" for moment in self.added]
        text = "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-", *lines, "END:VEVENT", "END:VCALENDAR", ""])
        calendar = icalendar.Calendar.from_ical(text)
        found = recurring_ical_events.of(calendar).between(date(2026, 12, 1), date(2100, 1, 1))
        return sorted(event["DTSTART"].dt.replace(tzinfo=None) for event in found)

    def page_fields(self) -> dict[str, object]:
        """Return the fields of the page that holds the plan."""
        added = [
            ("date", {"date": one.date(), "starts": one.time(), "ends": None, "branch": "", "place": {}})
            for one in self.added
        ]
        end = (datetime.combine(self.first, self.starts) + timedelta(minutes=45)).time()
        return self.fields | {
            "starts_on": self.first,
            "starts_at": self.starts,
            "ends_at": end,
            "left_out": [("date", day) for day in self.left_out],
            "added": added,
        }


@pytest.mark.django_db
@pytest.mark.parametrize("batch", range(BATCHES))
def test_random_plans_have_the_same_dates_on_the_page_in_the_feed_and_by_another_engine(library, client, batch):
    chance = random.Random(f"plans {batch}")
    expected = {}
    for number in range(PLANS // BATCHES):
        plan = RandomPlan(chance)
        page = library.event(title=f"Plan {number}", slug=f"plan-{number}", publish_it=False)
        for name, value in plan.page_fields().items():
            setattr(page, name, value)
        publish(page)
        expected[f"plan-{number}"] = plan.by_engine()

    feed = icalendar.Calendar.from_ical(client.get("/en/events/feed.ics").content)
    in_feed: dict[str, list[datetime]] = {}
    for event in feed.walk("VEVENT"):
        key = re.search(r"/events/(plan-\d+)/", str(event["URL"]))[1]
        in_feed.setdefault(key, []).append(event["DTSTART"].dt.replace(tzinfo=None))
    assert {key: sorted(starts) for key, starts in in_feed.items()} == expected

    for key, starts in expected.items():
        rows = client.get(f"/en/events/{key}/").context["dates"]
        assert [row.local_start for row in rows] == starts[:SHOWN], key
    assert sum(map(len, expected.values())) > PLANS // BATCHES * 3
