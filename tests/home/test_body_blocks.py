"""Every piece that a page's text can be made of is shown, and contacts nobody before the reader does."""

import re
from html.parser import HTMLParser

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.images.models import Filter
from wagtail.models import Page

from core.blocks import BodyBlock
from core.models import LibraryDocument, LibraryImage, Rendition
from home.blocks import HomeBlock
from home.models import PlainPage
from tests.factories.library import publish, revise, soon

WATCH = "https://video.example/watch?v=1&t=2"


class Fetched(HTMLParser):
    """The addresses that a browser fetches by itself when it shows a page, and the elements that can fetch more."""

    FETCHING = {"src", "srcset", "poster", "data", "background", "ping", "manifest"}
    EMBEDDING = {"iframe", "embed", "object", "video", "audio", "frame", "portal"}
    LINKS = {"stylesheet", "icon", "preload", "prefetch", "preconnect", "dns-prefetch", "modulepreload", "manifest"}

    def __init__(self, html: str) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.embedded: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        self.addresses += [value for name, value in attrs if name in self.FETCHING]
        if tag == "link" and self.LINKS & set(values.get("rel", "").split()):
            self.addresses.append(values["href"])
        if tag in self.EMBEDDING:
            self.embedded.append(tag)


SIZES = [
    *((f"width-{width}|format-webp", width, "webp") for width in (480, 960, 1440)),
    *((f"width-{width}|format-jpeg", width, "jpeg") for width in (480, 960)),
    ("fill-1200x630|format-jpeg", 1200, "jpeg"),
]


def _rendition(picture, spec, width, kind) -> Rendition:
    key = Filter(spec=spec).get_cache_key(picture)
    return Rendition(
        image=picture,
        filter_spec=spec,
        focal_point_key=key,
        file=f"images/{width}.{kind}",
        width=width,
        height=width // 2,
    )


@pytest.fixture
def media(library):
    """Return a picture in all sizes that pages show, and a document."""
    picture = LibraryImage(
        title="Mill", file="mill.jpg", width=1200, height=800, file_size=9, author="Olena", licence="CC BY 4.0"
    )
    LibraryImage.objects.bulk_create([picture])
    Rendition.objects.bulk_create(_rendition(picture, *size) for size in SIZES)
    document = LibraryDocument.objects.create(title="Rules", file="documents/rules.pdf", file_size=2048)
    return {"picture": picture, "document": document}


@pytest.fixture
def shown(library, client):
    """Return a function that puts blocks on a page and returns what readers get of each."""

    def of(*blocks, path="/en/about/") -> list[str]:
        page = PlainPage(title="About", slug="about", body=list(blocks))
        publish(Page.objects.get(pk=library.home.pk).add_child(instance=page))
        html = client.get(path).content.decode()
        article = html[html.index("<article>") : html.index("</article>")]
        pieces = re.split(r'<div class="block block-[a-z_]+">', article)[1:]
        return [_packed(piece).removesuffix("</div>") for piece in pieces]

    return of


def _packed(html: str) -> str:
    return re.sub(r">\s+", ">", re.sub(r"\s+<", "<", re.sub(r"\s+", " ", html))).strip()


# --- Each block -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["en", "mk"])
def test_rich_text_leads_to_pages_in_the_shown_language(library, shown, code):
    text = f'<h2>Hello</h2><p>See <a linktype="page" id="{library.events.pk}">the dates</a> &amp; <b>come</b>.</p>'

    assert shown(("text", text), path=f"/{code}/about/") == [
        f'<h2>Hello</h2><p>See<a href="/{code}/events/">the dates</a>&amp;<b>come</b>.</p>'
    ]


def test_picture_says_what_it_shows_whose_it_is_and_under_which_licence(shown, media):
    (html,) = shown(("image", {"image": media["picture"], "alt": "A mill & a cat", "caption": "In May"}))

    assert 'alt="A mill &amp; a cat"' in html
    assert "<figcaption>In May<small>Picture: Olena, CC BY 4.0</small></figcaption>" in html
    assert (html.count("<source"), html.count("<img"), 'loading="lazy"' in html) == (1, 1, True)


