"""Drawn cards: their size, their letters, their colours, and that no title leaves its frame."""

import io
import re
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from core.accent import PAPER
from core.card_drawing import INK, SQUARE, WIDE, square_card, wide_card
from core.cards import Card, Leaf, Photo
from core.colour import hex_of
from core.spines import COLOURS, DEGREES, HUES, hue_of, tints_of
from core.typefaces import Face, font, letters, printable
from tests.factories.photographs import drawn, encoded

LETTERS = "ѓќџљњѕіїєґЃЌЏЉЊЅІЇЄҐёъыэѝѐЀ„“”«»’–—…№€ëç"
LEAF = Leaf("Вт", "24", "листопада")
CARD = Card(
    title="Читання без оцінок",
    network="Млинівська бібліотека",
    accent="#1f5a8a",
    spines="chytannia",
    topic="reading",
    leaf=LEAF,
    lines=("Вівторок, 24 листопада, 17:30–19:00", "Центральна бібліотека"),
)
LONG = (
    "Меѓународна работилница за раскажување приказни, ракопис со перо и создавање кукли од стари весници за деца од сѐ "
    "до петнаесет години, нивните родители, баби и дедовци, како и за сите љубители на ѓердани и ќилими од Ѕвездената"
)
DRAWINGS = [(wide_card, WIDE), (square_card, SQUARE)]
each_drawing = pytest.mark.parametrize(("draw", "size"), DRAWINGS, ids=["wide", "square"])


def _image(content: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(content))
    assert image.format == "PNG"
    return image.convert("RGB")


def _photo(size=(400, 400), mode="RGB", kind="JPEG") -> io.BytesIO:
    return io.BytesIO(encoded(drawn(*size, mode), kind))


def _ink(image: Image.Image) -> tuple[int, int, int, int] | None:
    """Return the box around all that is as dark as letters of a title."""
    return image.convert("L").point(lambda value: 255 if value < 60 else 0).getbbox()


@pytest.mark.parametrize("face", list(Face))
@pytest.mark.parametrize("letter", LETTERS)
def test_letter_of_our_languages_is_in_the_typeface_and_has_a_shape(face, letter):
    missing = font(face, 40).getmask("\uffff")
    shape = font(face, 40).getmask(letter)

    assert letter in letters(face)
    assert shape.getbbox() is not None
    assert (shape.size, bytes(shape)) != (missing.size, bytes(missing))


@each_drawing
def test_card_has_its_size_and_is_not_blank(draw, size):
    image = _image(draw(CARD))

    assert image.size == size
    assert image.getpixel((size[0] - 4, 4)) is not None
    assert len(image.getcolors(100_000)) > 50
    assert _ink(image) is not None


@each_drawing
def test_same_card_gives_the_same_bytes_and_another_title_another_picture(draw, size):
    assert draw(CARD) == draw(CARD)
    assert draw(CARD) != draw(replace(CARD, title="Читання без оцінки"))


def test_network_s_accent_is_on_the_leaf():
    colours = {hex_of([part / 255 for part in colour]) for _count, colour in _image(wide_card(CARD)).getcolors(100_000)}

    assert "#1f5a8a" in colours
    assert set(tints_of(hue_of("chytannia", "reading"))) <= colours


def test_spines_have_the_colours_of_the_style_sheet():
    css = (Path(__file__).parents[2] / "site/static/css/tokens.css").read_text(encoding="utf-8")
    light = css.split("@supports (color: oklch", 1)[1].split("@media", 1)[0]
    turn = r"(?:var\(--hue\)|calc\(var\(--hue\) ([+-]) (\d+)\))"
    found = re.findall(rf"--spine-(\d): oklch\(([\d.]+) ([\d.]+) {turn}\)", light)

    colours = [(float(light), float(chroma), int(f"{sign}{by or 0}")) for _n, light, chroma, sign, by in found]
    assert tuple(colours) == COLOURS
    assert tuple(map(int, re.findall(r"\.hue-\d \{ --hue: (\d+); \}", css))) == DEGREES
    assert len({tints_of(hue) for hue in range(HUES)}) == HUES


