"""Pictures of pages: at addresses that only the site can make, of public pages alone, drawn once, kept in bounds."""

import io
import os
import re
import threading
from datetime import timedelta
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.template import Context, Template
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from wagtail.models import Page, PageViewRestriction, Site

from core import sharing
from core.cards import Card
from core.models import LibraryImage, Network
from home.models import PlainPage
from tests.factories.library import publish, revise
from tests.factories.photographs import drawn, encoded

PICTURE = re.compile(r'<meta property="og:image" content="([^"]*)">')
SHOWN = "{% load sharing %}{% open_graph_picture as picture %}{{ picture.address }}"


def _plain(library, title="About us", **fields) -> PlainPage:
    parent = Page.objects.get(pk=library.home.pk)
    return publish(parent.add_child(instance=PlainPage(title=title, **fields)))


def _address(client, path) -> str:
    """Return the path of the picture that a page names."""
    (address,) = PICTURE.findall(client.get(path).content.decode())
    assert address.startswith("http://testserver/")
    return address.removeprefix("http://testserver")


def _photo(width=1600, height=1000, **fields) -> LibraryImage:
    file = ContentFile(encoded(drawn(width, height)), "hall.jpg")
    return LibraryImage.objects.create(title="Hall", file=file, **fields)


def _picture(client, address: str) -> Image.Image:
    return Image.open(io.BytesIO(client.get(address).content))


def _shows_the_photo(client, path: str) -> bool:
    """Return whether the picture that a page names is dark where the photograph is and a card has paper."""
    return max(_picture(client, _address(client, path)).convert("RGB").getpixel((100, 300))) < 60


def _kept(settings) -> list[str]:
    return sorted(path.name for path in (Path(settings.DATA_DIR) / sharing.FOLDER).glob("*"))


@pytest.fixture(autouse=True)
def _own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


# --- What is sent -----------------------------------------------------------------------------------------------------


def test_page_names_a_picture_of_its_own_which_may_be_kept_for_ever(library, client):
    address = _address(client, f"/en/{_plain(library).slug}/")

    response = client.get(address)

    assert (response.status_code, response["Content-Type"]) == (200, "image/png")
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert Image.open(io.BytesIO(response.content)).size == (1200, 630)


def test_page_says_size_and_words_of_its_picture(library, client):
    network = Network.for_site(library.site)
    network.name = {"en": "Mill Libraries"}
    network.save()

    html = client.get(f"/en/{_plain(library).slug}/").content.decode()

    assert '<meta property="og:image:width" content="1200">' in html
    assert '<meta property="og:image:height" content="630">' in html
    assert '<meta property="og:image:type" content="image/png">' in html
    assert '<meta property="og:image:alt" content="About us. Mill Libraries">' in html
    assert '<meta name="twitter:card" content="summary_large_image">' in html


def test_picture_is_drawn_once_and_sent_from_its_file(library, client, settings, monkeypatch):
    address = _address(client, f"/en/{_plain(library).slug}/")
    first = client.get(address).content
    (name,) = _kept(settings)

    monkeypatch.setattr("PIL.Image.new", lambda *_args: pytest.fail("drawn once more"))
    again = client.get(address).content

    assert again == first
    assert re.fullmatch(r"-[0-9a-f]{16}\.png", name)
    assert _kept(settings) == [name]


def test_changed_words_are_another_address_and_the_old_one_leads_on(library, client):
    page = _plain(library)
    before = _address(client, f"/en/{page.slug}/")
    revise(page, title="About the mill")
    after = _address(client, f"/en/{page.slug}/")

    response = client.get(before)

    assert before != after
    assert (response.status_code, response["Location"], response["Cache-Control"]) == (302, after, "no-store")
    assert client.get(after).status_code == 200


def test_changed_accent_is_another_picture(library, client):
    path = f"/en/{_plain(library).slug}/"
    before = _address(client, path)
    network = Network.for_site(library.site)
    network.accent = "#1f5a8a"
    network.save()

    assert _address(client, path) != before


def test_page_has_a_picture_in_each_language_also_where_it_has_no_words(library, client):
    page = _plain(library)
    addresses = {code: _address(client, f"/{code}/{page.slug}/") for code in ("en", "uk")}

    assert addresses["uk"].startswith("/uk/shared/card/")
    assert [client.get(address).status_code for address in addresses.values()] == [200, 200]


