"""A real Chromium, a real server with the demo, and people who use them."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser.demo_site import ROOT, shared_demo_site
from tests.browser.people import PATIENCE, Visitor

# A busy machine is slow, not wrong.
expect.set_options(timeout=PATIENCE)

# Chromium talks to nobody but the site; without --no-sandbox it does not start in most containers.
SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def chromium() -> str:
    """Return the path of a Chromium; where there is none, skip with the reason, in CI fail."""
    found = subprocess.run(["sh", str(ROOT / "scripts" / "chromium.sh")], capture_output=True, text=True, check=False)
    if found.returncode == 0:
        return found.stdout.strip()
    reason = f"No Chromium is here and none could be installed. {found.stderr.strip()}".strip()
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def site(chromium, tmp_path_factory) -> Iterator[str]:
    """Return the address of the demo site, which all processes of this run share."""
    own = tmp_path_factory.getbasetemp()
    folder = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "browser"
    folder.mkdir(exist_ok=True)
    with shared_demo_site(folder) as url:
        yield url
    if not (folder / "address").exists():
        shutil.rmtree(folder / "demo", ignore_errors=True)


# Playwright keeps an event loop running in its thread, in which Django refuses to touch a database: the browser closes
# with the last test of this folder, before others follow in the same process.
@pytest.fixture(scope="package")
def browser(chromium) -> Iterator[Browser]:
    """Return the running Chromium."""
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=SWITCHES)
        yield running
        running.close()


@pytest.fixture
def person(browser, site) -> Iterator[Callable[..., Visitor]]:
    """Return a function that brings a new person with a browser of their own; its options are those of Playwright."""
    contexts = []

    def arrive(kind: type[Visitor] = Visitor, **options) -> Visitor:
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}} | options)
        contexts.append(context)
        return kind(context, site)

    yield arrive
    for context in contexts:
        context.close()


@pytest.fixture
def visitor(person) -> Visitor:
    """Return one person with an ordinary browser."""
    return person()
