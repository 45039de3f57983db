"""Makes the bytes of pictures as phones, programs and attackers send them."""

from __future__ import annotations

import io
import struct
import zlib

import pillow_heif
from PIL import Image, ImageCms, ImageDraw
from PIL.ExifTags import GPS, IFD, Base
from wagtail.images.models import Filter

from core.models import LibraryImage, Rendition
from core.picture_sizes import SHARED

pillow_heif.register_heif_opener()

KYIV = {GPS.GPSLatitudeRef: "N", GPS.GPSLatitude: (50.0, 27.0, 0.0), GPS.GPSLongitudeRef: "E"}
TURNED_RIGHT = 6  # the phone was held upright: the first row of pixels is the right side
XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><photoshop:City>Kyiv</photoshop:City></x:xmpmeta>'
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def drawn(width: int = 80, height: int = 60, mode: str = "RGB") -> Image.Image:
    """Return a picture of many colours with its left half much darker."""
    image = Image.linear_gradient("L").resize((width, height))
    image = Image.merge(
        "RGB", (image, image.rotate(180), image.transpose(Image.Transpose.ROTATE_90).resize(image.size))
    )
    ImageDraw.Draw(image).rectangle((0, 0, max(width // 2 - 1, 0), height), fill=(20, 10, 10))
    return image.convert(mode)


def encoded(image: Image.Image, kind: str = "JPEG", **options) -> bytes:
    """Return the picture as a file."""
    written = io.BytesIO()
    image.save(written, kind, **options)
    return written.getvalue()


def exif(orientation: int = TURNED_RIGHT) -> Image.Exif:
    """Return what a phone writes: how it was held, its make, the time and the place."""
    data = Image.Exif()
    data[Base.Orientation] = orientation
    data[Base.Make] = "Telefon"
    data.get_ifd(IFD.GPSInfo).update(KYIV)
    return data


def phone_photo(kind: str = "JPEG", size: tuple[int, int] = (80, 60)) -> bytes:
    """Return a photograph from a phone that was held upright, with all that the phone tells about it."""
    image = drawn(*size)
    if kind == "HEIF":
        # Here the turn is a property of the picture, which the encoder takes from what the picture says.
        image.info["exif"] = exif().tobytes()
        return encoded(image, kind, xmp=XMP, icc_profile=profile())
    return encoded(image, kind, exif=exif(), xmp=XMP, icc_profile=profile())


def profile() -> bytes:
    """Return a colour profile."""
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def film(kind: str) -> bytes:
    """Return a picture that moves."""
    frames = [Image.new("RGB", (40, 40), colour) for colour in ("red", "blue")]
    return encoded(frames[0], kind, save_all=True, append_images=frames[1:], duration=100)


def bomb(width: int = 50_000, height: int = 50_000) -> bytes:
    """Return a PNG of a few bytes that says it were enormous."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", header)
        + _chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + _chunk(b"IEND", b"")
    )


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def picture_with_shared_size() -> LibraryImage:
    """Return a picture that has the size in which it stands for a page elsewhere, without any file."""
    LibraryImage.objects.bulk_create([LibraryImage(title="Chess", file="chess.png", width=1300, height=700)])
    image = LibraryImage.objects.get(file="chess.png")
    key = Filter(SHARED).get_cache_key(image)
    Rendition.objects.create(
        image=image, filter_spec=SHARED, focal_point_key=key, file="chess.jpg", width=1200, height=630
    )
    return image
