"""The first steps on a machine that lacks something: an interpreter, its venv module, a browser, a right."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ("cat", "dirname", "env", "find", "grep", "mktemp", "mv", "rm", "sh", "sort", "tail", "touch", "true")
PYTHON = sys.executable

# Makes environments as venv does, with an empty pip, which is all that is looked for and a hundred times faster.
MAKE_VENV = f"""
    for folder in "$@"; do :; done
    {PYTHON} -m venv --clear --without-pip "$folder" || exit 1
    for packages in "$folder"/lib/python*/site-packages; do touch "$packages/pip.py"; done
    exit 0
"""
WHOLE_PYTHON = f"""
case "$*" in "-m venv"*) {MAKE_VENV} ;; esac
exec {PYTHON} "$@"
"""
# An interpreter whose venv module is a package of its own, not installed unless the file beside it says so.
SPLIT_PYTHON = f"""
case "$*" in *ensurepip*) [ -e "$(dirname "$0")/has-venv" ]; exit ;; *virtualenv*) exit 1 ;; esac
{WHOLE_PYTHON}
"""
OLD_PYTHON = """
case "$1" in --version) echo "Python 3.9.2" ;; *) exit 1 ;; esac
"""
VIRTUALENV = MAKE_VENV
APT = """
echo "apt-get $*" >> "$(dirname "$0")/calls"
case "$*" in *"install"*)
    case "$*" in *-venv) touch "$(dirname "$0")/has-venv" ;;
        *chromium) mv "$(dirname "$0")/not-yet-chromium" "$(dirname "$0")/chromium" ;;
    esac ;;
