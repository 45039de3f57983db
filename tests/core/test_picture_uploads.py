"""Whatever way a picture comes into the admin, it is made fit for the site or refused in a sentence."""

import io
from datetime import date
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory
from django.urls import reverse
from PIL import Image
from wagtail.models import Collection, UploadedFile
from wagtail.users.models import UserProfile

from core import photographs
from core.models import LibraryImage
from core.uploads import PictureLimitHandler
from tests.factories.photographs import SVG, bomb, drawn, encoded, film, phone_photo


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def admin(library, client):
    """Return a browser of an administrator who reads Ukrainian."""
    user = library.administrator()
    UserProfile.objects.create(user=user, preferred_language="uk")
    client.force_login(user)
    return client


def _upload(content: bytes = b"", name: str = "IMG_2041.HEIC") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content or phone_photo("HEIF", (400, 300)))


def _single(admin, file):
    return admin.post(reverse("wagtailimages:add"), _fields() | {"file": file})


def _fields(prefix: str = "") -> dict:
    return {
        f"{prefix}title": "Mill",
        f"{prefix}consent": "not_asked",
        f"{prefix}collection": Collection.get_first_root_node().pk,
    }


def _multiple(admin, file):
    return admin.post(
        reverse("wagtailimages:add_multiple"),
        {"title": "Mill", "files[]": file},
        HTTP_X_REQUESTED_WITH="XMLHttpRequest",
    )


def _chooser(admin, file):
    prefix = "image-chooser-upload-"
    return admin.post(reverse("wagtailimages_chooser:create"), _fields(prefix) | {f"{prefix}file": file})


def _told(upload, response) -> str:
    if upload is _single:
        return response.content.decode()
    return response.json().get("error_message") or (response.json().get("html") or response.json()["htmlFragment"])


WAYS = pytest.mark.parametrize("upload", [_single, _multiple, _chooser])


def _assert_stored_upright(image: LibraryImage) -> None:
    content = Path(image.file.path).read_bytes()
    stored = Image.open(io.BytesIO(content))
    assert (image.file.name, stored.format, stored.size) == ("original_images/img-2041.jpg", "JPEG", (300, 400))
    assert (image.width, image.height, image.file_size, len(image.file_hash)) == (300, 400, len(content), 40)
    assert (b"Telefon" in content, image.sizes_due) == (False, True)


@WAYS
def test_photo_from_a_phone_is_taken(admin, upload):
    response = upload(admin, _upload())

    assert response.status_code in {200, 302}
    _assert_stored_upright(LibraryImage.objects.get())


def test_photo_saved_by_a_program_is_prepared_too(library):
    image = LibraryImage.objects.create(
        title="Mill", file=ContentFile(phone_photo("HEIF", (400, 300)), "IMG_2041.HEIC")
    )

    _assert_stored_upright(LibraryImage.objects.get(pk=image.pk))


def test_program_that_saves_something_else_is_told(library):
    with pytest.raises(photographs.NotAPictureError):
        LibraryImage.objects.create(title="Mill", file=ContentFile(b"hello", "mill.jpg"))

    assert LibraryImage.objects.count() == 0


def test_new_file_takes_the_place_of_the_old_one(admin):
    _single(admin, _upload())
    image = LibraryImage.objects.get()
    LibraryImage.objects.update(sizes_due=False)
    old = image.file.path

    admin.post(
        reverse("wagtailimages:edit", args=[image.pk]), _fields() | {"file": _upload(encoded(drawn(50, 40)), "New.png")}
    )

    image.refresh_from_db()
    assert (image.file.name, image.width, image.sizes_due) == ("original_images/new.jpg", 50, True)
    with pytest.raises(FileNotFoundError):
        open(old, "rb").close()


def test_change_of_words_renders_no_sizes_but_a_focal_point_does(admin):
    _single(admin, _upload())
    LibraryImage.objects.update(sizes_due=False)
    image = LibraryImage.objects.get()

    def due(**fields) -> bool:
        admin.post(reverse("wagtailimages:edit", args=[image.pk]), _fields() | fields)
        image.refresh_from_db()
        return image.sizes_due

    assert due(title="Another mill", alt_uk="Млин") is False
    assert (image.title, image.alt) == ("Another mill", {"uk": "Млин"})
    point = {"focal_point_x": 5, "focal_point_y": 5, "focal_point_width": 9, "focal_point_height": 9}
    assert due(alt_uk="Млин", **point) is True


