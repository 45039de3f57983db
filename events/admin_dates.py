"""What the page of an event's dates shows: each date with its state, and who changed what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from branches.admin_listing import branch_titles
from branches.models import Branch
from core.date_words import clock_words, date_words, when_pieces
from core.labels import label_in
from events.domain.attendance import people_at
from events.domain.operations import last_operations
from events.enums import EventState, OccurrenceState
from events.models import Event, Occurrence, OperationLog

# A date that is over can still be marked as one that did not take place.
RECENT = timedelta(days=30)
LOG_LENGTH = 30


@dataclass(frozen=True)
class DateRow:
    """One date as the page shows it."""

    occurrence: Occurrence
    when: str
    place: str
    remarks: tuple[str, ...]
    last: OperationLog | None = None
    people: int | None = None

    @property
    def can_be_counted(self) -> bool:
        """Whether anybody can have come by now."""
        return self.occurrence.starts_at <= timezone.now() and not self.occurrence.is_cancelled

    @property
    def cancelled(self) -> bool:
        """Whether this date by itself is called off."""
        return self.occurrence.cancelled

    @property
    def can_change(self) -> bool:
        """Whether the plan still has this date."""
        return not self.occurrence.left_plan

    @property
    def is_changed(self) -> bool:
        """Whether there is anything to take back."""
        return self.occurrence.is_operated and not self.occurrence.left_plan

    @property
    def undo_id(self) -> int | None:
        """The operation that can be taken back by itself, where that is something else than going back to the plan."""
        before = self.last.details.get("before") if self.last else None
        return self.last.pk if before and any(before.values()) else None


@dataclass(frozen=True)
class LogRow:
    """One operation: who did what, and when."""

    at: str
    who: str
    what: str


def announced(event: Event):
    """Return the dates of an event that readers are told of."""
    return event.occurrences.exclude(state=OccurrenceState.WITHDRAWN)


def upcoming(event: Event, now: datetime):
    """Return the dates that have not ended, the next one first."""
    return announced(event).filter(ends_at__gt=now).order_by("starts_at", "pk")


def recent(event: Event, now: datetime):
    """Return the dates that ended lately, the last one first."""
    return announced(event).filter(ends_at__lte=now, ends_at__gt=now - RECENT).order_by("-starts_at", "-pk")


def date_rows(dates: Sequence[Occurrence], today: date) -> list[DateRow]:
    """Return the dates of one event with their words: four queries for any number."""
    titles = branch_titles(Branch.objects.filter(pk__in={row.branch_id for row in dates} - {None}))
    last = last_operations(dates[0].event, [row.pk for row in dates]) if dates else {}
    people = people_at([row.pk for row in dates])
    return [_date_row(row, titles, today, last.get(row.pk), people.get(row.pk)) for row in dates]


def _date_row(
    row: Occurrence, titles: dict[int, str], today: date, last: OperationLog | None, people: int | None
) -> DateRow:
    place = ", ".join(filter(None, [label_in(row.where) or titles.get(row.branch_id, ""), label_in(row.room)]))
    remarks = [*_remarks(row, today)]
    if people is not None:
        remarks.append(ngettext("%(number)d visitor", "%(number)d visitors", people) % {"number": people})
    return DateRow(row, when_words(row, today), place, tuple(remarks), last, people)


def _remarks(row: Occurrence, today: date):
    if row.cancelled:
        yield _with_reason(pgettext("date", "cancelled"), label_in(row.reason))
    if row.left_plan:
        yield _("cancelled: no longer in the plan")
    if row.is_moved and row.planned_start != row.local_start:
        planned = date_words(row.planned_start.date(), today=today)
        if not row.all_day:
            planned = f"{planned}, {clock_words(row.planned_start)}"
        yield _("moved, planned for %(when)s") % {"when": planned}
    elif row.is_moved:
        yield pgettext("date", "moved")
    if row.moved_branch_id is not None:
        yield _("at another branch")
    if row.moved_room:
        yield _("in another room")
    if row.moved_capacity is not None:
        yield ngettext("%(count)d seat", "%(count)d seats", row.moved_capacity) % {"count": row.moved_capacity}
    if label_in(row.note):
        yield label_in(row.note)


def when_words(row: Occurrence, today: date) -> str:
    """Return when a date takes place, as plain text."""
    return "".join(piece.text for piece in when_pieces(row, today=today))


def log_rows(event: Event, today: date) -> list[LogRow]:
    """Return the latest operations on an event, the last one first; one query."""
    entries = OperationLog.objects.filter(event=event).select_related("user", "occurrence")[:LOG_LENGTH]
    return [_log_row(entry, today) for entry in entries]


def _log_row(entry: OperationLog, today: date) -> LogRow:
    local = timezone.localtime(entry.at)
    at = _("%(date)s, %(time)s") % {"date": date_words(local.date(), today=today), "time": clock_words(local)}
    return LogRow(at=at, who=str(entry.user) if entry.user else _("somebody"), what=_what(entry, today))


def _what(entry: OperationLog, today: date) -> str:
    details = entry.details
    day = date_words(entry.occurrence.slot.date(), today=today) if entry.occurrence else ""
    sentences = {
        "cancel": _("The date of %(day)s was cancelled."),
        "move": _("The date of %(day)s was moved to %(start)s."),
        "adjust": _("The date of %(day)s got another room, other seats or a note: %(what)s."),
        "undo": _("The last change to the date of %(day)s was taken back.")
        if entry.occurrence
        else _("The last change to the whole event was taken back."),
        "waits": _("A version was to be published and waits: nobody has confirmed what becomes of the dates."),
        "confirm": _(
            "It was confirmed what becomes of dates: moved %(moved)d, announced as cancelled %(cancelled)d, "
            "taken away without a word %(withdrawn)d."
        ),
        "keep": _("The date of %(day)s takes place although the branch is closed then."),
        "unsettle": _("What had been changed about the date of %(day)s was taken back."),
        "restore": _("The date of %(day)s was put back to the plan."),
        EventState.CANCELLED: _("The whole event was cancelled."),
        EventState.POSTPONED: _("The whole event was postponed."),
        EventState.SCHEDULED: _("The event takes place again as planned."),
    }
    start = _moment(details.get("start", ""), today)
    counts = {name: details.get(name, 0) for name in ("moved", "cancelled", "withdrawn")}
    facts = {"day": day, "start": start, "what": _adjusted(details)} | counts
    sentence = sentences.get(entry.action, "%(day)s") % facts
    return _with_reason(sentence, label_in(details.get("reason")))


def _adjusted(details: dict) -> str:
    seats = details.get("capacity")
    parts = [
        label_in(details.get("room")),
        "" if seats is None else ngettext("%(count)d seat", "%(count)d seats", seats) % {"count": seats},
        label_in(details.get("note")),
    ]
    return "; ".join(filter(None, parts)) or _("as planned")


def _moment(text: str, today: date) -> str:
    if not text:
        return ""
    moment = datetime.fromisoformat(text)
    return f"{date_words(moment.date(), today=today)}, {clock_words(moment)}"


def _with_reason(text: str, reason: str) -> str:
    return _("%(what)s Reason: %(reason)s") % {"what": f"{text.rstrip('.')}.", "reason": reason} if reason else text
