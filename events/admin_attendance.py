"""Counting who came, in the admin: a number for each age, at the date or afterwards."""

from __future__ import annotations

from django import forms
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext_lazy

from events.admin_dates import when_words
from events.admin_operations import DateAction
from events.domain.attendance import count_people
from events.enums import AgeGroup

MOST = 100_000


class CountForm(forms.Form):
    """How many people of each age came."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for group in AgeGroup:
            self.fields[group.value] = forms.IntegerField(
                label=group.label, required=False, min_value=0, max_value=MOST,
                widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
            )  # fmt: skip


class CountView(DateAction):
    """Says how many people came to a date."""

    form_class = CountForm
    page_title = pgettext_lazy("date", "Count visitors")
    submit_label = pgettext_lazy("attendance", "Save the count")

    def get_initial(self):
        return dict(self.occurrence.attendance.values_list("group", "people"))

    def explanation(self):
        return [
            _("How many people came, by age. A field left empty is not counted, which is something else than 0."),
        ]

    def operate(self, form):
        count_people(self.occurrence, form.cleaned_data, user=self.request.user, now=timezone.now())
        self.total = sum(number for number in form.cleaned_data.values() if number)
        self.is_counted = any(number is not None for number in form.cleaned_data.values())
        return self.occurrence

    def success(self):
        when = when_words(self.occurrence, self.today)
        if not self.is_counted:
            return _("Not counted any more: %(when)s.") % {"when": when}
        counted = ngettext("%(number)d visitor: %(when)s.", "%(number)d visitors: %(when)s.", self.total)
        return counted % {"number": self.total, "when": when}


def urlpatterns() -> list:
    """Return the address of counting, below that of an event's dates."""
    return [path("<int:pk>/dates/<uuid:uid>/count/", CountView.as_view(), name="count_date")]
