"""The real site on this machine: where its data lie, what is set for it, and its management commands.

`real_site.py COMMAND ...` is `manage.py COMMAND ...` with the settings of that site. Data lie in var/site, or where
CHITALNYA_DATA_DIR says; what is set for the site stands in settings.env in that folder, a NAME=value to a line, as
systemd and containers read it, too. What the environment sets wins over the file.
"""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SETTINGS_FILE = "settings.env"
SETTINGS_MODULE = "config.settings.production"


def data_folder() -> Path:
    """Return the folder of the site's data."""
    return Path(os.environ.get("CHITALNYA_DATA_DIR") or ROOT / "var" / "site").absolute()


def read_settings(file: Path) -> dict[str, str]:
    """Return the variables of a settings file; lines that are empty or begin with # say nothing."""
    lines = [line.strip() for line in file.read_text(encoding="utf-8").splitlines()]
    pairs = [line.partition("=") for line in lines if line and not line.startswith("#")]
    return {name.strip(): value.strip().strip("\"'") for name, _equals, value in pairs}


def variables(data: Path) -> dict[str, str]:
    """Return the variables for the site's processes."""
    file = data / SETTINGS_FILE
    set_here = read_settings(file) if file.exists() else {}
    given = {name: value for name, value in os.environ.items() if value or name not in set_here}
    paths = [str(ROOT), str(ROOT / "site")]
    return {"DJANGO_SETTINGS_MODULE": SETTINGS_MODULE} | set_here | given | {
        "CHITALNYA_DATA_DIR": str(data),
        "PYTHONPATH": os.pathsep.join(paths),
        "PYTHONUNBUFFERED": "1",
    }  # fmt: skip


def main(arguments: list[str]) -> int:
    """Run a management command of the site; return its exit code."""
    data = data_folder()
    command = [sys.executable, str(ROOT / "manage.py"), *arguments]
    return subprocess.run(command, cwd=ROOT, env=variables(data), check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
