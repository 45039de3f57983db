"""Labels: short texts of a thing, one per language on one form, with the source language to fall back on."""

import json

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

Label = dict[str, str]
# More letters than these are written in several lines.
ONE_LINE = 200


def label_in(label: Label | None, language: str | None = None, *, first: str = "") -> str:
    """Return the label's text in a language; where that is empty, in `first`, then in the site's languages in order."""
    if not label:
        return ""
    wanted = language or get_language() or ""
    if label.get(wanted):
        return label[wanted]
    return next((label[code] for code in (first, *settings.SITE_LANGUAGES, *label) if label.get(code)), "")


def label_language(label: Label | None, language: str | None = None, *, first: str = "") -> str:
    """Return the code of the language in which `label_in` answers."""
    text = label_in(label, language, first=first)
    wanted = language or get_language() or ""
    if not text or (label or {}).get(wanted) == text:
        return wanted
    return next(code for code, value in (label or {}).items() if value == text)


class LabelWidget(forms.MultiWidget):
    """One text input per language, of several lines where texts are long, each with the language's name before it."""

    template_name = "core/widgets/label.html"

    def __init__(self, attrs=None, *, is_long=False):
        self.codes = list(settings.SITE_LANGUAGES)
        super().__init__({code: self._input(code, is_long) for code in self.codes}, attrs)

    @staticmethod
    def _input(code: str, is_long: bool) -> forms.Widget:
        return forms.Textarea(attrs={"lang": code, "rows": 2}) if is_long else forms.TextInput(attrs={"lang": code})

    def decompress(self, value):
        if isinstance(value, str):
            value = json.loads(value or "{}")
        return [(value or {}).get(code, "") for code in self.codes]

    def format_value(self, value):
        """Return {suffix of the input: text}, from which the admin's script fills the inputs of a list."""
        texts = value if isinstance(value, list | tuple) else self.decompress(value)
        return dict(zip((f"_{code}" for code in self.codes), (text or "" for text in texts), strict=False))

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        names = settings.ALL_LANGUAGES
        for code, subwidget in zip(self.codes, context["widget"]["subwidgets"], strict=True):
            subwidget["language_name"] = names[code]
        return context


class LabelFormField(forms.MultiValueField):
    """Validates a label: every text within the length, at least one when the field is required."""

    widget = LabelWidget

    def __init__(self, *, max_length: int, required=True, **kwargs):
        kwargs.pop("encoder", None)
        kwargs.pop("decoder", None)
        fields = [forms.CharField(required=False, max_length=max_length) for _code in settings.SITE_LANGUAGES]
        kwargs.setdefault("widget", LabelWidget(is_long=max_length > ONE_LINE))
        super().__init__(fields, required=required, require_all_fields=False, **kwargs)

    def compress(self, data_list):
        texts = zip(settings.SITE_LANGUAGES, data_list or [], strict=False)
        return {code: text.strip() for code, text in texts if text and text.strip()}

    def has_changed(self, initial, data):
        return (initial or {}) != self.compress(data)


class LabelField(models.JSONField):
    """Stores a label as {language code: text}."""

    def __init__(self, *args, max_length: int = 200, **kwargs):
        self.text_length = max_length
        kwargs.setdefault("default", dict)
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, kwargs | {"max_length": self.text_length}

    def from_db_value(self, value, expression, connection):
        # Most labels are empty, and lists read hundreds of them.
        return {} if value == "{}" else super().from_db_value(value, expression, connection)

    def validate(self, value, model_instance):
        super().validate(value, model_instance)
        if not isinstance(value, dict) or not all(isinstance(text, str) for text in value.values()):
            raise ValidationError(_("A label is one text per language."))

    def formfield(self, **kwargs):
        return LabelFormField(
            max_length=self.text_length,
            required=not self.blank,
            label=kwargs.get("label", capfirst(self.verbose_name)),
            help_text=kwargs.get("help_text", self.help_text),
        )
