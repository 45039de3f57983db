"""An editor reads one language: pages of the admin in Ukrainian, Russian and Macedonian hold no English words."""

import json
import re
from html.parser import HTMLParser

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import translation
from wagtail.admin.menu import reports_menu
from wagtail.models import Collection, Page, Task, Workflow
from wagtail.users.models import UserProfile

from tests.factories.translations import keep_translated
from tests.pinned import on_pinned_packages

pytestmark = on_pinned_packages

LANGUAGES = ("uk", "ru", "mk")
CHOOSERS = (
    "wagtailadmin_choose_page",
    "wagtailadmin_choose_page_external_link",
    "wagtailadmin_choose_page_email_link",
    "wagtailadmin_choose_page_phone_link",
    "wagtailimages_chooser:choose",
    "wagtaildocs_chooser:choose",
)
# Names and keys, the same in every language.
ALLOWED = {"Wagtail", "Chitalnya", "Ctrl", "Alt", "Shift", "Esc", "URL", "Email", "English", "KB"}
# Wagtail has no way to translate these: a number that isn't there (hidden), and a button that is only read aloud.
UNTRANSLATABLE = {"None", "Search"}
WORD = re.compile(r"[A-Za-z][A-Za-z’']+")
WORDS_IN_A_ROW = re.compile(r"\b[A-Za-z’']+ [a-z’']+\b")
CYRILLIC = re.compile(r"[Ѐ-ӿ]")
ADDRESSES = re.compile(r"[\w.+-]+@[\w.-]+|\w+://\S+|\b[A-Z]\w+(?:/[\w+-]+)+|[\w-]+\.(?:png|jpg)\b")
READ_ALOUD = {"aria-label", "aria-description", "alt", "placeholder", "title"}
SILENT = {"code", "script", "style", "svg"}


class Words(HTMLParser):
    """The texts of a page that somebody sees or hears."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.texts: set[str] = set()
        self._silent = 0
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self._silent += tag in SILENT
        values = dict(attrs)
        spoken = [values[name] for name in READ_ALOUD & values.keys()]
        if tag == "input" and values.get("type") == "submit":
            spoken.append(values.get("value"))
        self.texts |= {text for text in spoken if text}

    def handle_endtag(self, tag):
        self._silent -= tag in SILENT

    def handle_data(self, data):
        if not self._silent and data.strip():
            self.texts.add(" ".join(data.split()))


def english(html: str, names: list[str]) -> set[str]:
    """Return the texts without a Cyrillic letter, and with several English words in a row; names of things aside."""
    found = set()
    for text in Words(html).texts - UNTRANSLATABLE:
        rest = ADDRESSES.sub(" ", text)
        for name in names:
            rest = rest.replace(name, " ")
        foreign = set(WORD.findall(rest)) - ALLOWED
        if foreign and (WORDS_IN_A_ROW.search(rest) or not CYRILLIC.search(rest)):
            found.add(text)
    return found


@pytest.fixture
def editor(library, client):
    """Return a function that signs an administrator in who prefers a language."""
    user = library.administrator()

    def sign_in(language: str):
        UserProfile.objects.update_or_create(user=user, defaults={"preferred_language": language})
        client.force_login(user)
        return client

    return sign_in


@pytest.fixture
def addresses(library, db):
    """Return the pages of an editor's day, by a name."""
    event, article = library.event(), library.article()
    keep_translated(library, event, "uk", "Шаховий клуб")
    translation = event.get_translation(library.locales["uk"])
    workflow, task = Workflow.objects.first(), Task.objects.first()
    if workflow is None:
        task = Task.objects.create(name="Look")
        workflow = Workflow.objects.create(name="Look")
    return {
        "home": reverse("wagtailadmin_home"),
        "explorer": reverse("wagtailadmin_explore", args=[library.events.pk]),
        "new page": reverse("wagtailadmin_pages:add", args=["events", "eventpage", library.events.pk]),
        "event": reverse("wagtailadmin_pages:edit", args=[event.pk]),
        "article": reverse("wagtailadmin_pages:edit", args=[article.pk]),
        "translation": reverse("wagtailadmin_pages:edit", args=[translation.pk]),
        "translate": reverse("wagtail_localize:submit_page_translation", args=[article.pk]),
        "history": reverse("wagtailadmin_pages:history", args=[event.pk]),
        "workflow history": reverse("wagtailadmin_pages:workflow_history", args=[event.pk]),
        "unpublish": reverse("wagtailadmin_pages:unpublish", args=[event.pk]),
        "delete": reverse("wagtailadmin_pages:delete", args=[event.pk]),
        "move": reverse("wagtailadmin_pages:move", args=[event.pk]),
        "copy": reverse("wagtailadmin_pages:copy", args=[event.pk]),
        "images": reverse("wagtailimages:index"),
        "add images": reverse("wagtailimages:add_multiple"),
        "documents": reverse("wagtaildocs:index"),
        "workflows": reverse("wagtailadmin_workflows:index"),
        "workflow": reverse("wagtailadmin_workflows:edit", args=[workflow.pk]),
        "task": reverse("wagtailadmin_workflows:edit_task", args=[task.pk]),
        "workflow report": reverse("wagtailadmin_reports:workflow"),
        "redirects": reverse("wagtailredirects:index"),
        "account": reverse("wagtailadmin_account"),
    }


