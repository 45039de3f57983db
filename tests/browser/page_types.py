"""One page of each type in the demo, by its path behind the language."""

from __future__ import annotations

PAGES = {
    "home": "",
    "agenda": "events/",
    "month": "events/?view=month",
    "event": "branches/central/chytatske-kolo/",
    "news": "news/",
    "article": "branches/mill/kishka-bilia-mlyna/",
    "branches": "branches/",
    "branch": "branches/central/",
    "mission": "mission/",
    "plain_page": "accessibility/",
    "search": "search/?q=книга",
    "search_narrowed": "search/?q=книга&kind=events&branch=central",
    "search_missed": "search/?q=бібілотека",
    "search_begun": "search/",
    "display": "display/",
    "not_found": "nothing-here/",
}
SIGN_IN = "/accounts/login/?next=/uk/"
