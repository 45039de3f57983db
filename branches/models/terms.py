"""What branches offer, facilities and services, and the districts from which people come to them."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel

from core.labels import LabelField
from core.models import Term


class Facility(Term):
    """Something that is there or isn't: a lift, a ramp, free wifi, a reading garden."""

    accessibility = models.BooleanField(
        _("matters for access"), default=False, help_text=_("Listed under “How to get in”.")
    )

    panels = [*Term.panels, FieldPanel("accessibility")]

    class Meta(Term.Meta):
        verbose_name = _("facility")
        verbose_name_plural = _("facilities")


class Service(Term):
    """Something that the library does for people, free of charge or for a price."""

    description = LabelField(_("description"), max_length=400, blank=True)
    is_free = models.BooleanField(_("free of charge"), default=True)
    price = LabelField(_("price"), max_length=80, blank=True, help_text=_("With its unit, such as “2 UAH a page”."))

    panels = [
        FieldPanel("label"),
        FieldPanel("description"),
        FieldPanel("is_free"),
        FieldPanel("price"),
        *Term.panels[1:],
    ]

    class Meta(Term.Meta):
        verbose_name = _("service")
        verbose_name_plural = _("services")


class District(Term):
    """A part of town or a village that readers know by name: the branches nearest to it come first."""

    latitude = models.DecimalField(
        _("latitude"),
        max_digits=8,
        decimal_places=5,
        validators=[MinValueValidator(-90), MaxValueValidator(90)],
        help_text=_("Of its middle, such as its stop or its square."),
    )
    longitude = models.DecimalField(
        _("longitude"), max_digits=8, decimal_places=5, validators=[MinValueValidator(-180), MaxValueValidator(180)]
    )

    panels = [
        FieldPanel("label"),
        FieldRowPanel([FieldPanel("latitude"), FieldPanel("longitude")]),
        *Term.panels[1:],
    ]

    class Meta(Term.Meta):
        verbose_name = _("district")
        verbose_name_plural = _("districts")
