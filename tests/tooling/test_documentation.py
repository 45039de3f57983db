"""What the documents name exists: links, make targets, environment variables."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted(
    str(file.relative_to(ROOT)) for file in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")] if file.is_file()
)
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
TARGETS = set(re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE))


def text_of(document: str) -> str:
    return (ROOT / document).read_text(encoding="utf-8")


@pytest.mark.parametrize("document", DOCUMENTS)
def test_links_lead_somewhere(document: str) -> None:
    links = re.findall(r"\]\((?!https?://|mailto:|#)([^)#\s]+)", text_of(document))

    assert [link for link in links if not (ROOT / document).parent.joinpath(link).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_make_targets_in_documents_exist(document: str) -> None:
    named = set(re.findall(r"(?:`|^|^ {4})make ([a-z][a-z-]*)", text_of(document), re.MULTILINE))

    assert named - TARGETS == set()


def test_every_target_is_listed_by_help_or_serves_one_that_is() -> None:
    listed = set(re.findall(r"^([a-z-]+):.*## ", MAKEFILE, re.MULTILINE))

    assert TARGETS - listed == {"venv", "venv-dev"}
    assert {"help", "run", "test", "lint", "test-full", "test-next", "messages"} <= listed


def test_every_variable_that_the_settings_read_is_documented_and_no_other() -> None:
    settings = [ROOT / "site" / "config" / "environment.py", *(ROOT / "site" / "config" / "settings").glob("*.py")]
    source = "\n".join(file.read_text(encoding="utf-8") for file in settings)
    read = set(re.findall(r"""\b(?:text|words|flag|number|required|required_words|email)\(\s*"([A-Z_]+)\"""", source))
    read |= set(re.findall(r"""prefix: str = "([A-Z_]+)\"""", source))
    table = text_of("docs/operations.md").partition("## Settings")[2].partition("\n## ")[0]

    assert set(re.findall(r"^\| `([A-Z_]+)`", table, re.MULTILINE)) == read | {"DJANGO_SETTINGS_MODULE"}
