"""The life of a picture: sizes are rendered after the upload, it expires, it is removed from wherever it is shown."""

import json
import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.template import Context, Template
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation
from wagtail.models import ModelLogEntry, PageLogEntry, Revision
from wagtail_localize.models import TranslationSource

from core import generations
from core.domain import pictures, things
from core.jobs import expire_pictures, render_picture_sizes
from core.models import LibraryImage, Rendition
from core.picture_sizes import AVIF, SHAPES, SHARED, WEBP, Shape
from core.worker import JobError
from events.jobs import render_stale_texts
from events.models import Event
from home.models import HomePage
from news.models import Article
from tests.factories.editors import editor_of
from tests.factories.library import revise, soon
from tests.factories.photographs import drawn, encoded

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
WHOLE = SHAPES["whole"]


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def _picture(title: str = "Mill", size: tuple[int, int] = (600, 450), **fields) -> LibraryImage:
    return LibraryImage.objects.create(title=title, file=ContentFile(encoded(drawn(*size)), f"{title}.jpg"), **fields)


def _block(image: LibraryImage, **words) -> tuple[str, dict]:
    return ("image", {"image": image, "alt": "", "caption": ""} | words)


def _shown(image, call: str = '"whole"', **context) -> str:
    return Template("{% load pictures %}{% photograph image " + call + " %}").render(
        Context({"image": image} | context)
    )


def _attribute(html: str, name: str) -> list[str]:
    return re.findall(rf'\b{name}="([^"]*)"', html)


# --- Which sizes ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ratio", "size", "expected"),
    [
        (None, (3000, 2000), ["width-100", "width-200"]),
        (None, (150, 100), ["width-100", "width-200"]),
        (None, (100, 80), ["width-100"]),
        (None, (1, 1), ["width-100"]),
        ((3, 2), (3000, 2000), ["fill-100x67", "fill-200x133"]),
        ((3, 2), (3000, 60), ["fill-100x67"]),
    ],
)
def test_small_picture_has_fewer_sizes(ratio, size, expected):
    shape = Shape(ratio, (100, 200), "100vw")

    assert shape.specs(WEBP, width=size[0], height=size[1]) == [f"{each}|format-webp" for each in expected]


def test_templates_use_shapes_of_the_list_and_no_other_sizes():
    used, foreign = set(), []
    for path in TEMPLATES.rglob("*.html"):
        text = path.read_text()
        used |= set(re.findall(r'{% photograph \S+ "(\w+)"', text)) | set(
            re.findall(r'{% with_photographs .*"(\w+)"', text)
        )
        if "core/admin" not in str(path):
            foreign += re.findall(r"{% (?:picture|image|srcset_image) .*?%}", text)

    assert (used - SHAPES.keys(), foreign) == (set(), [])
    assert {"whole", "gallery"} <= used


# --- The worker ---------------------------------------------------------------------------------------------------


def test_worker_renders_what_pages_show_before_anybody_asks(library, django_assert_num_queries):
    image = _picture(size=(1000, 800))

    report = render_picture_sizes(timezone.now())

    made = set(image.renditions.values_list("filter_spec", flat=True))
    measures = {"width": image.width, "height": image.height}
    wanted = {
        spec for shape in SHAPES.values() for spec in [*shape.specs(WEBP, **measures), shape.fallback(**measures)]
    }
    image.refresh_from_db()
    assert (report, image.sizes_due, wanted - made, SHARED in made) == ("Pictures rendered: 1.", False, set(), True)
    fresh = LibraryImage.objects.get()
    with django_assert_num_queries(1):
        _shown(fresh)


