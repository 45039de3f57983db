"""What stands around pages: a notice of each level can be read and reached, the name stands beside the open menu."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from core.enums import NoticeLevel
from core.notices import Posted, Words
from tests.browser.people import Visitor
from tests.browser.test_accessibility import violations
from tests.browser.test_keyboard import FOCUSED, SEEN

pytestmark = pytest.mark.browser
TEXT = "Сьогодні філія «Млин» зачинена: немає води."
HEADER = '<header class="site-header">'


def show(visitor: Visitor, path: str, *levels: str) -> None:
    """Let a page come with notices, as the site would send it; other tests look at the same demo meanwhile."""
    link = Words("Коли воду ввімкнуть", "uk")
    posted = [
        Posted(NoticeLevel(level), datetime(2020, 1, 1, tzinfo=UTC), None, Words(TEXT, "uk"), "/uk/news/", link)
        for level in levels
    ]
    with translation.override("uk"):
        notices = render_to_string("components/notices.html", {"notices": posted, "language": "uk"})

    def answer(route):
        came = route.fetch()
        html = came.text()
        assert html.count(HEADER) == 1
        route.fulfill(response=came, body=html.replace(HEADER, notices + HEADER))

    visitor.page.route(f"**{path}", answer)
    visitor.open(path)


@pytest.mark.parametrize("level", NoticeLevel.values)
def test_notice_is_read_in_every_scheme_and_on_a_small_phone(person, level):
    visitor = person(viewport={"width": 320, "height": 640})
    show(visitor, "/uk/contacts/", level)
    region = visitor.page.get_by_role("region", name="Оголошення")
    with translation.override("uk"):
        assert f"{NoticeLevel(level).label}: {TEXT} Коли воду ввімкнуть" == " ".join(region.inner_text().split())

    found = {}
    for scheme in ("light", "dark"):
        visitor.page.emulate_media(color_scheme=scheme)
        found[scheme] = violations(visitor.page)
    visitor.page.emulate_media(forced_colors="active")
    found["forced"] = violations(visitor.page)
    mark = visitor.page.locator(".notice-mark").bounding_box()

    assert found == {"light": [], "dark": [], "forced": []}
    assert (mark["width"], mark["height"]) == (24, 24)
    assert visitor.page.evaluate("document.scrollingElement.scrollWidth") <= 320
    assert visitor.complaints == []


def test_notices_are_the_first_that_the_keyboard_reaches_after_the_way_past_them(visitor):
    show(visitor, "/uk/contacts/", "emergency", "information")
    visitor.page.keyboard.press("Tab")
    assert visitor.page.evaluate(f"{FOCUSED}.getAttribute('href')") == "#content"
    for level in ("emergency", "information"):
        visitor.page.keyboard.press("Tab")
        assert visitor.page.evaluate(f"{FOCUSED}.closest('.notice').className") == f"notice notice-{level}"
        assert visitor.page.evaluate(SEEN)["well"]
        ring, ground = visitor.page.evaluate(
            f"[[{FOCUSED}, 'outlineColor'], [{FOCUSED}.closest('.notice'), 'backgroundColor']]"
            ".map(([element, name]) => getComputedStyle(element)[name])"
        )
        assert ring != ground


def test_name_of_the_network_stands_beside_the_button_of_the_open_menu(person):
    visitor = person(viewport={"width": 320, "height": 640})
    visitor.open("/uk/contacts/")
    visitor.page.locator(".menu-fold summary").click()
    name, button = (
        visitor.page.evaluate(
            """selector => {
              const range = document.createRange();
              range.selectNodeContents(document.querySelector(selector));
              const {left, right, top, bottom} = range.getBoundingClientRect();
              return {left, right, top, bottom};
            }""",
            selector,
        )
        for selector in (".site-header .site-name a", ".menu-fold summary")
    )

    assert name["right"] < button["left"]
