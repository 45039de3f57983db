"""Readers make themselves a calendar; a real calendar program follows what becomes of a course."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from django.utils import timezone, translation

from core.date_words import date_words
from tests.browser.calendar_program import Calendar
from tests.browser.people import Librarian, Visitor

pytestmark = pytest.mark.browser

PASSWORD = "reading-room"
BUILDER = "/uk/events/subscribe/"


@pytest.fixture
def plain(person) -> Visitor:
    """Return somebody with a phone that runs no scripts."""
    return person(java_script_enabled=False, viewport={"width": 360, "height": 740})


def address_of(visitor: Visitor, *ticks: str) -> str:
    """Return the short address that the builder gives for what is ticked."""
    visitor.open(BUILDER)
    for name in ticks:
        visitor.page.get_by_role("checkbox", name=name, exact=True).check()
    visitor.page.get_by_role("button", name="Показати мій календар", exact=True).click()
    visitor.page.wait_for_url("**/events/subscribe/?**")
    return visitor.page.locator("#calendar-address").input_value()


def unfold(librarian: Librarian, field: str) -> None:
    """Open the part of the open form in which a field stands."""
    if not librarian.page.locator(field).is_visible():
        part = librarian.page.locator("section.w-panel.collapsed, section.w-panel", has=librarian.page.locator(field))
        part.last.locator("[data-panel-toggle]").first.click()


def enter_holiday(librarian: Librarian, day: date, name: str) -> None:
    """Put a day on the network's own list of days off."""
    librarian.open("/admin/settings/core/network/")
    days = librarian.page.locator("[data-contentpath=days_off]")
    days.locator("button.c-sf-add-button").last.click()
    days.locator("[name$='-value-name_uk']").last.fill(name)
    field = days.locator("[name$='-value-first']").last
    field.fill(str(day))
    field.press("Tab")
    librarian.page.locator("main footer button[type=submit], main footer [type=submit]").first.click()
    librarian.page.locator(".messages .success").wait_for()


def on_the_dates(librarian: Librarian, title: str, day: date, act: str, **fields: str) -> None:
    """Do something to one date of an event in the list of its dates."""
    librarian.open(f"/admin/events/?q={title}")
    librarian.page.locator("main table a[href$='/dates/']").first.click()
    with translation.override("uk"):
        row = librarian.page.locator("tr", has_text=date_words(day, today=day, weekday=True))
    row.locator(f"a[href$='/{act}/']").click()
    for name, text in fields.items():
        field = librarian.page.locator(f".c-action [name={name}]")
        field.fill(text)
        field.press("Tab")
    librarian.page.locator(".c-action button[type=submit]").click()
    librarian.page.locator(".messages .success").wait_for()


def shown(program: Calendar, title: str, first: date) -> list[tuple[str, str, bool]]:
    """Return day, start and whether it is off of each date of an event that a program shows in six weeks."""
    return [
        (day, start, "CANCELLED" in status)
        for day, start, name, status in program.listed(first, 42)
        if name.startswith(title)
    ]


def test_calendar_is_put_together_without_scripts(plain):
    address = address_of(plain, "Філія «Набережна»", "Діти", "Македонська")

    assert re.fullmatch(rf"{plain.site}/uk/cal/b\.[\w-]+\+a\.[\w-]+\+l\.mk\.ics", address)
    assert plain.page.get_by_label("Діти", exact=True).is_checked()
    link = plain.page.get_by_role("link", name="Підписатися на цьому пристрої", exact=True)
    assert link.get_attribute("href") == address.replace("http://", "webcal://")
    assert plain.page.request.get(address).status == 200
    picture = plain.page.locator(".calendar-code img")
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth > 0)")
    assert plain.complaints == []


def test_address_is_copied(visitor):
    visitor.context.grant_permissions(["clipboard-read", "clipboard-write"])
    visitor.open(BUILDER)
    visitor.page.get_by_role("button", name="Копіювати", exact=True).first.click()
    visitor.page.get_by_text("Скопійовано", exact=True).first.wait_for()

    assert visitor.page.evaluate("navigator.clipboard.readText()") == f"{visitor.site}/uk/cal/all.ics"
    assert visitor.complaints == []


@pytest.fixture
def another_site(visitor) -> Iterator[str]:
    """Return the address of another site, which has two frames: the list of events, and the builder."""
    frames = (f'<iframe src="{visitor.site}/uk/events/{path}"></iframe>' for path in ("embed/", "subscribe/"))

    class Page(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(f"<!DOCTYPE html><title>Another site</title>{''.join(frames)}".encode())

        def log_message(self, *_arguments):
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def test_list_is_shown_in_a_frame_of_another_site_and_no_other_page_is(visitor, another_site):
    visitor.open(another_site)
    shown, refused = (visitor.page.frame_locator(f"iframe >> nth={number}") for number in range(2))

    shown.locator(".embedded-rows h2").first.wait_for()
    assert shown.locator(".embedded-rows > li").count() == 10
    assert refused.locator(".own-calendar").count() == 0
    assert any("frame" in complaint for complaint in visitor.complaints)


def test_course_that_somebody_subscribed_to_is_followed_by_their_calendar(person, visitor, tmp_path):
    title, branch = "Курс каліграфії вівторками", "Філія «Набережна»"
    start = timezone.localdate() + timedelta(days=30)
    weeks = [start + timedelta(days=7 * number) for number in range(5)]
    first, holiday, third, fourth, fifth = weeks
    moved = third + timedelta(days=1)
    librarian = person(Librarian)
    librarian.sign_in("admin@library.example", PASSWORD)
    librarian.work_in("uk")

    # A course every week, not on days off, and once on another day.
    enter_holiday(librarian, holiday, "Санітарний день")
    librarian.add("events", "Події")
    unfold(librarian, "[name=repeat]")
    librarian.page.locator("[name=repeat]").select_option("weekly")
    librarian.fill(title=title, lead="Перо, туш і терпіння.", starts_on=str(first), starts_at="18:00", ends_at="19:30")
    librarian.fill(repeat_count="5")
    librarian.page.locator("[name=branch]").select_option(label=branch)
    librarian.page.locator("[name=skips_days_off]").check()
    librarian.publish()
    on_the_dates(librarian, title, third, "move", first_day=str(moved), starts_at="17:00", ends_at="18:30")

    # Somebody subscribes to the branch.
    program = Calendar(tmp_path, address_of(visitor, branch))
    program.subscribe()
    planned = [(str(first), "18:00"), (str(moved), "17:00"), (str(fourth), "18:00"), (str(fifth), "18:00")]
    assert shown(program, title, first) == [(day, begins, False) for day, begins in planned]

    # One date is called off; the program learns of it when it fetches the calendar the next time.
    on_the_dates(librarian, title, fourth, "cancel", reason_uk="Захворіла ведуча.")
    program.refresh()

    assert shown(program, title, first) == [(day, begins, day == str(fourth)) for day, begins in planned]
    assert librarian.complaints == []
    assert visitor.complaints == []
