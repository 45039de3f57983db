"""What browser tests look at: a page of each type in the demo, and some in further states."""

from __future__ import annotations

from scripts.demo_pages import PAGES as TYPES

PAGES = TYPES | {
    "search_narrowed": "search/?q=книга&kind=events&branch=central",
    "search_missed": "search/?q=бібілотека",
    "search_begun": "search/",
    "display": "display/",
    "subscribe": "events/subscribe/?branch=central",
    "programme": "events/programme/?branch=central",
    "embedded": "events/embed/?branch=central",
}
SIGN_IN = "/accounts/login/?next=/uk/"
