"""The two cuts of Literata with which pictures and posters are written: files that any program can measure and draw."""

from __future__ import annotations

import unicodedata
from enum import Enum
from functools import cache, lru_cache
from pathlib import Path

from PIL import ImageFont

FOLDER = Path(__file__).parent / "fonts"
# Kerning stands in the table that every FreeType reads, so that pictures are the same whatever else is installed.
ENGINE = ImageFont.Layout.BASIC


class Face(Enum):
    """A cut of the serif."""

    TEXT = "literata-regular.ttf"
    TITLE = "literata-semibold.ttf"

    @property
    def path(self) -> Path:
        """Where its file is."""
        return FOLDER / self.value

    def measure(self, text: str, size: float) -> float:
        """Return how wide a line is at a size, in the unit of the size."""
        return _length(self, text, MEASURED_AT) * size / MEASURED_AT

    def pixels(self, text: str, size: float) -> float:
        """Return how wide a line is in a picture, where each letter takes whole pixels."""
        return _length(self, text, round(size))


# Widths that have no pixels are measured at a size at which rounding is nothing.
MEASURED_AT = 200


@lru_cache(maxsize=64)
def font(face: Face, size: int) -> ImageFont.FreeTypeFont:
    """Return a cut at a size in pixels."""
    return ImageFont.truetype(str(face.path), size, layout_engine=ENGINE)


@lru_cache(maxsize=20_000)
def _length(face: Face, text: str, size: int) -> float:
    return font(face, size).getlength(text)


@cache
def letters(face: Face) -> frozenset[str]:
    """Return the letters that a cut has."""
    # Only who draws needs the library of PDF, which reads files of fonts.
    from reportlab.pdfbase.ttfonts import TTFontFile

    return frozenset(map(chr, TTFontFile(str(face.path)).charToGlyph))


def printable(text: str) -> str:
    """Return a text without what neither cut has (pictograms, foreign scripts), its spaces made single."""
    composed = unicodedata.normalize("NFC", " ".join(text.split()))
    known = letters(Face.TEXT) & letters(Face.TITLE)
    return " ".join("".join(letter if letter in known else " " for letter in composed).split())