def test_avif_is_kept_where_it_is_smaller_only(library, monkeypatch):
    smaller, larger = _picture("Smaller"), _picture("Larger")
    made = LibraryImage.generate_rendition_file

    def weighed(self, filter, **named):
        file = made(self, filter, **named)
        if self.title == "Larger" and AVIF in filter.spec:
            with file:
                file.seek(0)
                return ContentFile(file.read() + b"\0" * 1_000_000, file.name)
        return file

    monkeypatch.setattr(LibraryImage, "generate_rendition_file", weighed)
    render_picture_sizes(timezone.now())

    def kinds(image):
        image = LibraryImage.objects.get(pk=image.pk)
        sizes = {rendition.filter_spec: rendition.file.size for rendition in image.renditions.all()}
        lighter = [sizes[spec] < sizes[spec.replace(AVIF, WEBP)] for spec in sizes if AVIF in spec]
        return _attribute(_shown(image), "type"), all(lighter)

    assert kinds(smaller) == (["image/avif", "image/webp"], True)
    assert kinds(larger) == (["image/webp"], True)


def test_picture_whose_file_is_lost_stops_no_other_and_is_told_once(library):
    lost, fine = _picture("Lost"), _picture("Fine")
    Path(lost.file.path).unlink()

    with pytest.raises(JobError, match="Lost"):
        render_picture_sizes(timezone.now())

    assert (fine.renditions.count() > 5, render_picture_sizes(timezone.now())) == (True, "Pictures rendered: 0.")


def test_size_that_somebody_else_made_meanwhile_leaves_no_file_behind(library):
    image = _picture()
    first = image.create_rendition(pictures.size_filter("width-100|format-webp"))
    files = sorted(Path(image.file.storage.location).rglob("*.webp"))

    second = image.create_rendition(pictures.size_filter("width-100|format-webp"))

    assert (second.pk, sorted(Path(image.file.storage.location).rglob("*.webp"))) == (first.pk, files)


# --- The tag ------------------------------------------------------------------------------------------------------


def test_picture_tells_its_measures_and_its_sizes(library):
    html = _shown(_picture(size=(1000, 800)))

    assert (_attribute(html, "width"), _attribute(html, "height")) == (["1000"], ["800"])
    assert [each.rpartition(" ")[2] for each in _attribute(html, "srcset")[0].split(", ")] == ["480w", "960w", "1000w"]
    assert (_attribute(html, "sizes"), _attribute(html, "loading")) == ([WHOLE.sizes], ["lazy"])
    assert (_attribute(html, "decoding"), _attribute(html, "fetchpriority")) == (["async"], [])
    assert _attribute(html, "src")[0].endswith(".jpg")


def test_first_picture_of_a_page_comes_first(library):
    html = _shown(_picture(), '"card" first=True sizes="50vw" css="wide"')

    assert (_attribute(html, "loading"), _attribute(html, "fetchpriority")) == ([], ["high"])
    assert (_attribute(html, "sizes"), _attribute(html, "class")) == (["50vw"], ["wide"])


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("size", [(1, 1), (90, 2000), (2000, 90)])
def test_every_shape_fits_every_picture(library, shape, size):
    html = _shown(_picture(size=size), f'"{shape}"')

    assert html.startswith("<picture><source")


@pytest.mark.parametrize(
    ("code", "words", "expected"),
    [
        ("uk", "", (["Млин"], ["uk"])),
        ("en", "", (["Млин"], ["uk"])),
        ("en", "alt=words", (["A &amp; B &lt;mill&gt;"], [])),
        ("uk", "decorative=True", ([""], [])),
    ],
)
def test_page_speaks_first_then_the_picture(library, code, words, expected):
    with translation.override(code):
        html = _shown(_picture(alt={"uk": "Млин"}), f'"whole" {words}', words="A & B <mill>")

    assert (_attribute(html, "alt"), _attribute(html, "lang")) == expected


def test_name_of_a_file_is_no_description(library):
    assert 'alt=""' in _shown(_picture("IMG_2041"))


def test_picture_whose_file_is_lost_takes_nothing_else_down(library):
    image = _picture()
    Path(image.file.path).unlink()

    assert (_shown(image), _shown(None)) == ("", "")


