"""One demo site for all browser tests of a run, whichever process they run in."""

from __future__ import annotations

import fcntl
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO
from unittest import mock

ROOT = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "scripts"))

import demo_server  # noqa: E402
import run  # noqa: E402  (the program behind `make run`)


@contextmanager
def shared_demo_site(folder: Path) -> Iterator[str]:
    """Yield the address of a demo site whose data lie in `folder`.

    Whoever asks first starts it; all hold a shared lock while they use it, and who started it waits for them and then
    ends it. A lock ends with its process, so one that was killed keeps nobody waiting.
    """
    state = folder / "address"
    with (folder / "in-use.lock").open("w") as in_use, (folder / "begin.lock").open("w") as beginning:
        fcntl.flock(beginning, fcntl.LOCK_EX)
        fcntl.flock(in_use, fcntl.LOCK_SH)
        services: list[run.Service] = []
        try:
            if not state.exists():
                _start(folder / "demo", services, state)
            fcntl.flock(beginning, fcntl.LOCK_UN)
            yield state.read_text()
        finally:
            if services:
                _end(services, state, in_use)


def _start(data: Path, services: list[run.Service], state: Path) -> None:
    """Load the demo unless that is done, start web server and worker, and write down the address once it answers."""
    url = f"http://{demo_server.HOST}:{demo_server.free_port()}"
    # To save the minute in which the demo is loaded, somebody who writes tests may keep one in a folder.
    kept = os.environ.get("BROWSER_TESTS_DEMO")
    if kept and not data.exists():
        shutil.copytree(kept, data)
    with mock.patch.object(run, "DEMO", data):
        run.prepare(url)
    services += run.services(demo_server.HOST, int(url.rpartition(":")[2]))
    for service in services:
        service.start(run.environment(data, url))
    demo_server.wait_for(url, services)
    state.write_text(url)


def _end(services: list[run.Service], state: Path, in_use: TextIO) -> None:
    fcntl.flock(in_use, fcntl.LOCK_UN)
    fcntl.flock(in_use, fcntl.LOCK_EX)
    state.unlink(missing_ok=True)
    run.stop(services)
