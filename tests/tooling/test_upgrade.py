"""`make restore` and `make upgrade` with a `manage.py` of a few lines in place of ours: keys, order, the way back."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MANAGE = """
import os, sys
from pathlib import Path
data = Path(os.environ["CHITALNYA_DATA_DIR"])
with open("calls", "a") as calls:
    calls.write(" ".join([*sys.argv[1:3], os.environ.get("SECRET_KEY", "")]).strip() + "\\n")
if Path("fail").exists() and sys.argv[1] == Path("fail").read_text():
    sys.exit(3)
if sys.argv[1] == "backup":
    (data / "backups").mkdir(exist_ok=True)
    (data / "backups" / "chitalnya-20261122-030000.tar").touch()
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "scripts").mkdir()
    for name in ("restore.py", "upgrade.py", "real_site.py"):
        shutil.copy(ROOT / "scripts" / name, tmp_path / "scripts")
    for name in ("install.py", "catalogues.py"):
        (tmp_path / "scripts" / name).write_text(f"open('calls', 'a').write('{name}\\n')\n")
    (tmp_path / "manage.py").write_text(MANAGE)
    (tmp_path / "backup.tar").touch()
    (tmp_path / "backup.keys.env").write_text("SECRET_KEY=one\n")
    return tmp_path


def run(root: Path, program: str, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    left_out = {"CHITALNYA_DATA_DIR", "SECRET_KEY", "KEYS"}
    kept = {name: value for name, value in os.environ.items() if name not in left_out}
    command = [sys.executable, f"scripts/{program}", *arguments]
    return subprocess.run(command, cwd=root, env=kept | variables, capture_output=True, text=True, check=False)


def calls(root: Path) -> list[str]:
    return (root / "calls").read_text().splitlines() if (root / "calls").exists() else []


def test_restore_brings_the_keys_that_lie_beside_the_archive(root: Path) -> None:
    done = run(root, "restore.py", "backup.tar")

    settings = root / "var" / "site" / "settings.env"
    assert (done.returncode, settings.read_text(), settings.stat().st_mode & 0o777) == (0, "SECRET_KEY=one\n", 0o600)
    assert calls(root) == [f"restore {root / 'backup.tar'} one"]


def test_restore_takes_keys_from_elsewhere_and_leaves_settings_that_are_there(root: Path) -> None:
    (root / "other.env").write_text("SECRET_KEY=two\n")
    data = root / "data"

    run(root, "restore.py", "backup.tar", KEYS="other.env", CHITALNYA_DATA_DIR=str(data))
    run(root, "restore.py", "backup.tar", "--force", CHITALNYA_DATA_DIR=str(data))

    assert (data / "settings.env").read_text() == "SECRET_KEY=two\n"
    assert [call.rpartition(" ")[2] for call in calls(root)] == ["two", "two"]


@pytest.mark.parametrize(
    ("arguments", "sentence"), [(("",), "Say which archive"), (("none.tar",), "There is no"), (("backup.tar",), "KEYS")]
)
def test_restore_says_what_is_missing(root: Path, arguments: tuple[str, ...], sentence: str) -> None:
    (root / "backup.keys.env").unlink()

    refused = run(root, "restore.py", *arguments)

    assert (refused.returncode, sentence in refused.stderr, calls(root)) == (1, True, [])
    assert not (root / "var").exists()


def test_upgrade_goes_step_by_step_and_names_the_way_back(root: Path) -> None:
    data = root / "var" / "site"
    data.mkdir(parents=True)

    done = run(root, "upgrade.py")

    assert done.returncode == 0, done.stderr
    assert calls(root) == [
        "backup",
        "install.py",
        "catalogues.py",
        "check --deploy",
        "migrate --noinput",
        "collectstatic --noinput",
        "migrate --check",
        "things",
    ]
    assert f"make restore FROM={data}/backups/chitalnya-20261122-030000.tar ARGS=--force" in done.stdout


@pytest.mark.parametrize(("failing", "number"), [("backup", 1), ("check", 4), ("migrate", 5)])
def test_upgrade_stops_at_the_step_that_fails(root: Path, failing: str, number: int) -> None:
    (root / "var" / "site").mkdir(parents=True)
    (root / "fail").write_text(failing)

    failed = run(root, "upgrade.py")

    assert (failed.returncode, len(calls(root)), "That failed" in failed.stderr) == (1, number, True)
