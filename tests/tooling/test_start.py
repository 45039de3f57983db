"""`make start` with a site of a few lines in place of ours: what it asks, makes, keeps, and when it only serves."""

import json
import os
import pty
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.tooling.test_run import WSGI

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60
SERVES = "Next "
# Writes down how it was called and what was set; starting a network leaves a database.
MANAGE = """
import json, os, sys, time
from pathlib import Path
data = Path(os.environ["CHITALNYA_DATA_DIR"])
names = ["DJANGO_SETTINGS_MODULE", "SITE_LANGUAGES", "TIME_ZONE", "EMAIL_URL", "CHITALNYA_ADMIN_PASSWORD"]
seen = {name: os.environ[name] for name in names if name in os.environ}
with open("calls", "a") as calls:
    calls.write(json.dumps([sys.argv[1], data.name, seen]) + "\\n")
if Path("fail").exists() and sys.argv[1] == Path("fail").read_text():
    sys.exit(3)
if sys.argv[1] == "start_network":
    Path("plan").write_text(Path(sys.argv[3]).read_text())
    (data / "chitalnya.sqlite3").write_text("rows")
if sys.argv[1] == "worker":
    time.sleep(600)
"""
ANSWERS = [
    "",
    "uk",
    'Бібліотека "Промінь"',
    "",
    "Парк",
    "",
    "olha@library.example",
    "orchard-lamp-42",
    "orchard-lamp-42",
]
PLAN = """name = { uk = "Бібліотека \\\"Промінь\\\"" }
languages = ["uk"]
country = "UA"
zone = "Europe/Kyiv"
branches = [{ uk = "Парк" }]
email = "olha@library.example"
"""


class Terminal:
    """`scripts/start.py` at a terminal of its own, with everything that it has shown so far."""

    def __init__(self, root: Path, **variables: str) -> None:
        self.root, self.shown = root, ""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.keyboard, line = pty.openpty()
        left_out = {"CHITALNYA_DATA_DIR", "DJANGO_SETTINGS_MODULE", "LC_ALL"}
        kept = {name: value for name, value in os.environ.items() if name not in left_out}
        self.process = subprocess.Popen(
            [sys.executable, "scripts/start.py"],
            cwd=root,
            env=kept | {"PORT": str(self.port), "LANG": "uk_UA.UTF-8", "PYTHONUTF8": "1"} | variables,
            stdin=line,
            stdout=line,
            stderr=line,
            start_new_session=True,
        )
        os.close(line)
        os.set_blocking(self.keyboard, False)

    def wait_for(self, condition: Callable[[], object]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < deadline, self.shown
            try:
                self.shown += os.read(self.keyboard, 65536).decode()
            except BlockingIOError:
                time.sleep(0.02)
            except OSError:  # the other side has ended
                assert self.process.wait(PATIENCE) is not None
                assert condition(), self.shown
                return

    def answer(self, *answers: str) -> None:
        """Type each answer when a question stands there."""
        for answer in answers:
            before = len(self.shown)
            self.wait_for(lambda before=before: self.shown[before:].rstrip(" ").endswith(":"))
            os.write(self.keyboard, f"{answer}\n".encode())

    def stop(self) -> int:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        return self.process.wait(PATIENCE)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "scripts").mkdir()
    for name in ("run.py", "start.py", "real_site.py"):
        shutil.copy(ROOT / "scripts" / name, tmp_path / "scripts")
    shutil.copytree(ROOT / "home" / "starting", tmp_path / "home" / "starting")
    (tmp_path / "home" / "__init__.py").touch()
    (tmp_path / "requirements.txt").write_text("Django==1\n")
    (tmp_path / "manage.py").write_text(MANAGE)
    (tmp_path / "site" / "config").mkdir(parents=True)
    (tmp_path / "site" / "config" / "wsgi.py").write_text(WSGI)
    return tmp_path


@pytest.fixture
def start(root: Path) -> Iterator[Callable[..., Terminal]]:
    started: list[Terminal] = []

    def run(**variables: str) -> Terminal:
        started.append(Terminal(root, **variables))
        return started[-1]

    yield run
    for terminal in started:
        terminal.stop()


