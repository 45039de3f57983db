"""Colours as people see them: hex to OKLCH and back (Björn Ottosson's OKLab), and contrast as WCAG 2.2 reckons it.

Pure calculation. Lightness is 0 to 1, chroma about 0 to 0.37, hue in degrees.
"""

from __future__ import annotations

import re
from math import atan2, cos, degrees, hypot, radians, sin

HEX = re.compile(r"#?([0-9a-fA-F]{6})")
GAMUT_STEP = 0.004

Rgb = tuple[float, float, float]
Lch = tuple[float, float, float]


def rgb_of(colour: str) -> Rgb:
    """Return red, green and blue from 0 to 1 of a colour written as #rrggbb; raise ValueError for what is none."""
    found = HEX.fullmatch(colour.strip())
    if found is None:
        raise ValueError(colour)
    red, green, blue = (int(found[1][start : start + 2], 16) / 255 for start in (0, 2, 4))
    return red, green, blue


def hex_of(rgb: Rgb) -> str:
    """Return a colour as #rrggbb, in small letters."""
    return "#" + "".join(f"{round(min(max(part, 0), 1) * 255):02x}" for part in rgb)


def luminance(rgb: Rgb) -> float:
    """Return the relative luminance of WCAG."""
    red, green, blue = (_linear(part) for part in rgb)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, from 1 to 21."""
    lighter, darker = sorted((luminance(rgb_of(one)), luminance(rgb_of(other))), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def lch_of(colour: str) -> Lch:
    """Return lightness, chroma and hue of a colour."""
    red, green, blue = (_linear(part) for part in rgb_of(colour))
    long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    middle = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    lightness = 0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short
    return lightness, hypot(a, b), degrees(atan2(b, a)) % 360


def colour_of(lightness: float, chroma: float, hue: float) -> str:
    """Return the colour with this lightness and hue and as much of the chroma as a screen can show."""
    rgb = _rgb_of_lch(lightness, chroma, hue)
    while chroma > 0 and not all(-0.0005 <= part <= 1.0005 for part in rgb):
        chroma -= GAMUT_STEP
        rgb = _rgb_of_lch(lightness, max(chroma, 0), hue)
    return hex_of(rgb)


def _rgb_of_lch(lightness: float, chroma: float, hue: float) -> Rgb:
    a, b = chroma * cos(radians(hue)), chroma * sin(radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        _gamma(4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short),
        _gamma(-1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short),
        _gamma(-0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short),
    )


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def _gamma(part: float) -> float:
    return part * 12.92 if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055
