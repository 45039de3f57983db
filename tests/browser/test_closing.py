"""A librarian with a phone closes a branch; readers and calendars know at once, and again when it opens."""

from __future__ import annotations

import pytest
from icalendar import Calendar

from tests.browser.people import Librarian, Visitor

pytestmark = pytest.mark.browser

PASSWORD = "reading-room"
PHONE = {"width": 360, "height": 740}
BRANCH = "/uk/branches/central/"
FEED = "/uk/events/feed.ics?branch=central"
REASON = "Не працює опалення."


def cancelled(reader: Visitor) -> set[str]:
    """Return the ids of the dates of the branch that the feed says are cancelled."""
    answer = reader.page.request.get(reader.site + FEED)
    events = Calendar.from_ical(answer.body()).walk("VEVENT")
    return {str(one["UID"]) for one in events if str(one.get("STATUS", "")) == "CANCELLED"}


def sideways(person: Visitor) -> int:
    """Return by how many pixels the page is wider than the phone."""
    return person.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def test_librarian_closes_from_a_phone_and_reopens(person):
    librarian, reader = person(Librarian), person(Visitor)
    librarian.sign_in("central@library.example", PASSWORD)
    librarian.page.set_viewport_size(PHONE)
    reader.page.set_viewport_size(PHONE)
    before = cancelled(reader)

    librarian.open("/admin/")
    librarian.follow("Close today", within="main")
    form = librarian.page.locator("form.c-action")
    assert sideways(librarian) == 0
    form.locator("[name=until][value=tomorrow]").check()
    form.get_by_label("The heating does not work.", exact=True).check()
    dates = form.locator("[name=dates]")
    assert dates.count() > 0
    for number in range(dates.count()):
        dates.nth(number).check()
    chosen = dates.count()
    form.get_by_role("button", name="Close the branch").click()
    librarian.page.locator(".messages .success").wait_for()

    for path in (BRANCH, "/uk/"):
        reader.open(path)
        assert REASON in reader.page.locator(".notice-emergency").inner_text()
        assert sideways(reader) == 0
    assert len(cancelled(reader) - before) == chosen

    librarian.open("/admin/")
    librarian.follow("Reopen now", within="main")
    again = librarian.page.locator("form.c-action")
    for number in range(again.locator("[name=dates]").count()):
        again.locator("[name=dates]").nth(number).check()
    again.get_by_role("button", name="Open the branch").click()
    librarian.page.locator(".messages .success").wait_for()

    reader.open(BRANCH)
    assert reader.page.locator(".notice-emergency").count() == 0
    assert cancelled(reader) == before
    assert reader.complaints == []