def test_picture_answers_head_and_no_post(library, client):
    address = _address(client, f"/en/{_plain(library).slug}/")

    assert (client.head(address).status_code, client.post(address).status_code) == (200, 405)


# --- What is refused --------------------------------------------------------------------------------------------------


def _changed(address: str, number: int) -> str:
    """Return an address with another hexadecimal digit at a place of its seal or digest."""
    start = address.rindex("-") + 1 + number
    return address[:start] + ("0" if address[start] != "0" else "1") + address[start + 1 :]


@pytest.mark.parametrize("number", [0, 15, 16, 31])
def test_address_with_one_digit_changed_is_not_found(library, client, settings, number):
    address = _address(client, f"/en/{_plain(library).slug}/")

    assert client.get(_changed(address, number)).status_code == 404
    assert _kept(settings) == []


def test_seal_holds_for_one_page_language_and_kind(library, client):
    one, other = _plain(library), _plain(library, "Other")
    address = _address(client, f"/en/{one.slug}/")

    assert client.get(address.replace("/en/", "/uk/")).status_code == 404
    assert client.get(address.replace("/card/", "/square/")).status_code == 404
    assert client.get(address.replace(f"/{one.pk}-", f"/{other.pk}-")).status_code == 404
    assert client.get(address.replace(f"/{one.pk}-", f"/{one.pk}.20300108T1800-")).status_code == 404


@pytest.mark.parametrize("name", ["1.png", "1-x.png", "a" * 300, "1-" + "0" * 32 + ".png", "1-" + "0" * 32 + ".pdf"])
@pytest.mark.parametrize("kind", ["card", "square", "poster", "banner"])
def test_made_up_address_is_not_found(library, client, kind, name):
    assert client.get(f"/en/shared/{kind}/{name}").status_code == 404


def test_foreign_seal_is_refused_before_the_page_is_read(library, client, monkeypatch):
    address = _changed(_address(client, f"/en/{_plain(library).slug}/"), 31)
    monkeypatch.setattr("core.sharing_views._public_page", lambda *_args: pytest.fail("read"))

    assert client.get(address).status_code == 404


def test_page_that_went_offline_has_no_picture(library, client, settings):
    page = _plain(library)
    address = _address(client, f"/en/{page.slug}/")
    assert client.get(address).status_code == 200
    Page.objects.get(pk=page.pk).specific.unpublish()

    assert client.get(address).status_code == 404


def test_private_page_has_no_picture_though_it_was_drawn_before(library, client):
    page = _plain(library)
    address = _address(client, f"/en/{page.slug}/")
    assert client.get(address).status_code == 200
    PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)

    assert client.get(address).status_code == 404
    client.force_login(library.administrator())
    assert client.get(address).status_code == 404


def test_draft_has_no_picture(library, client):
    parent = Page.objects.get(pk=library.home.pk)
    page = parent.add_child(instance=PlainPage(title="Draft", live=False))
    card = Card(title="Draft", network="", accent="", spines="")

    assert client.get(sharing.address_of(sharing.KINDS["card"], page, card)).status_code == 404


def test_page_of_another_site_has_no_picture_here(library, client):
    page = _plain(library)
    address = _address(client, f"/en/{page.slug}/")
    root = Page.objects.get(depth=1).add_child(instance=PlainPage(title="Elsewhere", locale=library.locales["en"]))
    Site.objects.create(hostname="elsewhere.example", root_page=root)

    assert client.get(address, headers={"host": "elsewhere.example"}).status_code == 404


def test_preview_names_no_picture(library):
    page = _plain(library)
    request = RequestFactory().get("/")
    request.is_preview = True

    assert Template(SHOWN).render(Context({"page": page, "request": request})) == ""


# --- Photographs ------------------------------------------------------------------------------------------------------


