"""A librarian tells what became of an event, and a reader finds it on the event's page."""

from __future__ import annotations

import pytest

from tests.browser.people import Librarian

pytestmark = pytest.mark.browser

EVENT = "Паролі без муки"
ADDRESS = "/uk/branches/station/paroli-bez-muky/"


def test_report_is_begun_from_the_event_and_found_on_its_page(person):
    reader = person()
    reader.open(ADDRESS)
    assert reader.page.get_by_role("heading", name="Як це було").count() == 0

    librarian = person(Librarian)
    librarian.sign_in("station@library.example", "reading-room")
    librarian.open("/admin/events/?dates=past")
    row = librarian.page.locator("main tbody tr", has_text=EVENT)
    row.get_by_role("link", name="Make a report from this event").click()
    librarian.page.get_by_role("button", name="Make the draft").click()
    librarian.page.wait_for_url("**/edit/**")
    assert librarian.page.locator("[name=title]").input_value() == f"{EVENT}: як це було"
    assert librarian.page.locator("[name=lead]").input_value().endswith("[Скільки людей прийшло і як усе було?]")

    librarian.fill(title="Сорок нових паролів", lead="Прийшло сорок людей, і ніхто не записав пароль на картці.")
    librarian.publish()
    librarian.open("/admin/events/?dates=past")
    row.get_by_role("link", name="Report", exact=True).click()
    assert librarian.page.locator("[name=title]").input_value() == "Сорок нових паролів"

    reader.open(ADDRESS)
    assert reader.page.get_by_role("heading", name="Як це було").is_visible()
    reader.follow("Сорок нових паролів", within="main")
    assert reader.heading == "Сорок нових паролів"
    reader.follow(EVENT, within="main")
    assert reader.path == ADDRESS
    assert (reader.complaints, librarian.complaints) == ([], [])
