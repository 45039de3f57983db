"""Closed sets of the core room."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Consent(TextChoices):
    """Whether those whom a picture shows agree to be shown."""

    NOT_ASKED = "not_asked", _("Not asked yet")
    NO_PEOPLE = "no_people", _("Nobody can be recognised")
    AGREED = "agreed", pgettext_lazy("consent", "The people agreed")
    PARENTS_AGREED = "parents_agreed", _("Children: their parents agreed")


class ShareService(TextChoices):
    """Where readers can share a page; names of services are the same in every language."""

    VIBER = "viber", "Viber"
    TELEGRAM = "telegram", "Telegram"
    WHATSAPP = "whatsapp", "WhatsApp"
    FACEBOOK = "facebook", "Facebook"
    VK = "vk", "VK"


class NoticeLevel(TextChoices):
    """How urgent a notice is, the most urgent first."""

    EMERGENCY = "emergency", pgettext_lazy("level of a notice", "Emergency")
    IMPORTANT = "important", pgettext_lazy("level of a notice", "Important")
    INFORMATION = "information", pgettext_lazy("level of a notice", "Information")
