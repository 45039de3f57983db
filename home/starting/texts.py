"""Reads the texts that a new network begins with, one file per language."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "texts"


@cache
def words_in(language: str) -> dict[str, Any]:
    """Return the texts in a language."""
    return tomllib.loads((FOLDER / f"{language}.toml").read_text(encoding="utf-8"))
