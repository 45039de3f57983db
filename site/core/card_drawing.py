"""Draws cards as PNG: paper, ink, the network's accent, spines or a photograph. The same card gives the same bytes.

Pure calculation: neither the database nor the clock is asked.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO

from PIL import Image, ImageDraw, ImageOps

from core.accent import DEFAULT, PAPER, WHITE, AccentError, palette
from core.cards import Card, Leaf, Photo
from core.spines import hue_of, lines_of, outline, shelf, tints_of
from core.text_fitting import Fitted, fitted
from core.typefaces import Face, font, printable

INK, QUIET, LINE, GROUND, BAD = "#1d1b18", "#5c564d", "#d8d1c3", "#f2ede2", "#a3161c"
WIDE, SQUARE = (1200, 630), (1080, 1080)
# Edges of books are drawn so many times larger, and then smoothed.
FINER = 3
UNITS = 100
# A title that would be smaller gets more room; below itself it keeps a distance.
LEGIBLE, GAP = 44, 18


@dataclass(frozen=True)
class Box:
    """A part of the picture."""

    x: int
    y: int
    width: int
    height: int


COLOURS = 256


def wide_card(card: Card, photo: BinaryIO | None = None) -> bytes:
    """Return the picture of a page where it is shared, 1200×630: its photograph, or its title above spines."""
    image = Image.new("RGB", WIDE, PAPER)
    if photo is not None and card.photo is not None:
        # With as many colours as a photograph has, PNG takes more than messengers fetch.
        return _png(cropped(photo, card.photo, WIDE).quantize(COLOURS))
    pen = ImageDraw.Draw(image)
    edge, top = 72, 112
    leaf = Box(edge, top + 10, 190, 248) if card.leaf else None
    left = leaf.x + leaf.width + 44 if leaf else edge
    # A long title takes room from the books.
    for end in (446, 520):
        frame = Box(left, top, WIDE[0] - edge - left, end - top - 36)
        words = _set(card, frame, sizes=range(84, 27, -2), line_size=33)
        if words.title.size >= LEGIBLE:
            break
    _shelf(image, card, Box(0, end, WIDE[0], WIDE[1] - end))
    _network(pen, card, (edge, 50), WIDE[0] - 2 * edge, 30)
    if leaf:
        _leaf(pen, card, leaf)
    _write(pen, words, frame)
    return _png(image)


def square_card(card: Card, photo: BinaryIO | None = None) -> bytes:
    """Return the square picture of an event, 1080×1080: photograph or spines, day, title, when and where, network."""
    image = Image.new("RGB", SQUARE, PAPER)
    pen = ImageDraw.Draw(image)
    edge, foot = 72, SQUARE[1] - 104
    left = edge + 230 + 44 if card.leaf else edge
    for top in (470, 350):
        frame = Box(left, top + 36, SQUARE[0] - edge - left, foot - top - 60)
        words = _set(card, frame, sizes=range(78, 27, -2), line_size=36)
        if words.title.size >= LEGIBLE:
            break
    head = Box(0, 0, SQUARE[0], top)
    if photo is not None and card.photo is not None:
        image.paste(cropped(photo, card.photo, (head.width, head.height)))
        _credit(pen, card.photo, (SQUARE[0] - edge, top + 8), SQUARE[0] - edge - left)
    else:
        _shelf(image, card, head)
    if card.leaf:
        # Half over the edge of the picture, as if it were pinned to the shelf.
        _leaf(pen, card, Box(edge, top - 96, 230, 306))
    _write(pen, words, frame)
    pen.line((edge, foot, SQUARE[0] - edge, foot), fill=LINE, width=2)
    _network(pen, card, (edge, foot + 24), SQUARE[0] - 2 * edge, 34)
    return _png(image)


def cropped(photo: BinaryIO, about: Photo, size: tuple[int, int]) -> Image.Image:
    """Return a photograph that fills a size, cropped around its focal point."""
    with Image.open(photo) as opened:
        opened.draft("RGB", (size[0], size[1]))
        picture = ImageOps.exif_transpose(opened)
        if picture.mode != "RGB":
            clear = picture.convert("RGBA")
            picture = Image.new("RGB", clear.size, PAPER)
            picture.paste(clear, mask=clear.getchannel("A"))
        return _filled(picture, size, about.x, about.y)


def _filled(picture: Image.Image, size: tuple[int, int], x: float, y: float) -> Image.Image:
    scale = max(size[0] / picture.width, size[1] / picture.height)
    width, height = size[0] / scale, size[1] / scale
    left = min(max(x * picture.width - width / 2, 0), picture.width - width)
    top = min(max(y * picture.height - height / 2, 0), picture.height - height)
    return picture.resize(size, Image.Resampling.LANCZOS, box=(left, top, left + width, top + height))


def accent_of(card: Card) -> str:
    """Return the network's colour; the usual one for what is none."""
    try:
        return palette(card.accent or DEFAULT).light.accent
    except AccentError:
        return DEFAULT


# --- Pieces -----------------------------------------------------------------------------------------------------------


