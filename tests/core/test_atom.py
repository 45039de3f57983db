"""Atom documents say what they are given, in XML that every reader can read."""

from dataclasses import replace
from datetime import UTC, datetime
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from core.atom import Category, Entry, Feed, render

NOON = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
FEED = Feed(
    uid="tag:library.example,2026:/uk/news/feed.atom",
    address="https://library.example/uk/news/feed.atom",
    url="https://library.example/uk/news/",
    title="Бібліотека",
    subtitle="",
    language="uk",
    author="Бібліотека",
    updated=NOON,
)
ENTRY = Entry(
    uid="urn:uuid:1",
    url="https://library.example/uk/news/shelves/?a=1&b=2",
    title="Shelves & <books>",
    summary="A < B",
    language="en",
    author="Library",
    published=NOON,
    updated=NOON,
    categories=(Category("tag:library.example,2026:topic", "reading", "Reading"),),
    picture="https://library.example/media/shelves.jpg",
)
NAME = {"atom": "http://www.w3.org/2005/Atom"}


def test_document_is_what_the_standard_asks_for():
    assert render(FEED, [ENTRY]).decode() == (
        "<?xml version='1.0' encoding='utf-8'?>\n"
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="uk">'
        "<id>tag:library.example,2026:/uk/news/feed.atom</id>"
        "<title>Бібліотека</title>"
        "<updated>2026-11-22T10:00:00+00:00</updated>"
        "<author><name>Бібліотека</name></author>"
        '<link rel="self" href="https://library.example/uk/news/feed.atom" type="application/atom+xml" />'
        '<link rel="alternate" href="https://library.example/uk/news/" type="text/html" hreflang="uk" />'
        '<entry xml:lang="en">'
        "<id>urn:uuid:1</id>"
        "<title>Shelves &amp; &lt;books&gt;</title>"
        "<published>2026-11-22T10:00:00+00:00</published>"
        "<updated>2026-11-22T10:00:00+00:00</updated>"
        "<author><name>Library</name></author>"
        '<link rel="alternate" href="https://library.example/uk/news/shelves/?a=1&amp;b=2"'
        ' type="text/html" hreflang="en" />'
        '<link rel="enclosure" href="https://library.example/media/shelves.jpg" type="image/jpeg" />'
        '<category term="reading" scheme="tag:library.example,2026:topic" label="Reading" />'
        '<summary type="text">A &lt; B</summary>'
        "</entry></feed>"
    )


def test_subtitle_stands_where_there_is_one():
    assert "<subtitle>Open to all</subtitle>" in render(replace(FEED, subtitle="Open to all"), []).decode()


@given(st.text())
def test_whatever_is_pasted_into_a_text_leaves_the_document_readable(text):
    entry = replace(
        ENTRY, title=text, summary=text, categories=(Category("tag:library.example,2026:topic", "reading", text),)
    )

    root = ElementTree.fromstring(render(replace(FEED, title=text), [entry]))

    assert root.find("atom:entry/atom:id", NAME).text == "urn:uuid:1"


def test_nothing_but_control_characters_is_lost():
    entry = replace(ENTRY, title="Tab\tline\nЇжак \x0b\x00\ufffe🙂")

    root = ElementTree.fromstring(render(FEED, [entry]))

    assert root.find("atom:entry/atom:title", NAME).text == "Tab\tline\nЇжак 🙂"
