"""Keeps the catalogues in locale/ in step with the code: `catalogues.py extract | compile | check`.

`locale/<language>/` holds our own strings, and those that visitors see of what Django and Wagtail leave untranslated;
`locale/admin/<language>/` holds what the packages leave untranslated of the admin (module `borrowed`). So nobody meets
a sentence in the wrong language.
"""

import argparse
import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import borrowed

if TYPE_CHECKING:
    from extraction import Message
    from polib import POEntry, POFile

ROOT = Path(__file__).resolve().parent.parent
SLAVIC_PLURALS = (
    "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);"
)
PLURAL_FORMS = {
    "uk": SLAVIC_PLURALS,
    "ru": SLAVIC_PLURALS,
    "mk": "nplurals=2; plural=(n%10==1 && n%100!=11 ? 0 : 1);",
}
SOURCES = ("site", "home", "news", "events", "partners", "branches", "templates")
PLACEHOLDER = re.compile(r"%\((\w+)\)|(?<!%)%([sd])|\{(\w*)\}")
TAG = re.compile(r"</?\w+")


def catalogue_path(root: Path, language: str) -> Path:
    """Return where the catalogue of a language's own strings lies."""
    return root / "locale" / language / "LC_MESSAGES" / "django.po"


def admin_path(root: Path, language: str, domain: str = "django") -> Path:
    """Return where a catalogue of borrowed admin strings lies; the domain is `django` or `djangojs`."""
    return root / "locale" / "admin" / language / "LC_MESSAGES" / f"{domain}.po"


def own_messages(root: Path) -> list["Message"]:
    """Return every message of our own modules and templates."""
    from extraction import messages

    return list(messages(root, (file for source in SOURCES for file in borrowed.files(root / source))))


def due(root: Path, language: str, own: list["Message"]) -> dict[Path, list["Message"]]:
    """Return the messages that each catalogue of a language has to hold, by its path."""
    return {
        catalogue_path(root, language): [*own, *borrowed.visitor_messages(language)],
        admin_path(root, language): borrowed.admin_messages(language),
        admin_path(root, language, "djangojs"): borrowed.admin_script_messages(language),
    }


def _header(language: str) -> dict[str, str]:
    return {
        "Project-Id-Version": "Chitalnya",
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": PLURAL_FORMS[language],
    }


def _entry(found: list["Message"], old: "POEntry | None", forms: int) -> "POEntry":
    """Return the entry of one message, wherever it was found, with the translation that it had."""
    import polib

    first = found[0]
    plural = next((message.plural for message in found if message.plural), "")
    entry = polib.POEntry(
        msgctxt=first.context or None,
        msgid=first.text,
        comment="\n".join(sorted({message.comment for message in found if message.comment})),
        occurrences=[(path, "") for path in sorted({message.path for message in found})],
        flags=["python-format"] if any(message.has_python_format for message in found) else [],
        tcomment=old.tcomment if old else "",
    )
    if plural:
        entry.msgid_plural = plural
        entry.msgstr_plural = {n: old.msgstr_plural.get(n, "") if old else "" for n in range(forms)}
    elif old:
        entry.msgstr = old.msgstr
    if old and old.fuzzy:
        entry.flags.insert(0, "fuzzy")
    return entry


def merge(catalogue: "POFile | None", found: Iterable["Message"], language: str) -> "POFile":
    """Return the catalogue that holds exactly the messages found, sorted, with the translations it had."""
    import polib

    result = polib.POFile(wrapwidth=100)
    result.metadata = _header(language)
    known = {(entry.msgctxt or "", entry.msgid): entry for entry in catalogue or () if not entry.obsolete}
    grouped: dict[tuple[str, str], list[Message]] = {}
    for message in found:
        grouped.setdefault(message.key, []).append(message)
    forms = int(re.findall(r"\d+", PLURAL_FORMS[language])[0])
    for key in sorted(grouped, key=lambda pair: (pair[1], pair[0])):
        result.append(_entry(sorted(grouped[key]), known.get(key), forms))
    return result


def read(path: Path) -> "POFile | None":
    """Return the catalogue that lies there; None: not yet."""
    import polib

    return polib.pofile(str(path)) if path.exists() else None


def _shape(entry: "POEntry") -> tuple[object, ...]:
    """Return all of an entry that extraction decides; line breaks in the file and the translation are not part."""
    flags = sorted(set(entry.flags) - {"fuzzy"})
    comment = " ".join(entry.comment.split())
    return entry.msgctxt, entry.msgid, entry.msgid_plural, tuple(entry.occurrences), comment, tuple(flags)


