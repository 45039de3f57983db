"""Photographs each type of page of the demo: `screenshots.py [NAME ...]` fills docs/screens, or makes some of it anew.

Three widths, light and dark, in Ukrainian and Macedonian; one screen and a half of each. BASE_URL names a site
that already runs, CHROMIUM the browser that looks at it.
"""

from __future__ import annotations

import io
import os
import sys
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Literal

from demo_pages import PAGES
from demo_server import serving
from PIL import Image
from playwright.sync_api import Browser, Error, sync_playwright
from run import StartError

Scheme = Literal["light", "dark"]

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "screens"
LANGUAGES = ("uk", "mk")
WIDTHS = {360: 800, 768: 1024, 1280: 900}
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
QUALITY = 45


@dataclass(frozen=True)
class Look:
    """How one person looks at a page."""

    language: str
    width: int
    scheme: Scheme


LOOKS = [Look(language, width, scheme) for language, width, scheme in product(LANGUAGES, WIDTHS, SCHEMES)]


def photograph(browser: Browser, base: str, name: str, look: Look) -> Path:
    """Save one page as one person sees it; return the file."""
    width, height = look.width, WIDTHS[look.width]
    page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=look.scheme)
    page.goto(f"{base}/{look.language}/{PAGES[name]}")
    whole = int(page.evaluate("document.documentElement.scrollHeight"))
    shown = min(whole, height * 3 // 2)
    taken = page.screenshot(full_page=True, clip={"x": 0, "y": 0, "width": width, "height": shown})
    picture = Image.open(io.BytesIO(taken))
    page.close()
    file = FOLDER / f"{name}.{look.language}.{width}.{look.scheme}.webp"
    picture.convert("RGB").save(file, "WEBP", quality=QUALITY, method=6)
    return file


def main() -> int:
    """Photograph what the command line names, or everything; return 1 when nobody answers."""
    names = sys.argv[1:] or list(PAGES)
    if unknown := [name for name in names if name not in PAGES]:
        print(f"There is no page called {unknown[0]}; there are {', '.join(PAGES)}.", file=sys.stderr)
        return 2
    FOLDER.mkdir(parents=True, exist_ok=True)
    options = ["--no-sandbox"] if os.geteuid() == 0 else []
    try:
        with serving() as base, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=os.environ.get("CHROMIUM"), args=options)
            for name in names:
                made = [photograph(browser, base, name, look) for look in LOOKS]
                size = sum(file.stat().st_size for file in made) // 1024
                print(f"{name}: {len(made)} pictures, {size} kB", flush=True)
    except (Error, StartError) as error:
        print(f"The site can't be photographed ({str(error).splitlines()[0]}).", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
