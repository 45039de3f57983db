"""In which shapes and sizes pages show pictures: the one list from which sizes are rendered and tags are written.

A shape is a crop, or the whole picture, in several widths. A picture is never enlarged: of a smaller one there are
fewer widths. Each width is made as WebP, and as AVIF where that is smaller; one JPEG is for browsers that know neither.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import floor

WEBP, AVIF, JPEG = "webp", "avif", "jpeg"
# What stands for a page where it is shared, and for an event in calendars.
SHARED = "fill-1200x630|format-jpeg"
# What Wagtail's lists of pictures show.
LISTED = "max-165x165"
# What stands before the network's name.
LOGO = "max-400x120"


@dataclass(frozen=True)
class Shape:
    """A crop (width to height; None for the whole picture), its widths, and how wide it is on the screen (`sizes`)."""

    ratio: tuple[int, int] | None
    widths: tuple[int, ...]
    sizes: str

    def specs(self, kind: str, *, width: int, height: int) -> list[str]:
        """Return what Wagtail makes the sizes of a picture of so many pixels from, the smallest first."""
        return [self._spec(each, kind) for each in self._widths_for(width, height)]

    def fallback(self, *, width: int, height: int) -> str:
        """Return the one size for browsers that know JPEG alone."""
        widths = self._widths_for(width, height)
        return self._spec(widths[(len(widths) - 1) // 2], JPEG)

    def all_specs(self) -> list[str]:
        """Return every size that the shape has of any picture."""
        return [self._spec(width, kind) for width in self.widths for kind in (AVIF, WEBP, JPEG)]

    def _widths_for(self, width: int, height: int) -> list[int]:
        available = min(width, floor(height * self.ratio[0] / self.ratio[1])) if self.ratio else width
        return [each for before, each in zip((0, *self.widths), self.widths, strict=False) if before < available]

    def _spec(self, width: int, kind: str) -> str:
        if self.ratio is None:
            return f"width-{width}|format-{kind}"
        return f"fill-{width}x{round(width * self.ratio[1] / self.ratio[0])}|format-{kind}"


SHAPES = {
    # The picture of a page: as it was taken, as wide as the text.
    "whole": Shape(None, (480, 960, 1440), "(min-width: 50rem) 45rem, 100vw"),
    # One of several beside each other.
    "gallery": Shape(None, (480, 960), "(min-width: 40rem) 20rem, 100vw"),
    # The picture of an entry in a list.
    "card": Shape((3, 2), (320, 640, 960), "(min-width: 40rem) 20rem, 100vw"),
    "square": Shape((1, 1), (160, 320, 480), "(min-width: 40rem) 10rem, 6rem"),
    # Across the whole page.
    "hero": Shape((5, 2), (640, 1280, 1920), "100vw"),
}
