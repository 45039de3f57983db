"""Words set into a frame: as large as they fit, in lines of about one length, never past an edge.

Pure calculation; how wide a line is, the caller measures.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

Measure = Callable[[str, float], float]

NO_BREAK = "\N{NO-BREAK SPACE}"
ELLIPSIS = "…"
# Words so short stay with the next one.
SHORT = 2
DASHES = frozenset("–—-")
YEAR = re.compile(r"[12][0-9]{3}\b")
# So many tries make a width exact to less than a pixel.
TRIES = 10


@dataclass(frozen=True)
class Fitted:
    """Lines and the size at which they fit."""

    size: float
    lines: tuple[str, ...]
    leading: float

    @property
    def height(self) -> float:
        """How high the lines are together."""
        return len(self.lines) * self.size * self.leading


def fitted(
    text: str, measure: Measure, *, width: float, height: float, sizes: Iterable[float], leading: float = 1.2
) -> Fitted:
    """Return the lines of a text at the largest of the sizes at which they fit.

    Where they don't even fit at the last, they are cut short.
    """
    units = _units(text)
    size = 0.0
    for size in sizes:
        lines = _wrapped(units, measure, width, size)
        if lines is not None and len(lines) * size * leading <= height:
            return Fitted(size, _balanced(units, measure, width, size, len(lines)), leading)
    lines = _wrapped(_pieces(text.split(), measure, width, size), measure, width, size) or []
    most = max(int(height / (size * leading)), 1)
    return Fitted(size, tuple(_cut(lines, most, measure, width, size)), leading)


def _units(text: str) -> list[str]:
    """Return the words of a text, those together that no line may part."""
    units: list[str] = []
    joins = False
    for word in text.split():
        if units and (joins or word in DASHES or YEAR.match(word)):
            units[-1] += NO_BREAK + word
        else:
            units.append(word)
        # A preposition stays with its word, a day with its month and that with its year.
        joins = len(word) <= SHORT and word.isalnum()
    return units


def _wrapped(units: Sequence[str], measure: Measure, width: float, size: float) -> list[str] | None:
    """Return as many words on each line as it holds; None where one is too long for any."""
    lines: list[str] = []
    for unit in units:
        longer = f"{lines[-1]} {unit}" if lines else unit
        if lines and measure(longer, size) <= width:
            lines[-1] = longer
        elif measure(unit, size) <= width:
            lines.append(unit)
        else:
            return None
    return lines


def _balanced(units: Sequence[str], measure: Measure, width: float, size: float, count: int) -> tuple[str, ...]:
    """Return so many lines, of about the same length."""
    narrow, wide = width / max(count, 1) / 2, width
    best = _wrapped(units, measure, width, size) or []
    for _try in range(TRIES):
        middle = (narrow + wide) / 2
        lines = _wrapped(units, measure, middle, size)
        if lines is not None and len(lines) <= count:
            best, wide = lines, middle
        else:
            narrow = middle
    return tuple(best)


def _pieces(words: Iterable[str], measure: Measure, width: float, size: float) -> list[str]:
    """Return the words, those that no line holds in pieces with a hyphen."""
    pieces: list[str] = []
    for word in words:
        rest = word
        while measure(rest, size) > width and len(rest) > 1:
            end = max((n for n in range(1, len(rest)) if measure(f"{rest[:n]}-", size) <= width), default=1)
            pieces.append(f"{rest[:end]}-")
            rest = rest[end:]
        pieces.append(rest)
    return pieces


def _cut(lines: Sequence[str], most: int, measure: Measure, width: float, size: float) -> list[str]:
    if len(lines) <= most:
        return list(lines)
    last = lines[most - 1]
    while last and measure(last.rstrip(" ,.;:–-") + ELLIPSIS, size) > width:
        last = last[:-1]
    return [*lines[: most - 1], last.rstrip(" ,.;:–-") + ELLIPSIS]
