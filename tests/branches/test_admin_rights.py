"""Rights follow the tree: the editor of a branch goes through every address of the admin and gets at no other's."""

import pytest
from django.contrib.auth.models import Group
from django.db import transaction
from django.urls import reverse
from wagtail.admin.urls import pages as page_urls
from wagtail.models import GroupApprovalTask, Page, Workflow, WorkflowTask
from wagtail_localize.models import Translation, TranslationSource

from branches.models import BranchPage
from core.admin_source import make_source_url
from events.models import Event, EventPage
from news.models import ArticlePage
from tests.factories.editors import editor_of
from tests.factories.library import Library, soon

HOME = "/admin/"


class World:
    """Two branches with an event and an article each, and somebody who edits the first and a third, empty one."""

    def __init__(self, library):
        self.library = library
        self.own, self.foreign = library.branch(key="own", title="Own"), library.branch(key="other", title="Other")
        self.empty = library.branch(key="empty", title="Empty")
        self.editor = editor_of(self.own, self.empty)
        self.events = {branch.pk: self._event(branch) for branch in (self.own, self.foreign)}
        self.articles = {branch.pk: library.article(parent=branch, title="News") for branch in (self.own, self.foreign)}

    def _event(self, branch):
        page = self.library.event(title=f"{branch.title} chess", parent=branch, starts_on=soon(5))
        self.library.translate(page, "uk", title="Шахи")
        return page

    def translation(self, branch):
        """Return the event's page in Ukrainian."""
        return self.library.in_language(self.events[branch.pk], "uk")


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


# How each address of Wagtail's pages is called; what needs a workflow under way has its own test below.
WORKFLOW = {
    "workflow_action",
    "collect_workflow_action_data",
    "confirm_workflow_cancellation",
    "workflow_preview",
    "workflow_history_detail",
}
WITHOUT_PAGE = {"search", "search_results", "type_use", "type_use_results", "choose_parent"}
OF_REVISION = {"revisions_view", "revisions_revert", "revisions_unschedule"}
# What an editor of a branch may not even do with the own pages, or what these give no occasion for.
NOT_GRANTED = {"lock", "unlock", "set_page_position", "revisions_unschedule", "convert_alias"}


def _names():
    return sorted({pattern.name for pattern in page_urls.urlpatterns} - WORKFLOW - WITHOUT_PAGE)


def _url(name, page, parent, destination):
    arguments = {
        "add": ["events", "eventpage", parent.pk],
        "preview_on_add": ["events", "eventpage", parent.pk],
        "add_subpage": [parent.pk],
        "revisions_compare": [page.pk, "live", "latest"],
        "move_confirm": [page.pk, destination.pk],
        **{each: [page.pk, page.latest_revision_id] for each in OF_REVISION},
    }
    return reverse(f"wagtailadmin_pages:{name}", args=arguments.get(name, [page.pk]))


def _get(client, url):
    return _last(client, client.get(url))


def _last(client, response):
    """Return the answer at the end of all redirects, but for those that lead to the home of the admin."""
    goes_on = response.status_code == 302 and not _is_denied(response)
    return _get(client, response.url) if goes_on else response


def _is_denied(response):
    return response.status_code in (403, 404, 405) or (response.status_code == 302 and response.url == HOME)


def test_every_address_of_pages_is_known():
    assert {pattern.name for pattern in page_urls.urlpatterns} == {*_names(), *WORKFLOW, *WITHOUT_PAGE}


@pytest.mark.parametrize("kind", ["event", "translation", "article", "branch", "alias"])
def test_no_address_opens_a_page_of_another_branch(world, client, kind):
    page = {
        "event": world.events[world.foreign.pk],
        "translation": world.translation(world.foreign),
        "article": world.articles[world.foreign.pk],
        "branch": world.foreign,
        "alias": world.library.in_language(world.foreign, "mk"),
    }[kind]

    # An alias has no revisions that could be looked at.
    names = [name for name in _names() if page.latest_revision_id or not name.startswith("revisions_")]
    opened = []
    for name in names:
        url = _url(name, page, world.foreign, world.own)
        answers = {"GET": _get(client, url), "POST": _last(client, client.post(url))}
        opened += [(method, name) for method, answer in answers.items() if not _is_denied(answer)]

    assert opened == []


@pytest.mark.parametrize("kind", ["event", "article"])
def test_every_address_opens_a_page_of_the_own_branch(world, client, kind):
    page = {"event": world.events[world.own.pk], "article": world.articles[world.own.pk]}[kind]
    names = sorted(set(_names()) - NOT_GRANTED)
    answers = {name: _get(client, _url(name, page, world.own, world.empty)) for name in names}

    assert [name for name, answer in answers.items() if _is_denied(answer)] == []
    assert {answer.status_code for answer in answers.values()} == {200}


def test_moderation_of_another_branch_is_out_of_reach(world, client):
    page = world.articles[world.foreign.pk]
    task = GroupApprovalTask.objects.create(name="Look at it")
    task.groups.set([Group.objects.create(name="Central office")])
    workflow = Workflow.objects.create(name="Four eyes")
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    state = workflow.start(ArticlePage.objects.get(pk=page.pk), world.editor)
    arguments = {
        "workflow_action": [page.pk, "approve", state.current_task_state_id],
        "collect_workflow_action_data": [page.pk, "approve", state.current_task_state_id],
        "workflow_preview": [page.pk, task.pk],
        "workflow_history_detail": [page.pk, state.pk],
    }

    for name, values in arguments.items():
        url = reverse(f"wagtailadmin_pages:{name}", args=values)
        assert _is_denied(_get(client, url)), name
        assert _is_denied(_last(client, client.post(url))), name

    state.refresh_from_db()
    assert (state.status, set(arguments) | {"confirm_workflow_cancellation"}) == ("in_progress", WORKFLOW)


