"""A gallery asks once for the sizes of all its pictures."""

import pytest
from wagtail.images.tests.utils import get_test_image_file

from core.models import LibraryImage
from core.templatetags.pictures import with_renditions


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 3])
def test_stored_sizes_are_read_in_one_query(count, django_assert_num_queries, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    images = [
        LibraryImage.objects.create(title=f"Picture {number}", file=get_test_image_file(f"{number}.png"))
        for number in range(count)
    ]
    for image in images:
        image.get_renditions("width-40", "width-80")
    pictures = [{"image": LibraryImage.objects.get(pk=image.pk), "alt": ""} for image in images]

    with django_assert_num_queries(1):
        shown = with_renditions(pictures)
        widths = [
            sorted(one.width for one in value["image"].get_renditions("width-40", "width-80").values())
            for value in shown
        ]

    assert (shown, widths) == (pictures, [[40, 80]] * count)
