"""A real calendar program: khal, fed by vdirsyncer from the address of a feed."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

PROGRAMS = Path(sys.executable).parent

VDIRSYNCER = """
[general]
status_path = "{home}/status/"

[pair library]
a = "subscribed"
b = "local"
collections = null
conflict_resolution = "a wins"

[storage subscribed]
type = "http"
url = "{url}"
read_only = "true"

[storage local]
type = "filesystem"
path = "{home}/library/"
fileext = ".ics"
"""

KHAL = """
[calendars]
[[library]]
path = {home}/library/

[locale]
local_timezone = Europe/Kyiv
default_timezone = Europe/Kyiv
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M

[sqlite]
path = {home}/khal.db
"""


class Calendar:
    """khal, fed by vdirsyncer, in a home of its own."""

    def __init__(self, home: Path, url: str):
        self.home = home
        (home / "library").mkdir()
        (home / "vdirsyncer.conf").write_text(VDIRSYNCER.format(home=home, url=url))
        (home / "khal.conf").write_text(KHAL.format(home=home))

    def subscribe(self) -> None:
        """Take the feed up, and fetch it for the first time."""
        self._run("vdirsyncer", "-c", self.home / "vdirsyncer.conf", "discover", "--no-list")
        self.refresh()

    def refresh(self) -> None:
        """Fetch the feed, as such programs do every few hours."""
        self._run("vdirsyncer", "-c", self.home / "vdirsyncer.conf", "sync")

    def listed(self, first: date, days: int) -> list[tuple[str, str, str, str]]:
        """Return day, start, title and status as `khal list` shows them."""
        form = "{start-date}\t{start-time}\t{title}\t{status}"
        out = self._run("khal", "-c", self.home / "khal.conf", "list", "--once", "-df", "", "-f", form,
                        str(first), f"{days}d")  # fmt: skip
        return [tuple(part.strip() for part in line.split("\t")) for line in out.splitlines() if line.strip()]

    def _run(self, program: str, *arguments: object) -> str:
        environment = os.environ | {"HOME": str(self.home), "LC_ALL": "C.UTF-8", "TZ": "Europe/Kyiv"}
        done = subprocess.run(
            [str(PROGRAMS / program), *map(str, arguments)],
            capture_output=True, text=True, check=False, env=environment, timeout=300,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout
