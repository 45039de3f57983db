"""A photograph as it came from somebody's device, made fit for the site: bytes in, bytes out.

What comes out stands upright, is no larger than asked, has the colours of the web (sRGB) and says nothing but what it
shows: neither the place nor the time, the camera nor the owner. Photographs become JPEG; what has transparency, or few
colours as drawings and screenshots have, becomes PNG. The content alone counts, never the ending of the name.

The size is read from the header before a pixel is decoded. One picture is decoded at a time in each process, so that
twenty at once take no more memory than one.
"""

from __future__ import annotations

import io
import os
import threading
from dataclasses import dataclass
from typing import BinaryIO

import pillow_heif
from PIL import Image, ImageCms, ImageOps

from core.slugs import slugify_words

pillow_heif.register_heif_opener()

# JPEG can be decoded at a part of its size, the others only as a whole: four bytes a pixel, and a copy to turn it.
MOST_PIXELS = 50_000_000
MOST_PIXELS_OF_JPEG = 120_000_000
# From here on Pillow itself warns, and refuses what is twice as large.
Image.MAX_IMAGE_PIXELS = MOST_PIXELS_OF_JPEG

FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "AVIF", "HEIF")
SCALABLE = frozenset({"JPEG", "MPO"})
# Further pictures in these are no film: a preview, a burst.
STILL = SCALABLE | {"HEIF"}
# What these hold was drawn rather than photographed if it has so few colours.
LOSSLESS = frozenset({"PNG", "GIF"})
FEW_COLOURS = 128
QUALITY = 88
LONGEST_NAME = 60

_one_at_a_time = threading.Lock()
_SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))


class PhotographError(ValueError):
    """A file that can't become a picture of the site; the subclass says why."""


class NotAPictureError(PhotographError):
    """Something else, whatever its name says: a document, a program, a drawing in SVG."""


class DrawingError(NotAPictureError):
    """A drawing in SVG, which can carry scripts."""


class BrokenPictureError(PhotographError):
    """A picture whose data end too early or make no sense."""


class MovingPictureError(PhotographError):
    """A picture that moves by itself, which nobody could stop."""


class TooManyPixelsError(PhotographError):
    """A picture too large to be decoded."""

    def __init__(self, pixels: int, most: int) -> None:
        super().__init__(f"{pixels} pixels, at most {most}.")
        self.pixels, self.most = pixels, most


@dataclass(frozen=True)
class Photograph:
    """A picture fit for the site, and a name for its file."""

    content: bytes
    name: str
    width: int
    height: int


def prepare(file: BinaryIO, name: str, *, longest: int) -> Photograph:
    """Return the picture that a file holds, upright, at most `longest` pixels a side, without any metadata.

    Raises a PhotographError for everything that is not such a picture.
    """
    file.seek(0)
    with _one_at_a_time:
        image = _opened(file)
        try:
            _load(image, longest)
            is_drawing = _is_drawing(image)
            image = _web_colours(_upright(image, longest))
            ending, content = _encoded(image, is_drawing=is_drawing)
        except PhotographError:
            raise
        except Exception as error:  # decoders raise whatever comes to them
            raise BrokenPictureError(str(error)) from error
    return Photograph(content, safe_name(name, ending), *image.size)


def safe_name(name: str, ending: str) -> str:
    """Return a file name of Latin letters, digits and hyphens."""
    stem = os.path.splitext(os.path.basename(name.replace("\\", "/")))[0]
    return f"{slugify_words(stem, 'uk')[:LONGEST_NAME].rstrip('-')}.{ending}"


# --- Reading ----------------------------------------------------------------------------------------------------------


def _load(image: Image.Image, longest: int) -> None:
    kind = image.format or ""
    most = MOST_PIXELS_OF_JPEG if kind in SCALABLE else MOST_PIXELS
    pixels = image.width * image.height
    if pixels > most:
        raise TooManyPixelsError(pixels, most)
    if kind not in STILL and getattr(image, "is_animated", False):
        raise MovingPictureError
    if kind in SCALABLE:
        # Decodes an eighth, a quarter or a half of the pixels a side where that is still enough.
        image.draft(None, (longest, longest))
    image.load()


def _opened(file: BinaryIO) -> Image.Image:
    try:
        return Image.open(file, formats=FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise TooManyPixelsError(2 * MOST_PIXELS_OF_JPEG, MOST_PIXELS_OF_JPEG) from error
    except Exception as error:
        file.seek(0)
        start = file.read(1024).lstrip(b"\xef\xbb\xbf \t\r\n").lower()
        if start.startswith((b"<svg", b"<?xml", b"<!doctype svg")):
            raise DrawingError from error
        raise NotAPictureError(str(error)) from error


def _is_drawing(image: Image.Image) -> bool:
    if image.format not in LOSSLESS or image.mode.startswith("I"):
        return False
    return image.mode in {"1", "P"} or image.getcolors(FEW_COLOURS) is not None


# --- Changing ---------------------------------------------------------------------------------------------------------


def _upright(image: Image.Image, longest: int) -> Image.Image:
    if max(image.size) > longest:
        image = _plain(image) if image.mode in {"1", "P", "PA"} else image
        image.thumbnail((longest, longest), Image.Resampling.LANCZOS)
    return ImageOps.exif_transpose(image)


def _web_colours(image: Image.Image) -> Image.Image:
    """Return the picture in sRGB or grey, with transparency only where a pixel uses it, and with nothing else told."""
    profile = image.info.get("icc_profile")
    if profile:
        image = _in_srgb(image, profile)
    image = _plain(image)
    if image.mode in {"RGBA", "LA"} and image.getextrema()[-1] == (255, 255):
        image = image.convert(image.mode[:-1])
    # Pillow would write comments and profiles that it finds here.
    image.info = {}
    return image


def _in_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    if image.mode not in {"RGB", "RGBA", "CMYK", "L"}:
        return image
    mode = "RGBA" if image.mode == "RGBA" else "RGB"
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        return ImageCms.profileToProfile(image, source, _SRGB, outputMode=mode) or image
    except (ImageCms.PyCMSError, OSError, ValueError):
        # A profile that makes no sense, or is for other colours: the colours are taken as they stand.
        return image


def _plain(image: Image.Image) -> Image.Image:
    """Return the picture in one of the modes that JPEG or PNG of the web know."""
    if image.mode in {"L", "LA", "RGB", "RGBA"} and "transparency" not in image.info:
        return image
    if image.mode.startswith("I"):
        # Sixteen bits a pixel.
        return image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if "transparency" in image.info or image.mode in {"PA", "La", "RGBa"}:
        return image.convert("RGBA")
    return image.convert("L" if image.mode == "1" else "RGB")


# --- Writing ----------------------------------------------------------------------------------------------------------


def _encoded(image: Image.Image, *, is_drawing: bool) -> tuple[str, bytes]:
    written = io.BytesIO()
    if is_drawing or image.mode in {"RGBA", "LA"}:
        image.save(written, "PNG", optimize=True)
        return "png", written.getvalue()
    image.save(written, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return "jpg", written.getvalue()
