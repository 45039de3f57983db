"""What is left of the stored value of a stream without one picture."""

import pytest

from core.blocks import BodyBlock, GalleryBlock
from core.picture_blocks import holds_pictures, names_of_pictures, without_picture

PICTURE, OTHER = 12, 7


def _image(pk: int) -> dict:
    return {"image": pk, "alt": "A mill", "caption": ""}


def _block(kind: str, value) -> dict:
    return {"type": kind, "value": value, "id": f"id-{kind}"}


TEXT = _block("text", "<p>12</p>")


@pytest.mark.parametrize(
    ("stored", "left"),
    [
        ([], []),
        ([TEXT], [TEXT]),
        ([TEXT, _block("image", _image(PICTURE))], [TEXT]),
        ([_block("image", _image(OTHER))], [_block("image", _image(OTHER))]),
        ([_block("image", _image(PICTURE))], []),
        (
            [
                _block(
                    "gallery",
                    {"heading": "In May", "pictures": [_block("item", _image(pk)) for pk in (OTHER, PICTURE)]},
                )
            ],
            [_block("gallery", {"heading": "In May", "pictures": [_block("item", _image(OTHER))]})],
        ),
        ([_block("gallery", {"heading": "In May", "pictures": [_block("item", _image(PICTURE))]}), TEXT], [TEXT]),
        (
            [_block("gallery", {"heading": "", "pictures": [_image(PICTURE), _image(OTHER)]})],
            [_block("gallery", {"heading": "", "pictures": [_image(OTHER)]})],
        ),
        (
            [_block("video", {"url": "https://example.org/", "title": "12", "still": PICTURE})],
            [_block("video", {"url": "https://example.org/", "title": "12", "still": None})],
        ),
        ([_block("documents", {"heading": "", "documents": [PICTURE]})],) * 2,
        ([_block("gone_long_ago", PICTURE), "nonsense"],) * 2,
    ],
)
def test_picture_goes_with_what_is_nothing_without_it(stored, left):
    assert without_picture(BodyBlock(), stored, PICTURE) == left


def test_blocks_know_where_they_hold_pictures():
    assert names_of_pictures(BodyBlock()) == {"image", "still"}
    assert [holds_pictures(block) for block in (GalleryBlock(), BodyBlock().child_blocks["text"])] == [True, False]
