"""Turns plain text with a few marks into the blocks of a page."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Any


def body_blocks(text: str) -> list[tuple[str, Any]]:
    """Return plain text as blocks of a page: paragraphs and lists as text, questions as FAQ, quotes as quotes."""
    blocks: list[tuple[str, Any]] = []
    html: list[str] = []
    questions: list[dict[str, str]] = []
    for kind, value in _parts(text):
        if kind == "question":
            questions.append(value)
            continue
        if kind == "quote":
            blocks += [("text", "".join(html))] if html else []
            blocks.append(("quote", value))
            html = []
            continue
        html.append(value)
    if html:
        blocks.append(("text", "".join(html)))
    if questions:
        blocks.append(("faq", {"heading": "", "questions": questions}))
    return blocks


def _parts(text: str) -> Iterator[tuple[str, Any]]:
    for paragraph in text.strip().split("\n\n"):
        lines = [line.strip() for line in paragraph.strip().splitlines() if line.strip()]
        yield from _paragraph(lines)


def _paragraph(lines: list[str]) -> Iterator[tuple[str, Any]]:
    items: list[str] = []
    plain: list[str] = []
    question = ""
    for line in lines:
        if line.startswith("- "):
            items.append(f"<li>{escape(line[2:], quote=False)}</li>")
        elif line.startswith("## "):
            yield "html", f"<h2>{escape(line[3:], quote=False)}</h2>"
        elif line.startswith("? "):
            question = line[2:]
        elif line.startswith("! "):
            yield "question", {"question": question, "answer": f"<p>{escape(line[2:], quote=False)}</p>"}
        elif line.startswith("> "):
            words, _bar, source = line[2:].partition("|")
            yield "quote", {"text": words.strip(), "source": source.strip()}
        else:
            plain.append(line)
    if plain:
        yield "html", f"<p>{escape(' '.join(plain), quote=False)}</p>"
    if items:
        yield "html", f"<ul>{''.join(items)}</ul>"