def calls(root: Path) -> list[list]:
    return [json.loads(line) for line in (root / "calls").read_text().splitlines()]


def test_first_start_asks_makes_the_site_and_serves_it(root: Path, start: Callable[..., Terminal]) -> None:
    terminal = start(EMAIL_URL="smtps://mail.library.example")
    terminal.answer(*ANSWERS, "")
    terminal.wait_for(lambda: SERVES in terminal.shown)

    data = root / "var" / "site"
    settings = (data / "settings.env").read_text(encoding="utf-8")
    assert (root / "plan").read_text(encoding="utf-8") == PLAN
    assert sorted({name for name, _folder, _seen in calls(root)} - {"worker"}) == [
        "collectstatic",
        "migrate",
        "start_network",
    ]
    assert {folder for name, folder, _seen in calls(root) if name != "worker"} == {".unfinished"}
    seen = next(seen for name, _folder, seen in calls(root) if name == "start_network")
    assert seen == {
        "DJANGO_SETTINGS_MODULE": "config.settings.production",
        "SITE_LANGUAGES": "uk",
        "TIME_ZONE": "Europe/Kyiv",
        "EMAIL_URL": "smtps://mail.library.example",
        "CHITALNYA_ADMIN_PASSWORD": "orchard-lamp-42",
    }
    assert "EMAIL_URL=smtps://mail.library.example\n" in settings
    assert sorted(file.name for file in data.iterdir()) == [
        ".collected",
        ".migrated",
        "chitalnya.sqlite3",
        "settings.env",
    ]
    assert ((data / "settings.env").stat().st_mode & 0o777, data.stat().st_mode & 0o777) == (0o600, 0o700)
    assert "orchard-lamp-42" not in terminal.shown
    assert "orchard-lamp-42" not in settings
    assert terminal.stop() == 0


def test_second_start_asks_nothing_and_takes_what_is_set(root: Path, start: Callable[..., Terminal]) -> None:
    data = root / "elsewhere"
    data.mkdir()
    (data / "settings.env").write_text('# ours\nSITE_LANGUAGES=mk,en\nTIME_ZONE="Europe/Skopje"\n')

    terminal = start(CHITALNYA_DATA_DIR=str(data), TIME_ZONE="Europe/London")
    terminal.wait_for(lambda: SERVES in terminal.shown)

    name, folder, seen = calls(root)[0]
    assert (name, folder) == ("migrate", "elsewhere")
    assert (seen["SITE_LANGUAGES"], seen["TIME_ZONE"]) == ("mk,en", "Europe/London")
    assert "start_network" not in {name for name, _folder, _seen in calls(root)}


def test_start_that_failed_leaves_no_half_and_can_be_done_again(root: Path, start: Callable[..., Terminal]) -> None:
    (root / "fail").write_text("start_network")
    first = start()
    first.answer(*ANSWERS, "")
    assert first.process.wait(PATIENCE) == 1
    assert [entry.name for entry in (root / "var" / "site").iterdir()] == [".unfinished"]
    (root / "fail").unlink()

    second = start()
    second.answer(*ANSWERS, "")
    second.wait_for(lambda: SERVES in second.shown)

    assert not (root / "var" / "site" / ".unfinished").exists()


def test_without_a_terminal_it_names_the_command_that_asks_nothing(root: Path) -> None:
    kept = {name: value for name, value in os.environ.items() if name != "CHITALNYA_DATA_DIR"}
    ended = subprocess.run(
        [sys.executable, "scripts/start.py"],
        cwd=root,
        env=kept | {"PORT": "64999"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )

    assert ended.returncode == 1
    assert "manage.py start_network" in ended.stderr
    assert not (root / "var").exists()


def test_folder_that_holds_something_else_is_left_alone(root: Path, start: Callable[..., Terminal]) -> None:
    data = root / "papers"
    data.mkdir()
    (data / "letter.txt").write_text("Dear reader")

    terminal = start(CHITALNYA_DATA_DIR=str(data))
    terminal.wait_for(lambda: terminal.process.poll() is not None)

    assert [file.name for file in data.iterdir()] == ["letter.txt"]
    assert not (root / "calls").exists()
