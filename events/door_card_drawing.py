"""Draws the card for the door of a branch as PDF, A4 upright: a title, a large QR code, three steps, the address.

Pure calculation: the same card gives the same bytes. Nothing stands in the outer 13 mm, which most printers leave
white.
"""

from __future__ import annotations

from core.accent import DEFAULT, AccentError, palette
from core.card_drawing import LINE, QUIET
from core.pdf_sheets import HEIGHT, WIDTH, Sheet
from core.text_fitting import Fitted
from core.typefaces import Face, printable
from events.door_cards import DoorCard
from events.poster_drawing import EDGE, RIGHT, address_lines, draw_code, fit

LINE_WIDTH = RIGHT - EDGE
CODE, NUMBERS = 270, 34
GAP = 18
ADDRESS_SIZE, MOST_LINES = 13, 3


def card_pdf(card: DoorCard) -> bytes:
    """Return the card as PDF."""
    accent = _accent(card.accent)
    sheet = Sheet(title=card.title, author=card.network, language=card.language)
    sheet.box(EDGE, EDGE, LINE_WIDTH, 10, fill=accent)
    network = fit(card.network, Face.TITLE, width=LINE_WIDTH, height=46, sizes=(20, 11))
    top = sheet.lines(network, Face.TITLE, EDGE, EDGE + 24, colour=accent) + GAP / 2
    title = fit(card.title, Face.TITLE, width=LINE_WIDTH, height=120, sizes=(44, 20), leading=1.12)
    top = sheet.lines(title, Face.TITLE, EDGE, top) + GAP / 2
    if card.narrowed:
        narrowed = fit(card.narrowed, Face.TEXT, width=LINE_WIDTH, height=62, sizes=(21, 11))
        top = sheet.lines(narrowed, Face.TEXT, EDGE, top, colour=QUIET)
    foot = _foot(sheet, card)
    steps = [_step(words) for words in card.steps]
    tall = sum(step.height + 6 for step in steps)
    code = min(CODE, foot - top - tall - 3 * GAP)
    air = max((foot - top - tall - code - 3 * GAP) / 2, 0)
    top += GAP + air
    draw_code(sheet, card.address, (WIDTH - code) / 2, top, size=code)
    top += code + GAP + air
    for number, step in enumerate(steps, start=1):
        sheet.line(f"{number}", Face.TITLE, 24, EDGE, top + 18, colour=accent)
        top = sheet.lines(step, Face.TEXT, EDGE + NUMBERS, top) + 6
    return sheet.finished()


def _step(words: str) -> Fitted:
    return fit(words, Face.TEXT, width=LINE_WIDTH - NUMBERS, height=52, sizes=(19, 12))


def _foot(sheet: Sheet, card: DoorCard) -> float:
    """Write the addresses at the bottom; return where this part begins."""
    parts = [(card.address_label, _shown(card.address)), (card.feed_label, _shown(card.feed))]
    height = sum(18 + 17 * len(lines) + 8 for _label, lines in parts)
    begin = top = HEIGHT - EDGE - height
    sheet.rule(EDGE, begin - GAP / 2, LINE_WIDTH, colour=LINE)
    for label, lines in parts:
        sheet.line(printable(label), Face.TITLE, 11, EDGE, top + 12, colour=QUIET)
        top += 18
        for line in lines:
            sheet.line(line, Face.TEXT, ADDRESS_SIZE, EDGE, top + 12)
            top += 17
        top += 8
    return begin - GAP


def _shown(address: str) -> list[str]:
    return address_lines(address.partition("://")[2].rstrip("/"), LINE_WIDTH, ADDRESS_SIZE)[:MOST_LINES]


def _accent(accent: str) -> str:
    try:
        return palette(accent or DEFAULT).light.accent
    except AccentError:
        return DEFAULT
