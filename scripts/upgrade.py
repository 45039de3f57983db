"""Upgrades the real site to the code that lies here: backup, packages, catalogues, database, static files, health.

The new code is fetched before (`git pull`, or a new archive unpacked); web server and worker are restarted after.
"""

import subprocess
import sys
from pathlib import Path

import real_site

ROOT = real_site.ROOT


def step(words: str, command: list[str], variables: dict[str, str] | None = None) -> None:
    """Say what is done and do it; end with a sentence when it fails."""
    print(words, flush=True)
    if subprocess.run([sys.executable, *command], cwd=ROOT, env=variables, check=False).returncode:
        sys.exit(f"{words} That failed; what it said stands above. Nothing that readers see was restarted.")


def way_back(data: Path) -> str:
    """Return how the site as it was comes back."""
    archives = sorted((data / "backups").glob("chitalnya-*.tar"))
    newest = archives[-1] if archives else data / "backups"
    return f"Back again: the old code, then make restore FROM={newest} ARGS=--force"


def main() -> int:
    """Upgrade; return the exit code."""
    data = real_site.data_folder()
    variables = real_site.variables(data)
    manage = str(ROOT / "manage.py")
    step("Backup ...", [manage, "backup"], variables)
    step("Packages ...", ["scripts/install.py", "requirements.txt"])
    step("Catalogues ...", ["scripts/catalogues.py", "compile"])
    step("Settings ...", [manage, "check", "--deploy", "--fail-level", "ERROR"], variables)
    step("Database ...", [manage, "migrate", "--noinput", "--verbosity=0"], variables)
    step(
        "Style sheets, scripts and icons ...",
        [manage, "collectstatic", "--noinput", "--clear", "--verbosity=0"],
        variables,
    )
    step("Health ...", [manage, "migrate", "--check", "--verbosity=0"], variables)
    step("Things ...", [manage, "things"], variables)
    print("The upgrade is done. Restart web server and worker: systemctl restart chitalnya-web chitalnya-worker")
    print(way_back(data))
    return 0


if __name__ == "__main__":
    sys.exit(main())
