"""A month's plan is pasted, mended, published, and found by a reader; pasted again, it makes nothing twice."""

from __future__ import annotations

import pytest

from tests.browser.people import Librarian

pytestmark = pytest.mark.browser

HEADINGS = "Дата\tЧас\tНазва\tФілія\tМісць\n"
ROW = "{day}\t17:30–19:00\tКлуб паперових кораблів\tstation\t20\n"
DAYS = ("12.04.2027", "19.04.2027")


def _paste(librarian, text: str) -> None:
    librarian.open("/admin/events/plan/")
    _look(librarian, text)


def _look(librarian, text: str) -> None:
    librarian.page.locator("[name=plan]").fill(text)
    with librarian.page.expect_navigation():
        librarian.page.locator("[name=look]").click()


def test_plan_with_a_slip_is_mended_published_and_made_only_once(person):
    librarian = person(Librarian)
    librarian.sign_in("station@library.example", "reading-room")
    good = HEADINGS + "".join(ROW.format(day=day) for day in DAYS)

    _paste(librarian, good.replace(DAYS[1], "31.04.2027"))
    assert librarian.page.locator("main td .error-message").count() == 1
    assert librarian.page.locator("[name=do]").count() == 0

    _look(librarian, good)
    assert librarian.page.locator("main td .error-message").count() == 0
    librarian.page.locator("[name=publish][value=yes]").check()
    with librarian.page.expect_navigation():
        librarian.page.locator("[name=do]").click()

    reader = person()
    reader.open("/uk/events/?day=2027-04-12")
    assert reader.page.get_by_role("link", name="Клуб паперових кораблів").count() == len(DAYS)

    _paste(librarian, good)
    assert librarian.page.locator("main tbody tr", has_text="already there").count() == len(DAYS)
    assert (reader.complaints, librarian.complaints) == ([], [])
