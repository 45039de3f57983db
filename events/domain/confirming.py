"""What the editor said becomes of dates when a changed plan is published: kept with the version, used by its merge.

It is `{"plan": the digest of the plan it was said of, "pairs": {slot: slot or None}, "cancel": [slots]}`: an old date
becomes a new one, or leaves the plan, announced as cancelled or without a word.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from events.merge import MergePlan, Pairing
from events.recurrence import RuleError
from events.schedule import ScheduleError

if TYPE_CHECKING:
    from events.models import Event, EventFacts, EventPage, Occurrence


class UnconfirmedDatesError(ValueError):
    """Dates with registrations would move or leave the plan, and no editor has said so."""


@dataclass(frozen=True, slots=True)
class Word:
    """What was said of a plan: what each old date becomes, and which of those that leave are announced as cancelled."""

    pairs: Pairing
    cancelled: frozenset[str] = frozenset()


NOTHING_SAID = Word({})


def plan_digest(facts: EventFacts) -> str:
    """Return what tells plans of dates apart."""
    said = json.dumps(facts.schedule.to_json(), sort_keys=True)
    return hashlib.blake2b(said.encode(), digest_size=12).hexdigest()


def kept_word(facts: EventFacts, kept: Mapping[str, Any] | None) -> Word:
    """Return what was said of exactly this plan; nothing for another one."""
    if not kept or kept.get("plan") != plan_digest(facts):
        return NOTHING_SAID
    return Word(dict(kept["pairs"]), frozenset(kept["cancel"]))


def to_keep(facts: EventFacts, word: Word) -> dict[str, Any]:
    """Return what is kept with a version of the page, from which `kept_word` reads the same word."""
    return {"plan": plan_digest(facts), "pairs": word.pairs, "cancel": sorted(word.cancelled)}


def is_confirmed(plan: MergePlan, word: Word) -> bool:
    """Return whether nothing moves or leaves the plan but what was said."""
    return all(word.pairs.get(slot, "") == target for slot, target in plan.pairing.items())


@dataclass(frozen=True, slots=True)
class Changes:
    """What publishing a draft would do to the dates of its event."""

    rows: dict[str, Occurrence]
    plan: MergePlan
    registered: frozenset[str]

    @property
    def asks(self) -> bool:
        """Whether any date moves or leaves the plan, so that an editor has to say so."""
        return bool(self.plan.pairing)


def changes_of(page: EventPage, *, now: datetime, word: Word = NOTHING_SAID) -> Changes | None:
    """Return what publishing this version would do; None for what has no dates yet or no valid plan."""
    from events.domain.occurrences import preview_merge
    from events.domain.registered import with_registrations

    record = cast("Event | None", page.record)
    if record is None or not page.is_source or page.starts_on is None:
        return None
    event = _as_published(page, record)
    rows = list(record.occurrences.select_related("branch").order_by("slot"))
    if not rows:
        return None
    try:
        plan = preview_merge(event, rows, now, confirmed=word.pairs)
    except (ScheduleError, RuleError):
        return None
    touched = {row.slot_key: row for row in rows if row.slot_key in plan.pairing}
    registered = with_registrations([row.pk for row in touched.values()])
    with_seats = frozenset(slot for slot, row in touched.items() if row.pk in registered)
    return Changes(touched, plan, with_seats)


def _as_published(page: EventPage, record: Event) -> Event:
    event = page.draft_event()
    event.site = record.site
    return event


def word_of(page: EventPage) -> Word:
    """Return what was said of this version."""
    try:
        return kept_word(page, page.confirmed_dates)
    except (ScheduleError, RuleError):
        return NOTHING_SAID


def needs_word(page: EventPage, *, now: datetime) -> bool:
    """Return whether publishing this version does something to dates that no editor has confirmed."""
    word = word_of(page)
    changes = changes_of(page, now=now, word=word)
    return changes is not None and not is_confirmed(changes.plan, word)


def proposed(changes: Changes) -> Word:
    """Return what is proposed: of dates that leave, those that people count on or know of are announced."""
    leaving = {slot for slot, target in changes.plan.pairing.items() if target is None}
    told = changes.registered | {slot for slot, row in changes.rows.items() if row.cancelled}
    return Word(dict(changes.plan.pairing), frozenset(leaving & told))


def confirm(page: EventPage, *, now: datetime) -> None:
    """Say for this version that what is proposed is right."""
    changes = changes_of(page, now=now)
    page.confirmed_dates = to_keep(page, proposed(changes)) if changes and changes.asks else {}
