"""What packages leave untranslated of the admin is translated by us, in the catalogues of locale/admin."""

from collections.abc import Iterator
from pathlib import Path

import borrowed
import catalogues
import polib
import pytest
from django.apps import apps
from django.conf import settings
from django.utils.translation import trans_real
from extraction import Message, messages

from tests.pinned import on_pinned_packages

ROOT = Path(__file__).resolve().parents[2]
FORMS = {"uk": 3, "ru": 3, "mk": 2}
# What an editor opens every day: folders and modules of Wagtail and wagtail-localize.
DAILY = {
    "wagtail": (
        "actions",
        "admin/action_menu.py",
        "admin/compare.py",
        "admin/forms",
        "admin/localization.py",
        "admin/mail.py",
        "admin/panels",
        "admin/templates",
        "admin/ui",
        "admin/userbar.py",
        "admin/views",
        "admin/wagtail_hooks.py",
        "blocks",
        "contrib/forms",
        "contrib/redirects",
        "documents",
        "images",
        "locks.py",
        "log_actions.py",
        "models",
        "snippets",
        "users/forms.py",
        "users/templates",
        "workflows.py",
    ),
    "wagtail_localize": ("models.py", "templates", "views", "wagtail_hooks.py"),
}


def daily_messages() -> Iterator[Message]:
    for package, parts in DAILY.items():
        place = borrowed.installed(package)
        for part in parts:
            yield from messages(place.parent, borrowed.files(place / part))


def entry(text: str, *translations: str, plural: str = "", fuzzy: bool = False) -> polib.POEntry:
    made = polib.POEntry(msgid=text, msgid_plural=plural, flags=["fuzzy"] if fuzzy else [])
    if plural:
        made.msgstr_plural = dict(enumerate(translations))
    else:
        [made.msgstr] = translations
    return made


def test_our_own_strings_come_before_those_of_the_admin() -> None:
    assert settings.LOCALE_PATHS == [ROOT / "locale", ROOT / "locale" / "admin"]


@on_pinned_packages
@pytest.mark.parametrize("package", ["wagtail", "wagtail_localize"])
def test_the_parts_of_a_package_are_those_that_are_installed(package: str) -> None:
    place = borrowed.installed(package)
    speaking = {
        "." if folder.parent == place else str(folder.parent.relative_to(place)) for folder in place.rglob("locale")
    }
    folders = {Path(config.path) for config in apps.get_app_configs()}
    used = {part for part in speaking if place / part in folders}

    assert set(borrowed.ADMIN_CATALOGUES[package]) == used
    assert speaking - used <= set(borrowed.LEFT_OUT[package])


@pytest.mark.parametrize(
    ("translation", "answer"),
    [
        (entry("Publish", "Опублікувати"), True),
        (entry("Publish", ""), False),
        (entry("Publish", "Опублікувати", fuzzy=True), False),
        (entry("%(n)s saved", "%(n)s зберіг"), True),
        (entry("%(n)s saved", "%(n)sзберіг"), False),
        (entry("%(n)spx", "%(n)sпкс"), True),
        (entry("Publish in ", "Опублікувати: "), True),
        (entry("Publish in ", "Опублікувати в"), False),
        (entry("1 page", "%(n)s сторінка", "%(n)s сторінки", "%(n)s сторінок", plural="%(n)s pages"), True),
        (entry("1 page", "1 сторінка", "%(n)s сторінки", "%(n)s сторінок", plural="%(n)s pages"), False),
        (entry("1 page", "%(n)s сторінка", "%(n)s сторінки", "", plural="%(n)s pages"), False),
    ],
)
def test_a_translation_serves_that_can_be_read(translation: polib.POEntry, answer: bool) -> None:
    assert borrowed.serves(translation) is answer


@on_pinned_packages
def test_what_packages_translate_is_left_to_them() -> None:
    texts = {language: {message.text for message in borrowed.admin_messages(language)} for language in FORMS}
    scripts = {language: {message.text for message in borrowed.admin_script_messages(language)} for language in FORMS}

    assert "Publish" in texts["mk"] - texts["uk"] - texts["ru"]
    assert "Save changes" in texts["uk"] & texts["mk"]
    assert "Styleguide" not in texts["mk"]
    assert "Saving..." in scripts["mk"] - scripts["uk"] - scripts["ru"]


@pytest.mark.parametrize("language", FORMS)
@pytest.mark.parametrize("domain", ["django", "djangojs"])
def test_a_catalogue_of_the_admin_has_no_fault(language: str, domain: str) -> None:
    po = polib.pofile(str(catalogues.admin_path(ROOT, language, domain)))

    assert [fault for e in po for fault in catalogues.entry_faults(e, FORMS[language])] == []
    assert po.metadata["Plural-Forms"] == catalogues.PLURAL_FORMS[language]


def test_html_that_got_lost_is_a_fault() -> None:
    assert catalogues.entry_faults(entry("<b>Saved</b>", "Збережено"), 3) == [
        "HTML differs: '<b>Saved</b>' → 'Збережено'"
    ]


def test_the_admins_catalogues_are_compiled_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = catalogues.admin_path(tmp_path, "mk", "djangojs")
    path.parent.mkdir(parents=True)
    catalogues.merge(None, [Message("Saving...", path="a.po")], "mk").save(str(path))

    catalogues.compile_all(tmp_path)

    assert capsys.readouterr().out == "locale/admin/mk/LC_MESSAGES/djangojs.mo is compiled.\n"


@on_pinned_packages
@pytest.mark.parametrize("language", FORMS)
def test_every_message_of_an_editors_day_is_translated(language: str) -> None:
    catalogue = trans_real.translation(language)._catalog
    missing = []
    for message in daily_messages():
        key = f"{message.context}\x04{message.text}" if message.context else message.text
        if not catalogue.get((key, 0) if message.plural else key):
            missing.append(message)

    assert missing == []
