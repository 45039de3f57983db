"""The site's icon: three book spines on paper in the network's accent, as SVG and as PNG. Pure calculation."""

from __future__ import annotations

import io

from PIL import Image, ImageDraw

from core.accent import PAPER, normal
from core.colour import colour_of, lch_of

# Places of a square of so many units.
UNITS = 32
BOOKS = (
    ((3, 5), (12, 5), (12, 27), (3, 27)),
    ((13, 9), (19, 9), (19, 27), (13, 27)),
)
LEANING = ((20.2, 8.6), (25.2, 7.2), (30.2, 25.6), (25.2, 27))
BANDS = (
    ((5, 9), (10, 9), (10, 11), (5, 11)),
    ((14.5, 13), (17.5, 13), (17.5, 14.5), (14.5, 14.5)),
)
# Edges are smooth because the picture is drawn so many times larger.
OVERSIZE = 4

Shape = tuple[tuple[float, float], ...]


def svg(accent: str) -> str:
    """Return the icon as an SVG document; raise AccentError for what is no colour."""
    parts = "".join(f'<path fill="{fill}" d="{_outline(shape)}"/>' for shape, fill in _shapes(normal(accent)))
    ground = f'<path fill="{PAPER}" d="M0 0h{UNITS}v{UNITS}H0z"/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {UNITS} {UNITS}">{ground}{parts}</svg>\n'


def png(accent: str, size: int) -> bytes:
    """Return the icon as a square PNG with this edge in pixels; raise AccentError for what is no colour."""
    shapes, scale = _shapes(normal(accent)), size * OVERSIZE / UNITS
    image = Image.new("RGB", (size * OVERSIZE, size * OVERSIZE), PAPER)
    pen = ImageDraw.Draw(image)
    for shape, fill in shapes:
        pen.polygon([(x * scale, y * scale) for x, y in shape], fill=fill)
    stored = io.BytesIO()
    image.resize((size, size), Image.Resampling.LANCZOS).save(stored, "PNG", optimize=True)
    return stored.getvalue()


def _shapes(accent: str) -> list[tuple[Shape, str]]:
    lightness, chroma, hue = lch_of(accent)
    lighter = colour_of(min(lightness + 0.17, 0.75), chroma, hue + 15)
    return [*((book, accent) for book in BOOKS), (LEANING, lighter), *((band, PAPER) for band in BANDS)]


def _outline(shape: Shape) -> str:
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in shape) + "z"
