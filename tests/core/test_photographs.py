"""Photographs leave upright, small and silent about everything but what they show; everything else is refused."""

import io

import pytest
from PIL import Image

from core import photographs
from tests.factories.photographs import SVG, bomb, drawn, encoded, exif, film, phone_photo, profile


def _prepared(content: bytes, name: str = "IMG_2041.JPG", longest: int = 3000):
    return photographs.prepare(io.BytesIO(content), name, longest=longest)


def _image(photograph) -> Image.Image:
    image = Image.open(io.BytesIO(photograph.content))
    image.load()
    return image


def _brightness(image: Image.Image) -> dict[str, int]:
    grey = image.convert("L")
    width, height = grey.size
    return {"top": grey.getpixel((width // 2, height // 8)), "bottom": grey.getpixel((width // 2, height * 7 // 8))}


@pytest.mark.parametrize("kind", ["JPEG", "HEIF", "PNG", "WEBP", "AVIF"])
def test_photo_of_a_phone_stands_upright_whatever_its_format(kind):
    photograph = _prepared(phone_photo(kind, (400, 300)))

    sides = _brightness(_image(photograph))
    # The dark left half of what the sensor saw is the upper one now.
    assert (photograph.width, photograph.height) == _image(photograph).size == (300, 400)
    assert sides["top"] < 30 < sides["bottom"]


@pytest.mark.parametrize("kind", ["JPEG", "HEIF", "PNG", "WEBP", "AVIF"])
def test_photo_tells_nothing_but_what_it_shows(kind):
    content = phone_photo(kind)
    assert b"Telefon" in content or kind == "PNG"

    photograph = _prepared(content)

    image = _image(photograph)
    assert (dict(image.getexif()), image.getxmp(), "icc_profile" in image.info) == ({}, {}, False)
    assert [word for word in (b"Telefon", b"Kyiv", b"Exif", b"GPS") if word in photograph.content] == []


def test_comment_and_press_data_are_left_out():
    app13 = b"Photoshop 3.0\x008BIM\x04\x04\x00\x00\x00\x00\x00\x08\x1c\x02\x5a\x00\x04Kyiv"
    content = encoded(drawn(), comment=b"Taken in Kyiv")
    content = content[:2] + b"\xff\xed" + (len(app13) + 2).to_bytes(2, "big") + app13 + content[2:]

    assert b"Kyiv" not in _prepared(content).content


@pytest.mark.parametrize(("size", "expected"), [((400, 300), (100, 75)), ((300, 400), (75, 100)), ((90, 60), (90, 60))])
@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_longest_side_is_shrunk_never_enlarged(kind, size, expected):
    assert _image(_prepared(encoded(drawn(*size), kind), longest=100)).size == expected


def test_shrunk_photo_of_a_phone_stands_upright():
    image = _image(_prepared(phone_photo(size=(400, 300)), longest=100))

    assert (image.size, _brightness(image)["top"] < 40) == ((75, 100), True)


@pytest.mark.parametrize(
    ("kind", "mode", "expected"),
    [
        ("JPEG", "RGB", ("JPEG", "RGB")),
        ("JPEG", "L", ("JPEG", "L")),
        ("JPEG", "CMYK", ("JPEG", "RGB")),
        ("HEIF", "RGB", ("JPEG", "RGB")),
        ("AVIF", "RGB", ("JPEG", "RGB")),
        ("PNG", "RGB", ("JPEG", "RGB")),
        ("PNG", "RGBA", ("JPEG", "RGB")),  # every pixel is opaque
        ("PNG", "I;16", ("JPEG", "L")),
        ("PNG", "P", ("PNG", "RGB")),
        ("PNG", "1", ("PNG", "L")),
        ("GIF", "P", ("PNG", "RGB")),
        ("WEBP", "RGB", ("JPEG", "RGB")),
    ],
)
def test_original_is_one_that_every_browser_shows(kind, mode, expected):
    image = drawn(200, 160)
    image = (
        image.convert("L").convert("I").point(lambda value: value * 256).convert("I;16")
        if mode == "I;16"
        else image.convert(mode)
    )

    photograph = _prepared(encoded(image, kind))

    made = _image(photograph)
    assert ((made.format, made.mode), photograph.name) == (
        expected,
        f"img-2041.{'png' if expected[0] == 'PNG' else 'jpg'}",
    )


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "HEIF", "AVIF"])
def test_transparency_stays(kind):
    image = drawn(mode="RGBA")
    image.putalpha(Image.linear_gradient("L").resize(image.size))

    made = _image(_prepared(encoded(image, kind)))

    assert (made.format, made.mode) == ("PNG", "RGBA")
    assert made.getextrema()[-1][0] < 20


def test_drawing_of_few_colours_stays_sharp():
    image = Image.new("RGB", (200, 100), "white")
    image.putpixel((7, 7), (200, 0, 0))

    made = _image(_prepared(encoded(image, "PNG")))

    assert (made.format, made.getpixel((7, 7)), made.getpixel((8, 7))) == ("PNG", (200, 0, 0), (255, 255, 255))


def test_sixteen_bits_keep_their_brightness():
    image = Image.new("I;16", (20, 20), 40_000)

    assert abs(_image(_prepared(encoded(image, "PNG"))).getpixel((5, 5)) - 40_000 // 256) <= 1


def test_colours_are_converted_to_those_of_the_web(monkeypatch):
    asked = []
    convert = photographs.ImageCms.profileToProfile
    monkeypatch.setattr(
        photographs.ImageCms, "profileToProfile", lambda *given, **named: asked.append(1) or convert(*given, **named)
    )

    _prepared(encoded(drawn(), icc_profile=profile()))
    _prepared(encoded(drawn(), icc_profile=b"no profile at all"))

    assert asked == [1]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("IMG_2041.HEIC", "img-2041.jpg"),
        ("Читальня біля млина.jpeg", "chytalnia-bilia-mlyna.jpg"),
        ("../../etc/passwd.jpg", "passwd.jpg"),
        (r"C:\photos\Mill.JPG", "mill.jpg"),
        ("20261127.jpg", "page-20261127.jpg"),
        (".jpg", "jpg.jpg"),
        ("x" * 300 + ".jpg", "x" * 60 + ".jpg"),
    ],
)
def test_name_is_made_of_plain_letters(name, expected):
    assert _prepared(encoded(drawn()), name).name == expected