esac
"""
APT_THAT_FAILS = """
echo "E: Unable to locate package" >&2
exit 100
"""
ROOT_USER, PLAIN_USER = "echo 0", "echo 1000"
SUDO = """
echo "sudo $*" >> "$(dirname "$0")/calls"
shift
exec "$@"
"""
SUDO_THAT_ASKS = "exit 1"
SNAP_STUB = "echo 'this command requires the chromium snap' >&2; exit 10"


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A folder that is the whole PATH: the everyday tools, to which a test adds what its machine has."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for tool in TOOLS:
        (folder / tool).symlink_to(shutil.which(tool) or tool)
    return folder


def add(machine: Path, name: str, body: str) -> Path:
    program = machine / name
    program.write_text(f"#!{shutil.which('sh')}\n{body}\n")
    program.chmod(0o755)
    return program


def script(machine: Path, *command: str, **variables: str) -> subprocess.CompletedProcess[str]:
    environment: Mapping[str, str] = {"PATH": str(machine), "HOME": os.environ.get("HOME", "/"), **variables}
    return subprocess.run(
        ["sh", *command],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )


def calls(machine: Path) -> list[str]:
    file = machine / "calls"
    return file.read_text().splitlines() if file.exists() else []


def test_venv_is_made_and_left_alone_afterwards(machine: Path, tmp_path: Path) -> None:
    add(machine, "python3", WHOLE_PYTHON)
    folder = tmp_path / "venv"

    first = script(machine, "scripts/venv.sh", str(folder))
    second = script(machine, "scripts/venv.sh", str(folder))

    assert first.returncode == 0
    assert first.stdout.startswith(f"Making the virtual environment {folder} (Python 3.")
    assert (second.returncode, second.stdout, second.stderr) == (0, "", "")


def test_venv_that_works_no_more_is_made_again(machine: Path, tmp_path: Path) -> None:
    add(machine, "python3", WHOLE_PYTHON)
    folder = tmp_path / "venv"
    (folder / "bin").mkdir(parents=True)
    (folder / "pyvenv.cfg").write_text("home = /gone\n")
    (folder / "bin" / "python").symlink_to("/gone/python3")

    assert script(machine, "scripts/venv.sh", str(folder)).returncode == 0
    assert subprocess.run([folder / "bin" / "python", "-c", "import pip"], check=False).returncode == 0


def test_a_folder_that_is_no_venv_is_not_touched(machine: Path, tmp_path: Path) -> None:
    add(machine, "python3", WHOLE_PYTHON)
    folder = tmp_path / "letters"
    folder.mkdir()
    (folder / "letter.txt").write_text("Dear library")

    result = script(machine, "scripts/venv.sh", str(folder))

    assert result.returncode == 1
    assert result.stderr == (
        f"{folder} is in the way: it is not a virtual environment. Move it elsewhere, then try again.\n"
    )
    assert (folder / "letter.txt").read_text() == "Dear library"


def test_an_old_python_is_named_with_what_is_needed(machine: Path, tmp_path: Path) -> None:
    add(machine, "python3", OLD_PYTHON)

    result = script(machine, "scripts/venv.sh", str(tmp_path / "venv"))

    assert result.returncode == 1
    assert result.stderr == (
        "Chitalnya needs Python 3.11 or newer; python3 gives: Python 3.9.2.\n"
        "Install one, or say where it is: make PYTHON=/usr/bin/python3.12 ...\n"
    )


def test_no_python_at_all_is_said(machine: Path, tmp_path: Path) -> None:
    result = script(machine, "scripts/venv.sh", str(tmp_path / "venv"))

    assert result.returncode == 1
    assert result.stderr.splitlines()[0] == "Chitalnya needs Python 3.11 or newer; python3 gives: no Python."


def test_a_newer_python_beside_an_old_one_is_taken(machine: Path, tmp_path: Path) -> None:
    add(machine, "python3", OLD_PYTHON)
    add(machine, "python3.12", WHOLE_PYTHON)

    assert script(machine, "scripts/venv.sh", str(tmp_path / "venv")).returncode == 0
    assert (tmp_path / "venv" / "bin" / "python").exists()


@pytest.mark.parametrize(("user", "through"), [(ROOT_USER, []), (PLAIN_USER, ["sudo -n true"])])
def test_a_split_off_venv_is_installed_where_apt_may(
    machine: Path, tmp_path: Path, user: str, through: list[str]
) -> None:
    for name, body in {"python3": SPLIT_PYTHON, "apt-get": APT, "id": user, "sudo": SUDO}.items():
        add(machine, name, body)

    result = script(machine, "scripts/venv.sh", str(tmp_path / "venv"))

    assert result.returncode == 0, result.stderr
    package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    assert calls(machine)[: len(through)] == through
    assert any(line.startswith("apt-get") and line.endswith(package) for line in calls(machine))


@pytest.mark.parametrize(
    ("user", "apt", "sudo"),
    [(PLAIN_USER, APT, SUDO_THAT_ASKS), (PLAIN_USER, APT, None), (ROOT_USER, APT_THAT_FAILS, None)],
)
def test_virtualenv_steps_in_where_apt_may_not_or_fails(
    machine: Path, tmp_path: Path, user: str, apt: str, sudo: str | None
) -> None:
    for name, body in {"python3": SPLIT_PYTHON, "apt-get": apt, "id": user, "virtualenv": VIRTUALENV}.items():
        add(machine, name, body)
    if sudo:
        add(machine, "sudo", sudo)

    result = script(machine, "scripts/venv.sh", str(tmp_path / "venv"))

    assert result.returncode == 0, result.stderr
    assert (tmp_path / "venv" / "bin" / "python").exists()
    assert calls(machine) == []


def test_no_way_to_a_venv_is_said_in_two_sentences(machine: Path, tmp_path: Path) -> None:
    add(machine, "python3", SPLIT_PYTHON)

    result = script(machine, "scripts/venv.sh", str(tmp_path / "venv"))

    assert result.returncode == 1
    assert result.stderr == (
        "python3 can't make virtual environments: its venv module is a package of its own here.\n"
        "Install python3-venv (apt-get install python3-venv, as root) or virtualenv, then try again.\n"
    )


def test_chromium_that_is_there_is_found(machine: Path) -> None:
    browser = add(machine, "google-chrome", "echo Google Chrome 150")

    assert script(machine, "scripts/chromium.sh").stdout == f"{browser}\n"


def test_chromium_that_the_environment_names_goes_first(machine: Path, tmp_path: Path) -> None:
    add(machine, "chromium", "echo Chromium 1")
    named = add(tmp_path, "my-browser", "echo Chromium 2")

    assert script(machine, "scripts/chromium.sh", CHROMIUM=str(named)).stdout == f"{named}\n"


def test_a_named_chromium_that_does_not_start_is_a_mistake_to_say(machine: Path) -> None:
    add(machine, "chromium", "echo Chromium 1")

    result = script(machine, "scripts/chromium.sh", CHROMIUM="/nowhere/chromium")

    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr == "CHROMIUM is /nowhere/chromium, which does not start.\n"


def test_a_name_without_a_browser_behind_it_is_passed_over(machine: Path) -> None:
    add(machine, "chromium-browser", SNAP_STUB)

    result = script(machine, "scripts/chromium.sh")

    assert (result.returncode, result.stdout) == (1, "")


def test_chromium_is_installed_where_apt_may(machine: Path) -> None:
    add(machine, "apt-get", APT)
    add(machine, "id", ROOT_USER)
    add(machine, "not-yet-chromium", "echo Chromium 1")

    result = script(machine, "scripts/chromium.sh")

    assert (result.returncode, result.stdout) == (0, f"{machine / 'chromium'}\n")
    assert result.stderr == "Installing chromium with apt-get ...\n"


def test_apt_that_fails_shows_what_it_said(machine: Path) -> None:
    add(machine, "apt-get", APT_THAT_FAILS)
    add(machine, "id", ROOT_USER)

    result = script(machine, "scripts/apt.sh", "redis-server")

    assert result.returncode == 1
    assert result.stderr.splitlines()[:2] == [
        "Installing redis-server with apt-get ...",
        "apt-get could not install redis-server:",
    ]
    assert result.stderr.splitlines()[-1] == "E: Unable to locate package"
