"""Whoever writes sees beside the form what readers will see, in each state, and what would keep somebody out."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.people import Librarian

pytestmark = pytest.mark.browser


@pytest.fixture
def librarian(person) -> Librarian:
    librarian = person(Librarian, viewport={"width": 1500, "height": 950})
    librarian.sign_in("admin@library.example", "reading-room")
    return librarian


def _open_first(librarian: Librarian, room: str) -> Page:
    librarian.open(f"/admin/{room}/")
    librarian.page.locator("main table a[href*='/edit/']").first.click()
    librarian.page.locator("[name=title]").wait_for()
    librarian.page.locator("[data-side-panel-toggle=preview]").click()
    return librarian.page


def test_event_is_seen_beside_its_form_and_in_a_state_that_it_is_not_in(librarian):
    page = _open_first(librarian, "events")
    title = page.locator("[name=title]").input_value()
    shown = page.frame_locator(".w-preview iframe").last

    expect(shown.locator("h1")).to_have_text(title)
    expect(shown.locator(".banner.state-cancelled")).to_have_count(0)
    page.locator("#id_preview_mode").select_option("cancelled")

    expect(shown.locator(".banner.state-cancelled")).to_be_visible()
    assert librarian.complaints == []


def test_words_of_the_preview_are_counted_and_checked(librarian):
    page = _open_first(librarian, "news")
    expect(page.frame_locator(".w-preview iframe").last.locator("h1")).to_be_visible()

    page.locator("[data-side-panel-toggle=checks]").click()

    expect(page.locator("[data-content-word-count]")).to_have_text(re.compile("^[1-9]"))
    expect(page.locator("[data-content-checker-count]").last).to_have_text("0")
    assert librarian.complaints == []
