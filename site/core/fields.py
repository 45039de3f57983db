"""Small field types: local times, lists of choices, the accent of a site, the address of its map."""

from collections.abc import Iterable
from datetime import UTC, datetime

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from core import accent
from core.map_tiles import TileProblem, problem_of

TILE_PROBLEMS = {
    TileProblem.ADDRESS: _("An address of tiles looks like https://tiles.library.example/{z}/{x}/{y}.png."),
    TileProblem.INSECURE: _("The address must begin with https://: browsers show nothing else on a safe page."),
    TileProblem.HOST: _("“%(part)s” can't stand in the name of the server: give the name of one server."),
    TileProblem.CHARACTERS: _("The address holds a character that can't stand in an address."),
    TileProblem.MISSING: _("%(part)s is missing: without it every tile is the same."),
    TileProblem.UNKNOWN: _("Nobody fills in “%(part)s”: only {z}, {x}, {y} and {r} are known."),
}


class LocalDateTimeFormField(forms.DateTimeField):
    """Reads a local date and time as it stands on the clock, whatever the time zone of the process."""

    def to_python(self, value):
        if isinstance(value, datetime):
            return value
        with timezone.override(UTC):
            moment = super().to_python(value)
        return moment and moment.replace(tzinfo=None)


class LocalDateTimeField(models.CharField):
    """Stores a naive local date and time as text that sorts like time (2026-11-30T18:00)."""

    def __init__(self, *args, **kwargs):
        kwargs["max_length"] = 16
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        del kwargs["max_length"]
        return name, path, args, kwargs

    def from_db_value(self, value, _expression, _connection):
        return datetime.fromisoformat(value) if value else None

    def to_python(self, value):
        if value is None or isinstance(value, datetime):
            return value
        try:
            return datetime.fromisoformat(value)
        except ValueError:
            raise ValidationError(_("“%(value)s” is not a date and time."), params={"value": value}) from None

    def get_prep_value(self, value):
        value = self.to_python(value)
        return value if value is None else value.isoformat(timespec="minutes")

    def value_to_string(self, obj):
        return self.get_prep_value(self.value_from_object(obj))

    def run_validators(self, value):
        """Skip the length check of the text: the moment is what is validated."""

    def formfield(self, **kwargs):
        said = {"label": capfirst(self.verbose_name), "help_text": self.help_text, "required": not self.blank}
        return LocalDateTimeFormField(**said | kwargs)


class ChoiceListField(models.CharField):
    """Stores some of the choices, in their own order, as text with commas; the value in Python is a list."""

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("max_length", 120)
        kwargs.setdefault("default", list)
        kwargs["blank"] = True
        super().__init__(*args, **kwargs)

    def from_db_value(self, value, _expression, _connection):
        return self.to_python(value)

    def to_python(self, value):
        if not value:
            return []
        return value.split(",") if isinstance(value, str) else list(value)

    def get_prep_value(self, value):
        return ",".join(self.to_python(value))

    def value_to_string(self, obj):
        return self.get_prep_value(self.value_from_object(obj))

    def validate(self, value: Iterable[str], _model_instance):
        allowed = {key for key, _label in self.flatchoices}
        for item in value:
            if allowed and item not in allowed:
                raise ValidationError(_("“%(value)s” is not one of the choices."), params={"value": item})

    def run_validators(self, value):
        """Skip the length check of the text: the list is what is validated."""

    def formfield(self, **kwargs):
        kwargs.pop("choices_form_class", None)
        return forms.MultipleChoiceField(
            choices=self.choices,
            required=False,
            label=kwargs.get("label", self.verbose_name),
            help_text=self.help_text,
            widget=forms.CheckboxSelectMultiple,
        )


class AccentField(models.CharField):
    """Stores the accent of a site as #rrggbb; one that can't be read on paper is refused with its contrast."""

    def __init__(self, *args, **kwargs):
        kwargs["max_length"] = 7
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        del kwargs["max_length"]
        return name, path, args, kwargs

    def clean(self, value, model_instance):
        try:
            value = accent.normal(value)
            accent.palette(value)
        except accent.AccentError as error:
            raise self._refused(error) from None
        return super().clean(value, model_instance)

    @staticmethod
    def _refused(error: accent.AccentError) -> ValidationError:
        if error.contrast is None:
            return ValidationError(_("A colour looks like #8a1f2d."))
        return ValidationError(
            _("This colour is too light to be read on paper: its contrast is %(found).1f, it must be %(wanted).1f."),
            params={"found": error.contrast, "wanted": accent.READABLE},
        )

    def formfield(self, **kwargs):
        widget = forms.TextInput(attrs={"type": "color"})
        return super().formfield(**{"widget": widget} | kwargs)


class TileAddressField(models.CharField):
    """Stores the address of a map's tiles with {z}, {x} and {y}; one that can't work is refused with the reason."""

    def __init__(self, *args, **kwargs):
        kwargs["max_length"] = 300
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        del kwargs["max_length"]
        return name, path, args, kwargs

    def validate(self, value, model_instance):
        super().validate(value, model_instance)
        problem = problem_of(value) if value else None
        if problem:
            kind, part = problem
            raise ValidationError(TILE_PROBLEMS[kind], code=kind.value, params={"part": part})
