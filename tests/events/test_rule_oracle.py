"""Rules against what others make of them: the dates printed in RFC 5545, and an independent engine on random plans."""

# ruff: noqa: E501  (a row of the table is a row)
import re
from collections import Counter
from datetime import UTC, date, datetime, time, timedelta

import icalendar
import pytest

from core.models import Network
from events.recurrence import parse_rule
from tests.events.random_plans import COUNTRIES, EDGES, KINDS, MORE_EDGES, NO_TIME, ZONES, edge_plans, random_plans
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

# So many of the next dates stand on the page of an event.
SHOWN = 20


def _publish(library, network, plans) -> dict[str, tuple]:
    """Publish events with the plans in the network; return each plan and its dates by the engine, by slug."""
    Network.objects.update_or_create(site=library.site, defaults=network.fields())
    branches = {
        zone: library.branch(key=zone.rpartition("/")[2].lower(), title=zone, zone=zone).record for zone in ZONES
    }
    made = {}
    for number, plan in enumerate(plans):
        page = library.event(title=f"Plan {number}", slug=f"plan-{number}", publish_it=False)
        for name, value in plan.page_fields().items():
            setattr(page, name, value)
        page.branch = branches.get(plan.place)
        publish(page)
        made[f"plan-{number}"] = plan, plan.by_engine()
    return made


def _in_feed(client, made) -> dict[str, list[tuple]]:
    """Return start and end of the dates in the feed, by slug."""
    found: dict[str, list[tuple]] = {}
    for event in icalendar.Calendar.from_ical(client.get("/en/events/feed.ics").content).walk("VEVENT"):
        key = re.search(r"/events/(plan-\d+)/", str(event["URL"]))[1]
        plan, _spans = made[key]
        assert event["STATUS"] == "CONFIRMED"
        assert event["DTSTART"].params.get("TZID") == (None if plan.all_day else plan.zone.key)
        found.setdefault(key, []).append(plan.span_of(event))
    return {key: sorted(spans) for key, spans in found.items()}


def _moment(plan, day: date) -> datetime:
    """Return when a date's start or end is: of a day its first moment in the plan's zone."""
    return datetime.combine(day, time.min, plan.zone).astimezone(UTC) if plan.all_day else day


def _check_everywhere(client, made) -> None:
    assert _in_feed(client, made) == {key: spans for key, (_plan, spans) in made.items()}
    for key, (plan, spans) in made.items():
        rows = client.get(f"/en/events/{key}/").context["dates"]
        assert [(row.starts_at, row.ends_at) for row in rows] == [
            (_moment(plan, start), _moment(plan, end)) for start, end in spans[:SHOWN]
        ], key
        assert {row.all_day for row in rows} == {plan.all_day}


@pytest.mark.django_db
@pytest.mark.parametrize("country", COUNTRIES)
def test_random_plans_have_the_same_dates_on_the_page_in_the_feed_and_by_another_engine(library, client, country):
    _check_everywhere(client, _publish(library, *random_plans(country)))


def _kinds(plan) -> dict[str, bool]:
    """Return what is worth trying, and whether the plan came to it by chance."""
    network = plan.network
    days = {plan.day_of(start) for start, _end in plan.by_engine()}
    own = {day for day in plan.off if any(line.has(day) for line in network.own)}
    by_time = plan.left_out_by_time
    begins = datetime.combine(plan.first, plan.starts or time.min)
    found = {
        **{f"repeats {kind}": plan.kind == kind for kind in KINDS},
        **{f"in {place or 'the zone of the network'}": plan.place == place for place in (*ZONES, None)},
        "lasts all day": plan.all_day,
        "lasts several days": plan.all_day and plan.days,
        "lasts past midnight": not plan.all_day and (begins + timedelta(minutes=plan.minutes)).date() != plan.first,
        "has no known end": not plan.all_day and not plan.minutes,
        "leaves out a public holiday": set(plan.off) - own,
        "leaves out a day off of the own list": own,
        "leaves out its first day": plan.first not in days,
        "is held on a holiday on which the doors are open": plan.skips_days_off
        and any(line.works and any(map(line.has, days)) for line in network.own),
        "is held on days off": not plan.skips_days_off and any(map(network.is_off, days)),
        "is held by hand on a day off": days & set(plan.off),
        "leaves out a day": plan.left_out,
        "leaves out a day but for another date": days & set(plan.left_out),
        "leaves out one date of a day with two": days & {one.date() for one in by_time if one.time() == plan.starts},
        "leaves out a time at which it has no date": any(one.time() == NO_TIME for one in by_time),
        "has added dates": plan.added,
        "ends after so many times": "repeat_count" in plan.fields,
        "ends with a day": "repeat_until" in plan.fields,
        "never ends": not plan.fields.keys() & {"repeat_count", "repeat_until"},
        "is held in some months": "repeat_months" in plan.fields,
    }
    return {kind: bool(so) for kind, so in found.items()}


RARE = {
    "lasts several days",
    "lasts past midnight",
    "leaves out a public holiday",
    "is held on a holiday on which the doors are open",
    "leaves out a time at which it has no date",
    "is held by hand on a day off",
    "never ends",
}


def test_random_plans_are_of_every_kind():
    plans = [plan for country in COUNTRIES for plan in random_plans(country)[1]]
    counted = Counter()
    for plan in plans:
        counted.update(_kinds(plan))

    assert len(plans) == 500
    assert {kind: number for kind, number in counted.items() if number < (10 if kind in RARE else 50)} == {}
    assert sum(len(plan.by_engine()) for plan in plans) > len(plans) * 5


@pytest.mark.django_db
@pytest.mark.parametrize("edges", [pytest.param(EDGES, marks=pytest.mark.services), MORE_EDGES], ids=["some", "more"])
def test_plans_at_the_edges_of_the_calendar_have_the_same_dates_everywhere(library, client, edges):
    _check_everywhere(client, _publish(library, *edge_plans(edges)))
