"""What a plan makes, for the person who writes it: the sentence, the next dates, what is left out and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from itertools import islice

from django.utils.translation import get_language

from core.date_words import clock_words, date_words
from core.days_off import DaysOff, days_off
from events.domain.occurrences import preview_merge, zone_of
from events.domain.plan import check_plan, horizon, schedule_of, site_of_facts
from events.merge_words import summary_words
from events.models import Event, EventPage
from events.recurrence import RuleError
from events.schedule import MAX_DATES, PlannedDate, Schedule, ScheduleError, expand, slots_of_rule
from events.schedule_problems import Level, problems
from events.schedule_words import describe

SHOWN = 10


@dataclass(frozen=True)
class PreviewedDate:
    """A date that the plan makes, or a day that it leaves out with the reason."""

    planned: PlannedDate | None
    day: date
    all_day: bool = False
    left_out: str = ""
    by_hand: bool = False

    @property
    def slot(self) -> datetime:
        """Where it stands among the others."""
        return self.planned.slot if self.planned else datetime.combine(self.day, time.min)

    @property
    def times(self) -> str:
        """From when until when, as the clock shows it; empty for a whole day."""
        if self.planned is None or self.all_day:
            return ""
        start, end = self.planned.start, self.planned.end
        return clock_words(start) if end == start else f"{clock_words(start)}–{clock_words(end)}"


@dataclass(frozen=True)
class Preview:
    """All that is told of a plan; `changes` says what publishing would do to the dates that readers know."""

    sentence: str = ""
    dates: list[PreviewedDate] = field(default_factory=list)
    total: int = 0
    is_open_ended: bool = False
    last: date | None = None
    until: date | None = None
    errors: list[str] = field(default_factory=list)
    questions: list[str] = field(default_factory=list)
    changes: str = ""

    @property
    def last_words(self) -> str:
        """The last day, as it stands inside of a sentence."""
        return date_words(self.last, weekday=True, capital=False) if self.last else ""

    @property
    def until_words(self) -> str:
        """Until when dates are made of what has no end, as it stands inside of a sentence."""
        return date_words(self.until, capital=False) if self.until else ""

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to tell yet."""
        return not (self.sentence or self.errors)


def preview_of(page: EventPage, now: datetime) -> Preview:
    """Return what the plan of a page makes, as its fields stand now; what is wrong with it in words."""
    if page.starts_on is None:
        return Preview()
    errors = [str(error.message) for found in check_plan(page).values() for error in found]
    try:
        schedule = schedule_of(page)
        sentence = describe(schedule)
    except (ScheduleError, RuleError):
        return Preview(errors=errors)
    today = now.astimezone(zone_of(page.draft_event())).date()
    until = horizon(max(today, page.starts_on))
    planned = expand(schedule, until=until, limit=MAX_DATES + 1)
    names = _names(page, schedule, until)
    asked = problems(schedule, horizon=until)
    return Preview(
        sentence=sentence,
        dates=list(_told(schedule, planned, names, today)),
        total=len(planned),
        is_open_ended=bool(schedule.rule and schedule.rule.is_open_ended),
        last=planned[-1].start.date() if planned else None,
        until=until,
        errors=errors,
        questions=[str(problem.message) for problem in asked if problem.level == Level.QUESTION],
        changes="" if errors else _changes(page, now),
    )


def _names(page: EventPage, schedule: Schedule, until: date) -> DaysOff:
    if schedule.days_off is None:
        return {}
    return days_off(site_of_facts(page), schedule.first, until, language=get_language() or "")


def _told(schedule: Schedule, planned: list[PlannedDate], names: DaysOff, today: date) -> Iterator[PreviewedDate]:
    """Yield the next dates, and in between the days of the rule that are left out."""
    coming = [one for one in planned if one.start.date() >= today] or planned
    shown = coming[:SHOWN]
    last = shown[-1].start.date() if len(coming) > SHOWN else date.max
    there = {one.slot for one in planned}
    since = min(shown[0].start.date(), today) if shown else schedule.first
    gone = islice(_left_out(schedule, names, there, since, last), 3 * SHOWN)
    told = [PreviewedDate(one, one.start.date(), all_day=schedule.all_day) for one in shown]
    yield from sorted([*told, *gone], key=lambda one: one.slot)


def _left_out(
    schedule: Schedule, names: DaysOff, there: set[datetime], since: date, last: date
) -> Iterator[PreviewedDate]:
    if schedule.rule is None:
        return
    off = schedule.days_off or frozenset()
    until = min(last, horizon(since))
    for slot in islice(slots_of_rule(schedule, until=until), MAX_DATES):
        day = slot.date()
        if day > until:
            return
        if day < since or slot in there:
            continue
        yield PreviewedDate(None, day, left_out=names.get(day, "") if day in off else "", by_hand=day not in off)


def _changes(page: EventPage, now: datetime) -> str:
    """Return what publishing would do to the dates that readers know already, empty where that is nothing."""
    record = Event.objects.filter(translation_key=page.translation_key).first() if page.pk else None
    if record is None or not record.is_public:
        return ""
    draft = page.draft_event()
    draft.pk, draft.site, draft.state = record.pk, record.site, record.state
    try:
        return summary_words(preview_merge(draft, list(record.occurrences.all()), now).summary)
    except (ScheduleError, RuleError):
        return ""
