"""Finds the messages marked for translation in Python modules and Django templates, without GNU gettext."""

import ast
import re
import tokenize
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from django.utils.translation.template import templatize

# Which of a call's arguments are the context, the message and its plural.
MARKERS = {
    "gettext": (None, 0, None),
    "ngettext": (None, 0, 1),
    "pgettext": (0, 1, None),
    "npgettext": (0, 1, 2),
}
MARKERS |= {f"{name}_lazy": places for name, places in MARKERS.items()}
MARKERS |= {"gettext_noop": MARKERS["gettext"], "_": MARKERS["gettext"]}

LITERAL = r"""[uU]?(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
# What templatize() leaves of a template: calls such as ` ngettext(u'one', u'many', count) ` among blanked-out text.
TEMPLATE_CALL = re.compile(rf"\b(_|n?p?gettext)\(\s*({LITERAL}(?:\s*,\s*{LITERAL})*)")
TEMPLATE_COMMENT = re.compile(r"#\s*(Translators.*?)(?:\s*\|.*)?$", re.MULTILINE)
FORMAT = re.compile(r"%(?:\(\w+\))?[-+0#]*\d*(?:\.\d+)?[sdrifgex]")


@dataclass(frozen=True, order=True)
class Message:
    """One message of one file: `context` is empty for plain gettext, `plural` for messages without a number."""

    text: str
    context: str = ""
    plural: str = ""
    path: str = ""
    comment: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """What gettext looks the message up by."""
        return self.context, self.text

    @property
    def has_python_format(self) -> bool:
        """Whether the text holds %-placeholders."""
        return bool(FORMAT.search(self.text) or FORMAT.search(self.plural))


def _message(marker: str, arguments: list[str | None], path: str, comment: str = "") -> Message | None:
    """Return the message of one call; None when a part that matters isn't a plain string."""
    places = MARKERS[marker]
    parts: list[str] = []
    for place in places:
        if place is None:
            parts.append("")
        elif place < len(arguments) and arguments[place] is not None:
            parts.append(arguments[place] or "")
        else:
            return None
    context, text, plural = parts
    return Message(text=text, context=context, plural=plural, path=path, comment=comment) if text else None


def _constant(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _translators_comments(source: str) -> dict[int, str]:
    """Return the comments that begin with "Translators", each under the number of the line below it."""
    found: dict[int, str] = {}
    for token in tokenize.generate_tokens(StringIO(source).readline):
        if token.type != tokenize.COMMENT:
            continue
        line, text = token.start[0], token.string.lstrip("#").strip()
        if line in found:
            found[line + 1] = f"{found.pop(line)} {text}"
        elif text.startswith("Translators"):
            found[line + 1] = text
    return found


def python_messages(source: str, path: str) -> Iterator[Message]:
    """Yield the messages of a Python module, in the order of the syntax tree."""
    comments = _translators_comments(source)
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", None) or getattr(node.func, "attr", "")
        if name in MARKERS:
            message = _message(name, [_constant(arg) for arg in node.args], path, comments.get(node.lineno, ""))
            if message:
                yield message


def template_messages(source: str, path: str) -> Iterator[Message]:
    """Yield the messages of a Django template: translate, blocktranslate and _("...")."""
    text = templatize(source, origin=path)
    end_of_last = 0
    for call in TEMPLATE_CALL.finditer(text):
        arguments: list[str | None] = [ast.literal_eval(part) for part in re.findall(LITERAL, call[2])]
        comment = TEMPLATE_COMMENT.search(text, end_of_last, call.start())
        end_of_last = call.end()
        message = _message(call[1], arguments, path, comment[1].strip() if comment else "")
        if message:
            yield message


def messages(root: Path, files: Iterable[Path]) -> Iterator[Message]:
    """Yield the messages of files below `root`, with paths as seen from there; `.py` is Python, the rest templates."""
    for file in sorted(files):
        source = file.read_text(encoding="utf-8")
        read = python_messages if file.suffix == ".py" else template_messages
        if "_(" in source or "gettext" in source or "trans" in source:
            yield from read(source, file.relative_to(root).as_posix())
