"""Draws the poster of an event as PDF, A4 upright: letters and books as outlines, sharp at any size.

Pure calculation: the same poster gives the same bytes. Nothing stands in the outer 13 mm, which most printers leave
white.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import BinaryIO

from PIL import Image

from core.accent import PAPER, WHITE
from core.card_drawing import GROUND, INK, LINE, QUIET, UNITS, accent_of, cropped
from core.cards import Card
from core.pdf_sheets import HEIGHT, WIDTH, Sheet
from core.qr_codes import dark_runs
from core.spines import hue_of, lines_of, outline, shelf, tints_of
from core.text_fitting import Fitted, fitted
from core.typefaces import Face, printable
from events.posters import Poster

EDGE = 40
RIGHT = WIDTH - EDGE
# Dots of a photograph to a point: 220 to an inch.
DOTS = 220 / 72
QR_SIZE, QR_COLUMN = 104, 128
LEAF_WIDTH, LEAF_HEIGHT = 112, 150
GAP = 14
LABEL, AFTER = 14, 9
# How far the leaf reaches into the picture.
OVER = 54
# Heights of the picture, from which a title is at least legible across a room.
PICTURES, LEGIBLE = (330, 270, 210, 150, 110), 32
FEW_DATES = 4


def poster_pdf(poster: Poster, photo: BinaryIO | None = None, logo: BinaryIO | None = None) -> bytes:
    """Return the poster as PDF."""
    card = poster.card
    sheet = Sheet(title=card.title, author=card.network, language=poster.language)
    below = _network(sheet, card, logo)
    _middle(sheet, poster, photo, top=below, foot=_foot(sheet, poster))
    return sheet.finished()


# --- Parts ------------------------------------------------------------------------------------------------------------


def _network(sheet: Sheet, card: Card, logo: BinaryIO | None) -> float:
    """Write the network's name at the top, behind its logo; return where the next part begins."""
    left, height = EDGE, 30
    if logo is not None and (shown := _logo(logo)):
        content, ratio = shown
        width = min(height * ratio, 150)
        sheet.picture(content, left, EDGE, width, width / ratio)
        left += round(width) + 12
    name = fit(card.network, Face.TITLE, width=RIGHT - left, height=height, sizes=(17, 10))
    sheet.lines(name, Face.TITLE, left, EDGE + max((height - name.height) / 2, 0), colour=accent_of(card))
    return EDGE + height + 12


def _logo(logo: BinaryIO) -> tuple[BinaryIO, float] | None:
    try:
        with Image.open(logo) as opened:
            small = opened.convert("RGBA")
    except OSError:
        return None
    small.thumbnail((600, 300), Image.Resampling.LANCZOS)
    written = io.BytesIO()
    small.save(written, "PNG")
    written.seek(0)
    return written, small.width / small.height


def _foot(sheet: Sheet, poster: Poster) -> float:
    """Draw the QR code with the address beside it at the bottom right; return where this part begins."""
    left, top = RIGHT - QR_SIZE, HEIGHT - EDGE - QR_SIZE - 22
    draw_code(sheet, poster.address, left, top)
    shown = poster.address.partition("://")[2].partition("?")[0].rstrip("/")
    lines = address_lines(shown, QR_COLUMN, 7.5)
    for number, line in enumerate(lines[:3]):
        width = Face.TEXT.measure(line, 7.5)
        sheet.line(line, Face.TEXT, 7.5, RIGHT - width, top + QR_SIZE + 9 + 9 * number, colour=QUIET)
    return top


def draw_code(sheet: Sheet, address: str, left: float, top: float, *, size: float = QR_SIZE) -> None:
    """Draw the QR code of an address."""
    side, runs = dark_runs(address)
    step = size / side
    for row, column, length in runs:
        # A hair taller than a step: no printer shows a seam.
        sheet.box(left + column * step, top + row * step, length * step, step * 1.02, fill="#000000")


def address_lines(address: str, width: float, size: float) -> list[str]:
    """Return an address in lines that end where it can be read on: behind a stroke or a hyphen."""
    parts: list[str] = []
    lines = [""]
    for letter in address:
        if parts and parts[-1][-1] not in "/-":
            parts[-1] += letter
        else:
            parts.append(letter)
    for part in parts:
        if lines[-1] and Face.TEXT.measure(lines[-1] + part, size) > width:
            lines.append("")
        lines[-1] += part
    return lines


def _middle(sheet: Sheet, poster: Poster, photo: BinaryIO | None, *, top: float, foot: float) -> None:
    """Share what is left between the picture, the title beside its leaf, the lead and the facts."""
    card = poster.card
    left = EDGE + 14 + LEAF_WIDTH + 24 if card.leaf else EDGE
    dates, rest = _dates(poster), _rest(poster)
    rest_top = min(foot, HEIGHT - EDGE - _height(rest))
    facts_top = rest_top - dates.height
    lead = fit(poster.lead, Face.TEXT, width=RIGHT - EDGE, height=110, sizes=(17, 12), leading=1.4)
    # A long title, or many dates, take room from the picture.
    least = LEAF_HEIGHT - OVER if card.leaf else 0
    for picture in PICTURES:
        bottom = top + picture
        room = facts_top - bottom - lead.height - 4 * GAP
        title = fit(card.title, Face.TITLE, width=RIGHT - left, height=room, sizes=(50, 18), leading=1.14)
        if title.size >= LEGIBLE and room >= least:
            break
    _picture(sheet, card, photo, y=top, height=picture)
    if card.leaf:
        _leaf(sheet, card, EDGE + 14, bottom - OVER)
    block = max(title.height, least)
    air = min(max((facts_top - bottom - block - lead.height - 4 * GAP) / 2, 0), 24)
    y = bottom + GAP + air
    sheet.lines(title, Face.TITLE, left, y + max((block - title.height) / 2, 0))
    y += block + GAP + air / 2
    sheet.lines(lead, Face.TEXT, EDGE, y)
    sheet.rule(EDGE, facts_top - GAP, RIGHT - EDGE, colour=LINE)
    _write_rows(sheet, [dates], facts_top)
    _write_rows(sheet, rest, rest_top)


