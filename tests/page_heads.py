"""Reads what a page says of itself to programs: its language, its links, its data blocks."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from typing import Any

DATA = "application/ld+json"


class PageHead(HTMLParser):
    """The language, the links and the data blocks of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.language = ""
        self.links: list[dict[str, str]] = []
        self.robots = ""
        self.data: dict[str, dict[str, Any]] = {}
        self._in_data = False
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        values = {name: value or "" for name, value in attrs}
        if tag == "html":
            self.language = values.get("lang", "")
        elif tag == "link":
            self.links.append(values)
        elif tag == "meta" and values.get("name") == "robots":
            self.robots = values["content"]
        self._in_data = tag == "script" and values.get("type") == DATA

    def handle_data(self, data):
        if self._in_data:
            value = json.loads(data)
            self.data[value["@type"]] = value
            self._in_data = False

    @property
    def canonical(self) -> str:
        """The one address of the page."""
        (address,) = [link["href"] for link in self.links if link.get("rel") == "canonical"]
        return address

    @property
    def alternates(self) -> dict[str, str]:
        """The address of the page in each language, "x-default" among them."""
        return {link["hreflang"]: link["href"] for link in self.links if "hreflang" in link}

    def feeds(self, kind: str) -> dict[str, str]:
        """Return the titles of the feeds of a media type by their addresses."""
        return {link["href"]: link["title"] for link in self.links if link.get("type") == kind}


def head_of(response) -> PageHead:
    """Return what the page in a response says of itself."""
    return PageHead(response.content.decode())
