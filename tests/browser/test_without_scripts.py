"""The whole public site does its work for a browser without scripts."""

from __future__ import annotations

import pytest

from tests.browser.page_types import PAGES
from tests.browser.people import Visitor

pytestmark = pytest.mark.browser


@pytest.fixture
def plain(person) -> Visitor:
    """Return somebody with a phone that runs no scripts."""
    return person(java_script_enabled=False, viewport={"width": 360, "height": 740})


def test_every_page_shows_its_words_and_offers_nothing_that_needs_a_script(plain):
    useless = {}
    for name, path in PAGES.items():
        plain.open(f"/mk/{path}")
        assert plain.heading
        buttons = plain.page.locator("button:visible:not([type=submit])")
        if buttons.count():
            useless[name] = buttons.all_inner_texts()

    assert useless == {}
    # The address of a page that there isn't is an error for the console, too.
    assert [each for each in plain.complaints if "404" not in each] == []


def test_menu_of_the_phone_opens_and_leads_on(plain):
    plain.open("/uk/")
    menu = plain.page.locator(".menu-fold")
    assert not menu.locator(".main-menu").is_visible()

    menu.locator("summary").click()
    menu.get_by_role("link", name="Новини", exact=True).click()

    assert (plain.path, plain.heading) == ("/uk/news/", "Новини")


def test_events_are_narrowed_and_widened_again(plain):
    plain.open("/uk/events/")
    plain.page.locator("#filter-branch").select_option("central")
    plain.page.locator("form.filters button[type=submit]").click()
    assert "branch=central" in plain.page.url

    plain.page.locator(".active-filters a").click()

    assert "branch" not in plain.page.url


def test_words_are_searched(plain):
    plain.open("/uk/")
    field = plain.page.locator("main input[type=search]")
    field.fill("кіт")
    field.press("Enter")

    assert (plain.path, plain.page.locator("input[type=search]").first.input_value()) == ("/uk/search/", "кіт")


def test_large_type_and_contrast_are_chosen_and_left(plain):
    plain.open("/uk/news/")
    assert plain.page.locator("html[data-contrast]").count() == 0

    for chosen in (1, 0):
        plain.open("/uk/display/?next=/uk/news/")
        for box in plain.page.locator("main input[type=checkbox]").all():
            box.set_checked(bool(chosen))
        plain.page.locator("main button[type=submit]").click()
        assert plain.path == "/uk/news/"
        assert plain.page.locator("html[data-contrast]").count() == chosen
