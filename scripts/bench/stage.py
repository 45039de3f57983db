"""All that the measurements need: the demo and what is made of it in a temporary folder, and the servers."""

import json
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path
from typing import Any, Self

from scripts import run
from scripts.bench import servers
from scripts.bench.load import PAST_THE_CACHE, Target, fetch
from scripts.bench.servers import BenchError

# What can be made beside the demo: copies of it, by the task of `inside.py` that changes them, and a fresh Wagtail.
TEN, THOUSANDS, MANY, BARE = "ten", "thousands", "many", "bare"
ARTICLES = 3_000
TASKS = {
    TEN: ("shrink",),
    THOUSANDS: ("enlarge", "10000", str(ARTICLES)),
    MANY: ("enlarge", "100000", "0", "apart"),
}


class Stage:
    """Holds data and servers; entering it makes the demo, leaving it stops every server that it started."""

    def __init__(self, folder: Path, *, quick: bool) -> None:
        self.folder, self.quick = folder, quick
        self.stack = ExitStack()
        self.demo = folder / "demo"
        # Its port is known before its data are made, since they hold the site's address.
        self.port = servers.free_port()
        self.demo_seconds = 0.0
        self.dates: dict[str, int] = {}

    def __enter__(self) -> Self:
        """Make the demo network and serve it the way a first `make run` does."""
        # The program that is measured prepares its own folder only: here that is ours.
        run.DEMO = self.demo
        started = time.monotonic()
        with self.stack:
            run.load_demo(servers.url_of(self.port))
            self._keep(servers.start_site("the demo", self.port, self.demo))
            if fetch(self.target("/en/")).status != 200:
                raise BenchError("The demo's home page does not answer.")
            self.stack = self.stack.pop_all()
        self.demo_seconds = time.monotonic() - started
        return self

    def __exit__(self, *_error: object) -> None:
        self.stack.close()

    def rounds(self, number: int) -> int:
        """Return how often to measure: a third of it in a quick run."""
        return max(3, number // 3) if self.quick else number

    # --- Data ---------------------------------------------------------------------------------------------------------

    def prepare(self, kinds: Iterable[str]) -> None:
        """Make data sets and a fresh Wagtail, two at a time; then no measurement waits for them."""
        started = time.monotonic()
        run.say("Making the demo small, large and very large, and a fresh Wagtail, as far as needed ...")
        with ThreadPoolExecutor(2) as pool:
            for made in [pool.submit(self._make, kind) for kind in sorted(kinds)]:
                made.result()
        run.say(f"  after {time.monotonic() - started:.0f} s")

    def _make(self, kind: str) -> None:
        if kind == BARE:
            servers.make_bare_wagtail(self.data(BARE))
        else:
            self.dates[kind] = self.inside(self.copy(kind), *TASKS[kind])

    @cached_property
    def paths(self) -> dict[str, str]:
        """The addresses to measure, by their names."""
        return self.inside(self.demo, "paths")

    def data(self, kind: str) -> Path:
        """Return the folder of a data set."""
        return self.folder / kind

    def copy(self, name: str) -> Path:
        """Return a fresh copy of the demo that may be written to."""
        return servers.copy_data(self.demo, self.data(name))

    # --- Servers ------------------------------------------------------------------------------------------------------

    @cached_property
    def hello_port(self) -> int:
        """The port of the bare view."""
        port = servers.free_port()
        self._keep(servers.start_hello(port, self.folder))
        return port

    @cached_property
    def bare_port(self) -> int:
        """The port of the fresh Wagtail."""
        port = servers.free_port()
        self._keep(servers.start_bare_wagtail(port, self.data(BARE)))
        return port

    @cached_property
    def many_port(self) -> int:
        """The port of the site with the most dates."""
        port = servers.free_port()
        self._keep(servers.start_site("the site with the most dates", port, self.data(MANY)))
        return port

    def _keep(self, service: run.Service) -> None:
        self.stack.callback(run.stop, [service])

    def target(self, path: str, *, port: int = 0, etag: str = "", cached: bool = True) -> Target:
        """Return an address of the demo or of another server; with an ETag, of what the reader has already."""
        headers = {"If-None-Match": etag} if etag else {}
        headers |= {} if cached else PAST_THE_CACHE
        return Target(port or self.port, path, headers, 304 if etag else 200)

    # --- Inside of Django ---------------------------------------------------------------------------------------------

    def inside(self, data: Path, *task: str, given: Mapping[str, str] | None = None) -> Any:
        """Return what a task of `inside.py` finds on a data folder."""
        result = subprocess.run(
            [sys.executable, "-m", "scripts.bench.inside", *task],
            cwd=run.ROOT,
            env=run.environment(data, servers.url_of(self.port)),
            input=json.dumps(given or {}),
            stdout=subprocess.PIPE,
            text=True,
            check=False,
        )
        if result.returncode:
            raise BenchError(f"“{' '.join(task)}” failed; what it said stands above.")
        return json.loads(result.stdout)
