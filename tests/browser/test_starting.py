"""From an empty folder to the first published event, by somebody new to Wagtail: eight clicks and the text."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone

from tests.browser.started_site import ADDRESS, PASSWORD, Newcomer, started_site

pytestmark = pytest.mark.browser

MOST_CLICKS = 8


@pytest.fixture(scope="module")
def site(chromium, tmp_path_factory) -> Iterator[str]:
    """Return the address of a site of this module's own."""
    with started_site(tmp_path_factory.mktemp("site")) as url:
        yield url


def test_newcomer_publishes_the_first_event_within_eight_clicks(person, visitor):
    newcomer = person(Newcomer)
    page = newcomer.page
    title, day = "Перше читацьке коло", timezone.localdate() + timedelta(days=10)

    newcomer.open("/admin/")
    page.locator("input[name=login]").fill(ADDRESS)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url("**/admin/")
    # What is left to do stands there at once, each with the place where it is done.
    assert page.get_by_text("зроблено 0 із 7").count() == 1
    assert page.locator(".c-checklist").get_by_role("link", name="Центральна бібліотека").count() == 1

    newcomer.click(page.get_by_role("link", name="Події", exact=True).first)
    newcomer.click(page.locator("a[href^='/admin/events/add/']").first)
    newcomer.click(page.locator(".c-places").get_by_role("link", name="Події", exact=True))
    newcomer.type(title=title, lead="Приходьте з книжкою.", starts_on=str(day), starts_at="17:00", ends_at="18:30")
    newcomer.publish()

    assert newcomer.clicks <= MOST_CLICKS
    assert newcomer.complaints == []
    for path in ("/uk/", "/en/events/"):
        visitor.open(path)
        assert title in visitor.page.locator("main").inner_text(), path
    assert visitor.complaints == []


def test_every_place_on_the_list_leads_somewhere(person):
    newcomer = person(Newcomer)
    newcomer.sign_in(ADDRESS, PASSWORD)
    addresses = newcomer.page.locator(".c-checklist a").evaluate_all("links => links.map(link => link.pathname)")

    assert len(set(addresses)) >= 10
    for address in sorted(set(addresses)):
        assert newcomer.open(address).status == 200, address
