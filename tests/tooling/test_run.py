"""`make run` with a site of a few lines in place of ours: what it prepares when, what it prints, how it ends."""

import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60

# Writes down how it was called; the demo leaves a database and the sign-in names, the worker runs until told to end.
MANAGE = """
import os, sys, time
from pathlib import Path
data = Path(os.environ["CHITALNYA_DATA_DIR"])
with open("calls", "a") as calls:
    calls.write(" ".join([sys.argv[1], data.name, os.environ["DJANGO_SETTINGS_MODULE"]]) + "\\n")
if Path("fail").exists() and sys.argv[1] == Path("fail").read_text():
    sys.exit(3)
if sys.argv[1] == "demo":
    (data / "chitalnya.sqlite3").write_text("rows")
    (data / "sign-in.txt").write_text("anna@library.example  secret\\nboris@library.example  secret\\n")
if sys.argv[1] == "worker":
    Path("worker.pid").write_text(str(os.getpid()))
    time.sleep(600)
"""
WSGI = """
import os
def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [os.environ.get("ALLOWED_HOSTS", "").encode() if environ["PATH_INFO"] == "/hosts" else b"read on"]
"""


class Running:
    """`scripts/run.py` in a process, with everything it has printed so far."""

    def __init__(self, root: Path, port: int, **variables: str) -> None:
        self.root, self.port = root, port
        self.log = root / "output"
        with self.log.open("w") as output:
            self.process = subprocess.Popen(
                [sys.executable, "scripts/run.py"],
                cwd=root,
                env=os.environ | {"PORT": str(port)} | variables,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def output(self) -> str:
        return self.log.read_text()

    def wait_for(self, condition: Callable[[], object]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < deadline, self.output
            time.sleep(0.05)

    def wait_for_text(self, text: str) -> None:
        self.wait_for(lambda: text in self.output)

    def worker(self) -> int:
        """Wait until the worker has written down its process id."""
        file = self.root / "worker.pid"
        self.wait_for(lambda: file.exists() and file.read_text())
        return int(file.read_text())

    def get(self, path: str) -> tuple[int, bytes]:
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)) as connection:
            connection.request("GET", path)
            response = connection.getresponse()
            return response.status, response.read()

    def stop(self, request: signal.Signals = signal.SIGINT) -> int:
        if self.process.poll() is None:
            self.process.send_signal(request)
        return self.process.wait(PATIENCE)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "scripts").mkdir()
    shutil.copy(ROOT / "scripts" / "run.py", tmp_path / "scripts")
    (tmp_path / "requirements.txt").write_text("Django==1\n")
    (tmp_path / "manage.py").write_text(MANAGE)
    (tmp_path / "site" / "config").mkdir(parents=True)
    (tmp_path / "site" / "config" / "wsgi.py").write_text(WSGI)
    return tmp_path


@pytest.fixture
def start(root: Path) -> Iterator[Callable[..., Running]]:
    started: list[Running] = []

    def run(port: int = 0, **variables: str) -> Running:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = port or probe.getsockname()[1]
        started.append(Running(root, port, **variables))
        return started[-1]

    yield run
    for site in started:
        site.stop()


def calls(root: Path) -> list[str]:
    return (root / "calls").read_text().splitlines()


def alive(pid: int) -> bool:
    # A process that has ended may wait for its parent to notice: Z in the third field.
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_first_start_prepares_everything_and_says_where_to_look(root: Path, start: Callable[..., Running]) -> None:
    site = start()
    site.wait_for_text("Data ")
    site.worker()

    assert site.get("/") == (200, b"read on")
    assert sorted(calls(root)) == [
        "collectstatic demo.unfinished config.settings.demo",
        "demo demo.unfinished config.settings.demo",
        "migrate demo.unfinished config.settings.demo",
        "worker demo config.settings.demo",
    ]
    url = f"http://127.0.0.1:{site.port}"
    assert site.output.partition("Ctrl-C stops it.")[2].split("\n") == [
        "",
        "",
        f"  Site     {url}/",
        f"  Admin    {url}/admin/",
        "  Sign in  anna@library.example  secret",
        "           boris@library.example  secret",
        "  Data     var/demo (delete it to begin afresh)",
        "",
        "",
    ]


def test_second_start_prepares_nothing_and_keeps_the_data(root: Path, start: Callable[..., Running]) -> None:
    first = start()
    first.wait_for_text("Data ")
    first.stop()
    (root / "var/demo/chitalnya.sqlite3").write_text("rows and what an editor wrote")
    (root / "calls").unlink()
    (root / "worker.pid").unlink()

    second = start(first.port)
    second.wait_for_text("Data ")
    second.worker()

    assert calls(root) == ["worker demo config.settings.demo"]
    assert (root / "var/demo/chitalnya.sqlite3").read_text() == "rows and what an editor wrote"


def test_another_port_is_told_to_the_site(root: Path, start: Callable[..., Running]) -> None:
    first = start()
    first.wait_for_text("Data ")
    first.stop()
    (root / "calls").unlink()
    (root / "worker.pid").unlink()

    second = start()
    second.wait_for_text("Data ")
    second.worker()

    assert calls(root) == ["site_address demo config.settings.demo", "worker demo config.settings.demo"]
    assert (root / "var/demo/.address").read_text() == f"http://127.0.0.1:{second.port}"


