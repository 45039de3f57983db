"""A real site that was just started, for whoever changes what every page of it shows: nobody else reads it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import real_site
import run
from demo_server import HOST, free_port, wait_for
from playwright.sync_api import Locator

from tests.browser.people import Librarian

ADDRESS, PASSWORD = "olha@library.example", "orchard-lamp-42"
PLAN = f"""
name = {{ uk = "Вербівська бібліотека" }}
languages = ["uk", "en"]
country = "UA"
zone = "Europe/Kyiv"
email = "{ADDRESS}"
branches = ["Центральна бібліотека"]
"""


@contextmanager
def started_site(data: Path) -> Iterator[str]:
    """Yield the address of a real site that was just started in a folder of its own."""
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
