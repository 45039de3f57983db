"""The servers that are compared: started as `make run` starts the site, on free ports, ended by their process ids."""

import os
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from scripts import run

PATIENCE = 60


class BenchError(Exception):
    """A sentence for the person at the terminal."""


def free_port() -> int:
    """Return a port of the loopback on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def url_of(port: int) -> str:
    """Return the address of a server on this machine."""
    return f"http://127.0.0.1:{port}"


def start(name: str, port: int, environment: Mapping[str, str], *, folder: Path, application: str = "") -> run.Service:
    """Start the web server of `make run` (with another application, if one is named) and wait until it answers."""
    command = run.services("127.0.0.1", port)[0].command
    if application:
        command = [*command[:-1], application]
    service = run.Service(name, command)
    service.process = subprocess.Popen(command, cwd=folder, env=environment, start_new_session=True)
    deadline = time.monotonic() + PATIENCE
    while not run.answers(url_of(port)):
        if service.ended() or time.monotonic() > deadline:
            run.stop([service])
            raise BenchError(f"The server of {name} does not answer; what it said stands above.")
        time.sleep(0.1)
    return service


def start_site(name: str, port: int, data: Path) -> run.Service:
    """Start this site on a data folder."""
    return start(name, port, run.environment(data, url_of(port)), folder=run.ROOT)


def start_hello(port: int, folder: Path) -> run.Service:
    """Start the bare view."""
    environment = os.environ | {"PYTHONPATH": str(run.ROOT)}
    return start("the bare view", port, environment, folder=folder, application="scripts.bench.hello:application")


# --- A fresh Wagtail --------------------------------------------------------------------------------------------------

# Plain static files, since the hashed ones would have to be collected first; otherwise as a server would run it.
BARE_SETTINGS = """
from bare.settings.base import *

DEBUG = False
SECRET_KEY = "measuring only"
ALLOWED_HOSTS = ["*"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
"""


def make_bare_wagtail(folder: Path) -> None:
    """Make what `wagtail start` makes, with its database."""
    folder.mkdir()
    environment = _bare_environment(folder)
    log = folder.with_suffix(".log")
    for command in (["-m", "wagtail.bin.wagtail", "start", "bare", "."], ["manage.py", "migrate", "--verbosity=0"]):
        with log.open("a") as output:
            code = subprocess.run(
                [sys.executable, *command], cwd=folder, env=environment, stdout=output, stderr=output, check=False
            ).returncode
        if code:
            raise BenchError(f"A fresh Wagtail could not be made:\n{log.read_text()}")
        settings = folder / "bare" / "settings" / "measured.py"
        settings.write_text(BARE_SETTINGS)


def start_bare_wagtail(port: int, folder: Path) -> run.Service:
    """Start the fresh Wagtail."""
    return start("bare Wagtail", port, _bare_environment(folder), folder=folder, application="bare.wsgi:application")


def _bare_environment(folder: Path) -> dict[str, str]:
    return os.environ | {"DJANGO_SETTINGS_MODULE": "bare.settings.measured", "PYTHONPATH": str(folder)}


# --- Data folders -----------------------------------------------------------------------------------------------------


def copy_data(source: Path, target: Path) -> Path:
    """Give a copy of the database a data folder of its own; what is only read is shared."""
    target.mkdir()
    with closing(sqlite3.connect(source / run.DATABASE)) as here, closing(sqlite3.connect(target / run.DATABASE)) as to:
        here.backup(to)
    for name in ("static", "media"):
        if (source / name).exists():
            (target / name).symlink_to(source / name)
    (target / "secret_key").write_text((source / "secret_key").read_text())
    return target
