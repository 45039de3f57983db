"""The house rules that no linter knows: what lies where, what a template may hold, what a page may fetch."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("home", "news", "events", "partners", "branches")
DRAWERS = {"utils", "util", "helpers", "helper", "common", "misc"}
# Names of formats and vocabularies, which nobody fetches.
NAMES_NOT_ADDRESSES = ("http://www.w3.org/", "https://schema.org", "http://www.sitemaps.org/", "http://purl.org/")
ADDRESS = re.compile(r"""https?://[^\s"'<>)]+""")
INLINE = re.compile(
    r"""<style\b|\sstyle\s*=|\son(?:blur|change|click|drag|error|focus|input|key|load|mouse|pointer|scroll|submit|toggle|touch)[a-z]*\s*=|javascript:"""
    r"""|<script(?![^>]*\bsrc=)(?![^>]*\btype=["']application/(?:ld\+)?json["'])"""
)
SCRIPT_OR_COMMENT = re.compile(r"\{#.*?#\}|\{% comment.*?endcomment %\}", re.DOTALL)


def ours(suffixes: Iterable[str]) -> Iterator[Path]:
    for folder in (*ROOMS, "site", "templates", "scripts", "tests"):
        for file in sorted((ROOT / folder).rglob("*")):
            if file.suffix in suffixes and not {"__pycache__", "vendor"} & set(file.parts):
                yield file


def templates() -> list[Path]:
    return [file for file in ours({".html", ".txt", ".xml"}) if "tests" not in file.relative_to(ROOT).parts]


def hits(files: Iterable[Path], pattern: re.Pattern[str]) -> list[tuple[str, str]]:
    """Return where a pattern stands, comments aside: path and what was found."""
    found = []
    for file in files:
        text = SCRIPT_OR_COMMENT.sub("", file.read_text(encoding="utf-8"))
        found += [(str(file.relative_to(ROOT)), match[0].strip()) for match in pattern.finditer(text)]
    return found


@pytest.mark.parametrize("folder", ["site", "locale", "templates", "scripts"])
def test_folders_on_the_path_are_no_packages(folder: str) -> None:
    assert not (ROOT / folder / "__init__.py").exists()


def test_no_module_is_a_drawer() -> None:
    named = [str(f.relative_to(ROOT)) for f in ours({".py"}) if DRAWERS & {f.stem, f.parent.name}]

    assert named == []


def test_ignored_files_do_not_hide_our_code() -> None:
    rules = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()

    assert {"site", "/site", "site/", "/site/", "*.po", "*.pot"} & set(rules) == set()


def test_pages_fetch_nothing_from_elsewhere() -> None:
    files = [*templates(), *ours({".css", ".js", ".svg"})]
    foreign = [(path, url) for path, url in hits(files, ADDRESS) if not url.startswith(NAMES_NOT_ADDRESSES)]

    assert foreign == []


def test_pages_hold_no_inline_script_or_style() -> None:
    assert hits((f for f in templates() if f.suffix == ".html"), INLINE) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('<p style="color: red">', 1),
        ('<a onclick="go()">', 1),
        ("<script>go()</script>", 1),
        ("<script type='module'>go()</script>", 1),
        ("<style>p {}</style>", 1),
        ('<a href="javascript:go()">', 1),
        ('<script type="module" src="/static/js/menu.js"></script>', 0),
        ('<script type="application/ld+json">{}</script>', 0),
        ('<link rel="stylesheet" href="/static/css/site.css">', 0),
        ('{% include "components/date.html" with one=day only %}', 0),
        ("{# <style> would not do #}", 0),
    ],
)
def test_the_search_for_inline_code_tells_it_from_the_rest(text: str, found: int) -> None:
    assert len(INLINE.findall(SCRIPT_OR_COMMENT.sub("", text))) == found


def test_times_are_formatted_by_the_one_filter() -> None:
    # What a machine reads (the value of a field, an address) is no text: ISO dates are free.
    formats = re.compile(r"""\|\s*(?:date|time)\s*:(?!\s*["'](?:c|Y-m-d|Y-m)["'])|strftime""")
    html = [file for file in templates() if file.suffix == ".html"]
    models = [file for file in ours({".py"}) if file.stem == "models" or "models" in file.parts]

    assert hits([*html, *models], formats) == []


def test_programs_name_no_package_index() -> None:
    named = re.compile(r"--(?:extra-)?index-url|--find-links|--trusted-host")
    files = [ROOT / "Makefile", ROOT / ".ci" / "run", *ours({".sh"}), *(ROOT / "scripts").glob("*.py")]

    assert hits(files, named) == []


@pytest.mark.parametrize("script", sorted(path.name for path in (ROOT / "scripts").glob("*.sh")))
def test_shell_scripts_stop_at_the_first_failure(script: str) -> None:
    text = (ROOT / "scripts" / script).read_text(encoding="utf-8")

    assert re.search(r"^set -eu(o pipefail)?$", text, re.MULTILINE)
