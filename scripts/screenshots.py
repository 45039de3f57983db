"""Photographs the site that `make run` serves, in every language and two widths: `screenshots.py [PATH ...]`.

BASE_URL says where it is, CHROMIUM which browser looks at it. A PATH is what follows the language, such as `news/`.
"""

import os
import sys
from pathlib import Path

from playwright.sync_api import Browser, Error, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "var" / "screenshots"
LANGUAGES = ("en", "uk", "ru", "mk")
PATHS = ("", "news/", "events/", "branches/", "mission/", "about/")
WIDTHS = {"phone": 390, "desk": 1280}


def photograph(browser: Browser, base: str, path: str) -> None:
    """Save one page in every language and width."""
    for language in LANGUAGES:
        for device, width in WIDTHS.items():
            page = browser.new_page(viewport={"width": width, "height": 900})
            response = page.goto(f"{base}/{language}/{path}")
            name = f"{path.strip('/').replace('/', '-') or 'home'}.{language}.{device}.png"
            page.screenshot(path=FOLDER / name, full_page=True)
            print(f"{response.status if response else '---'}  {(FOLDER / name).relative_to(ROOT)}")
            page.close()


def main() -> int:
    """Photograph what the command line names, or the demo's main pages; return 1 when nobody answers."""
    base = os.environ.get("BASE_URL", "http://127.0.0.1:8000").rstrip("/")
    FOLDER.mkdir(parents=True, exist_ok=True)
    options = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=os.environ.get("CHROMIUM"), args=options)
        try:
            for path in sys.argv[1:] or PATHS:
                photograph(browser, base, path)
        except Error as error:
            print(
                f"{base} can't be photographed ({error.message.splitlines()[0]}). Is `make run` running?",
                file=sys.stderr,
            )
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