def test_large_photograph_stands_for_its_page_cropped_to_the_right_size(library, client):
    article = library.article(image=_photo(author="Olena"), image_alt="The hall at night")

    html = client.get(article.url).content.decode()
    (address,) = PICTURE.findall(html)

    picture = _picture(client, address.removeprefix("http://testserver"))
    assert (picture.format, picture.size) == ("PNG", (1200, 630))
    # Of the photograph, which is dark on its left side; a card would be paper here.
    assert max(picture.convert("RGB").getpixel((100, 300))) < 60
    assert '<meta property="og:image:alt" content="The hall at night">' in html
    assert '<meta property="og:image:type" content="image/png">' in html


def test_small_photograph_is_drawn_at_the_right_size(library, client, settings):
    image = _photo(600, 500)
    article = library.article(image=image)

    response = client.get(_address(client, article.url))

    picture = Image.open(io.BytesIO(response.content))
    assert picture.size == (1200, 630)
    assert max(picture.convert("RGB").getpixel((100, 300))) < 60
    assert [name.split("-")[1] for name in _kept(settings)] == [str(image.pk)]


def test_picture_with_a_photograph_may_be_kept_no_longer_than_that_is_shown(library, client):
    article = library.article(image=_photo(600, 500, shown_until=timezone.localdate()))

    header = client.get(_address(client, article.url))["Cache-Control"]

    assert 0 < int(re.fullmatch(r"public, max-age=(\d+)", header)[1]) <= 24 * 3600


@pytest.mark.parametrize("content", [None, b"no picture any more"], ids=["lost", "damaged"])
def test_photograph_that_cannot_be_read_now_is_left_out_and_asked_for_again(library, client, settings, content):
    image = _photo(600, 500)
    address = _address(client, library.article(image=image).url)
    original = Path(image.file.path).read_bytes()
    Path(image.file.path).unlink()
    if content:
        Path(image.file.path).write_bytes(content)

    without = client.get(address)
    Path(image.file.path).write_bytes(original)

    assert (without.status_code, without["Cache-Control"], _kept(settings)) == (200, "no-store", [])
    assert client.get(address).content != without.content
    assert len(_kept(settings)) == 1


def test_who_would_wait_for_too_many_drawings_is_asked_to_come_again(library, client, monkeypatch):
    address = _address(client, f"/en/{_plain(library).slug}/")
    monkeypatch.setattr(sharing, "PATIENCE", 0.01)

    with sharing._one_at_a_time:
        busy = client.get(address)

    assert (busy.status_code, busy["Retry-After"], busy["Cache-Control"]) == (503, "5", "no-store")
    assert client.get(address).status_code == 200


def test_file_that_another_process_takes_away_is_not_missed(tmp_path):
    for number in range(3):
        (tmp_path / f"-{number}.png").write_bytes(b"drawn")
    files = sharing._files_in(tmp_path)
    seen = [next(files)[1]]

    for path in set(tmp_path.glob("*")) - set(seen):
        path.unlink()

    assert seen + [path for _stat, path in files] == list(tmp_path.glob("*"))


def test_expired_photograph_is_in_no_picture(library, client):
    article = library.article(image=_photo(600, 500, shown_until=timezone.localdate()))
    address = _address(client, article.url)
    assert client.get(address).status_code == 200
    LibraryImage.objects.update(shown_until=timezone.localdate() - timedelta(days=1))

    response = client.get(address)

    assert response.status_code == 302
    picture = Image.open(io.BytesIO(client.get(response["Location"]).content))
    assert picture.convert("RGB").getpixel((5, 5)) == (251, 249, 244)


@pytest.mark.parametrize("gone", [True, False], ids=["deleted", "changed"])
def test_files_that_show_a_removed_photograph_are_deleted(
    library, client, settings, django_capture_on_commit_callbacks, gone
):
    image = _photo(600, 500)
    client.get(_address(client, library.article(image=image).url))
    client.get(_address(client, f"/en/{_plain(library).slug}/"))
    assert len(_kept(settings)) == 2

    with django_capture_on_commit_callbacks(execute=True):
        image.delete() if gone else image.save()

    assert [name.count("-") for name in _kept(settings)] == [1]


def test_branch_is_shared_with_its_first_photo(library, client):
    image = _photo()
    branch = library.branch(photos=[("picture", {"image": image, "alt": "", "caption": "", "decorative": False})])

    assert _shows_the_photo(client, branch.url)


