"""The mission is made of parts, and each of them is shown as what it is."""

import re

import pytest
from wagtail.models import Page

from home.models import MissionPage
from tests.factories.library import publish

PARTS = {
    "introduction": [("text", "<p>Why we are here.</p>")],
    "goals": [
        (
            "goal",
            {"name": "Reading & writing", "text": "First.\n\nSecond.", "tasks": ["Circles", "A trolley"]},
        ),
        ("goal", {"name": "Memory", "text": "Third.", "tasks": []}),
    ],
    "principles": [("principle", {"name": "Free of charge", "text": "No conditions."})],
    "audiences": [("audience", {"name": "Families", "text": "A warm corner."})],
    "results": [
        ("result", {"text": "A lift at the mill.", "by": "By 2028"}),
        ("result", {"text": "Cards for all.", "by": ""}),
    ],
}


@pytest.fixture
def add(library):
    """Return a function that adds a mission page."""

    def added(**fields) -> MissionPage:
        page = MissionPage(**{"title": "Our mission", "slug": "mission", "statement": "Open to all."} | fields)
        return publish(Page.objects.get(pk=library.home.pk).add_child(instance=page))

    return added


def _shown(client, path="/en/mission/") -> str:
    """Return the article of the page, without white space between its elements."""
    html = client.get(path).content.decode()
    article = html[html.index('<article class="mission">') : html.index("</article>")]
    return re.sub(r">\s+", ">", re.sub(r"\s+<", "<", article))


def test_every_part_is_shown_as_what_it_is(add, client):
    add(**PARTS)

    assert _shown(client) == (
        '<article class="mission">'
        "<h1>Our mission</h1>"
        '<p class="statement">Open to all.</p>'
        '<div class="block block-text"><p>Why we are here.</p></div>'
        "<section>"
        '<h2 lang="en">Goals and tasks</h2>'
        '<ol class="goals">'
        "<li><h3>Reading &amp; writing</h3><p>First.</p><p>Second.</p><ul><li>Circles</li><li>A trolley</li></ul></li>"
        "<li><h3>Memory</h3><p>Third.</p></li>"
        "</ol>"
        "</section>"
        '<section><h2 lang="en">Principles</h2>'
        '<dl class="pairs"><div><dt>Free of charge</dt><dd><p>No conditions.</p></dd></div></dl></section>'
        '<section><h2 lang="en">For whom we work</h2>'
        '<dl class="pairs"><div><dt>Families</dt><dd><p>A warm corner.</p></dd></div></dl></section>'
        '<section><h2 lang="en">Expected results</h2>'
        '<ul class="results"><li>A lift at the mill.<small>By 2028</small></li><li>Cards for all.</li></ul></section>'
    )


def test_part_that_is_not_written_has_no_heading(add, client):
    add()

    assert _shown(client) == ('<article class="mission"><h1>Our mission</h1><p class="statement">Open to all.</p>')


def test_headings_are_in_the_language_of_the_reader_and_the_words_in_their_own(add, client):
    add(**PARTS)

    html = _shown(client, "/uk/mission/")

    assert '<h2 lang="uk">Принципи</h2>' in html
    assert "<dt>Free of charge</dt>" in html


def test_parts_are_translated_one_by_one(add, library, client):
    page = add(**PARTS)
    library.translate(
        page, "mk", title="Мисија", statement="За сите.", principles=[("principle", {"name": "Бесплатно", "text": ""})]
    )

    html = _shown(client, "/mk/mission/")

    assert ("<h1>Мисија</h1>" in html, "За сите." in html, "<dt>Бесплатно</dt>" in html) == (True, True, True)
    assert "Free of charge" not in html


def test_home_page_shows_the_statement_alone(add, library, client):
    add(**PARTS)
    home = type(library.home).objects.get(pk=library.home.pk)
    home.body = [("mission_statement", {"heading": "What for"})]
    publish(home)

    html = client.get("/mk/").content.decode()

    assert '<p class="statement" lang="en">Open to all.</p>' in html
    assert '<a href="/mk/mission/" lang="en">Our mission</a>' in html
    assert "Free of charge" not in html
