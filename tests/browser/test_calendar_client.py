"""A reader subscribes with a real calendar program and sees what the agenda shows."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from tests.browser.calendar_program import Calendar

pytestmark = pytest.mark.browser

DAYS = 7

# Day, start (empty: all day) and title of each row, and whether it is off.
ROWS = """rows => rows.map(row => {
  const day = row.closest(".day").querySelector("h2 time").getAttribute("datetime");
  const start = row.querySelector(".row-when time")?.getAttribute("datetime").slice(11, 16) ?? "";
  return [day, start, row.querySelector("h3 a").textContent.trim(), row.classList.contains("is-off")];
})"""


def agenda(visitor, last: date) -> list[tuple[str, str, str, bool]]:
    """Return what the agenda shows until the last day, turning its pages."""
    visitor.open("/uk/events/")
    rows = []
    while True:
        rows += visitor.page.locator(".day .event-row").evaluate_all(ROWS)
        after = visitor.page.get_by_role("link", name="Наступні дати")
        if rows[-1][0] > str(last) or not after.count():
            return [tuple(row) for row in rows if row[0] <= str(last)]
        with visitor.page.expect_navigation():
            after.click()


def exhibitions(visitor, day: date) -> set[str]:
    """Return the titles of what the agenda calls on now, as far as it still is on a day."""
    rows = visitor.page.locator(".on-now .event-row").all()
    last_days = {row.locator("h3 a").inner_text(): row.locator("time").last.get_attribute("datetime") for row in rows}
    return {title for title, last in last_days.items() if last[:10] >= str(day)}


def test_calendar_program_shows_what_the_agenda_shows(visitor, tmp_path):
    visitor.open("/uk/events/subscribe/")
    calendar = Calendar(tmp_path, visitor.page.locator("#calendar-address").input_value())
    calendar.subscribe()
    # Of today the agenda shows only what has not ended; from tomorrow on both show all.
    first = timezone.localdate() + timedelta(days=1)
    shown = {row for row in agenda(visitor, first + timedelta(days=DAYS - 1)) if row[0] >= str(first)}

    listed = {(day, start, title, "CANCELLED" in status) for day, start, title, status in calendar.listed(first, DAYS)}

    assert {row[0] for row in shown} == {str(first + timedelta(days=n)) for n in range(DAYS)}
    assert {row for row in listed if row[0] >= str(first)} == shown
    visitor.open("/uk/events/")
    assert exhibitions(visitor, first) <= {title for day, _start, title, _off in listed if day < str(first)}
