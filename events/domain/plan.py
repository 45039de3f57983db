"""From the form's fields to a schedule, and what is wrong with it in words."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from core.days_off import days_off
from core.sites import site_of
from events.enums import Format, RegistrationMode, Repeat, Weekday
from events.recurrence import Freq, Rule, RuleError
from events.schedule import FIRST_DAY, LAST_DAY, AddedDate, Schedule, ScheduleError
from events.schedule_problems import Level, problems

if TYPE_CHECKING:
    from wagtail.models import Site

    from events.models import EventFacts

# An open-ended rule is kept expanded for the coming eighteen months at least, however late the worker may come.
HORIZON = timedelta(days=550)
RESERVE = timedelta(days=60)
COUNTED = (Repeat.MONTHLY_WEEKDAYS, Repeat.YEARLY_WEEKDAYS)
WEEKDAY_NUMBERS = {value: number for number, value in enumerate(Weekday.values)}
FREQUENCIES = {
    Repeat.DAILY: Freq.DAILY,
    Repeat.WEEKLY: Freq.WEEKLY,
    Repeat.MONTHLY_DAY: Freq.MONTHLY,
    Repeat.MONTHLY_WEEKDAY: Freq.MONTHLY,
    Repeat.MONTHLY_LAST: Freq.MONTHLY,
    Repeat.MONTHLY_WEEKDAYS: Freq.MONTHLY,
    Repeat.MONTHLY_DAYS: Freq.MONTHLY,
    Repeat.YEARLY: Freq.YEARLY,
    Repeat.YEARLY_WEEKDAYS: Freq.YEARLY,
}
# The form's field for each part of a schedule that can be wrong.
FIELDS = {
    "first": "starts_on",
    "starts": "starts_at",
    "ends": "ends_at",
    "days": "ends_on",
    "rule": "repeat",
    "until": "repeat_until",
    "excluded": "left_out",
    "added": "added",
}


RULE_FIELDS = {
    "interval": "repeat_every",
    "count": "repeat_count",
    "bymonthday": "repeat_days",
    "byday": "repeat_on",
    "bymonth": "repeat_months",
}


def schedule_of(facts: EventFacts) -> Schedule:
    """Return the plan of dates that the fields say; raise ScheduleError or RuleError where they contradict."""
    return Schedule(
        first=facts.starts_on,
        starts=facts.starts_at,
        ends=facts.ends_at,
        days=_days(facts),
        all_day=facts.starts_at is None,
        long_run=facts.long_run,
        rule=rule_of(facts),
        excluded=tuple(filter(None, map(_left_out, facts.left_out))),
        days_off=days_off_of(facts) if facts.skips_days_off and facts.repeat else None,
        added=tuple(_added(facts, block.value) for block in facts.added if block.value["date"]),
    )


def _days(facts: EventFacts) -> int:
    if facts.ends_on:
        return (facts.ends_on - facts.starts_on).days
    past_midnight = facts.starts_at and facts.ends_at and facts.ends_at <= facts.starts_at
    return 1 if past_midnight else 0


def rule_of(facts: EventFacts) -> Rule | None:
    """Return the RFC 5545 rule behind the words of the form, None for what doesn't repeat."""
    if not facts.repeat:
        return None
    return Rule(
        freq=FREQUENCIES[Repeat(facts.repeat)],
        interval=facts.repeat_every or 1,
        byday=_byday(facts),
        bymonthday=_bymonthday(facts),
        bymonth=tuple(int(month) for month in facts.repeat_months),
        until=facts.repeat_until,
        count=facts.repeat_count if not facts.repeat_until else None,
    )