def _picture(sheet: Sheet, card: Card, photo: BinaryIO | None, *, y: float, height: float) -> None:
    x, width = EDGE, RIGHT - EDGE
    if photo is not None and card.photo is not None:
        written = io.BytesIO()
        size = (round(width * DOTS), round(height * DOTS))
        cropped(photo, card.photo, size).save(written, "JPEG", quality=85)
        written.seek(0)
        sheet.picture(written, x, y, width, height)
        credit = fit(card.photo.credit, Face.TEXT, width=width - LEAF_WIDTH - 24, height=10, sizes=(7.5, 6))
        for line in credit.lines:
            sheet.line(
                line, Face.TEXT, credit.size, RIGHT - Face.TEXT.measure(line, credit.size), y + height + 9, colour=QUIET
            )
        return
    board = 4
    scale = (height - board) / UNITS
    sheet.box(x, y, width, height, fill=GROUND)
    tints = tints_of(hue_of(card.spines, card.topic))
    with sheet.inside(x, y, width, height):
        for book in shelf(card.spines, width=width / scale, height=UNITS):
            corners = [(x + across * scale, y + down * scale) for across, down in outline(book, UNITS)]
            sheet.polygon(corners, fill=tints[book.tint])
            for across, down, length in lines_of(book, UNITS):
                sheet.rule(x + across * scale, y + down * scale, length * scale, colour=PAPER, thickness=scale)
    sheet.box(x, y + height - board, width, board, fill=INK)


def _leaf(sheet: Sheet, card: Card, x: float, y: float) -> None:
    leaf = card.leaf
    if leaf is None:
        return
    sheet.box(x, y, LEAF_WIDTH, LEAF_HEIGHT, fill=WHITE, line=LINE)
    sheet.box(x, y, LEAF_WIDTH, 10, fill=accent_of(card))
    for text, largest, colour, base in (
        (leaf.weekday, 18, QUIET, 38),
        (leaf.day, 76, INK, 106),
        (leaf.month, 18, QUIET, 135),
    ):
        words = fit(text, Face.TITLE, width=LEAF_WIDTH - 12, height=largest * 1.3, sizes=(largest, 9))
        for line in words.lines[:1]:
            width = Face.TITLE.measure(line, words.size)
            sheet.line(line, Face.TITLE, words.size, x + (LEAF_WIDTH - width) / 2, y + base, colour=colour)


@dataclass(frozen=True)
class Row:
    """Facts beside each other: where each begins, its label, its lines."""

    cells: tuple[tuple[float, str, tuple[Fitted, ...]], ...]

    @property
    def height(self) -> float:
        """How much room the row takes, the distance to the next one included."""
        return LABEL + max(sum(line.height for line in lines) for _x, _label, lines in self.cells) + AFTER


def _height(rows: list[Row]) -> float:
    return sum(row.height for row in rows)


def _dates(poster: Poster) -> Row:
    """Return the dates: a few below each other, more of them in two columns."""
    lines = [*poster.dates, *filter(None, [poster.more])]
    if len(lines) <= FEW_DATES:
        width = RIGHT - EDGE
        return Row(
            (
                (
                    0,
                    poster.dates_label,
                    tuple(fit(line, Face.TEXT, width=width, height=44, sizes=(17, 9)) for line in lines),
                ),
            )
        )
    width, half = (RIGHT - EDGE) / 2, (len(lines) + 1) // 2
    set_lines = tuple(fit(line, Face.TEXT, width=width - 16, height=17, sizes=(13, 8)) for line in lines)
    return Row(((0, poster.dates_label, set_lines[:half]), (width, "", set_lines[half:])))


def _rest(poster: Poster) -> list[Row]:
    """Return the other facts, beside the code: the first, where, by itself, then two in a row."""
    width = RIGHT - EDGE - QR_COLUMN - 20
    half = width / 2
    first = [Row(((0, label, _lines(text, width, 15)),)) for label, text in poster.facts[:1]]
    others = poster.facts[1:]
    pairs = [others[start : start + 2] for start in range(0, len(others), 2)]
    # A fact by itself has the whole row.
    return first + [
        Row(
            tuple(
                (column * half, label, _lines(text, half - 12 if len(pair) > 1 else width, 13))
                for column, (label, text) in enumerate(pair)
            )
        )
        for pair in pairs
    ]


def _lines(text: str, width: float, size: float) -> tuple[Fitted, ...]:
    return tuple(fit(line, Face.TEXT, width=width, height=size * 2.6, sizes=(size, 9)) for line in text.splitlines())


def _write_rows(sheet: Sheet, rows: list[Row], top: float) -> None:
    for row in rows:
        for x, label, lines in row.cells:
            sheet.line(printable(label), Face.TITLE, 10.5, EDGE + x, top + 9, colour=QUIET)
            y = top + LABEL
            for line in lines:
                y = sheet.lines(line, Face.TEXT, EDGE + x, y)
        top += row.height


def fit(
    text: str, face: Face, *, width: float, height: float, sizes: tuple[float, float], leading: float = 1.25
) -> Fitted:
    """Fit a text into a frame, at the larger of two sizes or at one between them."""
    largest, smallest = sizes
    steps = [largest - step * 0.5 for step in range(int((largest - smallest) * 2) + 1)]
    return fitted(printable(text), face.measure, width=width, height=height, sizes=steps, leading=leading)