def test_upload_that_waits_for_its_form_is_prepared_when_it_is_filled_in(admin, monkeypatch):
    response = admin.post(
        reverse("wagtailimages:add_multiple"),
        {"title": "x" * 300, "files[]": _upload()},
        HTTP_X_REQUESTED_WITH="XMLHttpRequest",
    )
    waiting = UploadedFile.objects.get()
    assert (response.json()["success"], LibraryImage.objects.count()) == (True, 0)
    # Nobody but the editor sees it, as it still tells the place.
    assert admin.get(f"/media/{waiting.file.name}").status_code == 404

    prefix = f"uploaded-image-{waiting.pk}-"
    admin.post(reverse("wagtailimages:create_multiple_from_uploaded_image", args=[waiting.pk]), _fields(prefix))

    image = LibraryImage.objects.get()
    assert (image.width, image.height, b"Telefon" in Path(image.file.path).read_bytes()) == (300, 400, False)


# --- What is refused ------------------------------------------------------------------------------------------------

NOT_A_PICTURE = "Це не зображення"
REFUSED = [
    (SVG, "drawing.svg", "SVG"),
    (SVG, "photo.jpg", "SVG"),
    (b"%PDF-1.7", "photo.jpg", NOT_A_PICTURE),
    (b"hello", "photo.heic", NOT_A_PICTURE),
    (bomb(), "photo.png", "мільйонів пікселів"),
    (film("GIF"), "dance.gif", "Рухомі"),
    (encoded(drawn(400, 300))[:2000], "photo.jpg", "пошкоджен"),
]


@WAYS
@pytest.mark.parametrize(("content", "name", "sentence"), REFUSED, ids=range(len(REFUSED)))
def test_what_is_no_photograph_is_refused_in_words(admin, upload, content, name, sentence):
    response = upload(admin, _upload(content, name))

    told = _told(upload, response)
    assert (response.status_code, sentence in told, LibraryImage.objects.count()) == (200, True, 0)
    assert UploadedFile.objects.count() == 0


@WAYS
def test_file_that_is_far_too_large_is_refused_without_being_kept(admin, upload, settings, monkeypatch):
    settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE = 1_000_000
    monkeypatch.setattr(photographs, "prepare", lambda *_args, **_named: pytest.fail("It was looked at."))

    response = upload(admin, _upload(b"x" * 9_000_000, "film.jpg"))

    told = _told(upload, response)
    assert ("8,6" in told or "8.6" in told, LibraryImage.objects.count()) == (True, 0)


def test_limit_drops_what_comes_after_it(settings):
    settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE = 100
    handler = PictureLimitHandler(RequestFactory().post("/admin/images/add/"))
    handler.new_file("file", "a.jpg", "image/jpeg", None)

    kept = [handler.receive_data_chunk(b"x" * 60, start) for start in (0, 60)]
    shell = handler.file_complete(120)

    assert (kept, shell.size, shell.read(), handler.file_complete(100)) == ([b"x" * 60, None], 120, b"", None)


def test_limit_is_for_pictures_only(settings):
    settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE = 100
    handler = PictureLimitHandler(RequestFactory().post("/admin/documents/add/"))

    assert (handler.receive_data_chunk(b"x" * 200, 0), handler.file_complete(200)) == (b"x" * 200, None)


def test_one_bad_file_among_many_costs_the_others_nothing(admin):
    outcomes = [_multiple(admin, _upload(content, "a.jpg")).json()["success"] for content in (b"", b"hello", b"")]

    assert (outcomes, LibraryImage.objects.count()) == ([True, False, True], 2)


def test_help_says_what_happens_to_photos(admin):
    html = admin.get(reverse("wagtailimages:add_multiple")).content.decode()

    assert "HEIC" in html
    assert "heif" in html


# --- What is lacking ------------------------------------------------------------------------------------------------


def test_list_finds_pictures_with_which_something_is_to_be_done(admin):
    _single(admin, _upload())
    stored = LibraryImage.objects.get()
    common = {"alt": {"uk": "Млин"}, "author": "Olena", "consent": "agreed", "width": 9, "height": 9, "file_size": 9}
    for title, fields in {
        "fine": {},
        "alt": {"alt": {}},
        "author": {"author": ""},
        "consent": {"consent": "not_asked"},
        "expired": {"shown_until": date(2020, 1, 1)},
    }.items():
        LibraryImage.objects.bulk_create([LibraryImage(title=f"p-{title}", file=stored.file.name, **common | fields)])

    for lack in ("alt", "author", "consent", "expired"):
        for url in ("index", "index_results"):
            html = admin.get(reverse(f"wagtailimages:{url}"), {"lacks": lack, "layout": "list"}).content.decode()
            found = [title for title in ("fine", "alt", "author", "consent", "expired") if f"p-{title}" in html]
            assert found == [lack]