def _shelf(image: Image.Image, card: Card, box: Box) -> None:
    board = 6
    height = box.height - board
    scale = height / UNITS
    books = shelf(card.spines, width=box.width / scale, height=UNITS)
    tints = tints_of(hue_of(card.spines, card.topic))
    drawn = Image.new("RGB", (box.width * FINER, height * FINER), GROUND)
    pen = ImageDraw.Draw(drawn)
    for book in books:
        corners = [(x * scale * FINER, y * scale * FINER) for x, y in outline(book, UNITS)]
        pen.polygon(corners, fill=tints[book.tint])
        for x, y, length in lines_of(book, UNITS):
            start, end = x * scale * FINER, (x + length) * scale * FINER
            pen.line((start, y * scale * FINER, end, y * scale * FINER), fill=PAPER, width=round(scale * FINER))
    image.paste(drawn.resize((box.width, height), Image.Resampling.BOX), (box.x, box.y))
    ImageDraw.Draw(image).rectangle((box.x, box.y + height, box.x + box.width, box.y + box.height), fill=INK)


def _leaf(pen: ImageDraw.ImageDraw, card: Card, box: Box) -> None:
    leaf: Leaf = card.leaf  # type: ignore[assignment]
    right, bottom, off = box.x + box.width, box.y + box.height, bool(card.state)
    accent = QUIET if off else accent_of(card)
    pen.rectangle((box.x, box.y, right, bottom), fill=WHITE, outline=LINE, width=2)
    pen.rectangle((box.x, box.y, right, box.y + box.height // 16), fill=accent)
    middle, small = box.x + box.width / 2, box.height // 8
    _centred(pen, leaf.weekday, (middle, box.y + box.height * 0.255), width=box.width - 20, largest=small)
    number = font(Face.TITLE, round(box.height * 0.5))
    spot = (middle, box.y + box.height * 0.71)
    pen.text(spot, leaf.day, font=number, fill=QUIET if off else INK, anchor="ms")
    if off:
        across = box.y + box.height * 0.545
        half = number.getlength(leaf.day) / 2 + 10
        pen.line((middle - half, across, middle + half, across), fill=BAD, width=6)
    _centred(pen, leaf.month, (middle, box.y + box.height * 0.9), width=box.width - 20, largest=small)


def _centred(
    pen: ImageDraw.ImageDraw, text: str, spot: tuple[float, float], *, width: float, largest: int, colour: str = QUIET
) -> None:
    text = printable(text)
    size = next((size for size in range(largest, 11, -1) if Face.TITLE.pixels(text, size) <= width), 11)
    pen.text(spot, text, font=font(Face.TITLE, size), fill=colour, anchor="ms")


def _credit(pen: ImageDraw.ImageDraw, photo: Photo, spot: tuple[int, int], width: int) -> None:
    """Say whose a photograph is, at the right below it."""
    text = fitted(printable(photo.credit), Face.TEXT.pixels, width=width, height=24, sizes=(20, 18, 16))
    for line in text.lines:
        pen.text(spot, line, font=font(Face.TEXT, round(text.size)), fill=QUIET, anchor="ra")


def _network(pen: ImageDraw.ImageDraw, card: Card, spot: tuple[int, int], width: int, largest: int) -> None:
    name = fitted(
        printable(card.network), Face.TITLE.pixels, width=width, height=largest * 1.3, sizes=range(largest, 19, -1)
    )
    if name.lines:
        pen.text(spot, name.lines[0], font=font(Face.TITLE, round(name.size)), fill=accent_of(card), anchor="la")


@dataclass(frozen=True)
class Words:
    """What a frame holds, each part at the size at which all fit."""

    state: str
    state_size: int
    title: Fitted
    lines: tuple[Fitted, ...]

    @property
    def above(self) -> float:
        """How much room the state takes."""
        return self.state_size * 1.5 if self.state else 0

    @property
    def height(self) -> float:
        """How much room all takes."""
        return self.above + self.title.height + _below(self.lines)


def _set(card: Card, frame: Box, *, sizes: Sequence[int], line_size: int) -> Words:
    lines = tuple(
        fitted(
            line,
            Face.TEXT.pixels,
            width=frame.width,
            height=line_size * 2.7,
            sizes=range(line_size, 23, -1),
        )
        for line in map(printable, card.lines)
        if line
    )
    state = printable(card.state)
    room = frame.height - _below(lines) - (line_size * 1.5 if state else 0)
    title = fitted(printable(card.title), Face.TITLE.pixels, width=frame.width, height=room, sizes=sizes, leading=1.16)
    return Words(state, line_size, title, lines)


def _below(lines: Sequence[Fitted]) -> float:
    return sum(line.height for line in lines) + (GAP if lines else 0)


def _write(pen: ImageDraw.ImageDraw, words: Words, frame: Box) -> None:
    """Write the state, the title and the lines below each other, in the middle of a frame."""
    y = frame.y + max((frame.height - words.height) / 2, 0)
    if words.state:
        pen.text((frame.x, y), words.state, font=font(Face.TITLE, words.state_size), fill=BAD, anchor="la")
        y += words.above
    y = _lines(pen, words.title, Face.TITLE, (frame.x, y), colour=INK) + GAP
    for line in words.lines:
        y = _lines(pen, line, Face.TEXT, (frame.x, y), colour=QUIET)


def _lines(pen: ImageDraw.ImageDraw, text: Fitted, face: Face, spot: tuple[float, float], *, colour: str) -> float:
    x, y = spot
    step = text.size * text.leading
    for line in text.lines:
        # On the base line, so that a line with an accent is no lower than its neighbours.
        pen.text((x, round(y + text.size * 0.95)), line, font=font(face, round(text.size)), fill=colour, anchor="ls")
        y += step
    return y


def _png(image: Image.Image) -> bytes:
    written = io.BytesIO()
    image.save(written, "PNG", optimize=False, compress_level=7)
    return written.getvalue()
