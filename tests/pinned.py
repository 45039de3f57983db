"""Tells whether the packages are the pinned ones: what newer ones say is not ours to translate yet."""

import re
from importlib.metadata import version
from pathlib import Path

import pytest

REQUIREMENTS = Path(__file__).resolve().parents[1] / "requirements.txt"
PINS = dict(re.findall(r"^([\w-]+)==([\w.]+)", REQUIREMENTS.read_text(encoding="utf-8"), re.MULTILINE))
SPEAKING = ("Django", "wagtail", "wagtail-localize")

on_pinned_packages = pytest.mark.skipif(
    any(version(name) != PINS[name] for name in SPEAKING),
    reason="The strings of the admin are translated for the pinned packages.",
)