@pytest.mark.parametrize("title", [LONG, "Ж" * 255, "Шахи", "Деоксирибонуклеїновокислотний " * 8])
@pytest.mark.parametrize("leaf", [LEAF, None], ids=["leaf", "no leaf"])
def test_title_stays_between_the_edges_and_above_what_follows(title, leaf):
    wide = _image(wide_card(replace(CARD, title=title, leaf=leaf, lines=CARD.lines * 2)))
    square = _image(square_card(replace(CARD, title=title, leaf=leaf, lines=CARD.lines * 2)))

    # The right edge, and the last rows above the shelf or the rule, are bare paper.
    assert wide.crop((1200 - 72, 0, 1200, 440)).getcolors() == [(72 * 440, (251, 249, 244))]
    assert square.crop((1080 - 72, 490, 1080, 960)).getcolors() == [(72 * 470, (251, 249, 244))]
    assert square.crop((0, 1060, 1080, 1080)).getcolors() == [(1080 * 20, (251, 249, 244))]


def test_long_title_takes_room_from_the_books():
    short, long = (_image(wide_card(replace(CARD, title=title))) for title in ("Шахи", LONG))

    assert short.getpixel((0, 470)) != (251, 249, 244)
    assert long.getpixel((0, 470)) == (251, 249, 244)


@each_drawing
@pytest.mark.parametrize("title", ["", "🎉📚", "東京", "<b>&amp;</b>\n\tх", "\x00\u202eабв"])
def test_card_of_any_title_can_be_drawn(draw, size, title):
    assert _image(draw(replace(CARD, title=title))).size == size


def test_what_no_cut_has_is_left_out_of_a_text():
    assert printable("Свято 🎉 книги\n東京 \u202eї") == "Свято книги ї"
    # A letter with its mark apart is one letter.
    assert printable("и\u0306") == "й"


def test_what_is_off_is_said_and_struck_out():
    on, off = _image(wide_card(CARD)), _image(wide_card(replace(CARD, state="Скасовано")))

    def reds(image):
        return sum(count for count, colour in image.getcolors(100_000) if colour == (163, 22, 28))

    assert reds(on) == 0
    assert reds(off) > 500


@each_drawing
@pytest.mark.parametrize(
    ("mode", "kind"), [("RGB", "JPEG"), ("L", "JPEG"), ("RGBA", "PNG"), ("P", "PNG"), ("RGB", "WEBP")]
)
def test_photograph_of_any_kind_fills_its_place(draw, size, mode, kind):
    card = replace(CARD, photo=Photo(1, "hash"))

    image = _image(draw(card, _photo(mode=mode, kind=kind)))

    assert image.size == size
    # The left half of the photograph is dark.
    assert max(image.getpixel((20, 20))) < 60
    assert max(image.getpixel((size[0] - 20, 20))) > 60


def test_photograph_is_cropped_around_its_focal_point():
    left, right = (
        _image(wide_card(replace(CARD, photo=Photo(1, "hash", x=x)), _photo((1200, 200)))) for x in (0.1, 0.9)
    )

    assert max(left.getpixel((600, 300))) < 60
    assert max(right.getpixel((600, 300))) > 60


def test_credit_stands_below_the_photograph():
    def drawn_with(credit):
        return _image(square_card(replace(CARD, photo=Photo(1, "hash", credit)), _photo()))

    changed = ImageChops.difference(drawn_with(""), drawn_with("Світлина: Олена, CC BY 4.0")).getbbox()

    assert changed is not None
    assert 350 < changed[1] < changed[3] < 520


def test_lost_photograph_leaves_the_spines():
    assert wide_card(replace(CARD, photo=Photo(1, "hash")), None) == wide_card(CARD)


def test_card_says_its_words():
    assert CARD.words == (
        "Читання без оцінок. Вівторок, 24 листопада, 17:30–19:00. Центральна бібліотека. Млинівська бібліотека"
    )
    assert (PAPER, INK) == ("#fbf9f4", "#1d1b18")
