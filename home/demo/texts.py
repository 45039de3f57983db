"""Reads the demo's texts."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "texts"


def read(name: str) -> dict[str, Any]:
    """Return one file of texts."""
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def read_all(folder: str) -> dict[str, dict[str, Any]]:
    """Return all files of a folder by their slug, in a stable order."""
    paths = sorted((FOLDER / folder).glob("*.toml"))
    return {path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in paths}
