"""The media folder: pictures for everybody, nothing that still waits for its form."""

from pathlib import Path

import pytest


@pytest.fixture
def _files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    for name in ("images/mill.txt", "wagtail_uploads/waits.txt"):
        file = Path(tmp_path, name)
        file.parent.mkdir()
        file.write_text("here")


@pytest.mark.usefixtures("_files")
def test_file_of_the_media_folder_is_served(client):
    assert b"".join(client.get("/media/images/mill.txt").streaming_content) == b"here"


@pytest.mark.usefixtures("_files", "db")
@pytest.mark.parametrize(
    "spelling", ["wagtail_uploads", "/wagtail_uploads", "./wagtail_uploads", "a/../wagtail_uploads"]
)
def test_what_waits_for_its_form_is_not_served_however_it_is_spelt(client, spelling):
    assert client.get(f"/media/{spelling}/waits.txt").status_code == 404
