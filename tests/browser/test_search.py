"""A reader looks for something: on the site, or in the catalogue, which is another site."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser
CATALOGUE = "https://catalogue.library.example"
KOBZAR = f"{CATALOGUE}/search?q=%D0%9A%D0%BE%D0%B1%D0%B7%D0%B0%D1%80%20%26%20%22%D0%BB%D0%B8%D1%81%D1%82%D0%B8%22"


@pytest.fixture(params=[True, False], ids=["with_scripts", "without_scripts"])
def reader(request, person):
    """Return somebody whose way to the catalogue ends at one of its pages."""
    someone = person(java_script_enabled=request.param)
    someone.context.route(f"{CATALOGUE}/**", _answer)
    return someone


def _answer(route) -> None:
    route.fulfill(status=200, content_type="text/html", body="<html lang=uk><title>Catalogue</title><h1>Found</h1>")


def test_words_lead_to_the_results_of_the_catalogue_and_back(reader):
    reader.open("/uk/events/")
    header = reader.page.locator("header .for-wide form")
    header.get_by_role("searchbox").fill('Кобзар & "листи"')
    header.get_by_role("button", name="У каталозі").click()
    reader.page.wait_for_url(f"{CATALOGUE}/**")

    assert (reader.page.url, reader.heading) == (KOBZAR, "Found")
    assert reader.complaints == [f"A request left the site: {KOBZAR}"]


def test_catalogue_hears_nothing_of_where_somebody_came_from(reader):
    reader.open("/uk/search/")
    with reader.page.expect_request(f"{CATALOGUE}/**") as asked:
        reader.page.get_by_role("link", name="Перейти до каталогу").click()
    reader.page.wait_for_url(f"{CATALOGUE}/**")

    assert {"referer", "cookie", "origin"} & set(asked.value.all_headers()) == set()


def test_enter_searches_the_site_and_facets_narrow_what_is_found(reader):
    reader.open("/uk/")
    field = reader.page.locator("header .for-wide form").get_by_role("searchbox")
    field.fill("КНИГАМИ")
    field.press("Enter")
    reader.page.wait_for_url("**/uk/search/?q=*")
    everything = int(reader.page.get_by_role("status").inner_text().split()[0])
    events = reader.page.get_by_role("navigation", name="Уточнити результати").get_by_role("link", name="Події")
    count = int(events.inner_text().split()[-1])
    events.click()
    reader.page.locator(".active-filters").wait_for()
    narrowed = int(reader.page.get_by_role("status").inner_text().split()[0])

    assert 0 < narrowed == count < everything
    assert reader.page.locator(".hit mark").first.inner_text().casefold().startswith("книг")
    assert reader.complaints == []


def test_on_a_phone_the_home_page_has_one_field_with_two_ways_to_go(person):
    phone = person(viewport={"width": 320, "height": 640})
    phone.open("/mk/")
    field = phone.page.locator(".home-search").get_by_role("searchbox")
    buttons = phone.page.locator(".home-search button")

    boxes = [one.bounding_box() for one in (field, *buttons.all())]
    assert [one.inner_text() for one in buttons.all()] == ["На сајтот", "Во каталогот"]
    assert all(box and box["height"] >= 44 and box["x"] + box["width"] <= 320 for box in boxes)
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= 320
    assert phone.page.locator(".site-header").bounding_box()["height"] <= 100