def test_page_is_shared_with_the_first_picture_of_its_text(library, client):
    body = [("image", {"image": _photo(), "alt": "", "caption": "", "decorative": False})]

    assert _shows_the_photo(client, f"/en/{_plain(library, body=body).slug}/")


# --- Cost -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["home", "events", "branches", "news"])
def test_picture_of_a_list_costs_no_query(library, remembering, django_assert_num_queries, name):
    page = getattr(library, name)
    request = RequestFactory().get("/en/")
    context = page.get_context(request)
    template = Template(SHOWN)
    first = template.render(Context(context))

    with django_assert_num_queries(0):
        assert template.render(Context(context)) == first
    assert "/en/shared/card/" in first


def test_all_who_ask_at_first_get_the_one_drawing(library, monkeypatch):
    card = Card(title="About us", network="", accent="#8a1f2d", spines="about")
    drawings, answers, gate = [], [], threading.Barrier(8)
    kind = sharing.KINDS["card"]

    def draw(shown, photo):
        drawings.append(threading.current_thread().name)
        return kind.draw(shown, photo)

    monkeypatch.setitem(sharing.KINDS, "card", sharing.Kind("card", "png", "image/png", kind.shows, draw))

    def ask():
        gate.wait()
        answers.append(sharing.content_of(sharing.KINDS["card"], card))

    threads = [threading.Thread(target=ask) for _number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(drawings) == 1
    assert len(answers) == 8
    assert len(set(answers)) == 1


def test_kept_files_stay_within_their_bound_and_the_wanted_ones_stay(settings):
    settings.SHARED_PICTURES_BYTES = 200_000
    cards = [Card(title=f"Page {number}", network="", accent="", spines=str(number)) for number in range(12)]
    kind = sharing.KINDS["card"]

    for number, card in enumerate(cards):
        sharing.content_of(kind, card)
        for path in (Path(settings.DATA_DIR) / sharing.FOLDER).glob("*"):
            # As if each had been wanted a minute after the one before.
            if sharing.digest_of(kind, card) in path.name:
                os.utime(path, (number * 60, number * 60))

    files = list((Path(settings.DATA_DIR) / sharing.FOLDER).glob("*"))
    assert 0 < sum(path.stat().st_size for path in files) <= 200_000
    assert any(sharing.digest_of(kind, cards[-1]) in path.name for path in files)
    assert not any(sharing.digest_of(kind, cards[0]) in path.name for path in files)


def test_failed_drawing_leaves_nothing_behind(settings):
    def fail(_shown, _photo):
        raise OSError("no room")

    kind = sharing.Kind("card", "png", "image/png", lambda *_args: None, fail)

    with pytest.raises(OSError, match="no room"):
        sharing.content_of(kind, Card(title="x", network="", accent="", spines=""))

    assert _kept(settings) == []


# --- Share links ------------------------------------------------------------------------------------------------------


def test_page_offers_the_services_that_the_network_chose(library, client):
    network = Network.for_site(library.site)
    network.share_services = ["telegram", "vk"]
    network.save()
    page = _plain(library)

    html = client.get(f"/en/{page.slug}/").content.decode()

    assert re.findall(r'rel="noopener noreferrer">(\w+)</a></li>', html) == ["Telegram", "VK"]
    assert f'readonly value="http://testserver/en/{page.slug}/"' in html


def test_network_without_services_still_shows_the_address(library, client):
    network = Network.for_site(library.site)
    network.share_services = []
    network.save()

    html = client.get(f"/en/{_plain(library).slug}/").content.decode()

    assert "share-links" not in html
    assert 'id="share-address"' in html


@pytest.mark.parametrize(("country", "has_vk"), [("UA", False), ("RU", True), ("", False)])
def test_networks_from_before_begin_as_is_usual_in_their_country(library, country, has_vk):
    network = Network.for_site(library.site)
    network.country = country
    network.save()

    import_module("core.migrations.0009_share_services").as_usual_in_their_country(apps, None)

    network.refresh_from_db()
    assert ("vk" in network.share_services) is has_vk
    assert "telegram" in network.share_services


def test_lists_have_no_share_links(library, client):
    assert "share-address" not in client.get("/en/events/").content.decode()
    assert reverse("shared_picture", args=["card", "x"]) == "/en/shared/card/x"
