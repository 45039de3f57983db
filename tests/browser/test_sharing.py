"""Readers pass a page on: by plain links without scripts, by a button that copies the address with them."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser

PATH = "/uk/branches/central/chytatske-kolo/"


@pytest.fixture(params=[True, False], ids=["with_scripts", "without_scripts"])
def reader(request, person):
    """Return somebody who reads an event."""
    reader = person(java_script_enabled=request.param)
    reader.open(PATH)
    return reader


def test_links_to_services_unfold_and_name_the_page(reader):
    fold = reader.page.locator("details.share")
    links = fold.get_by_role("link")
    assert not links.first.is_visible()

    fold.locator("summary").click()

    assert [link.inner_text() for link in links.all()][:4] == ["Viber", "Telegram", "WhatsApp", "Facebook"]
    assert all("chytatske-kolo" in (link.get_attribute("href") or "") for link in links.all()[:4])
    address = fold.get_by_label("Адреса цієї сторінки")
    assert address.is_visible()
    assert address.input_value() == reader.site + PATH
    assert reader.complaints == []


def test_poster_and_square_picture_come_as_files(reader):
    reader.page.locator("details.share summary").click()

    names = {}
    for link in ("Афіша (A4, PDF)", "Квадратне зображення (PNG)"):
        with reader.page.expect_download() as download:
            reader.follow(link)
        names[link] = download.value.suggested_filename

    assert list(names.values()) == ["chytatske-kolo-uk-poster.pdf", "chytatske-kolo-uk-square.png"]


def _clipboard(reader) -> str:
    """Return what somebody would paste on another page."""
    other = reader.context.new_page()
    other.goto(reader.site + "/uk/")
    other.bring_to_front()
    return other.evaluate("navigator.clipboard.readText()")


@pytest.mark.parametrize("allowed", [True, False], ids=["clipboard", "older way"])
def test_button_copies_the_address_and_says_so(person, allowed):
    reader = person()
    reader.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=reader.site)
    if not allowed:
        # As at an address without https.
        reader.page.add_init_script("delete Navigator.prototype.clipboard")
    reader.open(PATH)
    reader.page.locator("details.share summary").click()
    button = reader.page.get_by_role("button", name="Копіювати")

    button.focus()
    reader.page.keyboard.press("Enter")

    status = reader.page.locator(".share-copy").get_by_role("status")
    status.get_by_text("Скопійовано").wait_for()
    assert button.evaluate("element => element === document.activeElement")
    assert _clipboard(reader) == reader.site + PATH
    assert reader.complaints == []


def test_without_scripts_there_is_no_button_that_does_nothing(person):
    reader = person(java_script_enabled=False)
    reader.open(PATH)

    assert reader.page.locator("details.share button").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_unfolded_links_fit_on_a_narrow_phone_and_are_not_printed(person, scheme):
    reader = person(viewport={"width": 320, "height": 700}, color_scheme=scheme)
    reader.open(PATH)
    reader.page.locator("details.share summary").click()

    assert reader.page.evaluate("document.documentElement.scrollWidth") <= 320
    reader.page.emulate_media(media="print")
    assert not reader.page.locator("details.share").is_visible()
