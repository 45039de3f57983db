"""Labels and names of languages in templates."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, get_language_info

from core import labels
from core.labels import Label

register = template.Library()


@register.filter
def label_in(value: Label | None) -> str:
    """Return a label's text in the active language, or in the next best, without saying which it is."""
    return labels.label_in(value)


@register.simple_tag
def label(value: Label | None) -> SafeString | str:
    """Show a label, with `lang` where its words are in another language than the page."""
    text, here = labels.label_in(value), get_language() or ""
    if not text or (value or {}).get(here) == text:
        return text
    language = labels.label_language(value)
    return format_html('<span lang="{}">{}</span>', language, text)


@register.filter
def language_name(code: str) -> str:
    """Return what a language is called in the active language."""
    return get_language_info(code)["name_translated"]
