"""Runs the demo site on this machine: prepares what the last run hasn't, then web server and worker until Ctrl-C.

PORT and HOST say where it listens. Data lie in var/demo; deleting that folder begins afresh. A real site is started
by `make start`: what is set for one (DATABASE_URL and the like) is left alone here.
"""

import hashlib
import http.client
import ipaddress
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DEMO = ROOT / "var" / "demo"
DATABASE = "chitalnya.sqlite3"
OF_A_REAL_SITE = ("CACHE_URL", "CHITALNYA_DATA_DIR", "DATABASE_URL", "EMAIL_URL", "SECRET_KEY")
REQUESTS_TO_END = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
MIGRATE = ("migrate", "--verbosity=0")
COLLECT = ("collectstatic", "--noinput", "--clear", "--verbosity=0")
WEB_WORKERS = 2
WEB_THREADS = 4
STOP_SECONDS = 10
START_SECONDS = 120
LONGEST_DELAY = 60


class StartError(Exception):
    """A sentence for the person at the terminal."""


@dataclass
class Service:
    """A process that runs beside others; one that may restart waits a little longer each time."""

    name: str
    command: list[str]
    restarts: bool = False
    process: subprocess.Popen[bytes] | None = None
    delay: float = 1
    started: float = 0
    due: float = 0

    def start(self, environment: dict[str, str]) -> None:
        """Start it in a session of its own, so that Ctrl-C reaches only this program, which then stops it in order."""
        self.started = time.monotonic()
        self.process = subprocess.Popen(self.command, cwd=ROOT, env=environment, start_new_session=True)

    def ended(self) -> bool:
        """Return whether it was started and runs no more."""
        return self.process is not None and self.process.poll() is not None


def address() -> tuple[str, int]:
    """Return host and port that the environment asks for."""
    port = os.environ.get("PORT") or "8000"
    if not port.isdigit() or not 0 < int(port) < 65536:
        raise StartError(f"PORT must be a number from 1 to 65535, not {port!r}.")
    return numeric(os.environ.get("HOST") or "127.0.0.1"), int(port)


def numeric(host: str) -> str:
    """Return the address behind a name, as the web server wants it; raise StartError where there is none."""
    try:
        return str(socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)[0][4][0])
    except OSError:
        wanted = "an address of this machine, such as 127.0.0.1 or 0.0.0.0"
        raise StartError(f"HOST must be {wanted}, not {host!r}.") from None


def site_url(host: str, port: int) -> str:
    """Return what to type into a browser on this machine."""
    local = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    return f"http://[{local}]:{port}" if ":" in local else f"http://{local}:{port}"


def is_of_this_machine_alone(host: str) -> bool:
    """Return whether only this machine can reach a server that listens there."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def require_free(host: str, port: int) -> None:
    """Raise StartError when nothing can listen there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError:
            raise StartError(f"This user may not listen on port {port}: choose one above 1023.") from None
        except OSError as error:
            reason = f"Port {port} of {host} can't be used: {error.strerror}."
            raise StartError(f"{reason} PORT=8123 make run takes another.") from None


def environment(data: Path, url: str) -> dict[str, str]:
    """Return the variables for the demo's processes, without those that a shell has set for a real site."""
    kept = {name: value for name, value in os.environ.items() if name not in OF_A_REAL_SITE}
    paths = [str(ROOT), str(ROOT / "site")]
    return {"BASE_URL": url} | kept | {
        "CHITALNYA_DATA_DIR": str(data),
        "DJANGO_SETTINGS_MODULE": "config.settings.demo",
        "PYTHONPATH": os.pathsep.join(paths),
        "PYTHONUNBUFFERED": "1",
    }  # fmt: skip


def say(text: str) -> None:
    """Print at once, also into a pipe."""
    print(text, flush=True)


def begin(variables: dict[str, str], arguments: tuple[str, ...]) -> subprocess.Popen[bytes]:
    """Start a management command."""
    return subprocess.Popen([sys.executable, str(ROOT / "manage.py"), *arguments], cwd=ROOT, env=variables)


