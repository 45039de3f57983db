"""The network's one colour: every value that pages need is derived from it, and one that can't be read is refused.

Contrast as WCAG 2.2 reckons it. Pure calculation.
"""

from __future__ import annotations

from dataclasses import dataclass

from core.colour import colour_of, contrast, hex_of, lch_of, rgb_of

DEFAULT = "#8a1f2d"
PAPER, DARK_PAPER = "#fbf9f4", "#191714"
WHITE, BLACK = "#ffffff", "#000000"
# WCAG 2.2, 1.4.3 and 1.4.6: text on its ground.
READABLE, ENHANCED = 4.5, 7.0
# So much lighter or darker at each try: small enough for a step not to be seen.
STEP = 0.01
# How far a colour moves under the pointer, and how much of it a faint ground takes.
HOVER, TINT = 0.07, 0.08


# The grounds on which the admin has links: its lightest grey, and when it is dark the lightest of those greys.
ADMIN_GROUND, DARK_ADMIN_GROUND = "#f6f6f8", "#333333"
# Text on the admin's menu is white, most of it at four fifths of its strength.
ON_MENU = 9.0


class AccentError(ValueError):
    """A colour that can't be the accent; `contrast` with the paper is None for what is no colour at all."""

    def __init__(self, found: float | None = None):
        super().__init__(found)
        self.contrast = found


@dataclass(frozen=True)
class Shades:
    """An accent on one ground: the colour itself, what is written on it, under the pointer, and as a faint ground."""

    accent: str
    on_accent: str
    hover: str
    tint: str


@dataclass(frozen=True)
class Palette:
    """The accent on light and on dark paper, and on both once more in strong contrast."""

    light: Shades
    dark: Shades
    light_strong: Shades
    dark_strong: Shades


@dataclass(frozen=True)
class AdminShades:
    """An accent in the admin: its menu, its buttons and links, a faint ground, links when the admin is dark."""

    menu: str
    menu_active: str
    button: str
    hover: str
    pressed: str
    faint: str
    dark_link: str
    dark_hover: str


def palette(colour: str) -> Palette:
    """Return all shades of an accent, written as #rrggbb; raise AccentError where it can't be read on paper."""
    accent = normal(colour)
    found = contrast(accent, PAPER)
    if found < READABLE:
        raise AccentError(found)
    return Palette(
        light=_shades(accent, paper=PAPER, wanted=READABLE, step=-STEP),
        dark=_shades(accent, paper=DARK_PAPER, wanted=ENHANCED, step=STEP),
        light_strong=_shades(accent, paper=WHITE, wanted=ENHANCED + 2, step=-STEP),
        dark_strong=_shades(accent, paper=BLACK, wanted=ENHANCED + 4, step=STEP),
    )


def admin_shades(colour: str) -> AdminShades:
    """Return the shades of an accent for the admin; raise AccentError where it can't be the accent."""
    accent = palette(colour).light.accent
    menu = _readable(accent, ground=WHITE, wanted=ON_MENU, step=-STEP)
    button = _readable(accent, ground=ADMIN_GROUND, wanted=READABLE, step=-STEP)
    dark_link = _readable(accent, ground=DARK_ADMIN_GROUND, wanted=READABLE, step=STEP)
    return AdminShades(
        menu=menu,
        menu_active=_moved(menu, -HOVER),
        button=button,
        hover=_moved(button, -HOVER),
        pressed=_moved(button, -2 * HOVER),
        faint=_mixed(WHITE, button, TINT),
        dark_link=dark_link,
        dark_hover=_moved(dark_link, HOVER),
    )


def normal(colour: str) -> str:
    """Return a colour as #rrggbb in small letters; raise AccentError for what is none."""
    try:
        return hex_of(rgb_of(colour))
    except ValueError:
        raise AccentError from None


def _shades(colour: str, *, paper: str, wanted: float, step: float) -> Shades:
    lightness, chroma, hue = lch_of(colour)
    shown = colour
    limit = 1.0 if step > 0 else 0.0
    while contrast(shown, paper) < wanted and lightness != limit:
        lightness = min(max(lightness + step, 0), 1)
        shown = colour_of(lightness, chroma, hue)
    away = HOVER if step > 0 else -HOVER
    return Shades(
        accent=shown,
        on_accent=max((WHITE, BLACK), key=lambda ink: contrast(ink, shown)),
        hover=colour_of(min(max(lightness + away, 0), 1), chroma, hue),
        tint=_mixed(paper, shown, TINT),
    )


def _readable(colour: str, *, ground: str, wanted: float, step: float) -> str:
    return _shades(colour, paper=ground, wanted=wanted, step=step).accent


def _moved(colour: str, by: float) -> str:
    lightness, chroma, hue = lch_of(colour)
    return colour_of(min(max(lightness + by, 0), 1), chroma, hue)


def _mixed(one: str, other: str, share: float) -> str:
    red, green, blue = (a + (b - a) * share for a, b in zip(rgb_of(one), rgb_of(other), strict=True))
    return hex_of((red, green, blue))
