"""Widgets of several text inputs, made known to the script that builds Wagtail's forms."""

from __future__ import annotations

from django import forms
from django.utils.functional import cached_property
from wagtail.admin.staticfiles import versioned_static
from wagtail.admin.telepath import register
from wagtail.admin.telepath.widgets import WidgetAdapter

from core.labels import LabelWidget


class TextInputsAdapter(WidgetAdapter):
    """Lets a widget of several text inputs stand inside a StreamField; its value there is {suffix: text}."""

    js_constructor = "core.widgets.TextInputs"

    @cached_property
    def media(self):
        return forms.Media(js=[versioned_static("admin/js/text-inputs.js")])


register(TextInputsAdapter(), LabelWidget)
