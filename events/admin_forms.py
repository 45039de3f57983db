"""The forms of operations on events: why something is called off, and when and where a date is held instead."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.widgets import AdminDateInput, AdminTimeInput

from branches.admin_listing import branch_choices
from branches.models import Branch
from core.labels import LabelFormField, label_in
from events.models import Occurrence
from events.schedule import FIRST_DAY, LAST_DAY, MAX_DAYS

MIDNIGHT = time(0)
ONE_DAY = timedelta(days=1)


class ReasonForm(forms.Form):
    """Why a date or an event does not take place, in words for readers."""

    reason = LabelFormField(
        max_length=200,
        required=False,
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("Readers see it beside the date. A language left empty shows another one's text."),
    )


class MoveForm(forms.Form):
    """Another day, other times or another branch for one date; all times are local ones of its place."""

    first_day = forms.DateField(label=gettext_lazy("Day"), widget=AdminDateInput)
    starts_at = forms.TimeField(label=gettext_lazy("Starts at"), widget=AdminTimeInput)
    ends_at = forms.TimeField(
        label=gettext_lazy("Ends at"),
        widget=AdminTimeInput,
        help_text=gettext_lazy("Earlier than the start: on the next day."),
    )
    last_day = forms.DateField(
        label=gettext_lazy("Last day"),
        widget=AdminDateInput,
        required=False,
        help_text=gettext_lazy("Only if it lasts several days."),
    )
    branch = forms.ChoiceField(label=gettext_lazy("Another branch"), required=False)
    note = LabelFormField(max_length=200, required=False, label=gettext_lazy("Note for readers"))

    def __init__(self, *args, occurrence: Occurrence, **kwargs):
        self.occurrence = occurrence
        super().__init__(*args, initial=_initial(occurrence), **kwargs)
        self.fields["branch"].choices = [("", _("stays where it is")), *branch_choices()]
        if occurrence.all_day:
            del self.fields["starts_at"], self.fields["ends_at"]

    def clean(self):
        cleaned = super().clean()
        for name in ("first_day", "last_day"):
            if (day := cleaned.get(name)) and not FIRST_DAY <= day <= LAST_DAY:
                years = {"first": FIRST_DAY.year, "last": LAST_DAY.year}
                self.add_error(name, _("The year must be between {first} and {last}.").format(**years))
        if self.errors:
            return cleaned
        start, end = self._span(cleaned)
        if end < start:
            self.add_error("last_day", _("The last day is before the first."))
        if end - start > timedelta(days=MAX_DAYS):
            self.add_error("last_day", _("An event can last up to {limit} days.").format(limit=MAX_DAYS))
        cleaned["start"], cleaned["end"] = start, end
        cleaned["branch"] = Branch.objects.get(key=cleaned["branch"]) if cleaned["branch"] else None
        if not self._changes_anything(cleaned):
            self.add_error(None, _("This is when and where it is held already."))
        return cleaned

    def _span(self, cleaned) -> tuple[datetime, datetime]:
        """Return the local start and end; for all-day dates the end is the midnight after the last day."""
        first, last = cleaned["first_day"], cleaned["last_day"]
        if self.occurrence.all_day:
            return datetime.combine(first, MIDNIGHT), datetime.combine((last or first) + ONE_DAY, MIDNIGHT)
        start = datetime.combine(first, cleaned["starts_at"])
        end = datetime.combine(last or first, cleaned["ends_at"])
        # An end at the time of the start is one that nobody knows.
        return start, end + ONE_DAY if last is None and end < start else end

    def _changes_anything(self, cleaned) -> bool:
        row = self.occurrence
        held = (row.local_start, row.local_end)
        elsewhere = cleaned["branch"] is not None and cleaned["branch"].pk != row.branch_id
        return (cleaned["start"], cleaned["end"]) != held or elsewhere or cleaned["note"] != row.note


class AdjustForm(forms.Form):
    """Another room, another number of seats or a note for one date, which stays when it is."""

    room = LabelFormField(max_length=80, required=False, label=gettext_lazy("Another room"))
    capacity = forms.IntegerField(
        label=gettext_lazy("Seats on this date"), required=False, min_value=0, max_value=1_000_000
    )
    note = LabelFormField(
        max_length=200,
        required=False,
        label=gettext_lazy("Note for readers"),
        help_text=gettext_lazy("Stands on the page at this date and in the calendars of subscribers."),
    )

    def __init__(self, *args, occurrence: Occurrence, **kwargs):
        initial = {
            "room": occurrence.moved_room,
            "capacity": occurrence.moved_capacity,
            "note": occurrence.note,
        }
        super().__init__(*args, initial=initial, **kwargs)
        self.before = initial
        event = occurrence.event
        room = label_in(event.room) if occurrence.is_where_usual else ""
        self.fields["room"].help_text = (
            _("Empty: as planned (%(room)s).") % {"room": room} if room else _("Empty: as planned, no room is named.")
        )
        self.fields["capacity"].help_text = (
            _("Empty: as planned (%(seats)d).") % {"seats": event.capacity}
            if event.capacity is not None
            else _("Empty: as planned, without a limit.")
        )

    def clean(self):
        cleaned = super().clean()
        if not self.errors and all(cleaned[name] == value for name, value in self.before.items()):
            self.add_error(None, _("Nothing is different from what holds already."))
        return cleaned


def _initial(occurrence: Occurrence) -> dict:
    start, end = occurrence.local_start, occurrence.local_end
    return {
        "first_day": start.date(),
        "starts_at": start.time(),
        "ends_at": end.time(),
        "last_day": _other_last_day(occurrence),
        "note": occurrence.note,
    }


def _other_last_day(occurrence: Occurrence) -> date | None:
    """Return the last day where it has to be said: not for one day, nor for a night that the times already tell."""
    start, end = occurrence.local_start, occurrence.local_end
    if occurrence.all_day:
        last = occurrence.last_day
    else:
        last = start.date() if end - start < ONE_DAY and end.time() < start.time() else end.date()
    return None if last == start.date() else last
