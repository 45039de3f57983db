"""What keeps nobody out: axe finds nothing in any colours, nothing is wider than a small phone, nothing jumps."""

from __future__ import annotations

import re

import polib
import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.demo_site import ROOT
from tests.browser.page_types import PAGES, SIGN_IN

pytestmark = pytest.mark.browser

PATHS = {name: f"/uk/{path}" for name, path in PAGES.items()} | {"sign_in": SIGN_IN}
every_page = pytest.mark.parametrize("path", PATHS.values(), ids=PATHS)
# How far things moved by themselves while the page came together.
SHIFT = """() => new Promise((resolve) => {
  let sum = 0;
  new PerformanceObserver((list) => { for (const entry of list.getEntries()) sum += entry.value; })
    .observe({ type: "layout-shift", buffered: true });
  setTimeout(() => resolve(sum), 300);
})"""


# Puts the words into headings, buttons, labels and entries of menus, one after the other.
SAY = """(words) => {
  const said = document.querySelectorAll("h1, h2, h3 a, button, label, summary, nav a, dt, th, .row-facts span");
  [...said].forEach((one, number) => { one.textContent = words[number % words.length]; });
}"""


def longest_words(code: str) -> list[str]:
    """Return the longest words that the interface has in a language, and its longest text of two words."""
    catalogue = polib.pofile(str(ROOT / "locale" / code / "LC_MESSAGES" / "django.po"))
    texts = [entry.msgstr for entry in catalogue if entry.msgstr and "%" not in entry.msgstr]
    words = sorted({word for text in texts for word in re.findall(r"[^\W\d_]+", text)}, key=len)[-8:]
    pairs = sorted((text for text in texts if text.count(" ") == 1), key=len)[-2:]
    return [*words, *pairs]


def violations(page, *rules: str) -> list[str]:
    """Return what axe, or only some rules of it, finds, with the first places of each."""
    options = {"resultTypes": ["violations"]} | ({"runOnly": list(rules)} if rules else {})
    found = Axe().run(page, options=options).response["violations"]
    return [f"{one['id']}: {one['help']} at {'; '.join(node['html'] for node in one['nodes'][:3])}" for one in found]


@every_page
def test_axe_finds_nothing_in_light_dark_and_forced_colours(visitor, path):
    answer = visitor.open(path)
    assert (answer.status, visitor.language) == (404 if "nothing" in path else 200, "uk")
    assert visitor.heading

    visitor.page.emulate_media(color_scheme="light")
    light = violations(visitor.page)
    # Only colours change with the scheme.
    visitor.page.emulate_media(color_scheme="dark")
    dark = violations(visitor.page, "color-contrast")
    visitor.page.emulate_media(color_scheme="light", forced_colors="active")
    forced = violations(visitor.page)

    assert (light, dark, forced) == ([], [], [])


def test_missing_page_on_a_phone_leaves_room_for_what_is_searched(person):
    visitor = person(viewport={"width": 360, "height": 640})
    visitor.open(PATHS["not-found"])

    label, field = (visitor.page.locator(f"main .search-form {tag}").bounding_box() for tag in ("label", "input"))

    assert field["width"] >= 180
    assert label["y"] + label["height"] <= field["y"]


def test_colours_follow_the_scheme_of_the_device(visitor):
    visitor.open("/uk/")
    colours = set()
    for scheme in ("light", "dark"):
        visitor.page.emulate_media(color_scheme=scheme)
        colours.add(visitor.page.evaluate("getComputedStyle(document.body).backgroundColor"))

    assert len(colours) == 2


@pytest.mark.parametrize("code", ["uk", "mk"])
def test_no_page_is_wider_than_a_small_phone(person, code):
    # A wide screen at 400 % shows the same.
    visitor = person(viewport={"width": 320, "height": 640})
    wider = {}
    for name, path in (PAGES | {"sign_in": SIGN_IN}).items():
        visitor.open(path if path.startswith("/") else f"/{code}/{path}")
        width = visitor.page.evaluate("document.scrollingElement.scrollWidth")
        if width > 320:
            wider[name] = width

    assert wider == {}


@pytest.mark.parametrize("code", ["uk", "mk"])
def test_longest_words_of_the_language_fit_on_a_small_phone(person, code):
    visitor = person(viewport={"width": 320, "height": 640})
    words = longest_words(code)
    wider = {}
    for name, path in PAGES.items():
        visitor.open(f"/{code}/{path}")
        visitor.page.evaluate(SAY, words)
        width = visitor.page.evaluate("document.scrollingElement.scrollWidth")
        if width > 320:
            wider[name] = width

    assert wider == {}


def test_nothing_jumps_while_a_page_comes_together(person):
    visitor = person(viewport={"width": 360, "height": 740})
    shifts = {}
    for name, path in PAGES.items():
        visitor.open(f"/uk/{path}")
        shift = visitor.page.evaluate(SHIFT)
        # A font that comes late on a busy machine may move a line by a pixel.
        if shift > 0.01:
            shifts[name] = shift

    assert shifts == {}


def test_whoever_wants_no_motion_has_none(person):
    visitor = person(reduced_motion="reduce")
    visitor.open("/uk/events/")
    moving = """() => [...document.querySelectorAll("*")].filter((one) => {
      const style = getComputedStyle(one);
      return parseFloat(style.transitionDuration) > 0.01 || parseFloat(style.animationDuration) > 0.01;
    }).map((one) => one.outerHTML.slice(0, 80))"""

    assert visitor.page.evaluate(moving) == []
