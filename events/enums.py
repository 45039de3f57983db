"""The closed sets of the events room."""

from django.db import models
from django.utils import dates
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Format(models.TextChoices):
    """How people take part (schema.org eventAttendanceMode)."""

    ONSITE = "onsite", _("on site")
    ONLINE = "online", _("online")
    HYBRID = "hybrid", _("on site and online")


class Repeat(models.TextChoices):
    """How an event repeats, as a librarian says it."""

    NO = "", _("does not repeat")
    DAILY = "daily", _("every day")
    WEEKLY = "weekly", _("every week")
    MONTHLY_DAY = "monthly-day", _("every month on the same day of the month")
    MONTHLY_WEEKDAY = "monthly-weekday", _("every month on the same weekday, such as the second Tuesday")
    MONTHLY_LAST = "monthly-last", _("every month on the last such weekday")
    MONTHLY_WEEKDAYS = "monthly-weekdays", _("every month on the weekdays chosen below")
    MONTHLY_DAYS = "monthly-days", _("every month on the days of the month given below")
    YEARLY = "yearly", _("every year on the same date")
    YEARLY_WEEKDAYS = "yearly-weekdays", _("every year on the weekdays and in the months chosen below")


class Which(models.TextChoices):
    """Which of a month's weekdays, counted from either end (the ordinal of RFC 5545's BYDAY)."""

    FIRST = "1", pgettext_lazy("weekday of a month", "first")
    SECOND = "2", pgettext_lazy("weekday of a month", "second")
    THIRD = "3", pgettext_lazy("weekday of a month", "third")
    FOURTH = "4", pgettext_lazy("weekday of a month", "fourth")
    LAST = "-1", pgettext_lazy("weekday of a month", "last")


MONTHS = [(str(number), name) for number, name in dates.MONTHS.items()]


class Weekday(models.TextChoices):
    """Days of the week by their RFC 5545 names."""

    MO = "MO", _("Monday")
    TU = "TU", _("Tuesday")
    WE = "WE", _("Wednesday")
    TH = "TH", _("Thursday")
    FR = "FR", _("Friday")
    SA = "SA", _("Saturday")
    SU = "SU", _("Sunday")


class EventState(models.TextChoices):
    """The state of a whole event: operations, not plan (schema.org eventStatus)."""

    SCHEDULED = "scheduled", pgettext_lazy("event", "as planned")
    CANCELLED = "cancelled", pgettext_lazy("event", "cancelled")
    POSTPONED = "postponed", pgettext_lazy("event", "postponed")


class OccurrenceState(models.TextChoices):
    """The state of one date: announced as cancelled, or withdrawn and a tombstone in feeds only."""

    SCHEDULED = "scheduled", pgettext_lazy("date", "as planned")
    CANCELLED = "cancelled", pgettext_lazy("date", "cancelled")
    WITHDRAWN = "withdrawn", pgettext_lazy("date", "withdrawn")


class RegistrationMode(models.TextChoices):
    """How people sign up."""

    NONE = "none", _("no registration, just come")
    LINK = "link", _("by a link elsewhere")


# The largest party: two classes with their teachers, or a bus.
MOST_PEOPLE = 500


class RegistrationState(models.TextChoices):
    """Where a party's registration stands; whether it has seats stands with each date."""

    HELD = "held", pgettext_lazy("registration", "address to be proven")
    ASKED = "asked", pgettext_lazy("registration", "to be approved")
    CONFIRMED = "confirmed", pgettext_lazy("registration", "confirmed")
    CANCELLED = "cancelled", pgettext_lazy("registration", "cancelled")
    LAPSED = "lapsed", pgettext_lazy("registration", "lapsed, the address was not proven")


class AgeGroup(models.TextChoices):
    """The ages by which libraries count who came."""

    CHILDREN = "children", pgettext_lazy("ages", "children up to 13")
    YOUTH = "youth", pgettext_lazy("ages", "young people, 14 to 17")
    ADULTS = "adults", pgettext_lazy("ages", "adults, 18 to 59")
    OLDER = "older", pgettext_lazy("ages", "people of 60 and over")
    UNKNOWN = "unknown", pgettext_lazy("ages", "of unknown age")


class SeatState(models.TextChoices):
    """What a party has at one date."""

    SEATED = "seated", pgettext_lazy("registration", "has seats")
    WAITING = "waiting", pgettext_lazy("registration", "in the waiting list")
    GIVEN_UP = "given_up", pgettext_lazy("registration", "given up")