@pytest.mark.parametrize("request_to_end", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_request_to_end_stops_web_server_and_worker(
    root: Path, start: Callable[..., Running], request_to_end: signal.Signals
) -> None:
    site = start()
    site.wait_for_text("Data ")
    worker = site.worker()

    code = site.stop(request_to_end)

    assert (code, site.output.splitlines()[-1]) == (0, "Stopped.")
    assert not alive(worker)
    with pytest.raises(ConnectionRefusedError):
        site.get("/")


def test_a_worker_that_falls_comes_back(root: Path, start: Callable[..., Running]) -> None:
    site = start()
    site.wait_for_text("Data ")
    fallen = site.worker()

    (root / "worker.pid").unlink()
    os.kill(fallen, signal.SIGKILL)
    site.wait_for_text("The worker has stopped; it starts again in 1 s.")

    assert site.worker() != fallen
    assert site.get("/") == (200, b"read on")


def test_a_web_server_that_falls_ends_everything(root: Path, start: Callable[..., Running]) -> None:
    (root / "site" / "config" / "wsgi.py").write_text("raise SystemExit('no settings')")
    site = start()

    assert site.process.wait(PATIENCE) == 1
    assert site.output.splitlines()[-1] == "The web server has stopped; what it said stands above."


def test_an_interrupted_first_start_leaves_no_half_demo(root: Path, start: Callable[..., Running]) -> None:
    (root / "fail").write_text("demo")
    first = start()
    assert first.process.wait(PATIENCE) == 1
    assert first.output.splitlines()[-1] == "`manage.py demo` failed; what it said stands above."
    assert not (root / "var" / "demo").exists()
    (root / "fail").unlink()

    second = start()
    second.wait_for_text("Data ")

    assert sorted(file.name for file in (root / "var").iterdir()) == ["demo"]


def test_a_new_migration_is_applied_at_the_next_start(root: Path, start: Callable[..., Running]) -> None:
    first = start()
    first.wait_for_text("Data ")
    first.stop()
    (root / "events" / "migrations").mkdir(parents=True)
    (root / "events" / "migrations" / "0001_initial.py").write_text("")
    (root / "calls").unlink()

    start(first.port).wait_for_text("Data ")

    assert calls(root)[0] == "migrate demo config.settings.demo"


def test_a_real_sites_settings_are_left_alone(root: Path, start: Callable[..., Running]) -> None:
    (root / "manage.py").write_text(
        "import os; open('seen', 'w').write(os.environ.get('DATABASE_URL', 'none'))\n" + MANAGE
    )
    site = start(DATABASE_URL="postgres://real", CHITALNYA_DATA_DIR="/real")
    site.wait_for_text("Data ")

    assert (root / "seen").read_text() == "none"
    assert site.output.splitlines()[0] == (
        "The demo leaves alone what is set for a real site: CHITALNYA_DATA_DIR, DATABASE_URL."
    )


@pytest.mark.parametrize(
    ("host", "hosts"), [("0.0.0.0", b"*"), ("127.0.0.1", b"library.example"), ("localhost", b"library.example")]
)
def test_a_demo_that_other_machines_reach_answers_to_any_name(
    start: Callable[..., Running], host: str, hosts: bytes
) -> None:
    site = start(HOST=host, ALLOWED_HOSTS="library.example")
    site.wait_for_text("Data ")

    assert site.get("/hosts") == (200, hosts)


def test_a_host_that_is_no_address_is_named_before_anything_is_done(root: Path, start: Callable[..., Running]) -> None:
    site = start(HOST="no.such.name.invalid")

    assert site.process.wait(PATIENCE) == 1
    assert site.output == (
        "HOST must be an address of this machine, such as 127.0.0.1 or 0.0.0.0, not 'no.such.name.invalid'.\n"
    )
    assert not (root / "calls").exists()


@pytest.mark.parametrize(
    ("host", "alone"),
    [
        ("127.0.0.1", True),
        ("127.8.9.1", True),
        ("::1", True),
        ("0.0.0.0", False),
        ("::", False),
        ("192.168.1.5", False),
        ("reading-room", False),
    ],
)
def test_addresses_of_this_machine_alone_are_known(host: str, alone: bool) -> None:
    import run

    assert run.is_of_this_machine_alone(host) is alone


def test_a_busy_port_is_named_before_anything_is_done(root: Path, start: Callable[..., Running]) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        site = start(PORT=str(port))

        assert site.process.wait(PATIENCE) == 1
    assert (
        site.output
        == f"Port {port} of 127.0.0.1 can't be used: Address already in use. PORT=8123 make run takes another.\n"
    )
    assert not (root / "calls").exists()


@pytest.mark.parametrize("port", ["0", "65536", "http", "-1"])
def test_a_port_that_is_none_is_refused(start: Callable[..., Running], port: str) -> None:
    site = start(PORT=port)

    assert site.process.wait(PATIENCE) == 1
    assert re.fullmatch(r"PORT must be a number from 1 to 65535, not '.*'\.\n", site.output)
