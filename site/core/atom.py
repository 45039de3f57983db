"""Atom documents (RFC 4287) from plain values."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from xml.etree import ElementTree

CONTENT_TYPE = "application/atom+xml; charset=utf-8"
# What XML 1.0 can't hold in any spelling (section 2.2); it comes with text pasted from elsewhere.
NO_XML = re.compile("[^\\t\\n\\r\\u0020-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")


@dataclass(frozen=True)
class Category:
    """What an entry is about, in a scheme of its own: a key for programs, a label for people."""

    scheme: str
    term: str
    label: str


@dataclass(frozen=True)
class Entry:
    """An article or a date as others show it; `language` is that of its words, times are aware, `picture` is a JPEG."""

    uid: str
    url: str
    title: str
    summary: str
    language: str
    author: str
    published: datetime
    updated: datetime
    categories: tuple[Category, ...] = ()
    picture: str = ""


@dataclass(frozen=True)
class Feed:
    """A feed in one language: `address` is its own, `url` the page of which it tells."""

    uid: str
    address: str
    url: str
    title: str
    subtitle: str
    language: str
    author: str
    updated: datetime


def render(feed: Feed, entries: Iterable[Entry]) -> bytes:
    """Return the document: the same bytes for the same values."""
    root = ElementTree.Element("feed", {"xmlns": "http://www.w3.org/2005/Atom", "xml:lang": feed.language})
    _text(root, "id", feed.uid)
    _text(root, "title", feed.title)
    if feed.subtitle:
        _text(root, "subtitle", feed.subtitle)
    _text(root, "updated", _moment(feed.updated))
    _person(root, feed.author)
    _link(root, "self", feed.address, type="application/atom+xml")
    _link(root, "alternate", feed.url, type="text/html", hreflang=feed.language)
    for entry in entries:
        _entry(root, entry)
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)


def _entry(root: ElementTree.Element, entry: Entry) -> None:
    element = ElementTree.SubElement(root, "entry", {"xml:lang": entry.language})
    _text(element, "id", entry.uid)
    _text(element, "title", entry.title)
    _text(element, "published", _moment(entry.published))
    _text(element, "updated", _moment(entry.updated))
    _person(element, entry.author)
    _link(element, "alternate", entry.url, type="text/html", hreflang=entry.language)
    if entry.picture:
        _link(element, "enclosure", entry.picture, type="image/jpeg")
    for category in entry.categories:
        named = {"term": category.term, "scheme": category.scheme, "label": category.label}
        ElementTree.SubElement(element, "category", {name: _clean(value) for name, value in named.items()})
    _text(element, "summary", entry.summary, type="text")


def _text(parent: ElementTree.Element, name: str, text: str, **attributes: str) -> None:
    ElementTree.SubElement(parent, name, attributes).text = _clean(text)


def _person(parent: ElementTree.Element, name: str) -> None:
    _text(ElementTree.SubElement(parent, "author"), "name", name)


def _link(parent: ElementTree.Element, relation: str, address: str, **attributes: str) -> None:
    ElementTree.SubElement(parent, "link", {"rel": relation, "href": _clean(address), **attributes})


def _clean(text: str) -> str:
    return NO_XML.sub("", text)


def _moment(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
