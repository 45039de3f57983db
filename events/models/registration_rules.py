"""How people register for the dates of an event on this site: a part of its plan."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from events.enums import MOST_PEOPLE


class RegistrationRules(models.Model):
    """What an editor decides about registering; on no form as long as nobody can register here."""

    is_course = models.BooleanField(
        _("a course: one registration for all dates"),
        default=False,
        help_text=_("Otherwise people choose the dates that they come to."),
    )
    most_people = models.PositiveSmallIntegerField(
        _("most people in one registration"),
        default=5,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_PEOPLE)],
        help_text=_("For whole classes, such as 35."),
    )
    registration_opens_at = models.DateTimeField(_("registration opens at"), null=True, blank=True)
    registration_opens_hours = models.PositiveSmallIntegerField(
        _("or so many hours before each date"), null=True, blank=True
    )
    registration_closes_at = models.DateTimeField(_("registration closes at"), null=True, blank=True)
    registration_closes_hours = models.PositiveSmallIntegerField(
        _("at the latest so many hours before each date"), default=0
    )
    proves_address = models.BooleanField(
        _("the e-mail address is to be proven"),
        default=False,
        help_text=_("Seats are held for half an hour, until the link in a mail is followed."),
    )
    needs_approval = models.BooleanField(_("each registration is to be approved"), default=False)
    no_waiting_list = models.BooleanField(_("without a waiting list"), default=False)
    smaller_may_pass = models.BooleanField(
        _("smaller parties may pass larger ones in the waiting list"),
        default=False,
        help_text=_("Otherwise nobody moves up before those who came earlier."),
    )
    promotes_until_hours = models.PositiveSmallIntegerField(
        _("people move up until so many hours before"),
        default=3,
        help_text=_("From then on the waiting list is the branch's to call."),
    )

    class Meta:
        abstract = True