def test_gallery_shows_each_picture_with_its_words(shown, media):
    pictures = [{"image": media["picture"], "alt": alt, "caption": ""} for alt in ("One", "Two")]

    (html,) = shown(("gallery", {"heading": "The mill", "pictures": pictures}))

    assert html.startswith('<section><h2>The mill</h2><ul class="gallery"><li><figure>')
    assert re.findall(r'alt="([^"]*)"', html) == ["One", "Two"]


def test_documents_tell_their_kind_and_size(shown, media):
    (html,) = shown(("documents", {"heading": "Papers", "documents": [media["document"]]}))

    assert html == (
        '<section><h2>Papers</h2><ul class="documents"><li>'
        f'<a href="{media["document"].url}">Rules</a><small>PDF, 2.0 KB</small></li></ul></section>'
    )


def test_table_has_header_cells_and_can_be_scrolled_with_keys(shown):
    table = {
        "data": [["Day", "Hours"], ["Monday", "9–18 <b>"]],
        "first_row_is_table_header": True,
        "first_col_is_header": True,
        "table_header_choice": "both",
        "table_caption": "When we are open",
    }

    (html,) = shown(("table", table))

    assert '<div class="table-scroll" role="region" tabindex="0" aria-label="When we are open">' in html
    assert "<caption>When we are open</caption>" in html
    assert [cell.replace('" >', '">') for cell in re.findall(r"<th[^>]*>[^<]*</th>", html)] == [
        '<th scope="col">Day</th>',
        '<th scope="col">Hours</th>',
        '<th scope="row">Monday</th>',
    ]
    assert "9–18 &lt;b&gt;" in html


def test_questions_unfold_without_scripts(shown):
    questions = [
        {"question": "Does it cost?", "answer": "<p>No.</p>"},
        {"question": "For whom?", "answer": "<p>All.</p>"},
    ]

    assert shown(("faq", {"heading": "Asked often", "questions": questions})) == [
        (
            '<section class="faq"><h2>Asked often</h2>'
            "<details><summary>Does it cost?</summary><div><p>No.</p></div></details>"
            "<details><summary>For whom?</summary><div><p>All.</p></div></details></section>"
        )
    ]


def test_quote_names_whose_words_they_are(shown):
    assert shown(
        ("quote", {"text": "A house\n\nof books", "source": "A reader"}), ("quote", {"text": "Yes", "source": ""})
    ) == [
        (
            '<figure class="quote"><blockquote><p>A house</p><p>of books</p></blockquote>'
            "<figcaption>A reader</figcaption></figure>"
        ),
        '<figure class="quote"><blockquote><p>Yes</p></blockquote></figure>',
    ]


def test_call_to_action_leads_to_a_page_in_the_shown_language_or_to_an_address(library, shown):
    page = {"text": "Come", "page": library.events, "url": "", "note": "Every day"}
    address = {"text": "Write", "page": None, "url": "https://example.org/", "note": ""}

    assert shown(("call_to_action", page), ("call_to_action", address), path="/mk/about/") == [
        '<p class="call-to-action"><a class="action" href="/mk/events/">Come</a><small>Every day</small></p>',
        (
            '<p class="call-to-action">'
            '<a class="action" href="https://example.org/" rel="noopener noreferrer">Write</a></p>'
        ),
    ]


def test_video_is_a_link_that_says_where_it_leads(shown):
    assert shown(("video", {"url": WATCH, "title": "The mill in May", "still": None})) == [
        (
            '<figure class="video">'
            '<a href="https://video.example/watch?v=1&amp;t=2" rel="noopener noreferrer">'
            "<span>The mill in May</span></a>"
            "<figcaption><small>Video, opens at video.example</small></figcaption></figure>"
        )
    ]


# --- All of them ----------------------------------------------------------------------------------------------------