def _byday(facts: EventFacts) -> tuple[tuple[int, int], ...]:
    first = facts.starts_on
    weekdays = [WEEKDAY_NUMBERS[day] for day in facts.repeat_on] or [first.weekday()]
    if facts.repeat == Repeat.WEEKLY:
        return tuple((0, day) for day in weekdays)
    if facts.repeat in COUNTED:
        which = [int(one) for one in facts.repeat_which] or [(first.day - 1) // 7 + 1]
        return tuple((ordinal, day) for ordinal in which for day in weekdays)
    if facts.repeat == Repeat.MONTHLY_WEEKDAY:
        return (((first.day - 1) // 7 + 1, first.weekday()),)
    if facts.repeat == Repeat.MONTHLY_LAST:
        return ((-1, first.weekday()),)
    return ()


def _bymonthday(facts: EventFacts) -> tuple[int, ...]:
    if facts.repeat == Repeat.MONTHLY_DAY:
        return (facts.starts_on.day,)
    if facts.repeat == Repeat.MONTHLY_DAYS:
        return days_of_month(facts.repeat_days) or (facts.starts_on.day,)
    # A yearly event with months named is held in each of them.
    return (facts.starts_on.day,) if facts.repeat == Repeat.YEARLY and facts.repeat_months else ()


def days_of_month(text: str) -> tuple[int, ...]:
    """Return the days that an editor typed, such as "1, 15, −1"; raise RuleError for what is none."""
    words = re.split(r"[\s,;]+", text.replace("\N{MINUS SIGN}", "-").replace("\N{EN DASH}", "-").strip())
    if not all(re.fullmatch(r"-?[0-9]{1,2}", word) for word in words if word):
        raise RuleError("bymonthday", _("Enter days of the month as numbers with commas, such as 1, 15."))
    return tuple(int(word) for word in words if word)


def days_off_of(facts: EventFacts) -> frozenset[date]:
    """Return the days off that a plan leaves out, as far as its dates are looked at."""
    first = facts.starts_on
    if not FIRST_DAY <= first <= LAST_DAY:
        return frozenset()
    rule = rule_of(facts)
    last = max(horizon(date.today()), horizon(first))  # noqa: DTZ011
    if rule and not rule.is_open_ended:
        last = max(rule.dates(first, until=LAST_DAY), default=first)
    site = site_of_facts(facts)
    return frozenset(days_off(site, first, min(last, LAST_DAY), language=""))


def site_of_facts(facts: EventFacts) -> Site:
    """Return the site whose days off count: the event's own, or that in which a draft stands."""
    return facts.site if hasattr(facts, "site_id") else site_of(facts)


def _left_out(block) -> date | datetime | None:
    """Return the day or the date of a day that is left out; None as long as a draft says only half of it."""
    if block.block_type == "date":
        return block.value or None
    day, clock = block.value["date"], block.value["time"]
    return datetime.combine(day, clock) if day and clock else None


def _added(facts: EventFacts, value) -> AddedDate:
    starts = value["starts"] or facts.starts_at or time.min
    slot = datetime.combine(value["date"], starts)
    ends = None
    if value["ends"]:
        day = value["date"]
        if value["ends"] <= starts and day < date.max:
            day += timedelta(days=1)
        ends = datetime.combine(day, value["ends"])
    branch = value.get("branch") or None
    return AddedDate(slot=slot, ends=ends, branch=branch, place=value["place"] or {})


def horizon(today: date) -> date:
    """Return the day until which open-ended rules are expanded."""
    return min(today, LAST_DAY) + HORIZON + RESERVE


def expansion_due(today: date) -> date:
    """Return the day up to which dates must be expanded, or it is time for more: half of the reserve is left."""
    return today + HORIZON + RESERVE / 2


def check_plan(facts: EventFacts, *, today: date | None = None) -> dict[str, list[ValidationError]]:
    """Return what an editor must mend, by field."""
    errors: dict[str, list[ValidationError]] = {}
    if facts.starts_on is None:
        return errors
    for field, message in [*_schedule_errors(facts, today or date.today()), *_field_errors(facts)]:  # noqa: DTZ011
        errors.setdefault(field, []).append(ValidationError(message))
    return errors


def _schedule_errors(facts: EventFacts, today: date):
    if facts.ends_on and facts.ends_on < facts.starts_on:
        yield "ends_on", _("The last day is before the first.")
        return
    try:
        schedule = schedule_of(facts)
    except ScheduleError as error:
        yield FIELDS.get(error.path.split(".")[0], "starts_on"), error.message
        return
    except RuleError as error:
        yield RULE_FIELDS.get(error.code, "repeat"), error.message
        return
    for problem in problems(schedule, horizon=horizon(max(today, facts.starts_on))):
        if problem.level == Level.ERROR:
            yield FIELDS.get(getattr(problem, "path", "").split(".")[0], "starts_on"), problem.message


def _field_errors(facts: EventFacts):
    if facts.repeat_until and facts.repeat_count:
        yield "repeat_count", _("Give either the last day or the number of times.")
    if facts.repeat_until and facts.repeat_until < facts.starts_on:
        yield "repeat_until", _("This is before the first day.")
    if facts.registration == RegistrationMode.LINK and not facts.registration_url:
        yield "registration_url", _("Give the address at which people register.")
    if facts.format != Format.ONSITE and not facts.online_url and facts.registration != RegistrationMode.LINK:
        yield "online_url", _("Give the address for taking part online.")
    if facts.age_from is not None and facts.age_to is not None and facts.age_to < facts.age_from:
        yield "age_to", _("This is less than the first age.")
    if facts.ends_at and not facts.starts_at:
        yield "starts_at", _("Say when it starts, too.")
