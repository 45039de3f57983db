"""Notices: what every page of a site says at its top for a time."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.enums import NoticeLevel
from core.fields import LocalDateTimeField
from core.labels import LabelField, label_in
from core.localtime import YEARS, to_utc


class Notice(models.Model):
    """A sentence or two for everybody, from one local moment to another; it begins and ends by itself."""

    site = models.ForeignKey(
        "wagtailcore.Site", verbose_name=_("site"), on_delete=models.CASCADE, related_name="notices"
    )
    level = models.CharField(_("level"), max_length=12, choices=NoticeLevel.choices, default=NoticeLevel.IMPORTANT)
    text = LabelField(
        _("text"),
        max_length=300,
        help_text=_("One or two sentences. A language left empty shows another one's text."),
    )
    begins = LocalDateTimeField(_("from"), help_text=_("By the clock of the network."))
    ends = LocalDateTimeField(
        pgettext_lazy("notice", "until"),
        null=True,
        blank=True,
        help_text=_("Empty: until somebody takes it down. Better say when it ends."),
    )
    page = models.ForeignKey(
        "wagtailcore.Page",
        verbose_name=_("page with more"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    address = models.URLField(
        _("or an outside address"), max_length=500, blank=True, validators=[URLValidator(schemes=["http", "https"])]
    )
    link_text = LabelField(
        _("text of the link"),
        max_length=80,
        blank=True,
        help_text=_("May stay empty for a page: then it is its title."),
    )

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ("-begins", "-pk")

    def __str__(self):
        return label_in(self.text)

    def clean(self):
        super().clean()
        for name in ("begins", "ends"):
            moment = getattr(self, name)
            if moment and moment.year not in YEARS:
                years = {"first": YEARS.start, "last": YEARS.stop - 1}
                raise ValidationError({name: _("Choose a year from %(first)s to %(last)s.") % years})
        if self.begins and self.ends and self.ends <= self.begins:
            raise ValidationError({"ends": _("It must end after it begins.")})
        if self.page_id and self.address:
            raise ValidationError({"address": _("A page or an address, not both.")})
        if self.address and not self.link_text:
            raise ValidationError({"link_text": _("Say in a few words where the outside address leads.")})

    def moments(self, zone: ZoneInfo) -> tuple[datetime, datetime | None]:
        """Return from when until when readers see it, by the clock of a network; None where nobody said until when."""
        return to_utc(self.begins, zone), to_utc(self.ends, zone) if self.ends else None
