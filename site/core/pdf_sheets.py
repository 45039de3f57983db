"""Pages of PDF, A4 upright: y is measured from the top, colours are #rrggbb, letters stand as close as they want to.

Pure calculation; the same calls give the same bytes.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from typing import BinaryIO

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from core.card_drawing import INK
from core.text_fitting import Fitted
from core.typefaces import Face

WIDTH, HEIGHT = A4


class Sheet:
    """A page on which y is measured from the top, and letters stand as close as their shapes want."""

    def __init__(self, *, title: str, author: str, language: str) -> None:
        self.written = io.BytesIO()
        # Without the time at which it was made, so that it is the same file each time.
        self.canvas = Canvas(self.written, pagesize=A4, invariant=1, pageCompression=1, lang=language)
        for face in Face:
            registerFont(TTFont(face.name, str(face.path)))
        self.canvas.setTitle(title)
        self.canvas.setAuthor(author)
        self.canvas.setCreator("Chitalnya")

    def finished(self) -> bytes:
        """Return the page as PDF; nothing more can be drawn on it."""
        self.canvas.showPage()
        self.canvas.save()
        return self.written.getvalue()

    def box(self, x: float, y: float, width: float, height: float, *, fill: str, line: str = "") -> None:
        """Fill a box, with an outline if its colour is given."""
        self.canvas.setFillColor(HexColor(fill))
        if line:
            self.canvas.setStrokeColor(HexColor(line))
            self.canvas.setLineWidth(0.75)
        self.canvas.rect(x, HEIGHT - y - height, width, height, stroke=int(bool(line)), fill=1)

    def rule(self, x: float, y: float, width: float, *, colour: str, thickness: float = 0.75) -> None:
        """Draw a line across."""
        self.canvas.setStrokeColor(HexColor(colour))
        self.canvas.setLineWidth(thickness)
        self.canvas.line(x, HEIGHT - y, x + width, HEIGHT - y)

    def line(self, text: str, face: Face, size: float, x: float, y: float, *, colour: str = INK) -> None:
        """Write a line of text on the base line `y`."""
        self.canvas.setFillColor(HexColor(colour))
        self.canvas.setFont(face.name, size)
        for start, run in _runs(text, face):
            self.canvas.drawString(x + face.measure(text[:start], size), HEIGHT - y, run)

    def lines(self, text: Fitted, face: Face, x: float, y: float, *, colour: str = INK) -> float:
        """Write the lines of a text below each other; return where they end."""
        for line in text.lines:
            self.line(line, face, text.size, x, y + text.size * 0.95, colour=colour)
            y += text.size * text.leading
        return y

    def polygon(self, corners: list[tuple[float, float]], *, fill: str) -> None:
        """Fill a polygon."""
        path = self.canvas.beginPath()
        path.moveTo(corners[0][0], HEIGHT - corners[0][1])
        for x, y in corners[1:]:
            path.lineTo(x, HEIGHT - y)
        path.close()
        self.canvas.setFillColor(HexColor(fill))
        self.canvas.drawPath(path, stroke=0, fill=1)

    @contextmanager
    def inside(self, x: float, y: float, width: float, height: float) -> Iterator[None]:
        """Cut off what is drawn outside of a box."""
        self.canvas.saveState()
        path = self.canvas.beginPath()
        path.rect(x, HEIGHT - y - height, width, height)
        self.canvas.clipPath(path, stroke=0)
        yield
        self.canvas.restoreState()

    def picture(self, content: BinaryIO, x: float, y: float, width: float, height: float) -> None:
        """Show a picture that fills a box."""
        self.canvas.drawImage(ImageReader(content), x, HEIGHT - y - height, width, height, mask="auto")


def _runs(text: str, face: Face) -> Iterator[tuple[int, str]]:
    """Yield the parts of a line inside of which letters stand at their own width, with where each begins."""
    start = 0
    for number, (one, two) in enumerate(pairwise(text), start=1):
        if abs(face.measure(one + two, 1000) - face.measure(one, 1000) - face.measure(two, 1000)) > 1:
            yield start, text[start:number]
            start = number
    if text:
        yield start, text[start:]
