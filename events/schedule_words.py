"""A schedule in words of the active language: "every second Tuesday, 17:30–19:00, until 30 May 2027"."""

from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import takewhile

from django.utils.translation import npgettext, override, pgettext

from core.date_words import clock_words, date_words, when_pieces
from events.recurrence import Rule
from events.recurrence_words import repetition_words
from events.schedule import PlannedDate, Schedule, day_of, expand, slots_of_rule

# So many single dates are named one by one, more are counted.
FEW_DATES = 4


def describe(schedule: Schedule, *, language: str | None = None) -> str:
    """Return the schedule as one phrase in a language (else the active one), empty if it makes no dates.

    It begins with a small letter where the language allows it and has no full stop.
    """
    with override(language) if language else nullcontext():
        if schedule.rule is None:
            return _single_dates(schedule)
        words = _repeated(schedule, schedule.rule)
        if schedule.days_off is not None:
            # Translators: "every Tuesday, 17:30–19:00, not on days off".
            words = pgettext("schedule", "%(dates)s, not on days off") % {"dates": words}
        return _with_exceptions(schedule, words)


@dataclass(slots=True)
class _Span:
    """A planned date as `core.date_words` takes it; its machine-readable times aren't used, so any zone will do."""

    local_start: datetime
    local_end: datetime
    all_day: bool
    zone: str = "UTC"

    @property
    def last_day(self) -> date:
        return (self.local_end - timedelta(days=1)).date()


def _single_dates(schedule: Schedule) -> str:
    dates = expand(schedule, until=schedule.first)
    if len(dates) <= FEW_DATES:
        return "; ".join(_single_date(planned, all_day=schedule.all_day) for planned in dates)
    return npgettext(
        "schedule",
        "%(number)d date from %(first)s to %(last)s",
        "%(number)d dates from %(first)s to %(last)s",
        len(dates),
    ) % {"number": len(dates), "first": date_words(dates[0].start), "last": date_words(dates[-1].start)}


def _single_date(planned: PlannedDate, *, all_day: bool) -> str:
    span = _Span(planned.start, planned.end, all_day)
    # No day is "today": the words may stand for years, so the year is always named.
    return "".join(piece.text for piece in when_pieces(span, today=date.min))


def _repeated(schedule: Schedule, rule: Rule) -> str:
    repetition = repetition_words(rule, schedule.first)
    words = pgettext("schedule", "%(repetition)s, %(times)s") % {"repetition": repetition, "times": _times(schedule)}
    if rule.until is not None:
        # Translators: the last day is included.
        return pgettext("schedule", "%(dates)s, until %(day)s") % {"dates": words, "day": date_words(rule.until)}
    if rule.count is not None:
        return npgettext("schedule", "%(dates)s, %(number)d time", "%(dates)s, %(number)d times", rule.count) % {
            "dates": words,
            "number": rule.count,
        }
    return words


def _times(schedule: Schedule) -> str:
    if schedule.starts is None:
        days = schedule.days + 1
        if days == 1:
            return pgettext("event", "all day")
        return npgettext("schedule", "for %(number)d day", "for %(number)d days", days) % {"number": days}
    start = datetime.combine(schedule.first, schedule.starts)
    if schedule.ends is None:
        return clock_words(start)
    end = datetime.combine(schedule.first, schedule.ends)
    times = {"start": clock_words(start), "end": clock_words(end), "number": schedule.days}
    if schedule.days == 0 or (schedule.days == 1 and end <= start):
        return "{start}–{end}".format(**times)
    return (
        npgettext(
            "schedule",
            "from %(start)s to %(end)s %(number)d day later",
            "from %(start)s to %(end)s %(number)d days later",
            schedule.days,
        )
        % times
    )


def _with_exceptions(schedule: Schedule, words: str) -> str:
    left_out, added = _exceptions(schedule)
    if left_out:
        words = npgettext(
            "schedule", "%(dates)s, except %(number)d date", "%(dates)s, except %(number)d dates", left_out
        ) % {"dates": words, "number": left_out}
    if added:
        words = npgettext(
            "schedule", "%(dates)s, and %(number)d other date", "%(dates)s, and %(number)d other dates", added
        ) % {"dates": words, "number": added}
    return words


def _exceptions(schedule: Schedule) -> tuple[int, int]:
    """Return how many of the rule's dates are left out, and how many there are beside the rule."""
    excluded, added = set(schedule.excluded), {one.slot for one in schedule.added}
    if not excluded and not added:
        return 0, 0
    last = max(map(day_of, excluded | added))
    ruled = set(takewhile(lambda slot: slot.date() <= last, slots_of_rule(schedule, until=last)))
    left_out = {slot for slot in ruled if not excluded.isdisjoint((slot, slot.date()))}
    return len(left_out - added), len(added - ruled)
