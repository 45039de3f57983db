"""The parts of an event's plan that are lists: dates left out and dates added."""

from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError

from core.label_block import LabelBlock


def branches_to_choose() -> list[tuple[str, str]]:
    """Return (public key, name) of each branch that readers know."""
    from branches.admin_listing import known_branches

    return known_branches(get_language() or "")


class MomentBlock(blocks.StructBlock):
    """One of several dates on a day, by the time at which it starts."""

    date = blocks.DateBlock(label=_("Date"))
    time = blocks.TimeBlock(label=_("Starts"))

    class Meta:
        icon = "time"
        label = _("One of several on a day")


class LeftOutBlock(blocks.StreamBlock):
    """Dates of the rule that don't take place."""

    date = blocks.DateBlock(label=_("Date"), icon="date")
    moment = MomentBlock()


class AddedDateBlock(blocks.StructBlock):
    """A further date, with times and a place of its own where they differ."""

    date = blocks.DateBlock(label=_("Date"))
    starts = blocks.TimeBlock(required=False, label=_("Starts"), help_text=_("Empty: as usual."))
    ends = blocks.TimeBlock(required=False, label=_("Ends"))
    branch = blocks.ChoiceBlock(
        choices=branches_to_choose,
        required=False,
        label=_("At another branch"),
        help_text=_("Only if this date is held at another branch than the others."),
    )
    place = LabelBlock(required=False, label=_("Elsewhere"), help_text=_("Only if this date is held somewhere else."))

    class Meta:
        icon = "date"
        label = _("Further date")

    def clean(self, value):
        cleaned = super().clean(value)
        if cleaned["ends"] and not cleaned["starts"] and not self.is_deferred_validation:
            raise StructBlockValidationError({"starts": ValidationError(_("Say when it starts, too."))})
        return cleaned


class AddedBlock(blocks.StreamBlock):
    """Dates beside the rule."""

    date = AddedDateBlock()