def _all_blocks(media, page) -> list:
    picture = {"image": media["picture"], "alt": "A mill", "caption": ""}
    return [
        ("text", "<p>Hello</p>"),
        ("image", picture),
        ("gallery", {"heading": "", "pictures": [picture]}),
        ("documents", {"heading": "", "documents": [media["document"]]}),
        (
            "table",
            {"data": [["a"]], "table_caption": "", "first_row_is_table_header": False, "first_col_is_header": False},
        ),
        ("faq", {"heading": "", "questions": [{"question": "Why?", "answer": "<p>So.</p>"}]}),
        ("quote", {"text": "Words", "source": ""}),
        ("call_to_action", {"text": "Come", "page": page, "url": "", "note": ""}),
        ("video", {"url": WATCH, "title": "Film", "still": media["picture"]}),
    ]


OF_THE_HOME_PAGE = [
    ("mission_statement", {"heading": ""}),
    ("upcoming_events", {"heading": "", "count": 3}),
    ("latest_news", {"heading": "", "count": 3}),
    ("branches_open", {"heading": ""}),
]


def _kinds(html: str) -> list[str]:
    return re.findall(r'<div class="block block-([a-z_]+)">', html)


@pytest.mark.parametrize("kind", ["home", "plain", "branch", "event", "article"])
@pytest.mark.parametrize("code", ["en", "mk"])
def test_page_of_every_kind_holds_every_block_and_contacts_nobody(library, client, media, kind, code):
    library.article(title="News")
    blocks = _all_blocks(media, library.events)
    if kind == "home":
        blocks += OF_THE_HOME_PAGE
        revise(library.home, body=blocks)
        path = ""
    elif kind == "plain":
        publish(
            Page.objects.get(pk=library.home.pk).add_child(instance=PlainPage(title="About", slug="about", body=blocks))
        )
        path = "about/"
    elif kind == "branch":
        library.branch(key="mill", body=blocks, photos=[("picture", blocks[1][1])])
        path = "branches/mill/"
    elif kind == "event":
        library.event(title="Chess", slug="chess", body=blocks, image=media["picture"], starts_on=soon(2))
        path = "events/chess/"
    else:
        library.article(title="Shelves", slug="shelves", body=blocks, image=media["picture"], image_alt="Shelves")
        path = "news/shelves/"

    response = client.get(f"/{code}/{path}")

    html = response.content.decode()
    fetched = Fetched(html)
    assert (response.status_code, _kinds(html)) == (200, [name for name, _value in blocks])
    assert fetched.embedded == []
    assert [address for address in fetched.addresses if not address.startswith("/") or address.startswith("//")] == []
    assert len(fetched.addresses) > 5


def test_every_block_is_looked_at_here(library, media):
    here = {name for name, _value in _all_blocks(media, library.events)}

    assert set(BodyBlock().child_blocks) == here
    assert set(HomeBlock().child_blocks) == here | {name for name, _value in OF_THE_HOME_PAGE}


def test_block_whose_picture_or_page_was_deleted_takes_nothing_else_down(library, client, media):
    page = Page.objects.get(pk=library.home.pk).add_child(instance=PlainPage(title="Old", slug="old"))
    publish(page)
    picture = {"image": media["picture"], "alt": "", "caption": ""}
    blocks = [
        ("image", picture),
        ("gallery", {"heading": "", "pictures": [picture]}),
        ("documents", {"heading": "", "documents": [media["document"]]}),
        ("call_to_action", {"text": "Come", "page": page, "url": "", "note": "Soon"}),
        ("video", {"url": WATCH, "title": "Film", "still": media["picture"]}),
        ("text", "<p>Still here</p>"),
    ]
    revise(library.home, body=blocks)
    # As if from a copy of the database that lacks it: whoever deletes a picture takes the blocks along.
    Rendition.objects.all()._raw_delete("default")
    LibraryImage.objects.all()._raw_delete("default")
    media["document"].delete()
    page.delete()

    response = client.get("/en/")

    assert (response.status_code, _kinds(response.content.decode())) == (200, [name for name, _value in blocks])
    assert "<p>Still here</p>" in response.content.decode()


def test_pictures_cost_the_same_queries_however_many_there_are(library, client, media, remembering):
    picture = {"image": media["picture"], "alt": "", "caption": ""}

    def queries(count):
        revise(library.home, body=[("gallery", {"heading": "", "pictures": [picture] * count})])
        client.get("/en/")
        with CaptureQueriesContext(connection) as asked:
            client.get("/en/")
        return len(asked)

    assert queries(1) == queries(3)
