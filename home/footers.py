"""The footer that a network begins with: what law and custom want to be found from each page stands in it."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from wagtail.models import Page, Site

from core.models import Navigation


def begin_footer(site: Site, languages: Iterable[str], sections: Iterable[Page], pages: Iterable[Page]) -> None:
    """Give a site two columns; a page that is not published yet stands in its column from the day on which it is."""
    codes = list(languages)
    names = (lambda: _("On this site"), lambda: pgettext("heading of the footer", "The library"))
    headings = [{code: _in(code, name) for code in codes} for name in names]
    stored = Navigation.for_site(site)
    stored.footer = [
        ("column", {"heading": heading, "links": [{"page": page, "address": "", "label": {}} for page in linked]})
        for heading, linked in zip(headings, (sections, pages), strict=True)
    ]
    stored.save()


def _in(code: str, name) -> str:
    with translation.override(code):
        return name()
