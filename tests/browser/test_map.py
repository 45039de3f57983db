"""The map on request and the nearest branches, in a browser that reports each breach of the policy."""

from __future__ import annotations

import re
import struct
import zlib

import pytest

from branches.distances import Place, kilometres_between
from branches.nearest import distance_words
from tests.browser.test_accessibility import violations

pytestmark = pytest.mark.browser

TILES = "https://tile.openstreetmap.org/"
AT_THE_MILL = {"latitude": 49.4880, "longitude": 31.5300}
NEAREST = {"en": "Old Mill", "uk": "Старий млин", "mk": "Стара воденица"}
# The numbers of each language, not those that the browser knows.
DISTANCES = {
    "en": ["150 m", "1.3 km", "1.9 km", "2.4 km", "3.1 km", "14 km"],
    "uk": ["150 м", "1,3 км", "1,9 км", "2,4 км", "3,1 км", "14 км"],
    "mk": ["150 м", "1,3 км", "1,9 км", "2,4 км", "3,1 км", "14 км"],
}


def _tile() -> bytes:
    """Return a grey tile."""
    rows = b"".join(b"\0" + b"\xd8" * 256 for _row in range(256))

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 256, 256, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


class Requests(list):
    """The addresses that a browser asks for; those of tiles are answered here, as if by their server."""

    def __init__(self, context, *, answers: bool = True):
        super().__init__()
        self.referrers: set[str | None] = set()
        context.on("request", self._note)
        if answers:
            context.route(f"{TILES}**", lambda route: route.fulfill(body=_tile(), content_type="image/png"))
        else:
            context.route(f"{TILES}**", lambda route: route.abort())

    def _note(self, request) -> None:
        self.append(request.url)
        if request.url.startswith(TILES):
            self.referrers.add(request.headers.get("referer"))

    @property
    def for_the_map(self) -> list[str]:
        """What is fetched for a map: its program, its styles, its tiles."""
        return [url for url in self if url.startswith(TILES) or "leaflet" in url or "css/map" in url]


def complaints_but_tiles(visitor) -> list[str]:
    return [one for one in visitor.complaints if TILES not in one]


def show_map(visitor) -> None:
    visitor.page.locator("[data-map] button").click()
    visitor.page.locator(".map-pin").first.wait_for()


def names(visitor) -> list[str]:
    return visitor.page.locator(".branch-row h3").all_inner_texts()


# --- The map ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("path", "pins"), [("/uk/branches/", 6), ("/uk/branches/mill/", 1)])
def test_map_is_fetched_on_a_click_only_and_breaks_no_rule(visitor, path, pins):
    requests = Requests(visitor.context)
    visitor.open(path)
    visitor.page.wait_for_load_state("networkidle")
    assert requests.for_the_map == []
    assert "tile.openstreetmap.org" in visitor.page.locator("[data-offer]").inner_text()

    show_map(visitor)
    visitor.page.locator(".leaflet-tile-loaded").first.wait_for()

    assert visitor.page.locator(".map-pin").count() == pins
    assert visitor.page.locator(".map-canvas").inner_text().strip().endswith("© учасники OpenStreetMap")
    assert any(url.startswith(TILES) for url in requests)
    # The server of the tiles learns which site asks, not which page.
    assert requests.referrers == {f"{visitor.site}/"}
    assert complaints_but_tiles(visitor) == []


def test_map_is_used_with_the_keyboard(visitor):
    Requests(visitor.context)
    visitor.open("/uk/branches/")
    button = visitor.page.locator("[data-map] button")
    button.focus()
    visitor.page.keyboard.press("Enter")
    visitor.page.locator(".map-pin").first.wait_for()
    assert visitor.page.evaluate("document.activeElement.className").startswith("map-canvas")

    name = visitor.page.locator(".branch-row h3").first.inner_text()
    pin = visitor.page.get_by_role("button", name=name, exact=True)
    pin.focus()
    visitor.page.keyboard.press("Enter")
    bubble = visitor.page.get_by_role("dialog", name=name)
    bubble.wait_for()
    said = bubble.inner_text()
    assert visitor.page.evaluate("document.activeElement.textContent") == name
    assert re.search("Відчинено|Зачинено", said)
    assert "вул. Каштанова, 4" in said
    assert "OpenStreetMap" not in said
    assert bubble.get_by_role("link", name=name).get_attribute("href") == "/uk/branches/central/"

    visitor.page.keyboard.press("Escape")
    bubble.wait_for(state="detached")
    assert pin.evaluate("element => element === document.activeElement")
    assert complaints_but_tiles(visitor) == []


def test_words_of_the_map_are_in_the_language_of_the_page(visitor):
    Requests(visitor.context)
    visitor.open("/mk/branches/mill/")
    show_map(visitor)
    visitor.page.locator(".map-pin").click()

    titles = visitor.page.locator(".map-canvas [title]").evaluate_all("all => all.map((one) => one.title)")
    assert set(titles) == {"Приближи", "Оддалечи", "Затвори", "Подружница „Стара воденица“"}


def test_branches_stay_marked_when_the_tiles_do_not_come(visitor):
    Requests(visitor.context, answers=False)
    visitor.open("/en/branches/")
    show_map(visitor)

    status = visitor.page.locator("[data-map] [role=status]")
    status.filter(has_text="could not be fetched").wait_for()
    assert status.inner_text().startswith("The pictures of the map could not be fetched")
    assert visitor.page.locator(".branch-row").count() == 6


