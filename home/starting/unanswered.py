"""Finds the questions in [square brackets] that a page still holds where its answers belong."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

# A bracket that begins with a letter and has a space or a sign behind a word: no footnote, and nothing of JSON.
QUESTION = re.compile(r"\[(?!true\b|false\b|null\b)[^\W\d_][^\[\]{}\"\\]{2,}\]")


def questions_in(content: Any) -> int:
    """Return how many questions stand in a page's stored content; streams are looked into."""
    return sum(len(QUESTION.findall(text)) for text in _texts(content))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
    elif isinstance(value, str):
        yield from _texts(json.loads(value)) if _is_stream(value) else [value]


def _is_stream(text: str) -> bool:
    if not text.startswith("[{"):
        return False
    try:
        return isinstance(json.loads(text), list)
    except ValueError:
        return False
