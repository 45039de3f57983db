"""The pinned packages: each once, nothing missing, and all of them to be had on every system that we name."""

import re
from importlib.metadata import PackageNotFoundError, distribution, version
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

ROOT = Path(__file__).resolve().parents[2]
FILES = ("requirements.txt", "requirements-dev.txt")
PYTHONS = {"Debian 12": "3.11.2", "Ubuntu 24.04": "3.12.3", "Debian 13": "3.13.5"}


def lines_of(name: str) -> list[str]:
    lines = (line.partition("#")[0].strip() for line in (ROOT / name).read_text(encoding="utf-8").splitlines())
    return [line for line in lines if line]


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def pins() -> list[Requirement]:
    return [Requirement(line) for name in FILES for line in lines_of(name) if not line.startswith("-r ")]


def installed_pins() -> list[Requirement]:
    """Return the pins that this environment has as pinned; that of the newest Wagtail has some others."""
    return [pin for pin in pins() if pin.specifier.contains(installed_version(pin.name))]


def installed_version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "0"


def needs(pin: Requirement, python: str) -> set[str]:
    """Return the names of what a package needs under a Python version, with the extras that we ask for."""
    found = set()
    for text in distribution(pin.name).requires or ():
        needed = Requirement(text)
        for extra in ("", *pin.extras):
            where = {"python_full_version": python, "python_version": python.rpartition(".")[0], "extra": extra}
            if needed.marker is None or needed.marker.evaluate(where):
                found.add(canonical(needed.name))
    return found


@pytest.mark.parametrize("name", FILES)
def test_requirements_are_pinned_and_come_from_nowhere_in_particular(name: str) -> None:
    pin = re.compile(r"[\w.-]+(\[[\w,-]+\])?==[\w.]+|-r requirements\.txt")

    assert [line for line in lines_of(name) if not pin.fullmatch(line)] == []


def test_each_package_is_pinned_once() -> None:
    names = [canonical(pin.name) for pin in pins()]

    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize("python", PYTHONS.values(), ids=PYTHONS)
def test_every_pinned_version_may_be_installed(python: str) -> None:
    refused = [
        pin.name
        for pin in installed_pins()
        if not SpecifierSet(distribution(pin.name).metadata.get("Requires-Python", "")).contains(python)
    ]

    assert refused == []


@pytest.mark.parametrize("python", PYTHONS.values(), ids=PYTHONS)
def test_everything_that_a_package_needs_is_pinned(python: str) -> None:
    pinned = {canonical(pin.name) for pin in pins()}

    missing = {pin.name: needs(pin, python) - pinned for pin in installed_pins()}

    assert {name: names for name, names in missing.items() if names} == {}
