"""Ready sentences that say why a branch is closed: chosen in one language, read in all."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext, override
from django.utils.translation import gettext_noop as _

from core.labels import Label

REASONS = {
    "power": _("There is no electricity."),
    "water": _("There is no water."),
    "heating": _("The heating does not work."),
    "repair": _("Something broke and is being repaired."),
    "alert": _("Air-raid alert."),
    "weather": _("The weather is dangerous."),
    "illness": _("A colleague is ill."),
    "technical": _("Closed for technical reasons."),
}


def reason_choices() -> list[tuple[str, str]]:
    """Return the sentences in the active language, by their keys."""
    return [(key, gettext(sentence)) for key, sentence in REASONS.items()]


def reason_label(key: str) -> Label:
    """Return a sentence in every language of the installation; nothing for a key that there isn't."""
    if key not in REASONS:
        return {}
    texts = {}
    for code in settings.SITE_LANGUAGES:
        with override(code):
            texts[code] = gettext(REASONS[key])
    return texts
