"""The plan of a thing as text, for the forms on which it can't be changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.dateformat import format as format_time
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from wagtail import blocks
from wagtail.fields import StreamField

from core.date_words import clock_words, date_words
from core.fields import ChoiceListField
from core.label_block import LabelBlock
from core.labels import LabelField, label_in
from core.models import Thing

Fact = tuple[str, str]


def facts_of(record: Thing) -> list[Fact]:
    """Return (label, text) for each fact that is entered, in the order of the form; lists have a line for each part.

    A field may say by `value_as_text(value)` how it reads; stored data of a field that doesn't is left out.
    """
    plain = [(field.verbose_name, _field_text(record, field)) for field in record.fact_fields()]
    relations = [_relation(record, name) for name in record.fact_relations]
    return [(capfirst(str(label)), text) for label, text in (*plain, *relations) if text]


def _relation(record: Thing, name: str) -> Fact:
    terms = ", ".join(str(term) for term in getattr(record, name).all())
    return record._meta.get_field(name).related_model._meta.verbose_name_plural, terms


def _says_nothing(field: models.Field, value: Any) -> bool:
    """Return whether a value is what an untouched form has: switched off, or a number."""
    return field.has_default() and isinstance(value, int) and value is not True and value == field.get_default()


def _field_text(record: Thing, field: models.Field) -> str:
    value = getattr(record, field.name)
    if _says_nothing(field, value):
        return ""
    if isinstance(field, StreamField):
        return "\n".join(filter(None, (_child_text(child.block, child.value) for child in value)))
    if isinstance(field, models.JSONField):
        return _stored_text(field, value)
    if field.choices:
        chosen = value if isinstance(field, ChoiceListField) else [value]
        return ", ".join(str(label) for key, label in field.flatchoices if key and key in chosen)
    return _plain_text(value)


def _stored_text(field: models.JSONField, value: Any) -> str:
    if isinstance(field, LabelField):
        return label_in(value)
    return str(field.value_as_text(value)) if hasattr(field, "value_as_text") else ""


def _plain_text(value: Any) -> str:
    """Return a single value in words; nothing for one that is empty."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return pgettext("fact", "yes") if value else pgettext("fact", "no")
    if isinstance(value, datetime):
        local = timezone.localtime(value) if timezone.is_aware(value) else value
        return _("%(date)s, %(time)s") % {"date": date_words(local.date()), "time": clock_words(local)}
    if isinstance(value, date):
        return date_words(value, weekday=True)
    if isinstance(value, time):
        return format_time(value, "H:i")
    return str(value)


def _child_text(block: blocks.Block, value: Any) -> str:
    """Return one part of a list: the parts of a structure stand in one line, empty ones are left out."""
    if isinstance(block, LabelBlock):
        return label_in(value)
    if isinstance(block, blocks.StructBlock):
        texts = (_child_text(child, value.get(name)) for name, child in block.child_blocks.items())
        return _line(texts)
    if isinstance(block, blocks.ChoiceBlock):
        return _choice_label(block, value)
    if isinstance(value, Mapping):
        return label_in(value)
    return _plain_text(value)


def _choice_label(block: blocks.ChoiceBlock, value: Any) -> str:
    choices = block.field.choices
    return str(dict(choices).get(value, "")) if value else ""


def _line(texts: Iterable[str]) -> str:
    return ", ".join(filter(None, texts))