@pytest.mark.parametrize("count", [1, 3])
def test_list_of_pictures_asks_once(library, count):
    rows = [{"article": Article(image=_picture(str(number)))} for number in range(count)]
    render_picture_sizes(timezone.now())
    for row in rows:
        row["article"] = Article(image=LibraryImage.objects.get(pk=row["article"].image_id))
    holders = [type("Row", (), row)() for row in rows]
    template = Template(
        '{% load pictures %}{% with_photographs rows "article.image" "card" as shown %}'
        '{% for row in shown %}{% photograph row.article.image "card" first=forloop.first %}{% endfor %}'
    )

    with CaptureQueriesContext(connection) as asked:
        html = template.render(Context({"rows": [*holders, type("Row", (), {"article": None})()]}))

    assert (len(asked), html.count("<picture>")) == (1, count)


# --- Expiry -------------------------------------------------------------------------------------------------------

TODAY = date(2030, 5, 10)


def test_last_day_is_a_day_on_which_it_is_shown(library):
    image = LibraryImage(shown_until=TODAY)

    assert [image.may_be_shown(TODAY + timedelta(days=days)) for days in (-1, 0, 1)] == [True, True, False]
    assert image.shown_before.isoformat() == "2030-05-11T00:00:00+03:00"
    assert (LibraryImage().may_be_shown(TODAY), LibraryImage(shown_until=date.max).shown_before) == (True, None)


def test_page_is_kept_no_longer_than_its_picture_may_be_shown(library):
    request = RequestFactory().get("/")
    image = _picture(shown_until=timezone.localdate() + timedelta(days=3))

    _shown(image, request=request)

    assert request._page_cache_limit == image.shown_before


@pytest.mark.parametrize("path", ["/en/", "/en/branches/central/", "/en/events/chess/", "/en/news/shelves/"])
def test_picture_in_every_place_limits_how_long_the_page_is_kept(library, rf, path):
    from core import routing

    image = _picture(shown_until=timezone.localdate() + timedelta(days=3))
    _show_everywhere(library, image)
    request = rf.get(path)
    with translation.override("en"):
        response = routing.serve(request, path.removeprefix("/en/"))
        response.render()

    assert ("<picture>" in response.content.decode(), request._page_cache_limit <= image.shown_before) == (True, True)


def _show_everywhere(library, image: LibraryImage) -> dict:
    """Show a picture in every kind of place, and return the pages."""
    blocks = [
        _block(image, caption="In May"),
        ("gallery", {"heading": "", "pictures": [_block(image)[1]]}),
        ("video", {"url": "https://video.example/", "title": "Film", "still": image}),
        ("text", "<p>Stays</p>"),
    ]
    home = revise(HomePage.objects.get(pk=library.home.pk), body=blocks)
    branch = library.branch(photos=[("picture", _block(image)[1])], body=blocks[1:])
    event = library.event(slug="chess", image=image, body=blocks, starts_on=soon(4))
    article = library.article(slug="shelves", image=image, body=blocks)
    return {"home": home, "branch": branch, "event": event, "article": article}


PATHS = [
    "/en/",
    "/en/branches/central/",
    "/en/events/chess/",
    "/en/news/shelves/",
    "/mk/news/shelves/",
    "/uk/branches/central/",
]


def _with_picture(client) -> list[str]:
    """Return the public addresses at which there is a trace of a picture of the mill."""
    addresses = [*PATHS, reverse("events_feed"), reverse("news_feed")]
    found = {}
    for address in addresses:
        response = client.get(address)
        assert response.status_code == 200, address
        found[address] = re.search(r"mill\.", response.content.decode()) is not None
    return [address for address, has in found.items() if has]


def _codes(client, addresses: list[str]) -> set[int]:
    """Return how the site answers at addresses of files."""
    responses = [client.get(address) for address in addresses]
    for response in responses:
        # Read to its end a file is closed.
        response.getvalue()
    return {response.status_code for response in responses}


