"""`make test` with programs that only tell: which variables reach the tests."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
REAL_SITE = {"DATABASE_URL": "postgres://real", "CACHE_URL": "redis://real"}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A folder with the script, a Python that prints its variables when it is to run pytest, and a Chromium."""
    (tmp_path / "scripts").mkdir()
    for name in ("test.sh", "chromium.sh"):
        shutil.copy(ROOT / "scripts" / name, tmp_path / "scripts")
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    _program(tmp_path / ".venv" / "bin" / "python", '[ "$2" != pytest ] || env')
    _program(tmp_path / "chromium", "echo Chromium 1")
    return tmp_path


def _program(path: Path, line: str) -> None:
    path.write_text(f"#!/bin/sh\n{line}\n")
    path.chmod(0o755)


def variables_of_tests(root: Path, **variables: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in {"SERVICES", "VENV", "ONLY"}}
    result = subprocess.run(
        ["bash", "scripts/test.sh"],
        cwd=root,
        env=kept | {"CHROMIUM": str(root / "chromium")} | variables,
        capture_output=True,
        text=True,
        check=True,
    )
    return dict(line.partition("=")[::2] for line in result.stdout.splitlines() if "=" in line)


def test_servers_of_a_real_site_do_not_reach_the_tests(root: Path) -> None:
    assert REAL_SITE.keys() & variables_of_tests(root, **REAL_SITE) == set()


def test_servers_that_were_started_for_the_tests_reach_them(root: Path) -> None:
    found = variables_of_tests(root, SERVICES="1", **REAL_SITE)

    assert {name: found[name] for name in REAL_SITE} == REAL_SITE


def test_nothing_that_is_set_for_a_real_site_reaches_the_tests(root: Path) -> None:
    table = (ROOT / "docs/operations.md").read_text(encoding="utf-8").partition("## Settings")[2]
    documented = set(re.findall(r"^\| `([A-Z_]+)`", table, re.MULTILINE))

    found = variables_of_tests(root, **dict.fromkeys(documented, "of a real site"))

    assert documented & found.keys() == {"CHITALNYA_DATA_DIR"}
    assert found["CHITALNYA_DATA_DIR"] != "of a real site"
