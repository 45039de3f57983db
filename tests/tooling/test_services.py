"""Which servers the tests may use. That servers of its own are started and stopped is what CI shows on every run."""

import os
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def port() -> Iterator[int]:
    """A port of this machine at which somebody listens."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield server.getsockname()[1]


def services(database: str, cache: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "scripts/services.sh", "sh", "-c", "echo $SERVICES $DATABASE_URL $CACHE_URL; exit 7"],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": database, "CACHE_URL": cache},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_servers_that_answer_are_used_as_they_are_and_the_commands_code_is_kept(port: int, host: str) -> None:
    database, cache = f"postgres://reader:secret@{host}:{port}/library?sslmode=disable", f"redis://{host}:{port}/3"

    result = services(database, cache)

    assert (result.returncode, result.stdout) == (7, f"1 {database} {cache}\n")


@pytest.mark.parametrize(
    "address", ["postgres://reader:secret@db.library.example/site", "postgres://10.0.0.5:5432/site"]
)
def test_servers_of_other_machines_are_refused(port: int, address: str) -> None:
    result = services(address, f"redis://127.0.0.1:{port}")

    host = address.partition("@")[2] or address.partition("://")[2]
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr == (
        "The tests throw data away: they use only servers of this machine, "
        f"not {host.partition('/')[0].partition(':')[0]}.\n"
    )


def test_a_command_is_asked_for() -> None:
    result = subprocess.run(["bash", "scripts/services.sh"], cwd=ROOT, capture_output=True, text=True, check=False)

    assert (result.returncode, result.stderr) == (1, "Which command? scripts/services.sh COMMAND...\n")