def test_map_that_can_not_be_fetched_says_so_and_can_be_asked_for_again(visitor):
    Requests(visitor.context)
    visitor.context.route("**/leaflet*.js", lambda route: route.abort())
    visitor.open("/en/branches/")
    visitor.page.locator("[data-map] button").click()
    status = visitor.page.locator("[data-map] [role=status]")
    status.filter(has_text="could not be fetched").wait_for()
    assert status.inner_text() == "The map could not be fetched. Please try again later."
    assert visitor.page.locator("[data-map] button").is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_open_map_has_no_grave_violation(visitor, scheme):
    Requests(visitor.context)
    visitor.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    visitor.open("/uk/branches/")
    show_map(visitor)
    visitor.page.locator(".map-pin").last.press("Enter")
    visitor.page.locator(".leaflet-popup").wait_for()

    assert violations(visitor.page) == []


def test_open_map_fits_a_small_phone(person):
    visitor = person(viewport={"width": 320, "height": 640})
    Requests(visitor.context)
    for path in ("/uk/branches/", "/uk/branches/mill/"):
        visitor.open(path)
        show_map(visitor)
        assert visitor.page.evaluate("document.scrollingElement.scrollWidth") <= 320


# --- The nearest ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["en", "uk", "mk"])
def test_nearest_to_the_device_come_first_and_its_place_stays_in_the_page(person, code):
    visitor = person(geolocation=AT_THE_MILL, permissions=["geolocation"])
    visitor.open(f"/{code}/branches/?near=station")
    visitor.page.wait_for_load_state("networkidle")
    requests = Requests(visitor.context)

    visitor.page.locator("[data-near-me] button").click()
    status = visitor.page.locator("[data-near-me] [role=status]")
    status.filter(has_text="150").wait_for()
    visitor.page.wait_for_timeout(500)

    assert list(requests) == []
    assert NEAREST[code] in names(visitor)[0]
    assert NEAREST[code] in status.inner_text()
    assert visitor.page.locator("[data-distance]").all_inner_texts() == DISTANCES[code]
    assert visitor.page.locator("[data-near-district]").count() == 0
    kept = visitor.page.evaluate("[location.href, document.cookie, localStorage.length, sessionStorage.length]")
    assert kept == [f"{visitor.site}/{code}/branches/?near=station", "", 0, 0]
    assert visitor.complaints == []


def test_page_and_server_measure_alike(visitor):
    visitor.open("/en/branches/")
    pairs = [(Place(49.5 + n / 37, 31.5), Place(49.5, 31.5 - n * n / 911)) for n in range(60)]
    said = visitor.page.evaluate(
        """async ([source, pairs]) => {
          const { distanceWords, kilometresBetween } = await import(source);
          const words = { metres: "{number} m", kilometres: "{number} km", decimal: "." };
          return pairs.map(([one, other]) => distanceWords(kilometresBetween(one, other), words));
        }""",
        ["/static/js/distances.js", [[vars(one), vars(other)] for one, other in pairs]],
    )

    assert said == [distance_words(kilometres_between(one, other)) for one, other in pairs]


def test_device_is_asked_on_a_click_only(person):
    visitor = person(geolocation=AT_THE_MILL, permissions=["geolocation"])
    visitor.context.add_init_script(
        "window.asked = 0; const ask = navigator.geolocation.getCurrentPosition.bind(navigator.geolocation);"
        "navigator.geolocation.getCurrentPosition = (...all) => { window.asked += 1; ask(...all); };"
    )
    visitor.open("/en/branches/")
    visitor.page.locator("[data-near-me]").wait_for()
    assert visitor.page.evaluate("window.asked") == 0

    visitor.page.locator("[data-near-me] button").click()
    visitor.page.locator("[data-near-me] [role=status]").filter(has_text="150 m").wait_for()
    assert visitor.page.evaluate("window.asked") == 1


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (1, "Your browser does not tell where you are, so the order stays as it was."),
        (2, "Your device could not find out where it is."),
        (3, "Your device took too long to find out where it is."),
    ],
)
def test_failure_is_said_in_words_and_changes_nothing(visitor, code, words):
    visitor.context.add_init_script(
        f"navigator.geolocation.getCurrentPosition = (_found, failed) => failed({{ code: {code} }});"
    )
    visitor.open("/en/branches/")
    before = names(visitor)

    visitor.page.locator("[data-near-me] button").click()

    status = visitor.page.locator("[data-near-me] [role=status]")
    status.filter(has_text="Your").wait_for()
    assert status.inner_text().startswith(words)
    assert names(visitor) == before


def test_reader_who_refuses_is_told_so(person):
    visitor = person(permissions=[])
    visitor.open("/en/branches/")
    visitor.page.locator("[data-near-me] button").click()
    status = visitor.page.locator("[data-near-me] [role=status]")

    status.filter(has_text="does not tell").wait_for()
    assert complaints_but_tiles(visitor) == []


def test_without_scripts_there_are_the_form_and_the_links(person):
    visitor = person(java_script_enabled=False)
    visitor.open("/uk/branches/")
    assert not visitor.page.locator("[data-near-me] button, [data-map] button").first.is_visible()
    assert visitor.page.locator("[data-map] button").is_hidden()
    link = visitor.page.locator(".branch-row", has_text="Старий млин").get_by_role("link", name="OpenStreetMap")
    assert link.get_attribute("href").startswith("https://www.openstreetmap.org/?mlat=49.48710&mlon=31.53160")

    visitor.page.get_by_label("Найближчі до району").select_option("Млини")
    visitor.page.get_by_role("button", name="Показати", exact=True).click()
    visitor.page.wait_for_url("**near=mill-end")

    assert "Старий млин" in names(visitor)[0]
    assert visitor.complaints == []
