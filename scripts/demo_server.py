"""Serves the demo for a while, for programs that look at it: `with serving() as url`."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager

import run

HOST = "127.0.0.1"


@contextmanager
def serving() -> Iterator[str]:
    """Yield the address of the site to look at: BASE_URL if that is set, else a demo that is served meanwhile.

    Raises run.StartError when it does not answer.
    """
    if given := os.environ.get("BASE_URL"):
        yield given.rstrip("/")
        return
    url = run.site_url(HOST, free_port())
    run.prepare(url)
    services = run.services(HOST, int(url.rpartition(":")[2]))
    try:
        for service in services:
            service.start(run.environment(run.DEMO, url))
        wait_for(url, services)
        yield url
    finally:
        run.stop(services)


def free_port() -> int:
    """Return a port at which nobody listens now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def wait_for(url: str, services: list[run.Service]) -> None:
    """Return when the site answers; raise run.StartError when it does not."""
    ends_at = time.monotonic() + run.START_SECONDS
    while not run.answers(url):
        if any(service.ended() for service in services) or time.monotonic() > ends_at:
            raise run.StartError(f"The demo does not answer at {url}.")
        time.sleep(0.1)