def drift(catalogue: "POFile | None", wanted: "POFile") -> list[str]:
    """Return the messages that extraction would add, drop or change."""
    if catalogue is None:
        return ["the catalogue is missing"]
    there = {(entry.msgctxt, entry.msgid): _shape(entry) for entry in catalogue}
    right = {(entry.msgctxt, entry.msgid): _shape(entry) for entry in wanted}
    faults = [f"not in the catalogue: {key[1]!r}" for key in right.keys() - there.keys()]
    faults += [f"no longer in use: {key[1]!r}" for key in there.keys() - right.keys()]
    faults += [f"changed: {key[1]!r}" for key in right.keys() & there.keys() if right[key] != there[key]]
    if catalogue.metadata != wanted.metadata:
        faults.append("the header differs")
    return sorted(faults)


def _placeholders(text: str) -> set[str]:
    return {"".join(parts) for parts in PLACEHOLDER.findall(text.replace("%%", ""))}


def _tags(text: str) -> list[str]:
    return sorted(TAG.findall(text))


def _edges(text: str) -> tuple[bool, bool]:
    return text.startswith("\n"), text.endswith("\n")


def entry_faults(entry: "POEntry", forms: int) -> list[str]:
    """Return what is wrong with one translation."""
    name = repr(entry.msgid)
    if entry.fuzzy:
        return [f"fuzzy: {name}"]
    texts = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
    if not all(texts) or (entry.msgid_plural and len(texts) != forms):
        return [f"untranslated: {name}"]
    faults = []
    needed = _placeholders(entry.msgid) | _placeholders(entry.msgid_plural)
    for text in texts:
        # The first Slavic and Macedonian form serves 1, 21, 31 …: every form needs the number.
        if needed != _placeholders(text):
            faults.append(f"placeholders differ: {name} → {text!r}")
        if _tags(text) != _tags(entry.msgid):
            faults.append(f"HTML differs: {name} → {text!r}")
        if _edges(text) != _edges(entry.msgid):
            faults.append(f"line breaks at the ends differ: {name}")
    return faults


def faults(root: Path, language: str, own: list["Message"]) -> list[str]:
    """Return everything that is wrong with a language's catalogues, one line each."""
    forms = int(re.findall(r"\d+", PLURAL_FORMS[language])[0])
    found = []
    for path, messages in due(root, language, own).items():
        catalogue = read(path)
        wrong = drift(catalogue, merge(catalogue, messages, language))
        for entry in catalogue or ():
            wrong += entry_faults(entry, forms)
        found += [f"{path.relative_to(root)}: {fault}" for fault in wrong]
    return found


def extract(root: Path) -> int:
    """Bring every catalogue in step with the code and the installed packages; return 0."""
    own = own_messages(root)
    for language in PLURAL_FORMS:
        for path, messages in due(root, language, own).items():
            wanted = merge(read(path), messages, language)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"{wanted}\n", encoding="utf-8")
            untranslated = len(wanted.untranslated_entries())
            print(f"{path.relative_to(root)}: {len(wanted)} messages, {untranslated} untranslated")
    return 0


def compile_all(root: Path) -> int:
    """Write the .mo file of each catalogue that is newer than it; return 0."""
    for source in sorted((root / "locale").rglob("LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime <= source.stat().st_mtime:
            import polib

            polib.pofile(str(source)).save_as_mofile(str(target))
            print(f"{target.relative_to(root)} is compiled.")
    return 0


def check(root: Path, *, shown: int = 20) -> int:
    """Print what is wrong with the catalogues; return 1 when anything is."""
    own = own_messages(root)
    wrong = 0
    for language in PLURAL_FORMS:
        found = faults(root, language, own)
        for line in found[:shown]:
            print(line)
        if len(found) > shown:
            print(f"{language}: and {len(found) - shown} more")
        wrong += len(found)
    if wrong:
        print("`make messages` brings the catalogues in step with the code; then translate what is new.")
    return 1 if wrong else 0


def main() -> int:
    """Run the command named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    commands = {"extract": extract, "compile": compile_all, "check": check}
    parser.add_argument("command", choices=commands)
    return commands[parser.parse_args().command](ROOT)


if __name__ == "__main__":
    sys.exit(main())
