"""Every kind of page in every language: it answers, and says what it is to browsers and search engines."""

import io
import re

import pytest
from PIL import Image
from wagtail.models import Page, get_page_models

from branches.models import BranchIndexPage, BranchPage
from events.models import EventIndexPage, EventPage
from home.models import HomePage, MissionPage, PlainPage
from news.models import ArticlePage, NewsIndexPage
from tests.factories.library import LANGUAGES, publish
from tests.page_heads import head_of

PATHS = {
    HomePage: "",
    PlainPage: "about/",
    MissionPage: "mission/",
    BranchIndexPage: "branches/",
    BranchPage: "branches/mill/",
    EventIndexPage: "events/",
    EventPage: "events/chess/",
    NewsIndexPage: "news/",
    ArticlePage: "branches/mill/flour/",
}
# Written in English and Ukrainian, shown in all.
WRITTEN = ("en", "uk")


@pytest.fixture(scope="module")
def pages(built_once, django_db_blocker):
    """Return one page of each kind, with words in two languages."""
    with django_db_blocker.unblock():
        made = _pages(built_once)
        for page in made.values():
            built_once.translate(page, "uk", title=f"{page.title}: українською")
        return made


def _pages(library) -> dict[type[Page], Page]:
    def add(page):
        return publish(Page.objects.get(pk=library.home.pk).add_child(instance=page))

    mill = library.branch(key="mill", title="Old Mill")
    return {
        HomePage: library.home,
        PlainPage: add(PlainPage(title="About")),
        MissionPage: add(MissionPage(title="Mission", statement="Open to all.")),
        BranchIndexPage: library.branches,
        BranchPage: mill,
        EventIndexPage: library.events,
        EventPage: library.event(title="Chess", slug="chess"),
        NewsIndexPage: library.news,
        ArticlePage: library.article(parent=mill, title="Flour", slug="flour"),
    }


@pytest.fixture
def everything(pages, db):
    """Return the pages as they were made."""
    return pages


def test_every_kind_of_page_is_looked_at_here():
    assert set(PATHS) == set(get_page_models()) - {Page}


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("kind", list(PATHS), ids=lambda kind: kind.__name__)
def test_page_says_its_language_its_address_and_its_translations(everything, client, kind, code):
    path = PATHS[kind]

    response = client.get(f"/{code}/{path}")
    head, html = head_of(response), response.content.decode()

    own = code if code in WRITTEN else "en"
    title = everything[kind].title + (": українською" if own == "uk" else "")
    alternates = {written: f"http://testserver/{written}/{path}" for written in WRITTEN}
    assert (response.status_code, response["Content-Language"]) == (200, code)
    assert head.language == code
    assert head.canonical == alternates[own]
    assert head.alternates == alternates | {"x-default": alternates["en"]}
    assert f"<h1>{title}</h1>" in html
    assert ('<main id="content" class="frame" tabindex="-1" lang="en">' in html) is (own != code)


@pytest.mark.parametrize("kind", list(PATHS), ids=lambda kind: kind.__name__)
def test_page_shows_the_way_to_it_in_the_shown_language(everything, client, kind):
    path = PATHS[kind]

    trail = head_of(client.get(f"/uk/{path}")).data.get("BreadcrumbList")

    steps = [f"http://testserver/uk/{path[:end]}" for end in [0, *_ends(path)]]
    assert [step["item"] for step in trail["itemListElement"]] == steps if path else trail is None


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("kind", list(PATHS), ids=lambda kind: kind.__name__)
def test_page_has_a_picture_to_be_shared_with(everything, client, kind, code):
    html = client.get(f"/{code}/{PATHS[kind]}").content.decode()

    (address,) = re.findall(r'<meta property="og:image" content="http://testserver([^"]*)">', html)
    assert '<meta property="og:image:width" content="1200">' in html
    assert '<meta property="og:image:height" content="630">' in html
    assert html.count('<meta property="og:image:alt" content="') == 1
    assert html.count('<meta name="twitter:card" content="summary_large_image">') == 1
    assert address.startswith(f"/{code}/shared/card/")
    response = client.get(address)
    assert (response.status_code, response["Content-Type"]) == (200, "image/png")
    assert Image.open(io.BytesIO(response.content)).size == (1200, 630)


def _ends(path: str) -> list[int]:
    return [number + 1 for number, character in enumerate(path) if character == "/"]
