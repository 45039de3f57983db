"""Book spines, drawn from a key wherever a thing has no picture of its own: never a grey box, never the same twice.

Pure calculation. The same key and topic give the same shelf for ever, on the page as on the picture that is shared.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from core.colour import colour_of

# The same as in `tokens.css`: degrees of each hue; then lightness, chroma and the turn from the hue of each tint.
DEGREES = (18, 58, 98, 148, 188, 238, 283, 338)
COLOURS = ((0.44, 0.11, 0), (0.6, 0.1, 24), (0.36, 0.07, -20), (0.76, 0.07, 40), (0.52, 0.05, 180))
HUES = len(DEGREES)
TINTS = len(COLOURS)
# Parts of the height of a shelf, in percent.
LOWEST, HIGHEST = 52, 96
# Parts of the height, too: spines keep their proportions on a wide shelf.
THINNEST, THICKEST = 7, 17
LEAN = 9


@dataclass(frozen=True, slots=True)
class Spine:
    """One book: its left edge, width and height in the units of the shelf, its tint (0 to TINTS - 1).

    `bands` are the distances of its lines from the upper edge; `lean` is by how much its top is further left than its
    foot.
    """

    x: float
    width: float
    height: float
    tint: int
    bands: tuple[float, ...]
    lean: float = 0


def hue_of(key: str, topic: str = "") -> int:
    """Return the number of the hue (0 to HUES - 1): the topic's, so that what is about the same looks related."""
    return next(_bytes(f"hue {topic or key}")) % HUES


def tints_of(hue: int) -> tuple[str, ...]:
    """Return the colours of the tints of a hue on light paper, as #rrggbb."""
    return tuple(colour_of(lightness, chroma, DEGREES[hue] + turn) for lightness, chroma, turn in COLOURS)


def outline(spine: Spine, height: float) -> tuple[tuple[float, float], ...]:
    """Return the corners of a book on a shelf of a height, measured from the upper left corner of the shelf."""
    top = round(height - spine.height, 1)
    left = spine.x - spine.lean
    return (left, top), (left + spine.width, top), (spine.x + spine.width, height), (spine.x, height)


def lines_of(spine: Spine, height: float) -> tuple[tuple[float, float, float], ...]:
    """Return the lines across a book: left end, distance from the upper edge of the shelf, length."""
    top = height - spine.height
    return tuple(
        (spine.x - spine.lean * (1 - down / spine.height) + 1, top + down, max(spine.width - 2, 0))
        for down in spine.bands
    )


def shelf(key: str, *, width: float, height: float) -> list[Spine]:
    """Return the books that fill a shelf from its left edge to its right one."""
    chance = _bytes(f"shelf {key}")
    spines: list[Spine] = []
    x, last = 0.0, -1
    while x < width:
        spine = _spine(chance, x=x, height=height, last=last)
        spines.append(spine)
        x, last = round(spine.x + spine.width, 1), spine.tint
    return spines


def _spine(chance: Iterator[int], *, x: float, height: float, last: int) -> Spine:
    wide, high, tint, kind = (next(chance) for _number in range(4))
    width = _part(height, THINNEST + (THICKEST - THINNEST) * wide / 255)
    tall = _part(height, LOWEST + (HIGHEST - LOWEST) * high / 255)
    # Two neighbours of one tint would look like one book.
    colour = tint % TINTS
    colour = (colour + 1) % TINTS if colour == last else colour
    leans = kind >= 232 and x > 0
    lean = _part(height, LEAN) if leans else 0
    # A book that leans needs the room of its top, beside the one that holds it.
    return Spine(x=round(x + lean, 1), width=width, height=tall, tint=colour, bands=_bands(kind, tall), lean=lean)


def _bands(kind: int, tall: float) -> tuple[float, ...]:
    one, two, foot = (_part(tall, percent) for percent in (9, 13, 84))
    return ((), (one,), (one, two), (one, foot), (one, two, foot))[kind % 5]


def _part(whole: float, percent: float) -> float:
    return round(whole * percent / 100, 1)


def _bytes(text: str) -> Iterator[int]:
    """Yield chance from a text: the same numbers for the same text, whatever the version of Python."""
    number = 0
    while True:
        yield from hashlib.blake2b(f"{text}\x1f{number}".encode(), digest_size=64).digest()
        number += 1
