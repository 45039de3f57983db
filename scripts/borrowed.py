"""Messages of installed packages that their own catalogues leave untranslated, so that ours hold them.

What visitors see goes with our own strings (`visitor_messages`), what editors see into catalogues of its own
(`admin_messages` and, for the admin's scripts, `admin_script_messages`). (Those of allauth are marked in `accounts`.)
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from extraction import Message
    from polib import POEntry, POFile

Places = Mapping[str, tuple[str, ...]]

# “Delete 1 page” is no translation: the first Slavic and Macedonian form serves 1, 21, 31 … and needs the number.
NAMED = re.compile(r"%\(\w+\)|%[sd]|\{\w*\}")
# “%(name)sсохранил”: a space got lost.
STUCK = re.compile(r"[^\W\d_]%\(|\)s[^\W\d_]")
SUFFIXES = {".py", ".html", ".txt", ".xml"}
SKIPPED_FOLDERS = {"migrations", "static", "tests", "__pycache__"}

VISITOR_SOURCES: Places = {
    "django": (
        "contrib/auth/password_validation.py",
        "core/validators.py",
        "forms",
        "utils/dates.py",
        "utils/timesince.py",
    ),
    "wagtail": ("forms.py", "templates/wagtailcore/password_required.html"),
}
VISITOR_CATALOGUES: Places = {"django": ("conf", "contrib/auth"), "wagtail": (".",)}

ADMIN_SOURCES: Places = {
    "django": (
        "contrib/auth/base_user.py",
        "contrib/auth/forms.py",
        "contrib/auth/models.py",
        "db/models/base.py",
        "db/models/constraints.py",
        "db/models/fields",
        "template/defaultfilters.py",
        "utils/text.py",
    ),
    "django_filters": (".",),
    "taggit": (".",),
    "wagtail": (".",),
    "wagtail_localize": (".",),
}
# Parts of Wagtail that are not among our INSTALLED_APPS, and what it keeps for its own developers.
LEFT_OUT: Places = {
    "wagtail": (
        "bin",
        "contrib/frontend_cache",
        "contrib/routable_page",
        "contrib/search_promotions",
        "contrib/simple_translation",
        "contrib/sitemaps",
        "contrib/styleguide",
        "contrib/typed_table_block",
        "locales",
        "project_template",
        "test",
    ),
    "wagtail_localize": ("modeladmin",),
}
ADMIN_CATALOGUES: Places = {
    "django": ("conf", "contrib/auth", "contrib/contenttypes", "contrib/humanize"),
    "django_filters": (".",),
    "taggit": (".",),
    "wagtail": (
        ".",
        "admin",
        "contrib/forms",
        "contrib/redirects",
        "contrib/settings",
        "contrib/table_block",
        "documents",
        "embeds",
        "images",
        "search",
        "sites",
        "snippets",
        "users",
    ),
    "wagtail_localize": (".", "locales"),
}
# The scripts lie bundled in the packages; their English catalogues say what is marked in them.
SCRIPT_CATALOGUES: Places = {"wagtail": ("admin",), "wagtail_localize": (".",)}


def files(folder: Path) -> Iterator[Path]:
    """Yield the modules and templates below a folder; the file itself, if it is one."""
    candidates = [folder] if folder.is_file() else folder.rglob("*")
    for file in candidates:
        if file.suffix in SUFFIXES and not SKIPPED_FOLDERS.intersection(file.relative_to(folder.parent).parts):
            yield file


def installed(package: str) -> Path:
    """Return the folder of a package in this environment."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise SystemExit(f"{package} is not installed in this environment.")
    return Path(spec.origin).parent


def _catalogues(places: Places, language: str, domain: str) -> Iterator["tuple[Path, POFile]"]:
    """Yield the catalogues that packages bring for a language, with their paths as seen from the packages' folder."""
    import polib

    for package, folders in places.items():
        for folder in folders:
            file = installed(package) / folder / "locale" / language / "LC_MESSAGES" / f"{domain}.po"
            if file.exists():
                yield file.relative_to(installed(package).parent), polib.pofile(str(file))


def serves(entry: "POEntry") -> bool:
    """Whether a translation can be used: complete, not fuzzy, right for 21 too, and no value stuck to a word."""
    forms = list(entry.msgstr_plural.values()) or [entry.msgstr]
    named = set(NAMED.findall(entry.msgid_plural))
    counts = all(named == set(NAMED.findall(form)) for form in entry.msgstr_plural.values())
    stuck = any(map(STUCK.search, forms)) and not STUCK.search(f"{entry.msgid} {entry.msgid_plural}")
    stuck = stuck or any(entry.msgid[-1:].isspace() and not form[-1:].isspace() for form in forms)
    return entry.translated() and counts and not stuck


def _translated(places: Places, language: str, domain: str = "django") -> set[tuple[str, str]]:
    return {
        (entry.msgctxt or "", entry.msgid)
        for _, catalogue in _catalogues(places, language, domain)
        for entry in catalogue
        if serves(entry)
    }


def _is_left_out(file: Path, package: str) -> bool:
    path = file.relative_to(installed(package))
    return any(path.is_relative_to(folder) for folder in LEFT_OUT.get(package, ()))


def _messages(places: Places) -> "Iterator[Message]":
    """Yield the messages marked in parts of packages."""
    from extraction import messages

    for package, sources in places.items():
        place = installed(package)
        found = (file for source in sources for file in files(place / source) if not _is_left_out(file, package))
        yield from messages(place.parent, found)


@cache
def _visitor_sources() -> "tuple[Message, ...]":
    return tuple(_messages(VISITOR_SOURCES))


@cache
def _admin_sources() -> "tuple[Message, ...]":
    return tuple(_messages(ADMIN_SOURCES))


@cache
def _script_sources() -> "tuple[Message, ...]":
    from extraction import Message

    return tuple(
        Message(entry.msgid, entry.msgctxt or "", entry.msgid_plural, path.as_posix())
        for path, catalogue in _catalogues(SCRIPT_CATALOGUES, "en", "djangojs")
        for entry in catalogue
        if not entry.obsolete
    )


def _without(found: "Iterable[Message]", keys: set[tuple[str, str]]) -> "list[Message]":
    return [message for message in found if message.key not in keys]


def visitor_messages(language: str) -> "list[Message]":
    """Return the messages of packages that visitors see and that have no usable translation into `language`."""
    return _without(_visitor_sources(), _translated(VISITOR_CATALOGUES, language))


def admin_messages(language: str) -> "list[Message]":
    """Return the messages of packages that only editors see and that have no usable translation."""
    of_visitors = {message.key for message in visitor_messages(language)}
    return _without(_admin_sources(), _translated(ADMIN_CATALOGUES, language) | of_visitors)


def admin_script_messages(language: str) -> "list[Message]":
    """Return the messages of the admin's scripts that have no usable translation into `language`."""
    return _without(_script_sources(), _translated(SCRIPT_CATALOGUES, language, "djangojs"))