def test_expired_picture_is_shown_nowhere_and_its_sizes_are_gone(library, client, django_capture_on_commit_callbacks):
    image = _picture()
    _show_everywhere(library, image)
    render_stale_texts(timezone.now())
    shown = _with_picture(client)
    sizes = [rendition.url for rendition in image.renditions.all()]
    assert (set(PATHS) <= set(shown), reverse("events_feed") in shown) == (True, True)

    with django_capture_on_commit_callbacks(execute=True):
        LibraryImage.objects.filter(pk=image.pk).update(shown_until=timezone.localdate() - timedelta(days=1))
        before = generations.store().current()
        report = expire_pictures(timezone.now())
    render_stale_texts(timezone.now())

    assert (report, generations.store().current() != before) == ("Pictures taken down or brought back: 1.", True)
    assert _with_picture(client) == []
    assert _codes(client, sizes) == {404}
    assert expire_pictures(timezone.now()) == "Pictures taken down or brought back: 0."


def test_caption_goes_with_the_expired_picture(library, client):
    _show_everywhere(library, _picture(author="Olena", shown_until=timezone.localdate() - timedelta(days=1)))

    for path in PATHS:
        html = client.get(path).content.decode()
        assert ("Olena" in html, "In May" in html, "Stays" in html) == (False, False, True)


def test_picture_that_may_be_shown_again_comes_back(library, client):
    image = _picture(shown_until=timezone.localdate() - timedelta(days=1))
    _show_everywhere(library, image)
    expire_pictures(timezone.now())

    LibraryImage.objects.filter(pk=image.pk).update(shown_until=None)
    expire_pictures(timezone.now())
    render_stale_texts(timezone.now())

    image.refresh_from_db()
    assert (image.is_expired, image.sizes_due) == (False, True)
    assert set(PATHS) <= set(_with_picture(client))


# --- Removal ------------------------------------------------------------------------------------------------------


def _kinds(page, name: str = "body") -> list[str]:
    return [block.block_type for block in getattr(page, name)]


def test_removed_picture_is_found_nowhere(library, client, django_capture_on_commit_callbacks):
    image, other = _picture(), _picture("Other")
    pages = _show_everywhere(library, image)
    revise(pages["home"], body=[*[(each.block_type, each.value) for each in pages["home"].body], _block(other)])
    render_stale_texts(timezone.now())
    assert set(PATHS) <= set(_with_picture(client))
    addresses = [image.file.url, *(rendition.url for rendition in image.renditions.all())]
    assert _codes(client, addresses) == {200}
    before = generations.store().current()

    with django_capture_on_commit_callbacks(execute=True):
        pictures.remove_everywhere(image)
    render_stale_texts(timezone.now())

    assert (_with_picture(client), generations.store().current() != before) == ([], True)
    assert _codes(client, addresses) == {404}
    assert "other." in client.get("/en/").content.decode()
    assert (_kinds(HomePage.objects.get(pk=library.home.pk)), list(things.all_drift())) == (
        ["video", "text", "image"],
        [],
    )
    assert (Event.objects.get().image, Article.objects.get().image) == (None, None)


def test_no_draft_and_no_old_version_brings_it_back(library, client):
    image = _picture()
    pages = _show_everywhere(library, image)
    article = revise(pages["article"], image=None, body=[("text", "<p>Now</p>")])
    draft = HomePage.objects.get(pk=library.home.pk)
    draft.body = [_block(image), ("text", "<p>Draft</p>")]
    draft.save_revision()

    pictures.remove_everywhere(image)

    for revision in Revision.page_revisions.all():
        page = revision.as_object()
        assert f'"image": {image.pk}' not in json.dumps(revision.content).replace('\\"', '"')
        page.full_clean()
    old = article.revisions.order_by("created_at").first()
    client.force_login(library.administrator())
    form = client.get(reverse("wagtailadmin_pages:revisions_revert", args=[article.pk, old.pk]))
    old.publish()
    assert (form.status_code, _kinds(type(article).objects.get(pk=article.pk))) == (200, ["video", "text"])
    assert "<picture" not in client.get("/en/news/shelves/").content.decode()
    draft = HomePage.objects.get(pk=library.home.pk).get_latest_revision_as_object()
    assert _kinds(draft) == ["text"]