# --- What is refused ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (SVG, photographs.DrawingError),
        (b'<?xml version="1.0"?>' + SVG, photographs.DrawingError),
        (b"%PDF-1.7 ...", photographs.NotAPictureError),
        (b"hello", photographs.NotAPictureError),
        (b"\x00" * 100, photographs.NotAPictureError),
        (b"\xff\xd8\xff", photographs.NotAPictureError),
        (encoded(drawn(), "TIFF"), photographs.NotAPictureError),
        (film("GIF"), photographs.MovingPictureError),
        (film("WEBP"), photographs.MovingPictureError),
        (film("PNG"), photographs.MovingPictureError),
        (film("AVIF"), photographs.MovingPictureError),
        (bomb(), photographs.TooManyPixelsError),
        (bomb(10_001, 5_000), photographs.TooManyPixelsError),
        (bomb(13_000, 10_000), photographs.TooManyPixelsError),
        (bomb(100, 100), photographs.BrokenPictureError),
    ],
    ids=range(15),
)
def test_what_is_no_photograph_is_refused(content, error):
    with pytest.raises(photographs.PhotographError) as refusal:
        _prepared(content, "photo.jpg")

    assert type(refusal.value) is error


def test_jpeg_may_have_more_pixels_since_it_is_decoded_at_a_part_of_its_size(monkeypatch):
    monkeypatch.setattr(photographs, "MOST_PIXELS", 100)

    assert _prepared(encoded(drawn()), longest=10).width == 10
    with pytest.raises(photographs.TooManyPixelsError):
        _prepared(encoded(drawn(), "PNG"))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF", "HEIF", "GIF"])
@pytest.mark.parametrize("part", [0.1, 0.5, 0.9])
def test_picture_that_was_cut_off_is_refused(kind, part):
    whole = encoded(drawn(400, 300), kind)

    with pytest.raises((photographs.BrokenPictureError, photographs.NotAPictureError)):
        _prepared(whole[: int(len(whole) * part)])


def test_burst_of_a_phone_counts_as_its_first_picture():
    pictures = [drawn(), Image.new("RGB", (80, 60), "red")]
    burst = encoded(pictures[0], "MPO", save_all=True, append_images=pictures[1:])

    assert _image(_prepared(burst)).getpixel((10, 30))[0] < 60


def test_orientation_is_known_from_exif_alone():
    for orientation, size in ((1, (80, 60)), (3, (80, 60)), (5, (60, 80)), (8, (60, 80))):
        assert _image(_prepared(encoded(drawn(), exif=exif(orientation)))).size == size
