"""The forms of closing a branch for today and of opening it again."""

from __future__ import annotations

from datetime import datetime

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from branches.closure_reasons import reason_choices, reason_label
from branches.models import Branch
from core.labels import LabelFormField
from core.localtime import YEARS, to_utc
from events.admin_close_today_moments import TODAY, TOMORROW, until_words
from events.admin_closed_dates_words import event_titles
from events.admin_dates import when_words
from events.models import Occurrence

OWN, MOMENT = "own", "moment"


def date_choices(rows: list[Occurrence]) -> list[tuple[str, str]]:
    """Return each date with its event, by its id."""
    today, titles = timezone.localdate(), event_titles(rows)
    return [(str(row.pk), f"{when_words(row, today)}: {titles[row.event_id]}") for row in rows]


class CloseTodayForm(forms.Form):
    """Until when, why, and which dates are called off."""

    until = forms.ChoiceField(label=gettext_lazy("Closed until"), widget=forms.RadioSelect)
    day = forms.DateField(
        label=gettext_lazy("Another moment: day"),
        required=False,
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
    )
    time = forms.TimeField(
        label=gettext_lazy("Another moment: time"),
        required=False,
        widget=forms.TimeInput({"type": "time"}, "%H:%M"),
    )
    why = forms.ChoiceField(label=gettext_lazy("Reason"), widget=forms.RadioSelect)
    reason = LabelFormField(
        max_length=200,
        required=False,
        label=gettext_lazy("Your own words"),
        help_text=gettext_lazy("A language left empty shows another one's text."),
    )
    dates = forms.MultipleChoiceField(
        label=gettext_lazy("Dates that are cancelled"), required=False, widget=forms.CheckboxSelectMultiple
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput, max_length=40)

    def __init__(self, *args, branch: Branch, moments: dict[str, datetime], rows: list[Occurrence], **kwargs):
        super().__init__(*args, **kwargs)
        self.branch, self.moments = branch, moments
        self.rows = {str(row.pk): row for row in rows}
        names = {TODAY: _("closing time today: %(when)s"), TOMORROW: _("the next opening: %(when)s")}
        known = [(key, names[key] % {"when": until_words(moment, branch)}) for key, moment in moments.items()]
        self.fields["until"].choices = [*known, (MOMENT, _("another moment"))]
        self.fields["why"].choices = [*reason_choices(), (OWN, _("in your own words"))]
        self.fields["dates"].choices = date_choices(rows)
        if not rows:
            del self.fields["dates"]

    def clean_day(self):
        day = self.cleaned_data["day"]
        if day is not None and day.year not in YEARS:
            raise forms.ValidationError(_("The year %(year)s is too far away."), params={"year": day.year})
        return day

    def clean_seen(self):
        text = self.cleaned_data["seen"]
        try:
            moment = datetime.fromisoformat(text) if text else None
        except ValueError:
            moment = None
        return moment if moment is None or moment.tzinfo else None

    def clean(self):
        cleaned = super().clean()
        cleaned["moment"] = self._moment(cleaned)
        why = cleaned.get("why")
        cleaned["words"] = cleaned.get("reason", {}) if why == OWN else reason_label(why or "")
        if why == OWN and not cleaned["words"] and "reason" not in self.errors:
            self.add_error("reason", _("Say why in at least one language."))
        return cleaned

    def _moment(self, cleaned) -> datetime | None:
        if cleaned.get("until") != MOMENT:
            return self.moments.get(cleaned.get("until", ""))
        if cleaned.get("day") and cleaned.get("time"):
            moment = to_utc(datetime.combine(cleaned["day"], cleaned["time"]), self.branch.zoneinfo)
            if moment <= timezone.now():
                self.add_error("day", _("This moment is over already."))
            return moment
        for name in ("day", "time"):
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, _("Say until which day and time."))
        return None

    def cancelled(self) -> list[Occurrence]:
        """Return the dates that are called off."""
        return [self.rows[key] for key in self.cleaned_data.get("dates", [])]


class ReopenForm(forms.Form):
    """Which of the cancelled dates take place after all."""

    dates = forms.MultipleChoiceField(
        label=gettext_lazy("Dates that take place after all"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args, rows: list[Occurrence], **kwargs):
        super().__init__(*args, **kwargs)
        self.rows = {str(row.pk): row for row in rows}
        self.fields["dates"].choices = date_choices(rows)
        if not rows:
            del self.fields["dates"]

    def restored(self) -> list[Occurrence]:
        """Return the dates that take place after all."""
        return [self.rows[key] for key in self.cleaned_data.get("dates", [])]
