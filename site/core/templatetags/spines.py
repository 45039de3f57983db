"""Book spines as SVG inside of a page: the style sheet gives them their colours, in light, dark and strong contrast."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString, mark_safe

from core.spines import TINTS, Spine, hue_of, shelf

register = template.Library()

SHAPES = {"wide": (300, 100), "cover": (210, 100), "card": (150, 100), "square": (100, 100)}


@register.simple_tag
def spines(key: object, topic: object = "", shape: str = "card") -> SafeString:
    """Draw the spines that stand for a thing without a picture; pure ornament, so nothing is said of them."""
    width, height = SHAPES[shape]
    books = shelf(str(key), width=width, height=height)
    tints = "".join(_tint(books, number, height) for number in range(TINTS))
    bands = " ".join(band for book in books for band in _bands(book, height))
    # Numbers of our own only: nothing that anybody wrote gets into the markup.
    return mark_safe(
        f'<svg class="spines hue-{hue_of(str(key), str(topic))}" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" preserveAspectRatio="xMidYMax slice" aria-hidden="true" focusable="false">'
        f'{tints}<path class="spine-bands" d="{bands}"/></svg>'
    )


def _tint(books: list[Spine], tint: int, height: int) -> str:
    outlines = " ".join(_outline(book, height) for book in books if book.tint == tint)
    return f'<path class="spine-{tint}" d="{outlines}"/>' if outlines else ""


def _outline(book: Spine, height: int) -> str:
    top = round(height - book.height, 1)
    return f"M{book.x - book.lean:g} {top:g}h{book.width:g}L{book.x + book.width:g} {height}h-{book.width:g}z"


def _bands(book: Spine, height: int) -> list[str]:
    top = height - book.height
    return [
        f"M{book.x - book.lean * (1 - down / book.height) + 1:.4g} {top + down:.4g}h{max(book.width - 2, 0):g}"
        for down in book.bands
    ]
