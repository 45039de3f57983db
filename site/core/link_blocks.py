"""Entries of the menu and the footer: each leads to a page or to an outside address, under a label per language."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError

from core.label_block import LabelBlock

MOST_IN_MENU, MOST_COLUMNS, MOST_IN_COLUMN = 10, 4, 10


class LinkBlock(blocks.StructBlock):
    """One entry: a page of this site or an outside address."""

    page = blocks.PageChooserBlock(label=_("Page"), required=False)
    address = blocks.URLBlock(
        label=_("Outside address"),
        required=False,
        max_length=500,
        validators=[URLValidator(schemes=["http", "https"])],
        help_text=_("Instead of a page: the catalogue, for example."),
    )
    label = LabelBlock(
        label=_("Label"),
        max_length=60,
        help_text=_("May stay empty for a page: then readers see its title in their language."),
    )

    class Meta:
        icon = "link"
        label = _("Entry")

    def clean(self, value):
        cleaned = super().clean(value)
        if errors := _link_errors(cleaned):
            raise StructBlockValidationError(block_errors=errors)
        return cleaned


def _link_errors(value) -> dict[str, ValidationError]:
    page, address, label = value["page"], value["address"], value["label"]
    if page and address:
        return {"address": ValidationError(_("A page or an address, not both."))}
    if not page and not address:
        return {"page": ValidationError(_("Choose a page or enter an outside address, or remove the entry."))}
    if address and not label:
        return {"label": ValidationError(_("An outside address needs a label in one language at least."))}
    return {}


class ColumnBlock(blocks.StructBlock):
    """A column of the footer."""

    heading = LabelBlock(label=_("Heading"), max_length=60, required=True)
    links = blocks.ListBlock(LinkBlock(), label=_("Entries"), min_num=1, max_num=MOST_IN_COLUMN, collapsed=True)

    class Meta:
        icon = "list-ul"
        label = _("Column")
