"""The network's own days off in its settings, beside the public holidays of its country."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError

from core.label_block import LabelBlock


class DayOffBlock(blocks.StructBlock):
    """A day, or a period, on which the network does not work, or works although it is a holiday."""

    name = LabelBlock(max_length=80, label=_("Name"))
    first = blocks.DateBlock(label=pgettext_lazy("first day", "From"))
    last = blocks.DateBlock(label=pgettext_lazy("last day", "To"), required=False, help_text=_("Empty: that one day."))
    every_year = blocks.BooleanBlock(label=_("Every year"), required=False)
    works = blocks.BooleanBlock(
        label=_("The library works: no day off"),
        required=False,
        help_text=_("For a public holiday on which the doors are open."),
    )

    class Meta:
        icon = "date"
        label = _("Day off")

    def clean(self, value):
        cleaned = super().clean(value)
        if cleaned["first"] and cleaned["last"] and cleaned["last"] < cleaned["first"]:
            raise StructBlockValidationError({"last": ValidationError(_("The last day is before the first."))})
        return cleaned


class DaysOffBlock(blocks.StreamBlock):
    """The network's own list."""

    day = DayOffBlock()
