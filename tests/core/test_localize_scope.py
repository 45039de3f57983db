"""Choosers and reports of the admin tell the editor of a branch nothing of the drafts of others."""

import json

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import GroupPagePermission, Page
from wagtail_localize.models import Translation, TranslationSource

from core.models import User
from home.models import PlainPage
from tests.factories.editors import editor_of
from tests.factories.library import Library, publish

BROWSE = "/admin/choose-page/"
REPORT = "wagtail_localize:translations_report"


class World:
    """Two branches, each with a published article and a draft that waits for its translation."""

    def __init__(self, library):
        self.library = library
        self.own, self.foreign = library.branch(key="own", title="Own"), library.branch(key="other", title="Other")
        self.drafts = {}
        for branch in (self.own, self.foreign):
            library.article(parent=branch, title=f"{branch.title} shelves")
            draft = library.article(parent=branch, title=f"{branch.title} secret", publish_it=False)
            below = PlainPage(title=f"{branch.title} hidden", live=False)
            self.drafts[branch.pk] = (draft, Page.objects.get(pk=branch.pk).add_child(instance=below))
            source, _created = TranslationSource.update_or_create_from_instance(draft)
            Translation.objects.create(source=source, target_locale=library.locales["uk"]).save_target(publish=False)
        self.editor = editor_of(self.own)


@pytest.fixture(scope="module")
def built_once(django_db_setup, django_db_blocker):
    """Build the world for all tests of this module: each of them works in a savepoint inside of this transaction."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield World(Library())
        transaction.set_rollback(True)


@pytest.fixture
def world(built_once, db, client):
    client.force_login(built_once.editor)
    return built_once


def _browsed(client, parent, **query) -> list[str]:
    """Return the titles in the chooser below a page, without that of the page itself."""
    html = json.loads(client.get(f"{BROWSE}{parent.pk}/", query).content)["html"]
    return [title for title in TITLES if f">{title}<" in " ".join(html.split()).replace("> ", ">").replace(" <", "<")]


def _searched(client, words) -> list[str]:
    table = client.get(f"{BROWSE}search/", {"q": words}).context["table"]
    # A page and its translations bear one title here.
    return sorted({page.title for page in table.data})


TITLES = ("Own", "Other", "Own shelves", "Own secret", "Own hidden", "Other shelves", "Other secret", "Other hidden")


def test_chooser_shows_what_is_published_and_the_own_drafts(world, client):
    assert _browsed(client, world.own) == ["Own", "Own shelves", "Own secret", "Own hidden"]
    assert _browsed(client, world.foreign) == ["Other", "Other shelves"]


def test_chooser_of_one_kind_of_pages_shows_no_foreign_drafts_either(world, client):
    assert _browsed(client, world.foreign, page_type="news.ArticlePage") == ["Other", "Other shelves"]
    assert _browsed(client, world.own, page_type="news.ArticlePage") == ["Own", "Own shelves", "Own secret"]


def test_chooser_does_not_open_below_a_foreign_draft(world, client):
    own, foreign = (world.drafts[branch.pk][1] for branch in (world.own, world.foreign))

    assert [client.get(f"{BROWSE}{page.pk}/").status_code for page in (own, foreign)] == [200, 404]


def test_chooser_opens_where_it_begins(world, client):
    answers = [client.get(BROWSE, query).status_code for query in ({}, {"page_type": "branches.BranchPage"})]

    assert answers == [200, 200]


def test_search_of_the_chooser_finds_what_is_published_and_the_own_drafts(world, client):
    assert [_searched(client, words) for words in ("secret", "hidden", "shelves")] == [
        ["Own secret"],
        ["Own hidden"],
        ["Other shelves", "Own shelves"],
    ]


def test_administrator_chooses_among_all_pages(world, client):
    client.force_login(world.library.administrator())

    assert _browsed(client, world.foreign) == ["Other", "Other shelves", "Other secret", "Other hidden"]
    assert _searched(client, "secret") == ["Other secret", "Own secret"]


def test_chooser_of_somebody_without_pages_shows_what_is_published(world, client):
    nobody = User.objects.create_user("nobody@library.example", "secret")
    nobody.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(nobody)

    assert _searched(client, "secret") == []
    assert _searched(client, "shelves") == ["Other shelves", "Own shelves"]


def test_draft_is_found_by_everybody_once_it_is_published(world, client):
    publish(world.drafts[world.foreign.pk][0])

    assert _searched(client, "secret") == ["Other secret", "Own secret"]


# --- Translations -----------------------------------------------------------------------------------------------------


def _reported(client, **query) -> list[str]:
    rows = client.get(reverse(REPORT), query).context["object_list"]
    return sorted(row.source.object_repr for row in rows)


@pytest.mark.parametrize("name", [REPORT, f"{REPORT}_results"])
def test_report_of_translations_names_the_own_pages_only(world, client, name):
    html = client.get(reverse(name)).content.decode()

    assert ("Own secret" in html, "Other secret" in html) == (True, False)
    assert _reported(client) == ["Own secret"]


def test_report_can_still_be_narrowed(world, client):
    assert _reported(client, source_title="own", target_locale="uk") == ["Own secret"]
    assert _reported(client, target_locale="mk") == []
    assert _reported(client, source_title="other") == []


def test_administrator_sees_all_translations(world, client):
    client.force_login(world.library.administrator())

    assert _reported(client) == ["Other secret", "Own secret"]


def test_translator_of_a_language_sees_what_is_to_be_translated_into_it(world, client):
    translators = Group.objects.create(name="Ukrainian")
    translators.permissions.add(Permission.objects.get(codename="access_admin"))
    home = world.library.in_language(world.library.home, "uk")
    change = Permission.objects.get(content_type__app_label="wagtailcore", codename="change_page")
    GroupPagePermission.objects.create(group=translators, page=home, permission=change)
    person = User.objects.create_user("translator@library.example", "secret")
    person.groups.add(translators)
    client.force_login(person)

    assert _reported(client) == ["Other secret", "Own secret"]


def test_report_asks_the_same_number_of_queries_for_any_number_of_foreign_translations(world, client):
    def queries():
        client.get(reverse(REPORT))
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse(REPORT))
        return len(asked)

    before = queries()
    source = TranslationSource.objects.get(object_repr="Other secret")
    for code in ("ru", "mk"):
        Translation.objects.create(source=source, target_locale=world.library.locales[code])

    assert queries() == before