def finish(process: subprocess.Popen[bytes], arguments: tuple[str, ...]) -> None:
    """Wait for a management command; raise StartError when it fails."""
    if process.wait():
        raise StartError(f"`manage.py {' '.join(arguments)}` failed; what it said stands above.")


def manage(variables: dict[str, str], arguments: tuple[str, ...]) -> None:
    """Run a management command; raise StartError when it fails."""
    finish(begin(variables, arguments), arguments)


def fingerprint(files: Iterable[Path]) -> str:
    """Return what changes when a file comes, goes, or becomes another (by name, size and time)."""
    digest = hashlib.sha256(sys.version.encode())
    for file in sorted(files):
        seen = file.stat()
        digest.update(f"{file} {seen.st_size} {seen.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def migration_files() -> list[Path]:
    """Return what decides whether the database is up to date: our migrations and the packages that bring others."""
    ours = [*ROOT.glob("*/migrations/*.py"), *ROOT.glob("site/*/migrations/*.py")]
    return [ROOT / "requirements.txt", *ours]


def static_files() -> list[Path]:
    """Return what decides whether the collected static files are up to date."""
    folders = {ROOT / "site" / "static", *ROOT.glob("*/static"), *ROOT.glob("site/*/static")}
    ours = (file for folder in folders for file in folder.rglob("*") if file.is_file())
    return [ROOT / "requirements.txt", *ours]


def load(data: Path, variables: dict[str, str], arguments: tuple[str, ...], words: str) -> None:
    """Make database and static files in an empty folder and fill the database with a management command."""
    migrated, collected = fingerprint(migration_files()), fingerprint(static_files())
    # One core presses the static files while the other fills the database.
    collecting = begin(variables, COLLECT)
    try:
        manage(variables, MIGRATE)
        say(words)
        manage(variables, arguments)
        finish(collecting, COLLECT)
    except BaseException:
        collecting.kill()
        collecting.wait()
        raise
    (data / ".migrated").write_text(migrated)
    (data / ".collected").write_text(collected)


def load_demo(url: str) -> None:
    """Build the demo beside its place and move it there when it is whole: an interrupted first start leaves no half."""
    unfinished = DEMO.with_name("demo.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    # The settings would make the key, but two commands begin at once.
    (unfinished / "secret_key").touch(mode=0o600)
    (unfinished / "secret_key").write_text(secrets.token_urlsafe(50))
    say("First start: this takes a few minutes, later ones a few seconds. Making the database ...")
    load(unfinished, environment(unfinished, url), ("demo",), "Loading the demo network ...")
    (unfinished / ".address").write_text(url)
    shutil.rmtree(DEMO, ignore_errors=True)
    unfinished.rename(DEMO)


def prepare(url: str) -> None:
    """Bring database and static files of the demo up to date; do nothing that an earlier run did."""
    if not (DEMO / DATABASE).exists():
        load_demo(url)
    bring_up_to_date(DEMO, environment(DEMO, url))
    stamp = DEMO / ".address"
    if not stamp.exists() or stamp.read_text() != url:
        # Links in calendars name host and port.
        manage(environment(DEMO, url), ("site_address", url, "--verbosity=0"))
        stamp.write_text(url)


def bring_up_to_date(data: Path, variables: dict[str, str]) -> None:
    """Migrate and collect static files where the code has changed since that was done."""
    for step, state, words, command in (
        ("migrated", fingerprint(migration_files()), "Bringing the database up to date ...", MIGRATE),
        ("collected", fingerprint(static_files()), "Collecting style sheets, scripts and icons ...", COLLECT),
    ):
        stamp = data / f".{step}"
        if not stamp.exists() or stamp.read_text() != state:
            say(words)
            manage(variables, command)
            stamp.write_text(state)


def services(host: str, port: int) -> list[Service]:
    """Return the web server, without which there is no site, and the worker, which comes back when it falls."""
    web = [sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws", "--host", host, "--port", str(port)]
    web += ["--workers", str(WEB_WORKERS), "--blocking-threads", str(WEB_THREADS), "--respawn-failed-workers"]
    web += ["--workers-kill-timeout", str(STOP_SECONDS - 2), "--log-level", "warning", "config.wsgi:application"]
    worker = [sys.executable, str(ROOT / "manage.py"), "worker"]
    return [Service("web server", web), Service("worker", worker, restarts=True)]


def answers(url: str) -> bool:
    """Return whether the site gives any answer to its health page."""
    host, _, port = url.removeprefix("http://").rpartition(":")
    with closing(http.client.HTTPConnection(host.strip("[]"), int(port), timeout=5)) as connection:
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status > 0
        except (OSError, http.client.HTTPException):
            return False


def welcome(url: str) -> str:
    """Return where to look; the demo leaves its sign-in names in a file of the data folder."""
    accounts = DEMO / "sign-in.txt"
    lines = ["", "Chitalnya is running. Ctrl-C stops it.", "", f"  Site     {url}/", f"  Admin    {url}/admin/"]
    if accounts.exists():
        names = [line for line in accounts.read_text(encoding="utf-8").splitlines() if line.strip()]
        lines += [f"  {'Sign in' if number == 0 else '':<7}  {line}" for number, line in enumerate(names)]
    return "\n".join([*lines, f"  Data     {DEMO.relative_to(ROOT)} (delete it to begin afresh)", ""])


def revive(service: Service, variables: dict[str, str]) -> None:
    """Restart an ended service when its waiting time is over; raise StartError for one that can't restart."""
    if not service.restarts:
        raise StartError(f"The {service.name} has stopped; what it said stands above.")
    now = time.monotonic()
    if not service.due:
        if now - service.started > LONGEST_DELAY:
            service.delay = 1
        service.due = now + service.delay
        say(f"The {service.name} has stopped; it starts again in {service.delay:.0f} s.")
        service.delay = min(service.delay * 2, LONGEST_DELAY)
    elif now >= service.due:
        service.due = 0
        service.start(variables)


def watch(running: list[Service], variables: dict[str, str], url: str, greeting: str) -> None:
    """Say when the site answers and keep its services alive; ends only by an exception."""
    begun, greeted = time.monotonic(), False
    while True:
        for service in running:
            if service.ended():
                revive(service, variables)
        if not greeted and answers(url):
            greeted = True
            say(greeting)
        elif not greeted and time.monotonic() - begun > START_SECONDS:
            raise StartError(f"The site gave no answer at {url}/ for {START_SECONDS} s.")
        time.sleep(0.25)


def stop(running: list[Service]) -> None:
    """Ask every service to end, then end what doesn't."""
    alive = [service.process for service in running if service.process and service.process.poll() is None]
    for process in alive:
        process.terminate()
    deadline = time.monotonic() + STOP_SECONDS
    for process in alive:
        try:
            process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def serve(host: str, port: int, variables: dict[str, str], greeting: str) -> None:
    """Run web server and worker until a signal or until the web server falls; greet when the site answers."""
    running = services(host, port)
    say("Starting ...")
    try:
        for service in running:
            service.start(variables)
        watch(running, variables, site_url(host, port), greeting)
    finally:
        # A second Ctrl-C while stopping must not leave a process behind.
        for request in REQUESTS_TO_END:
            signal.signal(request, signal.SIG_IGN)
        stop(running)


def interrupt(*_: object) -> None:
    """Treat a request to end like Ctrl-C."""
    raise KeyboardInterrupt


def run_until_stopped(program: Callable[[str, int], None]) -> int:
    """Run a program that serves at a host and port until Ctrl-C; return the exit code."""
    for request in REQUESTS_TO_END:
        signal.signal(request, interrupt)
    try:
        host, port = address()
        require_free(host, port)
        program(host, port)
    except StartError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        say("\nStopped.")
    return 0


def demo(host: str, port: int) -> None:
    """Prepare and serve the demo."""
    if left_alone := [name for name in OF_A_REAL_SITE if os.environ.get(name)]:
        say(f"The demo leaves alone what is set for a real site: {', '.join(left_alone)}.")
    url = site_url(host, port)
    prepare(url)
    variables = environment(DEMO, url)
    if not is_of_this_machine_alone(host):
        # Others call this machine by names that it doesn't know.
        variables["ALLOWED_HOSTS"] = "*"
    serve(host, port, variables, welcome(url))


if __name__ == "__main__":
    sys.exit(run_until_stopped(demo))
