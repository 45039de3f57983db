"""The map on request: who may be asked for tiles, and on which pages the device for its place."""

import pytest
from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext

from branches.models import BranchPage
from core import generations
from core.models import Network

TILES = "https://tile.openstreetmap.org/{z}/{x}/{y}.png"
PLACE = {"latitude": "49.50120", "longitude": "31.50340"}
PICTURES = "img-src 'self' data:"


@pytest.fixture
def mapped(library):
    """Return a library that has a map, and one branch on it."""
    _set_map(library)
    library.branch(**PLACE)
    return library


def _set_map(library, **fields) -> None:
    network = Network.for_site(library.site)
    values = {"map_tiles": TILES, "map_credit": {"en": "© Mappers", "uk": "© Картографи"}} | fields
    for name, value in values.items():
        setattr(network, name, value)
    network.save()


def pictures_from(answer) -> str:
    [directive] = [one for one in answer["Content-Security-Policy"].split("; ") if one.startswith("img-src")]
    return directive


@pytest.mark.parametrize("path", ["/en/branches/", "/en/branches/central/", "/mk/branches/central/"])
def test_pages_with_a_map_allow_pictures_from_the_server_of_its_tiles(mapped, client, path):
    assert pictures_from(client.get(path)) == f"{PICTURES} https://tile.openstreetmap.org"


@pytest.mark.parametrize("path", ["/en/", "/en/events/", "/en/news/", "/en/nowhere/", "/en/branches/nowhere/"])
def test_no_other_page_does(mapped, client, path):
    assert pictures_from(client.get(path)) == PICTURES


@pytest.mark.parametrize("path", ["/en/branches/", "/en/branches/central/"])
def test_kept_page_still_allows_them(mapped, client, settings, path):
    settings.PAGE_CACHE = True
    answers = [client.get(path) for _time in range(2)]

    assert [answer["X-Cache"] for answer in answers] == ["miss", "hit"]
    assert [pictures_from(answer) for answer in answers] == [f"{PICTURES} https://tile.openstreetmap.org"] * 2


@pytest.mark.parametrize("path", ["/en/branches/", "/en/branches/central/"])
def test_network_without_a_map_has_links_to_one(library, client, path):
    library.branch(**PLACE)
    answer = client.get(path)
    page = answer.content.decode()

    assert "https://www.openstreetmap.org/?mlat=49.50120&amp;mlon=31.50340#map=18/49.50120/31.50340" in page
    assert ("data-map" in page, "js/map.js" in page, pictures_from(answer)) == (False, False, PICTURES)


@pytest.mark.parametrize("path", ["/en/branches/", "/en/branches/central/"])
def test_branch_of_unknown_place_has_neither_map_nor_link(library, client, path):
    _set_map(library)
    library.branch()
    answer = client.get(path)
    page = answer.content.decode()

    assert ("data-map" in page, "openstreetmap.org/" in page, pictures_from(answer)) == (False, False, PICTURES)


def test_reader_is_told_of_the_other_server_before_the_map_is_fetched(mapped, client):
    page = client.get("/en/branches/").content.decode()

    assert "The map comes from tile.openstreetmap.org," in page
    assert 'data-credit="© Mappers"' in page
    assert "leaflet.js" in page.split("data-program=")[1].split(" ")[0]
    assert not [line for line in page.splitlines() if "<script" in line and "leaflet" in line]


def test_map_is_offered_in_the_language_of_the_page(mapped, client):
    page = client.get("/uk/branches/").content.decode()

    assert "Показати мапу" in page
    assert 'data-credit="© Картографи"' in page


def test_coordinates_are_numbers_for_machines_in_every_language(mapped, client):
    pages = [client.get(f"/{code}/branches/").content.decode() for code in ("en", "uk", "mk")]

    assert all('data-latitude="49.50120" data-longitude="31.50340"' in page for page in pages)


def test_changed_settings_are_shown_at_once(mapped, client, settings, remembering):
    settings.PAGE_CACHE = True
    client.get("/en/branches/")

    with TestCase.captureOnCommitCallbacks(execute=True):
        _set_map(mapped, map_tiles="https://tiles.library.example/{z}/{x}/{y}.png")

    assert pictures_from(client.get("/en/branches/")) == f"{PICTURES} https://tiles.library.example"


@pytest.mark.parametrize(
    ("path", "policy"),
    [
        ("/en/branches/", "geolocation=(self)"),
        ("/en/branches/central/", "geolocation=()"),
        ("/en/", "geolocation=()"),
        ("/en/nowhere/", "geolocation=()"),
        ("/admin/login/", "geolocation=()"),
    ],
)
def test_only_the_list_of_branches_may_ask_the_device_where_it_is(mapped, client, path, policy):
    assert client.get(path)["Permissions-Policy"] == policy


def test_list_that_knows_no_place_may_not_ask_either(library, client):
    library.branch()

    assert client.get("/en/branches/")["Permissions-Policy"] == "geolocation=()"


@pytest.mark.parametrize("path", ["/en/branches/central/", "/en/branches/"])
def test_map_takes_no_query(library, client, remembering, path):
    library.branch(**PLACE)
    counts = []
    for tiles in ("", TILES):
        _set_map(library, map_tiles=tiles)
        generations.store().advance()
        client.get(path)
        with CaptureQueriesContext(connection) as queries:
            client.get(path)
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_preview_of_a_branch_shows_the_map_too(mapped):
    preview = BranchPage.objects.get(slug="central", locale__language_code="en").make_preview_request()

    assert (preview.status_code, "data-map" in preview.content.decode()) == (200, True)
