"""The network's colour beyond its style sheet: in the admin, in icons, on the home screen of a phone."""

import io
import json
import re
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from PIL import Image

from core import icon
from core.accent import (
    ADMIN_GROUND,
    DARK_ADMIN_GROUND,
    DEFAULT,
    PAPER,
    READABLE,
    WHITE,
    AccentError,
    admin_shades,
)
from core.colour import contrast, hex_of, rgb_of
from core.models import LibraryImage, Network

COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")
FAINT_WHITE = 0.8


@pytest.fixture
def blue(library) -> Network:
    """Return the network after it has chosen a blue."""
    network = Network.for_site(library.site)
    network.accent = "#1f5a8a"
    network.save()
    return network


@given(colour=COLOURS)
def test_every_accent_can_be_read_in_the_light_and_in_the_dark_admin(colour):
    assume(contrast(colour, PAPER) >= READABLE)

    found = admin_shades(colour)

    for menu in (found.menu, found.menu_active):
        mixed = [FAINT_WHITE + (1 - FAINT_WHITE) * part for part in rgb_of(menu)]
        assert contrast(hex_of(tuple(mixed)), menu) >= READABLE
    for button in (found.button, found.hover, found.pressed):
        assert contrast(button, ADMIN_GROUND) >= READABLE
        assert contrast(WHITE, button) >= READABLE
    for link in (found.dark_link, found.dark_hover):
        assert contrast(link, DARK_ADMIN_GROUND) >= READABLE
    assert contrast(found.hover, found.faint) >= READABLE


def test_admin_has_no_colour_that_pages_could_not_have():
    with pytest.raises(AccentError):
        admin_shades("#ffff00")


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/theme/1f5a8a/admin.css", "text/css; charset=utf-8"),
        ("/theme/1f5a8a/icon.svg", "image/svg+xml"),
        ("/theme/1f5a8a/icon-180.png", "image/png"),
    ],
)
def test_what_has_a_colour_in_its_address_is_kept_for_ever(blue, client, path, kind):
    answer = client.get(path)

    assert (answer.status_code, answer["Content-Type"]) == (200, kind)
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize(
    "path",
    [
        "/theme/ffff00/admin.css",
        "/theme/red/icon.svg",
        "/theme/12345/icon-180.png",
        "/theme/1f5a8b/icon-180.png",
        "/theme/1f5a8a/icon-99999.png",
        "/theme/1f5a8a/icon-0.png",
    ],
)
def test_what_no_network_has_is_not_found(blue, client, path):
    assert client.get(path).status_code == 404


def test_admin_style_sheet_sets_the_properties_that_wagtail_reads(blue, client):
    css = client.get("/theme/1f5a8a/admin.css").content.decode()
    theirs = (Path(__import__("wagtail").__file__).parent / "admin/static/wagtailadmin/css/core.css").read_text()

    names = re.findall(r"(--w-color-[\w-]+): #[0-9a-f]{6};", css)

    assert len(names) == 8
    assert [name for name in names if f"var({name})" not in theirs] == []


def test_icon_is_drawn_in_the_accent_in_every_form():
    with Image.open(io.BytesIO(icon.png("#1f5a8a", 180))) as picture:
        size, colours = picture.size, {hex_of(tuple(part / 255 for part in rgb)) for _n, rgb in picture.getcolors(9999)}

    assert size == (180, 180)
    assert {"#1f5a8a", PAPER} <= colours
    assert 'fill="#1f5a8a"' in icon.svg("#1f5a8a")


def test_icon_of_error_pages_is_that_of_the_first_accent():
    stored = Path(__file__).resolve().parents[2] / "site/static/img/favicon.svg"

    assert stored.read_text() == icon.svg(DEFAULT)


@pytest.fixture
def network(library) -> Network:
    network = Network.for_site(library.site)
    network.accent, network.name = "#1f5a8a", {"en": "Mill Libraries", "uk": "Бібліотеки Млина"}
    network.save()
    return network


def test_pages_lead_to_the_icons_of_their_network(network, client):
    html = client.get("/uk/").content.decode()

    assert '<link rel="icon" href="/theme/1f5a8a/icon.svg" type="image/svg+xml">' in html
    assert '<link rel="apple-touch-icon" href="/theme/1f5a8a/icon-180.png">' in html
    assert '<link rel="manifest" href="/uk/manifest.webmanifest">' in html


def test_phone_learns_name_language_and_icons(network, client):
    answer = client.get("/uk/manifest.webmanifest")

    assert answer["Content-Type"] == "application/manifest+json"
    known = json.loads(answer.content)
    assert {name: known[name] for name in ("name", "lang", "start_url", "theme_color", "background_color")} == {
        "name": "Бібліотеки Млина",
        "lang": "uk",
        "start_url": "/uk/",
        "theme_color": "#1f5a8a",
        "background_color": PAPER,
    }
    assert [client.get(one["src"]).status_code for one in known["icons"]] == [200, 200, 200]


def test_admin_has_name_colour_and_mark_of_the_network(network, library, client):
    client.force_login(library.administrator())

    html = client.get("/admin/").content.decode()

    assert '<link rel="stylesheet" href="/theme/1f5a8a/admin.css">' in html
    assert '<link rel="icon" href="/theme/1f5a8a/icon.svg" type="image/svg+xml">' in html
    assert re.search(r"<title>[^<]* - Mill Libraries</title>", html)
    assert '<span class="c-brand__name">Mill Libraries</span>' in html
    assert re.search(r"<h1[^>]*>\s*Mill Libraries\s*</h1>", html)
    assert html.index("wagtailadmin/css/core") < html.index("/theme/1f5a8a/admin.css")


def test_admin_of_a_network_without_a_name_still_opens(library, client):
    client.force_login(library.administrator())

    assert client.get("/admin/").status_code == 200


def test_lost_file_of_the_logo_takes_nothing_with_it(network, library, client):
    network.logo = LibraryImage.objects.create(title="Logo", file="lost.png", width=10, height=10)
    network.save()
    client.force_login(library.administrator())

    assert [client.get(path).status_code for path in ("/uk/", "/admin/")] == [200, 200]
