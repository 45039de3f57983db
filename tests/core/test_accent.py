"""The accent: whatever a network chooses, its pages can be read, or the colour is refused with the reason."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wagtail.users.models import UserProfile

from core.accent import BLACK, DARK_PAPER, ENHANCED, PAPER, READABLE, WHITE, AccentError, normal, palette
from core.colour import colour_of, contrast, lch_of
from core.models import Network

COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


@given(colour=COLOURS)
def test_every_shade_of_an_accepted_accent_can_be_read(colour):
    if contrast(colour, PAPER) < READABLE:
        with pytest.raises(AccentError):
            palette(colour)
        return

    found = palette(colour)

    grounds = {
        PAPER: (found.light, READABLE),
        DARK_PAPER: (found.dark, ENHANCED),
        WHITE: (found.light_strong, ENHANCED),
        BLACK: (found.dark_strong, ENHANCED),
    }
    for paper, (shades, wanted) in grounds.items():
        assert contrast(shades.accent, paper) >= wanted
        assert contrast(shades.hover, paper) >= READABLE
        assert contrast(shades.on_accent, shades.accent) >= READABLE
        assert contrast(shades.accent, shades.tint) >= READABLE - 0.6


@given(colour=COLOURS)
def test_colour_survives_the_way_to_lightness_chroma_and_hue(colour):
    assert colour_of(*lch_of(colour)) == colour


def test_accent_too_light_is_refused_with_its_contrast():
    with pytest.raises(AccentError) as caught:
        palette("#f0a000")

    assert round(caught.value.contrast, 1) == 2.1


@pytest.mark.parametrize("text", ["", "red", "#12345", "#12345g", "javascript:", "#8a1f2d;}"])
def test_what_is_no_colour_is_refused(text):
    with pytest.raises(AccentError) as caught:
        normal(text)

    assert caught.value.contrast is None


def _save(client, library, colour):
    network = Network.for_site(library.site)
    data = {"accent": colour, "languages": ["en"], "default_language": "en", "zone": "Europe/Kyiv", "country": ""}
    data["days_off-count"] = "0"
    return client.post(f"/admin/settings/core/network/{library.site.pk}/", data), network


def test_network_keeps_an_accent_and_every_page_links_its_style_sheet(library, client):
    client.force_login(library.administrator())

    answer, network = _save(client, library, "#0B5D4E")

    assert answer.status_code == 302
    network.refresh_from_db()
    assert network.accent == "#0b5d4e"
    assert '<link rel="stylesheet" href="/theme/0b5d4e.css">' in client.get("/en/").content.decode()
    sheet = client.get("/theme/0b5d4e.css")
    assert sheet["Content-Type"] == "text/css; charset=utf-8"
    assert "immutable" in sheet["Cache-Control"]
    assert "--accent: #0b5d4e;" in sheet.content.decode()


def test_network_refuses_a_light_accent_in_the_editors_language(library, client):
    editor = library.administrator()
    profile = UserProfile.get_for_user(editor)
    profile.preferred_language = "uk"
    profile.save()
    client.force_login(editor)

    answer, network = _save(client, library, "#f0a000")

    assert answer.status_code == 200
    assert "надто світлий" in answer.content.decode()
    network.refresh_from_db()
    assert network.accent == "#8a1f2d"


@pytest.mark.parametrize("name", ["f0a000", "zzz", "8a1f2d8a1f2d"])
def test_style_sheet_of_an_accent_that_no_network_could_have_is_not_found(client, db, name):
    assert client.get(f"/theme/{name}.css").status_code == 404
