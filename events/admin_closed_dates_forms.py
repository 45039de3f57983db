"""The form that settles dates on closed days: a part for each date, and one for each event."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, time

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from branches.models import Branch
from core.labels import LabelFormField
from events.domain.closed_dates import Decision, TouchedDate, moved_span
from events.models import Event
from events.schedule import FIRST_DAY, LAST_DAY

CHOICES = [
    ("", gettext_lazy("decide later")),
    ("keep", pgettext_lazy("date", "keep: it takes place")),
    ("cancel", pgettext_lazy("date", "cancel it")),
    ("move", pgettext_lazy("date", "move it")),
]
FOR_ALL = [("", gettext_lazy("each by itself")), *CHOICES[1:3]]


class DateForm(forms.Form):
    """What becomes of one date."""

    choice = forms.ChoiceField(label=gettext_lazy("What becomes of it"), choices=CHOICES, required=False)
    day = forms.DateField(
        label=gettext_lazy("To the day"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    starts = forms.TimeField(
        label=gettext_lazy("Starts at"), required=False, widget=forms.TimeInput({"type": "time"}, "%H:%M")
    )
    branch = forms.ChoiceField(label=gettext_lazy("At the branch"), required=False)

    def __init__(self, *args, touched: TouchedDate, branches: list[tuple[str, str]], **kwargs):
        self.touched = touched
        row = touched.row
        initial = {"day": row.local_start.date(), "starts": row.local_start.time(), "branch": touched.branch.key}
        super().__init__(*args, prefix=f"d{row.pk}", initial=initial, **kwargs)
        self.fields["branch"].choices = branches
        if row.all_day:
            del self.fields["starts"]

    def clean_day(self):
        day = self.cleaned_data["day"]
        if day is not None and not FIRST_DAY <= day <= LAST_DAY:
            raise forms.ValidationError(
                _("The year must be between {first} and {last}.").format(first=FIRST_DAY.year, last=LAST_DAY.year)
            )
        return day

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("choice") == "move" and not self.errors and self._stays(cleaned):
            self.add_error("day", _("This is when and where it is held already."))
        return cleaned

    def _stays(self, cleaned) -> bool:
        row = self.touched.row
        return self.start(cleaned) == row.local_start and (cleaned["branch"] or self.touched.branch.key) == (
            self.touched.branch.key
        )

    def start(self, cleaned) -> datetime:
        """Return the local start to which the date is moved; what is left empty stays."""
        row = self.touched.row
        at = time(0) if row.all_day else cleaned.get("starts") or row.local_start.time()
        return datetime.combine(cleaned.get("day") or row.local_start.date(), at)

    def decision(self, choice: str, reason, branches: dict[str, Branch]) -> Decision:
        """Return what was decided of the date."""
        row, cleaned = self.touched.row, self.cleaned_data
        if choice != "move":
            return Decision(row, choice, reason=reason)
        start, end = moved_span(row, self.start(cleaned))
        elsewhere = branches.get(cleaned["branch"]) if cleaned["branch"] != self.touched.branch.key else None
        return Decision(row, choice, start=start, end=end, branch=elsewhere)


class EventForm(forms.Form):
    """What becomes of all dates of an event at once, and the reason that readers are told."""

    choice = forms.ChoiceField(label=gettext_lazy("All dates of this event"), choices=FOR_ALL, required=False)
    reason = LabelFormField(max_length=200, required=False, label=gettext_lazy("Reason, if cancelled"))


@dataclass
class Group:
    """The touched dates of one event, with their forms."""

    event: Event
    title: str
    form: EventForm
    dates: list[DateForm] = field(default_factory=list)

    @property
    def is_valid(self) -> bool:
        """Whether every form is right; all are looked at, so that all errors show."""
        wrong = [form for form in (self.form, *self.dates) if not form.is_valid()]
        return not wrong

    def decisions(self, branches: dict[str, Branch]) -> Iterator[Decision]:
        """Yield what was decided; what a date says by itself comes before what the event says."""
        for form in self.dates:
            choice = form.cleaned_data["choice"] or self.form.cleaned_data["choice"]
            if choice:
                yield form.decision(choice, self.form.cleaned_data["reason"], branches)
