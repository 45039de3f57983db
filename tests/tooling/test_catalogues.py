"""The catalogues stay in step with the code, and a check notices when they don't."""

from pathlib import Path

import borrowed
import catalogues
import polib
import pytest
from extraction import Message

ROOT = Path(__file__).resolve().parents[2]
OWN = [
    Message("Branches", path="b.html"),
    Message("Branches", path="a.py", comment="Translators: a menu."),
    Message("%(n)s seat", plural="%(n)s seats", path="a.py"),
    Message("May", context="month", path="a.py"),
]


def entry(po: polib.POFile, text: str, context: str | None = None) -> polib.POEntry:
    return next(e for e in po if (e.msgid, e.msgctxt) == (text, context))


@pytest.fixture
def complete() -> polib.POFile:
    """A Ukrainian catalogue of OWN in which nothing is wrong."""
    po = catalogues.merge(None, OWN, "uk")
    entry(po, "Branches").msgstr = "Філії"
    entry(po, "May", "month").msgstr = "травень"
    entry(po, "%(n)s seat").msgstr_plural = {0: "%(n)s місце", 1: "%(n)s місця", 2: "%(n)s місць"}
    return po


def faults_of(po: polib.POFile) -> list[str]:
    return [fault for e in po for fault in catalogues.entry_faults(e, 3)]


def test_a_new_catalogue_has_every_message_once_and_sorted() -> None:
    po = catalogues.merge(None, OWN, "mk")

    assert [(e.msgctxt, e.msgid, e.msgid_plural, e.occurrences, e.comment, e.flags) for e in po] == [
        (None, "%(n)s seat", "%(n)s seats", [("a.py", "")], "", ["python-format"]),
        (None, "Branches", "", [("a.py", ""), ("b.html", "")], "Translators: a menu.", []),
        ("month", "May", "", [("a.py", "")], "", []),
    ]
    assert entry(po, "%(n)s seat").msgstr_plural == {0: "", 1: ""}
    assert po.metadata["Plural-Forms"] == "nplurals=2; plural=(n%10==1 && n%100!=11 ? 0 : 1);"


def test_merging_keeps_translations_and_drops_what_is_gone(complete: polib.POFile) -> None:
    complete.append(polib.POEntry(msgid="Gone", msgstr="Немає"))

    po = catalogues.merge(complete, [*OWN, Message("New", path="a.py")], "uk")

    assert [e.msgid for e in po] == ["%(n)s seat", "Branches", "May", "New"]
    assert [entry(po, "Branches").msgstr, entry(po, "New").msgstr] == ["Філії", ""]
    assert entry(po, "%(n)s seat").msgstr_plural == {0: "%(n)s місце", 1: "%(n)s місця", 2: "%(n)s місць"}


def test_merging_twice_changes_nothing(complete: polib.POFile) -> None:
    once = catalogues.merge(complete, OWN, "uk")

    assert str(catalogues.merge(once, OWN, "uk")) == str(once)
    assert catalogues.drift(complete, once) == []


def test_a_complete_catalogue_has_no_faults(complete: polib.POFile) -> None:
    assert faults_of(complete) == []


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "untranslated: 'Branches'"),
        ("Філії %(n)s", "placeholders differ: 'Branches' → 'Філії %(n)s'"),
        ("Філії\n", "line breaks at the ends differ: 'Branches'"),
    ],
)
def test_a_wrong_translation_is_a_fault(complete: polib.POFile, text: str, fault: str) -> None:
    entry(complete, "Branches").msgstr = text

    assert faults_of(complete) == [fault]


def test_a_fuzzy_translation_is_a_fault(complete: polib.POFile) -> None:
    entry(complete, "Branches").flags.append("fuzzy")

    assert faults_of(complete) == ["fuzzy: 'Branches'"]


@pytest.mark.parametrize(
    ("forms", "fault"),
    [
        ({0: "%(n)s місце", 1: "%(n)s місць"}, "untranslated: '%(n)s seat'"),
        ({0: "%(n)s місце", 1: "%(n)s місця", 2: ""}, "untranslated: '%(n)s seat'"),
        (
            {0: "одне місце", 1: "%(n)s місця", 2: "%(n)s місць"},
            "placeholders differ: '%(n)s seat' → 'одне місце'",
        ),
    ],
)
def test_a_plural_needs_every_form_with_its_number(complete: polib.POFile, forms: dict[int, str], fault: str) -> None:
    entry(complete, "%(n)s seat").msgstr_plural = forms

    assert faults_of(complete) == [fault]


def test_drift_names_what_extraction_would_change(complete: polib.POFile) -> None:
    wanted = catalogues.merge(complete, [*OWN[:1], *OWN[2:], Message("New", path="a.py")], "uk")
    complete.append(polib.POEntry(msgid="Gone", msgstr="Немає"))

    assert catalogues.drift(complete, wanted) == [
        "changed: 'Branches'",
        "no longer in use: 'Gone'",
        "not in the catalogue: 'New'",
    ]
    assert catalogues.drift(None, wanted) == ["the catalogue is missing"]


def test_compiling_makes_what_gettext_reads_and_leaves_fresh_files_alone(
    tmp_path: Path, complete: polib.POFile, capsys: pytest.CaptureFixture[str]
) -> None:
    path = catalogues.catalogue_path(tmp_path, "uk")
    path.parent.mkdir(parents=True)
    complete.save(str(path))
    said = "locale/uk/LC_MESSAGES/django.mo is compiled.\n"

    catalogues.compile_all(tmp_path)
    first = capsys.readouterr().out
    catalogues.compile_all(tmp_path)

    assert (first, capsys.readouterr().out) == (said, "")
    mo = polib.mofile(str(path.with_suffix(".mo")))
    assert {e.msgid: e.msgstr for e in mo if not e.msgid_plural} == {"Branches": "Філії", "May": "травень"}


def test_strings_that_wagtail_and_django_leave_untranslated_are_borrowed() -> None:
    texts = {language: {message.text for message in borrowed.visitor_messages(language)} for language in ("mk", "ru")}

    assert "The password you have entered is not correct. Please try again." in texts["mk"] - texts["ru"]
    assert "%(num)d day" in texts["mk"] - texts["ru"]


@pytest.mark.parametrize("language", catalogues.PLURAL_FORMS)
def test_our_catalogues_hold_all_our_messages_and_no_fault(language: str) -> None:
    # Whether they are in step with the installed packages too is for `make lint`, which runs on the pinned ones only.
    po = polib.pofile(catalogues.catalogue_path(ROOT, language).read_text(encoding="utf-8"))
    forms = {"uk": 3, "ru": 3, "mk": 2}[language]

    assert {m.key for m in catalogues.own_messages(ROOT)} - {(e.msgctxt or "", e.msgid) for e in po} == set()
    assert [fault for e in po for fault in catalogues.entry_faults(e, forms)] == []