def _names() -> list[str]:
    found = {
        *Page.objects.values_list("title", flat=True),
        *Page.objects.values_list("slug", flat=True),
        *Collection.objects.values_list("name", flat=True),
        *Group.objects.values_list("name", flat=True),
        *Workflow.objects.values_list("name", flat=True),
        *Task.objects.values_list("name", flat=True),
        "Come and play.",
        "They hold more.",
    }
    return sorted(found, key=len, reverse=True)


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_of_an_editors_day_hold_no_english_word(editor, addresses, language):
    client = editor(language)
    names = _names()

    found = {}
    for name, address in addresses.items():
        response = client.get(address)
        assert response.status_code == 200, name
        if words := english(response.content.decode(), names):
            found[name] = words

    assert found == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_choosers_hold_no_english_word(editor, library, language):
    client = editor(language)
    names = _names()

    found = {name: english(client.get(reverse(name)).json()["html"], names) for name in CHOOSERS}

    assert {name: words for name, words in found.items() if words} == {}


def test_tab_of_a_chooser_is_named_in_the_language_of_each_editor(editor):
    tabs = {}
    for language in LANGUAGES:
        html = editor(language).get(reverse("wagtailimages_chooser:choose")).json()["html"]
        tabs[language] = re.search(r'href="#tab-search".*?>\s*(\w+)', html, re.DOTALL)[1]

    assert tabs == {"uk": "Пошук", "ru": "Поиск", "mk": "Пребарување"}


def test_report_on_translations_is_named_in_the_language_of_each_editor(library, rf):
    request, address = rf.get("/admin/"), reverse("wagtail_localize:translations_report")
    request.user = library.administrator()

    said = {}
    for language in LANGUAGES:
        with translation.override(language):
            [item] = [item for item in reports_menu.menu_items_for_request(request) if item.url == address]
            said[language] = str(item.label)

    assert said == {"uk": "Переклади", "ru": "Переводы", "mk": "Преводи"}


def test_search_for_english_words_tells_them_from_names():
    html = """<h1 title="Move down">Подія: Chess club</h1>
    <p>a@b.example, Europe/Kyiv</p><p>Email або URL</p><p>Ще one more thing</p>
    <script>gettext("Save")</script><svg><title>Wave</title></svg><input type="submit" value="Add"><p>Wagtail</p>"""

    assert english(html, ["Chess club"]) == {"Move down", "Add", "Ще one more thing"}


def _script_catalogue(client, address: str) -> dict:
    text = client.get(reverse(address)).content.decode()
    return json.loads(re.search(r"const newcatalog = (\{.*?\n  \});", text, re.DOTALL)[1])


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("uk", ["Відкріпити панель інструментів", ["%(num)s помилка", "%(num)s помилки", "%(num)s помилок"]]),
        ("ru", ["Открепить панель инструментов", ["%(num)s ошибка", "%(num)s ошибки", "%(num)s ошибок"]]),
        ("mk", ["Откачи ја лентата со алатки", ["%(num)s грешка", "%(num)s грешки"]]),
    ],
)
def test_scripts_of_the_admin_speak_the_language(editor, language, words):
    catalogue = _script_catalogue(editor(language), "wagtailadmin_javascript_catalog")

    assert [catalogue["Unpin toolbar"], catalogue["%(num)s error"]] == words


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("uk", ["Перекласти", "Знімаємо блокування редагування"]),
        ("ru", ["Перевести", "Снятие блокировки редактора"]),
        ("mk", ["Преведи", "Отклучување на уредувањето"]),
    ],
)
def test_scripts_of_the_translation_editor_speak_the_language(editor, language, words):
    catalogue = _script_catalogue(editor(language), "wagtail_localize:javascript_catalog")

    assert [catalogue["Translate"], catalogue["Removing editor lock"]] == words
