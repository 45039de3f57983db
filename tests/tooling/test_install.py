"""Packages are installed when what is asked for has changed, and only then."""

from pathlib import Path

import install
import next_wagtail
import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def requirements(tmp_path: Path) -> Path:
    (tmp_path / "requirements.txt").write_text("# What runs\nDjango==5.2.19  # the framework\nwagtail==7.4.4\n")
    tests = tmp_path / "requirements-dev.txt"
    tests.write_text("-r requirements.txt\npytest==9.2.0\n")
    return tests


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "venv"
    folder.mkdir()
    monkeypatch.setattr("sys.prefix", str(folder))
    return folder


@pytest.fixture
def runs(environment: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that pip was asked to install; pip itself does nothing, and succeeds."""
    asked: list[str] = []

    def pip(requirements: Path, log: Path) -> int:
        asked.append(requirements.name)
        log.write_text("ERROR: No matching distribution found for wagtail==0\nmore\n")
        return 0

    monkeypatch.setattr(install, "pip", pip)
    return asked


def run(monkeypatch: pytest.MonkeyPatch, requirements: Path) -> int:
    monkeypatch.setattr("sys.argv", ["install.py", str(requirements)])
    return install.main()


def test_pins_of_included_files_count(requirements: Path) -> None:
    assert install.pins(requirements) == 3


def test_the_same_requirements_are_installed_once(
    requirements: Path, runs: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert [run(monkeypatch, requirements), run(monkeypatch, requirements)] == [0, 0]
    assert runs == ["requirements-dev.txt"]


def test_what_tests_need_includes_what_runs(
    requirements: Path, runs: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run(monkeypatch, requirements)
    run(monkeypatch, requirements.with_name("requirements.txt"))

    assert runs == ["requirements-dev.txt"]


@pytest.mark.parametrize("changed", ["requirements.txt", "requirements-dev.txt"])
def test_a_changed_file_is_installed_again(
    requirements: Path, runs: list[str], monkeypatch: pytest.MonkeyPatch, changed: str
) -> None:
    run(monkeypatch, requirements)
    with (requirements.parent / changed).open("a") as file:
        file.write("icalendar==7.3.0\n")
    run(monkeypatch, requirements)

    assert runs == ["requirements-dev.txt", "requirements-dev.txt"]


def test_a_failure_says_why_and_is_tried_again(
    requirements: Path, runs: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    working = install.pip
    monkeypatch.setattr(install, "pip", lambda *arguments: working(*arguments) or 1)
    assert run(monkeypatch, requirements) == 1
    assert capsys.readouterr().err == (
        "ERROR: No matching distribution found for wagtail==0\nNothing is lost: try again once the cause is gone.\n"
    )

    monkeypatch.setattr(install, "pip", working)
    assert run(monkeypatch, requirements) == 0
    assert runs == ["requirements-dev.txt", "requirements-dev.txt"]


def test_the_next_wagtail_is_let_loose_and_what_it_brings_along_left_to_pip(tmp_path: Path) -> None:
    requirements = tmp_path / "requirements.txt"
    requirements.write_text(
        "# What the code uses:\nDjango==5.2.19\nwagtail==7.4.4  # pinned\ndjango-allauth[mfa]==65.21.1\n\n"
        "# What those bring along:\nmodelsearch==1.3.2\n"
    )

    pins = next_wagtail.relaxed(next_wagtail.chosen(requirements))

    assert pins == ["Django==5.2.19", "wagtail>=8", "django-allauth[mfa]==65.21.1"]


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_our_requirements_tell_chosen_packages_from_what_they_bring(name: str) -> None:
    assert (ROOT / name).read_text(encoding="utf-8").count(next_wagtail.BROUGHT_ALONG) == 1
