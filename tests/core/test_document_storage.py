"""Documents are handed out by Wagtail's view alone, which asks who may read them."""

from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from wagtail.models import Collection, CollectionViewRestriction

from core.models import LibraryDocument

pytestmark = pytest.mark.django_db
migration = import_module("core.migrations.0005_move_documents")
SPELLINGS = [
    "/media/documents/{}",
    "/media//documents/{}",
    "/media/%2e/documents/{}",
    "/media/./documents/{}",
    "/media/a/../documents/{}",
    "/media/../documents/{}",
    "/media/%2e%2e/documents/{}",
    "/media/..%2fdocuments/{}",
    "/media/documents%2f{}",
    "/media/{}",
]


@pytest.fixture
def folder(settings) -> Path:
    """The folder of the documents."""
    return Path(settings.STORAGES["documents"]["OPTIONS"]["location"])


@pytest.fixture
def minutes(library) -> LibraryDocument:
    """A document that everybody may read."""
    return LibraryDocument.objects.create(title="Minutes", file=ContentFile(b"We met.", name="minutes.txt"))


def body(response) -> bytes:
    text = b"".join(response)
    response.close()
    return text


def test_public_document_is_sent(client, minutes):
    response = client.get(minutes.url)

    assert (response.status_code, body(response)) == (200, b"We met.")


def test_document_lies_outside_of_what_is_served(minutes, folder, settings):
    path = Path(minutes.file.path)

    assert path.parent == folder
    assert not path.is_relative_to(settings.MEDIA_ROOT)


def test_file_of_a_deleted_document_goes(minutes, django_capture_on_commit_callbacks):
    path = Path(minutes.file.path)

    with django_capture_on_commit_callbacks(execute=True):
        minutes.delete()

    assert not path.exists()


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_no_address_leads_past_the_view(client, minutes, spelling):
    response = client.get(spelling.format(minutes.filename))

    assert response.status_code in {400, 404}
    assert b"We met." not in body(response)


def test_picture_is_served(library, client, settings):
    (Path(settings.MEDIA_ROOT) / "images").mkdir(parents=True, exist_ok=True)
    (Path(settings.MEDIA_ROOT) / "images" / "mill.txt").write_bytes(b"a mill")

    assert body(client.get("/media/images/mill.txt")) == b"a mill"


def test_document_of_a_private_collection_is_refused(client, minutes):
    collection = Collection.get_first_root_node().add_child(name="Staff")
    CollectionViewRestriction.objects.create(collection=collection, restriction_type="login")
    LibraryDocument.objects.filter(pk=minutes.pk).update(collection=collection)

    response = client.get(minutes.url)

    assert (response.status_code, response.url) == (302, f"/en/_util/login/?next={minutes.url}")


def test_document_is_replaced_in_the_admin(library, client, minutes):
    client.force_login(library.administrator())
    edit = f"/admin/documents/edit/{minutes.pk}/"

    shown = client.get(edit)
    saved = client.post(
        edit, {"title": "Minutes", "file": ContentFile(b"We met again.", name="minutes.txt"), "tags": ""}
    )

    assert minutes.url in shown.content.decode()
    assert saved.status_code == 302
    minutes.refresh_from_db()
    assert body(client.get(minutes.url)) == b"We met again."


# --- Files of earlier versions ----------------------------------------------------------------------------------------


@pytest.fixture
def former(settings, tmp_path, folder, monkeypatch) -> Path:
    """The folder in which documents lay, in an installation of its own."""
    settings.MEDIA_ROOT, settings.DATA_DIR = tmp_path / "media", tmp_path
    monkeypatch.setattr(LibraryDocument._meta.get_field("file").storage, "location", str(tmp_path / "documents"))
    (tmp_path / "media" / "documents").mkdir(parents=True)
    return tmp_path / "media" / "documents"


def _as_before(former: Path, name: str, text: bytes = b"old") -> LibraryDocument:
    (former / name).write_bytes(text)
    return LibraryDocument.objects.create(title=name, file=f"documents/{name}")


def _texts(*documents: LibraryDocument) -> list[bytes]:
    return [Path(LibraryDocument.objects.get(pk=document.pk).file.path).read_bytes() for document in documents]


def test_files_of_an_earlier_version_move_and_a_second_run_changes_nothing(library, former, client):
    one, other = _as_before(former, "one.txt"), _as_before(former, "other.txt", b"older")

    for _time in range(2):
        migration.move_out(apps, None)

    assert list(LibraryDocument.objects.order_by("pk").values_list("file", flat=True)) == ["one.txt", "other.txt"]
    assert _texts(one, other) == [b"old", b"older"]
    assert list(former.iterdir()) == []
    assert body(client.get(one.url)) == b"old"


def test_move_that_was_cut_off_before_its_rows_were_kept_is_finished(library, former):
    document = _as_before(former, "one.txt")
    migration.move_out(apps, None)
    LibraryDocument.objects.update(file="documents/one.txt")

    migration.move_out(apps, None)

    assert _texts(document) == [b"old"]


def test_file_that_was_uploaded_before_the_move_is_not_overwritten(library, former):
    new = LibraryDocument.objects.create(title="New", file=ContentFile(b"new", name="one.txt"))
    old = _as_before(former, "one.txt")
    (former / "of no row.txt").write_bytes(b"open to all")

    migration.move_out(apps, None)

    assert _texts(new, old) == [b"new", b"old"]
    assert list(former.iterdir()) == []


def test_file_moves_to_another_disk(library, former, monkeypatch):
    document = _as_before(former, "one.txt")
    replace = Path.replace

    def refuse(self, target):
        if self.parent == former:
            raise OSError("Invalid cross-device link")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", refuse)

    migration.move_out(apps, None)

    assert _texts(document) == [b"old"]
    assert list(former.iterdir()) == []


def test_files_move_back(library, former):
    document = _as_before(former, "one.txt")
    migration.move_out(apps, None)

    migration.move_back(apps, None)

    assert LibraryDocument.objects.get(pk=document.pk).file.name == "documents/one.txt"
    assert (former / "one.txt").read_bytes() == b"old"
