"""In which states a draft can be looked at before it is published, beside that in which it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.text import format_lazy
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from core.sites import language_codes_by_locale, languages_of, site_of

if TYPE_CHECKING:
    from wagtail.models import Page

AS_WRITTEN = ("", _("As written"))
TO_READERS_OF = "to-readers-of-"


def untranslated(page: Page) -> list[tuple[str, object]]:
    """Return a mode for each language of the site that has no words of the page: there it stands in others' words."""
    own = page.get_translations(inclusive=True).filter(alias_of=None).values_list("locale_id", flat=True)
    by_locale = language_codes_by_locale()
    known = {by_locale.get(pk) for pk in (*own, page.locale_id)}
    return [
        (f"{TO_READERS_OF}{code}", format_lazy(_("Not translated: in {language}"), language=_name(code)))
        for code in languages_of(site_of(page))
        if code not in known
    ]


def language_of(mode: str | None) -> str | None:
    """Return the language to whose readers a mode shows the page; None for its own."""
    return mode.removeprefix(TO_READERS_OF) if mode and mode.startswith(TO_READERS_OF) else None


def _name(code: str) -> str:
    return get_language_info(code)["name_translated"]
