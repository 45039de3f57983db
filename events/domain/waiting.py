"""The mail to whoever made a version that waits for a word about dates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from wagtail.models import Revision

    from events.models import Event, EventPage


def confirm_path(event: Event, revision: Revision) -> str:
    """Return the address of the page on which the word is said."""
    return reverse("events:confirm", args=[event.pk, revision.pk])


def tell_editor(page: EventPage, event: Event, revision: Revision) -> None:
    """Write to the editor of the version, in the language of their admin."""
    user = revision.user
    if user is None or not user.email or not user.is_active:
        return
    profile = getattr(user, "wagtail_userprofile", None)
    with translation.override(profile.get_preferred_language() if profile else settings.LANGUAGE_CODE):
        subject = _("Not published yet: %(title)s") % {"title": page.title}
        sentences = [
            _("“%(title)s” was to be published now.") % {"title": page.title},
            _("It moves dates or takes some away, and nobody has confirmed that yet."),
            _("Look at what happens to each date, then publish:"),
            f"{settings.WAGTAILADMIN_BASE_URL}{confirm_path(event, revision)}",
        ]
    EmailMessage(subject, "\n\n".join(sentences), to=[user.email]).send()
