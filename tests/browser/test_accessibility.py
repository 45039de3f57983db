"""What keeps nobody out: no serious finding of axe in either colour scheme, nothing wider than a small phone."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = pytest.mark.browser

PAGES = {
    "home": "/uk/",
    "agenda": "/uk/events/",
    "month": "/uk/events/?view=month",
    "event": "/uk/branches/central/chytatske-kolo/",
    "news": "/uk/news/",
    "article": "/uk/branches/mill/kishka-bilia-mlyna/",
    "branches": "/uk/branches/",
    "branch": "/uk/branches/central/",
    "mission": "/uk/mission/",
    "search": "/uk/search/?q=книга",
    "search_narrowed": "/uk/search/?q=книга&kind=events&branch=central",
    "search_missed": "/uk/search/?q=бібілотека",
    "search_begun": "/uk/search/",
    "sign_in": "/accounts/login/?next=/uk/",
    "not_found": "/uk/nothing-here/",
}
every_page = pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
GRAVE = {"serious", "critical"}


def grave_violations(page, *rules: str) -> list[str]:
    """Return what axe, or only some rules of it, finds serious or worse, with the first places of each."""
    options = {"resultTypes": ["violations"]} | ({"runOnly": list(rules)} if rules else {})
    found = Axe().run(page, options=options).response["violations"]
    return [
        f"{one['id']}: {one['help']} at {'; '.join(node['html'] for node in one['nodes'][:3])}"
        for one in found
        if one["impact"] in GRAVE
    ]


@every_page
def test_page_in_light_and_dark_has_no_grave_violation(visitor, path):
    answer = visitor.open(path)
    assert (answer.status, visitor.language) == (404 if "nothing" in path else 200, "uk")
    assert visitor.heading

    visitor.page.emulate_media(color_scheme="light")
    light = grave_violations(visitor.page)
    # Only colours change with the scheme.
    visitor.page.emulate_media(color_scheme="dark")
    dark = grave_violations(visitor.page, "color-contrast")

    assert (light, dark) == ([], [])


def test_colours_follow_the_scheme_of_the_device(visitor):
    visitor.open("/uk/")
    colours = set()
    for scheme in ("light", "dark"):
        visitor.page.emulate_media(color_scheme=scheme)
        colours.add(visitor.page.evaluate("getComputedStyle(document.body).backgroundColor"))

    assert len(colours) == 2


@every_page
def test_page_on_a_small_phone_is_not_wider_than_the_screen(person, path):
    visitor = person(viewport={"width": 320, "height": 640})
    visitor.open(path)

    assert visitor.page.evaluate("document.scrollingElement.scrollWidth") <= 320