def test_translations_in_step_with_their_source_lose_it_too(library):
    image = _picture()
    pages = _show_everywhere(library, image)
    source, _created = TranslationSource.update_or_create_from_instance(pages["article"])

    pictures.remove_everywhere(image)

    source.refresh_from_db()
    content = json.loads(source.content_json)
    assert (content["image"], [each["type"] for each in json.loads(content["body"])]) == (None, ["video", "text"])


def test_uses_are_listed_once_with_drafts(library):
    image = _picture()
    pages = _show_everywhere(library, image)
    draft = library.article(title="Draft", slug="draft", publish_it=True)
    draft.body = [_block(image)]
    draft.save_revision()

    uses = pictures.uses_of(image)

    live = {(type(use.holder), use.holder.pk) for use in uses if not use.in_draft}
    assert {(type(page), page.pk) for page in pages.values()} <= live
    assert [use.holder.pk for use in uses if use.in_draft] == [draft.pk]
    assert len(uses) == len({(type(use.holder), use.holder.pk) for use in uses})


def test_person_is_shown_where_it_is_before_saying_yes(library, client):
    image = _picture()
    pages = _show_everywhere(library, image)
    client.force_login(library.administrator())
    address = reverse("wagtailimages:delete", args=[image.pk])

    html = client.get(address).content.decode()
    assert reverse("wagtailimages:edit", args=[image.pk]) in html
    assert [page.title in html for page in pages.values()] == [True] * 4
    assert LibraryImage.objects.count() == 1
    form = client.get(reverse("wagtailimages:edit", args=[image.pk])).content.decode()
    assert (address in form, "Remove this picture everywhere" in form) == (True, True)

    response = client.post(address)

    assert (response.url, LibraryImage.objects.count()) == (reverse("wagtailimages:index"), 0)
    entry = ModelLogEntry.objects.get(action=pictures.REMOVED_EVERYWHERE)
    assert (entry.label, entry.user.email) == ("Mill", "admin@library.example")
    assert PageLogEntry.objects.filter(action=pictures.REMOVED_FROM_PAGE, page=pages["article"].pk).count() == 1
    assert client.get(reverse("wagtailadmin_pages:history", args=[pages["article"].pk])).status_code == 200


def test_who_may_not_delete_it_is_refused(library, client):
    image = _picture()
    client.force_login(editor_of(library.branch()))

    codes = {
        method(reverse("wagtailimages:delete", args=[image.pk])).status_code for method in (client.get, client.post)
    }

    assert (codes, LibraryImage.objects.count()) == ({302}, 1)


def test_several_are_removed_from_the_list(library, client):
    first, second, third = (_picture(title) for title in ("One", "Two", "Three"))
    revise(HomePage.objects.get(pk=library.home.pk), body=[_block(first), _block(third)])
    client.force_login(library.administrator())
    address = f"/admin/bulk/core/libraryimage/delete/?id={first.pk}&id={second.pk}"

    assert client.get(address).status_code == 200
    client.post(address)

    assert list(LibraryImage.objects.values_list("title", flat=True)) == ["Three"]
    assert _kinds(HomePage.objects.get(pk=library.home.pk)) == ["image"]
    assert ModelLogEntry.objects.filter(action=pictures.REMOVED_EVERYWHERE).count() == 2


@pytest.mark.django_db(transaction=True)
def test_size_that_was_being_made_when_the_picture_went_leaves_no_file_behind(library, monkeypatch):
    image = _picture()
    made = LibraryImage.generate_rendition_file

    def removed_meanwhile(self, filter, **named):
        file = made(self, filter, **named)
        pictures.remove_everywhere(image)
        return file

    monkeypatch.setattr(LibraryImage, "generate_rendition_file", removed_meanwhile)

    assert (_shown(image), Rendition.objects.count()) == ("", 0)
    assert [path for path in Path(image.file.storage.location).rglob("*") if path.is_file()] == []
