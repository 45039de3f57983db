"""What changes every page of a site: the order of its menu, a branch that closes today."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone
from icalendar import Calendar

from tests.browser.people import Visitor
from tests.browser.started_site import ADDRESS, PASSWORD, Newcomer, started_site

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def site(chromium, tmp_path_factory) -> Iterator[str]:
    """Return the address of a site of this module's own."""
    with started_site(tmp_path_factory.mktemp("site")) as url:
        yield url


def test_menu_is_put_in_order_in_the_admin(person, visitor):
    newcomer = person(Newcomer)
    newcomer.sign_in(ADDRESS, PASSWORD)
    visitor.open("/uk/")
    before = visitor.page.locator(".for-wide .main-menu a").all_inner_texts()
    newcomer.open("/admin/settings/core/navigation/")
    newcomer.click(newcomer.page.locator("[data-w-action-url-value$='/fill/']"))
    newcomer.page.locator(".messages .success").wait_for()

    # The second entry moves up, and the fold shows it first.
    entries = newcomer.page.locator(
        "[data-contentpath='menu'] [data-streamfield-stream-container] [data-streamfield-child]"
    )
    newcomer.click(entries.nth(1).locator("button[title]:has(use[href='#icon-arrow-up'])").first)
    newcomer.click(newcomer.page.locator("footer [type=submit]"))
    newcomer.page.locator(".messages .success").wait_for()

    visitor.open("/uk/")
    after = visitor.page.locator(".for-wide .main-menu a").all_inner_texts()
    assert len(before) > 1
    assert after == [before[1], before[0], *before[2:]]


def test_librarian_closes_from_a_phone_and_reopens(person):
    """Every page of the site says so meanwhile; the dates within fall out, and come back when it opens."""
    librarian, reader = person(Newcomer), person()
    librarian.sign_in(ADDRESS, PASSWORD)
    title, day = "Казки просто неба", timezone.localdate() + timedelta(days=1)
    librarian.open("/admin/events/add/")
    librarian.click(librarian.page.locator(".c-places").get_by_role("link", name="Центральна бібліотека", exact=True))
    librarian.type(title=title, lead="Приходьте з пледом.", starts_on=str(day), starts_at="12:00", ends_at="13:00")
    librarian.click(librarian.page.locator("footer [data-w-dropdown-target=toggle]"))
    librarian.click(
        librarian.page.locator("footer [name=action-publish], [data-tippy-root] [name=action-publish]").first
    )
    librarian.page.locator(".messages .success").wait_for()
    for one in (librarian, reader):
        one.page.set_viewport_size({"width": 360, "height": 740})
    assert statuses(reader, title) == ["CONFIRMED"]

    librarian.open("/admin/")
    librarian.click(librarian.page.locator("main a[href*='/close']").first)
    form = librarian.page.locator("form.c-action")
    assert sideways(librarian) <= 0
    form.locator("[name=until][value=moment]").check()
    form.locator("[name=day]").fill(str(day + timedelta(days=1)))
    form.locator("[name=day]").press("Escape")
    form.locator("[name=time]").fill("09:00")
    form.locator("[name=time]").press("Escape")
    form.get_by_label("Не працює опалення.", exact=True).check()
    for tick in form.locator("[name=dates]").all():
        tick.check()
    librarian.click(form.locator("button[type=submit]"))
    librarian.page.locator(".messages .success").wait_for()

    for path in ("/uk/", "/en/events/"):
        reader.open(path)
        assert reader.page.locator(".notice-emergency").count() == 1, path
        assert sideways(reader) <= 0
    assert statuses(reader, title) == ["CANCELLED"]

    librarian.open("/admin/")
    librarian.click(librarian.page.locator("main a[href*='/reopen']").first)
    again = librarian.page.locator("form.c-action")
    for tick in again.locator("[name=dates]").all():
        tick.check()
    librarian.click(again.locator("button[type=submit]"))
    librarian.page.locator(".messages .success").wait_for()

    reader.open("/uk/")
    assert reader.page.locator(".notice-emergency").count() == 0
    assert statuses(reader, title) == ["CONFIRMED"]
    assert reader.complaints == []


def statuses(reader: Visitor, title: str) -> list[str]:
    """Return what a calendar program reads of an event's dates."""
    answer = reader.page.request.get(f"{reader.site}/uk/events/feed.ics")
    events = Calendar.from_ical(answer.body()).walk("VEVENT")
    return [str(one["STATUS"]) for one in events if str(one.get("SUMMARY")) == title]


def sideways(one: Visitor) -> int:
    """Return by how many pixels the page is wider than the phone."""
    return one.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
