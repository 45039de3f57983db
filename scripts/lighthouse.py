"""Asks Lighthouse what it thinks of the demo on a slow phone: `lighthouse.py [NAME ...]`; needs npm.

BASE_URL names a site that already runs, CHROMIUM the browser. It prints a table and returns 1 where a page misses
what docs/performance.md asks for.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from demo_pages import PAGES
from demo_server import serving
from run import StartError

VERSION = "12.8.2"
WANTED = {"performance": 95, "accessibility": 100, "best-practices": 100, "seo": 100}
JUDGED = ("home", "agenda", "event", "news", "branch", "mission")


def scores(program: Path, url: str, folder: Path) -> dict[str, int]:
    """Return the points from 0 to 100 that a page gets on Lighthouse's throttled phone, by category."""
    report = folder / "report.json"
    browser = "--headless=new" + (" --no-sandbox" if os.geteuid() == 0 else "")
    command = [program, url, "--quiet", "--output=json", f"--output-path={report}", f"--chrome-flags={browser}"]
    variables = os.environ | {"CHROME_PATH": os.environ.get("CHROMIUM", "")}
    subprocess.run([str(part) for part in command], env=variables, check=True)
    found = json.loads(report.read_text())["categories"]
    return {name: round(100 * (found[name]["score"] or 0)) for name in WANTED}


def measure(names: list[str]) -> bool:
    """Print what each page gets; return whether all get what is wanted."""
    reached = True
    with tempfile.TemporaryDirectory() as made, serving() as base:
        folder = Path(made)
        subprocess.run(["npm", "install", "--silent", "--prefix", made, f"lighthouse@{VERSION}"], check=True)
        program = folder / "node_modules" / ".bin" / "lighthouse"
        print(f"{'page':<10} " + " ".join(f"{name:>14}" for name in WANTED))
        for name in names:
            got = scores(program, f"{base}/uk/{PAGES[name]}", folder)
            reached = reached and all(got[category] >= least for category, least in WANTED.items())
            print(f"{name:<10} " + " ".join(f"{got[category]:>14}" for category in WANTED), flush=True)
    return reached


def main() -> int:
    """Measure the named pages, or all; return the exit code."""
    names = sys.argv[1:] or list(JUDGED)
    if unknown := [name for name in names if name not in PAGES]:
        print(f"There is no page called {unknown[0]}; there are {', '.join(PAGES)}.", file=sys.stderr)
        return 2
    if not shutil.which("npm"):
        print("Lighthouse needs npm: install Node 18.20 or newer, then try again.", file=sys.stderr)
        return 2
    try:
        return 0 if measure(names) else 1
    except (StartError, subprocess.CalledProcessError) as error:
        print(f"Lighthouse did not end: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
