"""A gallery asks once for the sizes of all its pictures."""

import pytest

from core.models import LibraryImage, Rendition
from core.templatetags.pictures import with_renditions

SPEC = "width-40"


def _picture(number: int) -> dict:
    image = LibraryImage(title=f"Picture {number}", file=f"{number}.png", width=80, height=60)
    LibraryImage.objects.bulk_create([image])
    Rendition.objects.create(image=image, filter_spec=SPEC, file=f"{number}.{SPEC}.png", width=40, height=30)
    return {"image": LibraryImage.objects.get(title=image.title), "alt": ""}


@pytest.mark.parametrize("count", [1, 3])
def test_stored_sizes_are_read_in_one_query(library, count, django_assert_num_queries):
    pictures = [_picture(number) for number in range(count)]

    with django_assert_num_queries(1):
        shown = with_renditions(pictures)
        names = [value["image"].get_rendition(SPEC).file.name for value in shown]

    assert (shown, names) == (pictures, [f"{number}.{SPEC}.png" for number in range(count)])


def test_picture_without_an_image_is_left_out():
    assert with_renditions([{"image": None, "alt": ""}]) == []
