"""The passage of a text in which the words of a search stand, with these words marked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

from django.utils.safestring import SafeString, mark_safe

from core.search_words import APOSTROPHES, LETTER, SHORTEST_BEGINNING

LONGEST = 240
# So much of the text may stand in front of the first word that was found.
LEAD_IN = 60


def pattern_of(beginnings: Sequence[str]) -> re.Pattern[str] | None:
    """Return what finds the words that begin so (whole ones, where a beginning is very short); None for no words."""
    if not beginnings:
        return None
    parts = [_escaped(one) + (r"[^\W_]*" if len(one) >= SHORTEST_BEGINNING else "") for one in beginnings]
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(sorted(parts, key=len, reverse=True))})(?![^\W_])", re.IGNORECASE)


def _escaped(beginning: str) -> str:
    return re.escape(beginning).replace(LETTER, f"[{APOSTROPHES}]")


def marked(text: str, pattern: re.Pattern[str] | None) -> SafeString:
    """Return a text as HTML with what the pattern finds inside of `mark`."""
    if pattern is None:
        return mark_safe(escape(text))
    pieces, end = [], 0
    for found in pattern.finditer(text):
        pieces += [escape(text[end : found.start()]), f"<mark>{escape(found[0])}</mark>"]
        end = found.end()
    return mark_safe("".join([*pieces, escape(text[end:])]))


def passage(text: str, pattern: re.Pattern[str] | None, *, longest: int = LONGEST) -> str:
    """Return the part of a text around the first word that the pattern finds, or its beginning; cut between words."""
    text = " ".join(text.split())
    if len(text) <= longest:
        return text
    found = pattern.search(text) if pattern else None
    start = _word_start(text, found.start() - LEAD_IN) if found and found.end() > longest else 0
    end = _word_end(text, start + longest)
    return f"{'… ' if start else ''}{text[start:end].strip()}{' …' if end < len(text) else ''}"


def _word_start(text: str, at: int) -> int:
    at = max(at, 0)
    return text.find(" ", at) + 1 if at else 0


def _word_end(text: str, at: int) -> int:
    if at >= len(text):
        return len(text)
    space = text.rfind(" ", 0, at + 1)
    return space if space > at - LONGEST // 2 else at
