"""All that the measurements need, each made when it is first asked for: data in a temporary folder, and servers."""

import json
import subprocess
import sys
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path
from typing import Any, Self

from scripts import run
from scripts.bench import servers
from scripts.bench.load import Target, fetch
from scripts.bench.servers import BenchError

TEN, THOUSANDS, MANY = "ten rows", "thousands of rows", "100,000 dates"
ARTICLES = 3_000


class Stage:
    """Holds data and servers; leaving it stops every server that it started."""

    def __init__(self, folder: Path, *, quick: bool) -> None:
        self.folder, self.quick = folder, quick
        self.stack = ExitStack()
        # Its port is known before its data are made, since they hold the site's address.
        self.port = servers.free_port()
        self.demo_seconds = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.stack.close()

    def rounds(self, number: int) -> int:
        """Return how often to measure: a third of it in a quick run."""
        return max(3, number // 3) if self.quick else number

    # --- Data ---------------------------------------------------------------------------------------------------------

    @cached_property
    def demo(self) -> Path:
        """The data folder of the demo network, made and served the way a first `make run` does it."""
        # The program under measurement prepares its own folder only: here that is ours.
        run.DEMO = self.folder / "demo"
        started = time.monotonic()
        run.load_demo(servers.url_of(self.port))
        self._keep(servers.start_site("the demo", self.port, run.DEMO))
        if fetch(self.target("/en/")).status != 200:
            raise BenchError("The demo's home page does not answer.")
        self.demo_seconds = time.monotonic() - started
        return run.DEMO

    @cached_property
    def paths(self) -> dict[str, str]:
        """The addresses to measure, by their names."""
        return self.inside(self.demo, "paths")

    @cached_property
    def counts(self) -> dict[str, dict[str, int]]:
        """How many dates and articles each of the other data sets has; asking makes them, two at a time."""
        tasks: dict[str, tuple[str, ...]] = {
            TEN: ("shrink",),
            THOUSANDS: ("enlarge", "10000", str(ARTICLES)),
            MANY: ("enlarge", "100000", "0", "apart"),
        }
        copies = {name: servers.copy_data(self.demo, self.data(name)) for name in tasks}
        run.say("Making the demo small, large and very large ...")
        with ThreadPoolExecutor(2) as pool:
            found = {name: pool.submit(self.inside, copies[name], *task) for name, task in tasks.items()}
            return {name: future.result() for name, future in found.items()}

    @cached_property
    def bare_folder(self) -> Path:
        """The folder of a fresh Wagtail."""
        folder = self.folder / "bare"
        servers.make_bare_wagtail(folder)
        return folder

    def data(self, name: str) -> Path:
        """Return the folder of a data set."""
        return self.folder / name.replace(" ", "-").replace(",", "")

    def made_data(self, name: str) -> Path:
        """Return the folder of a data set that is made by then."""
        if name not in self.counts:
            raise KeyError(name)
        return self.data(name)

    def scratch(self, name: str) -> Path:
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
        folder, port = self.bare_folder, servers.free_port()
        self._keep(servers.start_bare_wagtail(port, folder))
        return port

    @cached_property
    def many_port(self) -> int:
        """The port of the site with 100,000 dates."""
        port = servers.free_port()
        self._keep(servers.start_site(f"the site with {MANY}", port, self.made_data(MANY)))
        return port

    def _keep(self, service: run.Service) -> None:
        self.stack.callback(run.stop, [service])

    def target(self, path: str, *, port: int = 0, **headers: str) -> Target:
        """Return an address of the demo, or of another server."""
        status = 304 if headers else 200
        return Target(port or self.port, path, {name.replace("_", "-"): text for name, text in headers.items()}, status)

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
