"""The parts of a branch's plan that are lists: phones, mail addresses, other hours and closures."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError

from branches.opening_hours import HoursError, HoursKind, parse_day
from core.label_block import LabelBlock


class ContactKind(models.TextChoices):
    """Whom a phone or a mail address reaches."""

    GENERAL = "general", _("General")
    LENDING = "lending", _("Lending desk")
    CHILDREN = "children", _("Children's section")
    OFFICE = "office", _("Administration")
    EVENTS = "events", _("Events")


class PhoneBlock(blocks.StructBlock):
    """A phone number and whom it reaches."""

    kind = blocks.ChoiceBlock(choices=ContactKind.choices, default=ContactKind.GENERAL, label=_("Reaches"))
    number = blocks.RegexBlock(
        regex=r"^\+?[0-9 ()\-]{5,24}$", label=_("Number"), error_messages={"invalid": _("Digits, spaces and + only.")}
    )

    class Meta:
        icon = "mobile-alt"
        label = _("Phone")


class MailBlock(blocks.StructBlock):
    """A mail address and whom it reaches."""

    kind = blocks.ChoiceBlock(choices=ContactKind.choices, default=ContactKind.GENERAL, label=_("Reaches"))
    address = blocks.EmailBlock(label=_("Address"))

    class Meta:
        icon = "mail"
        label = _("Mail address")


class ContactsBlock(blocks.StreamBlock):
    """The phones of a branch."""

    phone = PhoneBlock()


class MailsBlock(blocks.StreamBlock):
    """The mail addresses of a branch."""

    mail = MailBlock()


class ExceptionBlock(blocks.StructBlock):
    """Other hours, or none, from one day to another."""

    first = blocks.DateBlock(label=pgettext_lazy("first day", "From"))
    last = blocks.DateBlock(label=pgettext_lazy("last day", "To"), required=False, help_text=_("Empty: that one day."))
    kind = blocks.ChoiceBlock(
        choices=[(kind.value, kind.label) for kind in HoursKind],
        required=False,
        label=_("Which hours"),
        help_text=_("Empty: all of them."),
    )
    hours = blocks.CharBlock(required=False, label=_("Hours"), help_text=_("Such as 10:00–14:00. Empty: closed."))
    reason = LabelBlock(required=False, label=_("Reason"))

    class Meta:
        icon = "date"
        label = _("Other hours or closure")

    def clean(self, value):
        cleaned = super().clean(value)
        errors = {}
        # A draft may still lack the first day.
        if cleaned["first"] and cleaned["last"] and cleaned["last"] < cleaned["first"]:
            errors["last"] = ValidationError(_("The last day is before the first."))
        try:
            parse_day(cleaned["hours"] or "")
        except HoursError as error:
            errors["hours"] = ValidationError(error.message)
        if errors:
            raise StructBlockValidationError(errors)
        return cleaned


class ExceptionsBlock(blocks.StreamBlock):
    """All exceptions of a branch."""

    exception = ExceptionBlock()
