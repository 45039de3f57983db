"""A recurrence rule in words of the active language: "every second Tuesday", "on the first Sunday of every month".

Grammar is never put together from pieces: what declines with its weekday or number is one message each, and a message
that goes into a list says in its context where that list stands, so that it can take the right case there.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from django.utils.dateformat import format as format_date
from django.utils.translation import npgettext, pgettext, pgettext_lazy

from core.date_words import date_words
from events.recurrence import Freq, Rule

WORKING_DAYS = (0, 1, 2, 3, 4)
LEAP_YEAR = 2000

EVERY = (
    pgettext_lazy("recurrence", "every Monday"),
    pgettext_lazy("recurrence", "every Tuesday"),
    pgettext_lazy("recurrence", "every Wednesday"),
    pgettext_lazy("recurrence", "every Thursday"),
    pgettext_lazy("recurrence", "every Friday"),
    pgettext_lazy("recurrence", "every Saturday"),
    pgettext_lazy("recurrence", "every Sunday"),
)
EVERY_SECOND = (
    pgettext_lazy("recurrence", "every second Monday"),
    pgettext_lazy("recurrence", "every second Tuesday"),
    pgettext_lazy("recurrence", "every second Wednesday"),
    pgettext_lazy("recurrence", "every second Thursday"),
    pgettext_lazy("recurrence", "every second Friday"),
    pgettext_lazy("recurrence", "every second Saturday"),
    pgettext_lazy("recurrence", "every second Sunday"),
)
WEEKDAYS = (
    pgettext_lazy("recurrence: in the list after “on”", "Mondays"),
    pgettext_lazy("recurrence: in the list after “on”", "Tuesdays"),
    pgettext_lazy("recurrence: in the list after “on”", "Wednesdays"),
    pgettext_lazy("recurrence: in the list after “on”", "Thursdays"),
    pgettext_lazy("recurrence: in the list after “on”", "Fridays"),
    pgettext_lazy("recurrence: in the list after “on”", "Saturdays"),
    pgettext_lazy("recurrence: in the list after “on”", "Sundays"),
)
MONTHS = (
    pgettext_lazy("recurrence: in the list after “in”", "January"),
    pgettext_lazy("recurrence: in the list after “in”", "February"),
    pgettext_lazy("recurrence: in the list after “in”", "March"),
    pgettext_lazy("recurrence: in the list after “in”", "April"),
    pgettext_lazy("recurrence: in the list after “in”", "May"),
    pgettext_lazy("recurrence: in the list after “in”", "June"),
    pgettext_lazy("recurrence: in the list after “in”", "July"),
    pgettext_lazy("recurrence: in the list after “in”", "August"),
    pgettext_lazy("recurrence: in the list after “in”", "September"),
    pgettext_lazy("recurrence: in the list after “in”", "October"),
    pgettext_lazy("recurrence: in the list after “in”", "November"),
    pgettext_lazy("recurrence: in the list after “in”", "December"),
)
COUNTED = {
    (1, 0): pgettext_lazy("recurrence: in the list of days", "on the first Monday"),
    (1, 1): pgettext_lazy("recurrence: in the list of days", "on the first Tuesday"),
    (1, 2): pgettext_lazy("recurrence: in the list of days", "on the first Wednesday"),
    (1, 3): pgettext_lazy("recurrence: in the list of days", "on the first Thursday"),
    (1, 4): pgettext_lazy("recurrence: in the list of days", "on the first Friday"),
    (1, 5): pgettext_lazy("recurrence: in the list of days", "on the first Saturday"),
    (1, 6): pgettext_lazy("recurrence: in the list of days", "on the first Sunday"),
    (2, 0): pgettext_lazy("recurrence: in the list of days", "on the second Monday"),
    (2, 1): pgettext_lazy("recurrence: in the list of days", "on the second Tuesday"),
    (2, 2): pgettext_lazy("recurrence: in the list of days", "on the second Wednesday"),
    (2, 3): pgettext_lazy("recurrence: in the list of days", "on the second Thursday"),
    (2, 4): pgettext_lazy("recurrence: in the list of days", "on the second Friday"),
    (2, 5): pgettext_lazy("recurrence: in the list of days", "on the second Saturday"),
    (2, 6): pgettext_lazy("recurrence: in the list of days", "on the second Sunday"),
    (3, 0): pgettext_lazy("recurrence: in the list of days", "on the third Monday"),
    (3, 1): pgettext_lazy("recurrence: in the list of days", "on the third Tuesday"),
    (3, 2): pgettext_lazy("recurrence: in the list of days", "on the third Wednesday"),
    (3, 3): pgettext_lazy("recurrence: in the list of days", "on the third Thursday"),
    (3, 4): pgettext_lazy("recurrence: in the list of days", "on the third Friday"),
    (3, 5): pgettext_lazy("recurrence: in the list of days", "on the third Saturday"),
    (3, 6): pgettext_lazy("recurrence: in the list of days", "on the third Sunday"),
    (4, 0): pgettext_lazy("recurrence: in the list of days", "on the fourth Monday"),
    (4, 1): pgettext_lazy("recurrence: in the list of days", "on the fourth Tuesday"),
    (4, 2): pgettext_lazy("recurrence: in the list of days", "on the fourth Wednesday"),
    (4, 3): pgettext_lazy("recurrence: in the list of days", "on the fourth Thursday"),
    (4, 4): pgettext_lazy("recurrence: in the list of days", "on the fourth Friday"),
    (4, 5): pgettext_lazy("recurrence: in the list of days", "on the fourth Saturday"),
    (4, 6): pgettext_lazy("recurrence: in the list of days", "on the fourth Sunday"),
    (5, 0): pgettext_lazy("recurrence: in the list of days", "on the fifth Monday"),
    (5, 1): pgettext_lazy("recurrence: in the list of days", "on the fifth Tuesday"),
    (5, 2): pgettext_lazy("recurrence: in the list of days", "on the fifth Wednesday"),
    (5, 3): pgettext_lazy("recurrence: in the list of days", "on the fifth Thursday"),
    (5, 4): pgettext_lazy("recurrence: in the list of days", "on the fifth Friday"),
    (5, 5): pgettext_lazy("recurrence: in the list of days", "on the fifth Saturday"),
    (5, 6): pgettext_lazy("recurrence: in the list of days", "on the fifth Sunday"),
    (-1, 0): pgettext_lazy("recurrence: in the list of days", "on the last Monday"),
    (-1, 1): pgettext_lazy("recurrence: in the list of days", "on the last Tuesday"),
    (-1, 2): pgettext_lazy("recurrence: in the list of days", "on the last Wednesday"),
    (-1, 3): pgettext_lazy("recurrence: in the list of days", "on the last Thursday"),
    (-1, 4): pgettext_lazy("recurrence: in the list of days", "on the last Friday"),
    (-1, 5): pgettext_lazy("recurrence: in the list of days", "on the last Saturday"),
    (-1, 6): pgettext_lazy("recurrence: in the list of days", "on the last Sunday"),
}


def repetition_words(rule: Rule, first: date) -> str:
    """Return how a rule repeats, without its end; one that is too odd for words repeats "on certain days"."""
    rule = _simplest(rule.anchored(first))
    say = {Freq.DAILY: _daily, Freq.WEEKLY: _weekly, Freq.MONTHLY: _monthly, Freq.YEARLY: _yearly}[rule.freq]
    words = say(rule)
    if words is None:
        return pgettext("recurrence", "on certain days")
    if rule.bymonth and rule.freq != Freq.YEARLY:
        return pgettext("recurrence", "%(repetition)s, in %(months)s") % {"repetition": words, "months": _months(rule)}
    return words


def listed(items: Iterable[object]) -> str:
    """Return "a", "a and b" or "a, b and c"."""
    *others, last = map(str, items)
    if not others:
        return last
    return pgettext("list", "%(others)s and %(last)s") % {"others": ", ".join(others), "last": last}


def _simplest(rule: Rule) -> Rule:
    """Say every Monday of every month or year as every Monday."""
    plain = rule.byday and not any(ordinal for ordinal, _day in rule.byday)
    return replace(rule, freq=Freq.WEEKLY) if plain and rule.interval == 1 and not rule.bymonthday else rule


def _daily(rule: Rule) -> str | None:
    if rule.byday or rule.bymonthday:
        return None
    return _by_interval(
        rule,
        pgettext("recurrence", "every day"),
        pgettext("recurrence", "every second day"),
        npgettext("recurrence", "every %(number)d day", "every %(number)d days", rule.interval),
    )


def _weekly(rule: Rule) -> str:
    days = tuple(day for _ordinal, day in rule.byday)
    if rule.interval == 1 and len(days) == 7:
        return pgettext("recurrence", "every day")
    if rule.interval == 1 and days == WORKING_DAYS:
        return pgettext("recurrence", "from Monday to Friday")
    if rule.interval <= 2 and len(days) == 1:
        return str((EVERY if rule.interval == 1 else EVERY_SECOND)[days[0]])
    return _by_interval(
        rule,
        pgettext("recurrence", "on %(weekdays)s"),
        pgettext("recurrence", "every second week on %(weekdays)s"),
        npgettext(
            "recurrence",
            "every %(number)d week on %(weekdays)s",
            "every %(number)d weeks on %(weekdays)s",
            rule.interval,
        ),
        weekdays=listed(WEEKDAYS[day] for day in days),
    )


def _monthly(rule: Rule) -> str | None:
    if rule.bymonthday and not rule.byday:
        return _monthly_by_number(rule)
    if rule.bymonthday or not set(rule.byday) <= COUNTED.keys():
        return None
    return _by_interval(
        rule,
        pgettext("recurrence", "%(days)s of every month"),
        pgettext("recurrence", "%(days)s of every second month"),
        npgettext("recurrence", "%(days)s, every %(number)d month", "%(days)s, every %(number)d months", rule.interval),
        days=listed(COUNTED[day] for day in rule.byday),
    )


def _monthly_by_number(rule: Rule) -> str | None:
    if rule.bymonthday == (-1,):
        return _by_interval(
            rule,
            pgettext("recurrence", "on the last day of every month"),
            pgettext("recurrence", "on the last day of every second month"),
            npgettext(
                "recurrence",
                "on the last day, every %(number)d month",
                "on the last day, every %(number)d months",
                rule.interval,
            ),
        )
    if rule.bymonthday[-1] == -1 and rule.bymonthday[-2] > 0:
        return _by_interval(
            rule,
            pgettext("recurrence", "on the %(days)s and on the last day of every month"),
            pgettext("recurrence", "on the %(days)s and on the last day of every second month"),
            npgettext(
                "recurrence",
                "on the %(days)s and on the last day, every %(number)d month",
                "on the %(days)s and on the last day, every %(number)d months",
                rule.interval,
            ),
            days=listed(map(_day_number, rule.bymonthday[:-1])),
        )
    if rule.bymonthday[-1] < 0:
        return None
    return _by_interval(
        rule,
        pgettext("recurrence", "on the %(days)s of every month"),
        pgettext("recurrence", "on the %(days)s of every second month"),
        npgettext(
            "recurrence",
            "on the %(days)s, every %(number)d month",
            "on the %(days)s, every %(number)d months",
            rule.interval,
        ),
        days=listed(map(_day_number, rule.bymonthday)),
    )


def _yearly(rule: Rule) -> str | None:
    if not rule.byday and len(rule.bymonth) == len(rule.bymonthday) == 1:
        return _yearly_on_date(rule)
    if rule.bymonthday or not rule.bymonth or not set(rule.byday) <= COUNTED.keys():
        return None
    return _by_interval(
        rule,
        pgettext("recurrence", "every year in %(months)s, %(days)s"),
        pgettext("recurrence", "every second year in %(months)s, %(days)s"),
        npgettext(
            "recurrence",
            "every %(number)d year in %(months)s, %(days)s",
            "every %(number)d years in %(months)s, %(days)s",
            rule.interval,
        ),
        months=_months(rule),
        days=listed(COUNTED[day] for day in rule.byday),
    )


def _yearly_on_date(rule: Rule) -> str | None:
    try:
        day = date(LEAP_YEAR, rule.bymonth[0], rule.bymonthday[0])
    except ValueError:
        return None
    return _by_interval(
        rule,
        pgettext("recurrence", "every year on %(date)s"),
        pgettext("recurrence", "every second year on %(date)s"),
        npgettext(
            "recurrence", "every %(number)d year on %(date)s", "every %(number)d years on %(date)s", rule.interval
        ),
        date=date_words(day, today=day),
    )


def _by_interval(rule: Rule, every: str, every_second: str, many: str, **words: str) -> str:
    return {1: every, 2: every_second}.get(rule.interval, many) % {"number": rule.interval, **words}


def _months(rule: Rule) -> str:
    return listed(MONTHS[month - 1] for month in rule.bymonth)


def _day_number(number: int) -> str:
    # Translators: a day of the month in Django's date format, "jS" being "5th"; most languages want "j", which is "5".
    return format_date(date(LEAP_YEAR, 1, number), pgettext("day of the month", "jS"))
