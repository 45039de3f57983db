"""Opening hours in a form: for each kind seven boxes, one per weekday, typed as people write hours."""

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from branches.opening_hours import HoursError, HoursKind, OpeningHours, format_day, parse_day
from branches.opening_hours.problems import problems
from branches.opening_hours.values import day_from_json, day_to_json
from branches.opening_words import week_summary

WEEKDAYS = (_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"))
BOXES = [(kind, day) for kind in HoursKind for day in range(7)]


class HoursWidget(forms.MultiWidget):
    """Seven text boxes per kind of hours."""

    template_name = "branches/widgets/hours.html"

    def __init__(self, attrs=None):
        super().__init__({f"{kind.value}_{day}": forms.TextInput() for kind, day in BOXES}, attrs)

    def decompress(self, value):
        kinds = (value or {}).get("kinds", {})
        texts = []
        for kind, day in BOXES:
            week = kinds.get(kind.value, {}).get("week")
            texts.append(format_day(day_from_json(week[day], ())) if week and week[day] else "")
        return texts

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        boxes = context["widget"]["subwidgets"]
        context["widget"]["weekdays"] = WEEKDAYS
        context["widget"]["kinds"] = [
            {"label": kind.label, "days": list(zip(WEEKDAYS, boxes[n * 7 : n * 7 + 7], strict=True))}
            for n, kind in enumerate(HoursKind)
        ]
        return context


class HoursFormField(forms.MultiValueField):
    """Reads the boxes; says by weekday what can't be read or can't be meant."""

    widget = HoursWidget

    def __init__(self, *, required=False, **kwargs):
        kwargs.pop("encoder", None)
        kwargs.pop("decoder", None)
        fields = [forms.CharField(required=False, max_length=120) for _box in BOXES]
        super().__init__(fields, required=required, require_all_fields=False, **kwargs)

    def compress(self, data_list):
        days, errors = {}, []
        for (kind, day), text in zip(BOXES, data_list or [""] * len(BOXES), strict=True):
            try:
                days[kind, day] = day_to_json(parse_day(text or ""))
            except HoursError as error:
                errors.append(
                    _("%(kind)s, %(day)s: %(error)s")
                    % {"kind": kind.label, "day": WEEKDAYS[day], "error": error.message}
                )
        if errors:
            raise ValidationError(errors)
        return self._checked({"v": 1, "kinds": self._kinds(days), "exceptions": []})

    @staticmethod
    def _kinds(days):
        weeks = {kind: [days[kind, day] for day in range(7)] for kind in HoursKind}
        return {kind.value: {"week": week} for kind, week in weeks.items() if any(week)}

    @staticmethod
    def _checked(value):
        refused = [problem.message for problem in problems(OpeningHours.from_json(value)) if problem.level == "refused"]
        if refused:
            raise ValidationError(refused)
        return value

    def has_changed(self, initial, data):
        return True


class HoursField(models.JSONField):
    """Stores the week of each kind of hours as JSON of `OpeningHours`, without exceptions."""

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("default", dict)
        super().__init__(*args, **kwargs)

    @staticmethod
    def value_as_text(value) -> str:
        """Return the usual week of each kind of hours in words."""
        hours = OpeningHours.from_json(value or {"v": 1, "kinds": {}, "exceptions": []})
        weeks = (f"{kind.label}: {week_summary(hours, kind)}" for kind in HoursKind if kind in hours.kinds)
        return "\n".join(weeks)

    def formfield(self, **kwargs):
        return HoursFormField(
            required=False,
            label=kwargs.get("label", self.verbose_name),
            help_text=_("Such as “9–13, 14–18” or “10:00–02:00”; empty: closed."),
        )