# --- What Wagtail does with several pages at once -------------------------------------------------------------------


@pytest.mark.parametrize("action", ["delete", "move", "publish", "unpublish"])
def test_pages_of_another_branch_take_no_part_in_bulk_actions(world, client, action):
    page = world.events[world.foreign.pk]
    url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", action])

    client.post(f"{url}?id={page.pk}", {"chooser": world.own.pk})

    after = EventPage.objects.get(pk=page.pk)
    assert (after.live, after.get_parent().pk) == (True, world.foreign.pk)


def test_page_of_another_branch_is_not_moved_or_copied_here(world, client):
    page = world.articles[world.foreign.pk]

    client.post(reverse("wagtailadmin_pages:move_confirm", args=[page.pk, world.own.pk]))
    client.post(
        reverse("wagtailadmin_pages:copy", args=[world.articles[world.own.pk].pk]),
        {"new_title": "Copy", "new_slug": "copy", "new_parent_page": world.foreign.pk},
    )

    assert ArticlePage.objects.get(pk=page.pk).get_parent().pk == world.foreign.pk
    assert not ArticlePage.objects.filter(slug="copy").exists()


# --- Translation ----------------------------------------------------------------------------------------------------


def _translation_urls(page):
    source, _created = TranslationSource.update_or_create_from_instance(page)
    target = Page.objects.get(pk=page.pk).get_translations().filter(alias_of=None).first()
    translation = Translation.objects.create(source=source, target_locale=target.locale)
    segment = source.stringsegment_set.first()
    names = {
        "submit_page_translation": [page.pk],
        "update_translations": [source.pk],
        "convert_to_alias": [target.pk],
        "download_pofile": [translation.pk],
        "upload_pofile": [translation.pk],
        "machine_translate": [translation.pk],
        "preview_translation": [translation.pk],
        "stop_translation": [translation.pk],
        "edit_string_translation": [translation.pk, segment.pk],
    }
    return {name: reverse(f"wagtail_localize:{name}", args=args) for name, args in names.items()}


def test_no_address_of_translation_opens_a_page_of_another_branch(world, client):
    urls = _translation_urls(world.events[world.foreign.pk])

    opened = []
    for name, url in urls.items():
        put = client.put(url, "value=x", content_type="application/x-www-form-urlencoded")
        opened += [name for answer in (client.get(url), client.post(url), put) if not _is_denied(answer)]

    assert opened == []
    assert Translation.objects.get().enabled
    assert world.translation(world.foreign).title == "Шахи"


def test_own_page_is_translated_into_the_languages_of_the_branch(world, client):
    page = world.events[world.own.pk]
    url = reverse("wagtail_localize:submit_page_translation", args=[page.pk])

    choices = client.get(url).context["form"].fields["locales"].queryset

    assert sorted(locale.language_code for locale in choices) == ["mk", "ru"]


def test_page_of_the_network_is_not_translated_by_a_branch(world, client):
    page = world.library.event(title="Of all")
    url = reverse("wagtail_localize:submit_page_translation", args=[page.pk])

    client.post(url, {"locales": [world.library.locales["mk"].pk]})

    assert page.get_translations().count() == 0


def test_another_branch_in_a_language_where_it_is_an_alias_is_not_translated(world, client):
    url = reverse("wagtail_localize:submit_page_translation", args=[world.foreign.pk])

    client.post(url, {"locales": [world.library.locales["mk"].pk]})

    assert world.library.in_language(world.foreign, "mk").alias_of_id == world.foreign.pk


# --- Addresses of our own -------------------------------------------------------------------------------------------


def test_source_of_another_branch_is_not_changed(world, client):
    page = world.translation(world.foreign)

    answers = [client.get(make_source_url(page)), client.post(make_source_url(page))]

    assert [answer.url for answer in answers] == [HOME, HOME]
    assert Event.objects.get(translation_key=page.translation_key).source_page_id == world.events[world.foreign.pk].pk


def test_lists_show_the_own_branch_only(world, client):
    shown = {path: [page.pk for page in client.get(path).context["object_list"]] for path in ADMIN_LISTS}

    assert shown == {
        "/admin/events/": [world.events[world.own.pk].pk],
        "/admin/news/": [world.articles[world.own.pk].pk],
        "/admin/branches/": [world.empty.pk, world.own.pk],
    }


ADMIN_LISTS = ("/admin/events/", "/admin/news/", "/admin/branches/")


def test_terms_and_settings_are_not_for_branches(world, client):
    paths = ["/admin/topics/", "/admin/audiences/", "/admin/facilities/", "/admin/services/", "/admin/topics/new/"]

    assert [client.get(path).status_code for path in paths] == [302] * len(paths)


def test_what_was_published_in_one_branch_stays_out_of_reach_when_it_moves(world, client):
    page = EventPage.objects.get(pk=world.events[world.own.pk].pk)
    page.move(BranchPage.objects.get(pk=world.foreign.pk), pos="last-child")

    assert _is_denied(client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])))
    assert _is_denied(client.get(reverse("events:dates", args=[page.record.pk])))
