"""From an empty folder to the first published event, by somebody new to Wagtail: eight clicks and the text.

What changes every page of a site is tried here too, since nobody else reads this site meanwhile.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import timedelta

import pytest
import real_site
import run
from demo_server import HOST, free_port, wait_for
from django.utils import timezone
from icalendar import Calendar
from playwright.sync_api import Locator

from tests.browser.people import Librarian, Visitor

pytestmark = pytest.mark.browser

ADDRESS, PASSWORD = "olha@library.example", "orchard-lamp-42"
PLAN = f"""
name = {{ uk = "Вербівська бібліотека" }}
languages = ["uk", "en"]
country = "UA"
zone = "Europe/Kyiv"
email = "{ADDRESS}"
branches = ["Центральна бібліотека"]
"""
MOST_CLICKS = 8


@pytest.fixture(scope="module")
def site(chromium, tmp_path_factory) -> Iterator[str]:
    """Return the address of a real site that was just started in a folder of its own."""
    data = tmp_path_factory.mktemp("site")
    url = f"http://{HOST}:{free_port()}"
    lines = [
        "SECRET_KEY=for this test",
        "SITE_LANGUAGES=uk,en",
        "ALLOWED_HOSTS=127.0.0.1",
        "HTTPS=0",
        f"BASE_URL={url}",
    ]
    (data / real_site.SETTINGS_FILE).write_text("\n".join(lines))
    plan = data / "network.toml"
    plan.write_text(PLAN, encoding="utf-8")
    left_out = {"DATABASE_URL", "CACHE_URL", "CHITALNYA_DATA_DIR", "DJANGO_SETTINGS_MODULE"}
    with pytest.MonkeyPatch.context() as patch:
        for name in left_out & set(os.environ):
            patch.delenv(name)
        variables = real_site.variables(data) | {"CHITALNYA_ADMIN_PASSWORD": PASSWORD}
    run.load(data, variables, ("start_network", "--from-file", str(plan)), "Making the site ...")
    services = run.services(HOST, int(url.rpartition(":")[2]))
    for service in services:
        service.start(variables)
    try:
        wait_for(url, services)
        yield url
    finally:
        run.stop(services)


class Newcomer(Librarian):
    """Somebody who counts the clicks."""

    clicks = 0

    def click(self, what: Locator) -> None:
        self.clicks += 1
        what.click()

    def publish(self) -> None:
        """Publish the page that is open."""
        self.click(self.page.locator("footer [data-w-dropdown-target=toggle]"))
        self.click(self.page.locator("footer [name=action-publish], [data-tippy-root] [name=action-publish]").first)
        self.page.locator(".messages .success").wait_for()

    def type(self, **fields: str) -> None:
        """Type into fields, going from one to the next with the tabulator."""
        for name, text in fields.items():
            self.page.locator(f"#page-edit-form [name={name}]").fill(text)
            self.page.locator(f"#page-edit-form [name={name}]").press("Tab")
        # Wagtail's picker of times may open late, over whatever comes next; a person would see and close it.
        self.page.evaluate("document.querySelectorAll('.xdsoft_datetimepicker').forEach(one => one.remove())")


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
