"""Installs what the tests need, with the newest Wagtail instead of the pinned one, into this environment."""

import re
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OLDEST = "8"
BROUGHT_ALONG = "# What those bring along:"


def chosen(requirements: Path) -> list[str]:
    """Return the packages that our code chose itself, as pinned; what they bring along is left to pip."""
    text = requirements.read_text(encoding="utf-8").partition(BROUGHT_ALONG)[0]
    return re.findall(r"^[\w.-]+(?:\[[\w,-]+\])?==\S+", text, re.MULTILINE)


def relaxed(pins: list[str]) -> list[str]:
    """Return the pins with Wagtail let loose."""
    return [f"wagtail>={OLDEST}" if pin.startswith("wagtail==") else pin for pin in pins]


def main() -> int:
    """Install, and say what came; return pip's exit code."""
    pins = relaxed([*chosen(ROOT / "requirements.txt"), *chosen(ROOT / "requirements-dev.txt")])
    print("Installing the newest Wagtail and what the tests need ...", flush=True)
    options = ["--quiet", "--disable-pip-version-check", "--no-input", "--upgrade"]
    command = [sys.executable, "-m", "pip", "install", *options, *pins]
    result = subprocess.run(command, stderr=subprocess.PIPE, text=True, check=False)
    if result.returncode:
        print(result.stderr, file=sys.stderr)
    else:
        print(", ".join(f"{name} {version(name)}" for name in ("wagtail", "wagtail-localize", "Django")))
    return result.returncode


if __name__ == "__main__":
    sys.exit(main())
