"""Rights follow the tree: an editor of one branch goes through every address of the admin and never gets at another's."""

import pytest
from django.urls import reverse
from wagtail.admin.urls import pages as page_urls
from wagtail.models import Page
from wagtail_localize.models import Translation, TranslationSource

from branches.models import BranchPage
from core.admin_source import make_source_url
from events.models import Event, EventPage
from news.models import ArticlePage
from tests.factories.editors import editor_of
from tests.factories.library import soon

HOME = "/admin/"


class World:
    """Two branches with an event and an article each, and somebody who edits the first."""

    def __init__(self, library):
        self.library = library
        self.own, self.foreign = library.branch(key="own", title="Own"), library.branch(key="other", title="Other")
        self.editor = editor_of(self.own)
        self.events = {branch.pk: self._event(branch) for branch in (self.own, self.foreign)}
        self.articles = {branch.pk: library.article(parent=branch, title="News") for branch in (self.own, self.foreign)}

    def _event(self, branch):
        page = self.library.event(parent=branch, branch=branch.record, starts_on=soon(5))
        self.library.translate(page, "uk", title="Шахи")
        return page

    def translation(self, branch):
        """Return the event's page in Ukrainian."""
        return self.library.in_language(self.events[branch.pk], "uk")


@pytest.fixture
def world(library, client):
    world = World(library)
    client.force_login(world.editor)
    return world


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
BELOW = {"add", "preview_on_add", "add_subpage"}
ONLY_POST = {"lock", "unlock", "preview_on_add", "preview_on_edit"}
# What an editor of a branch may not even do with the own pages: the group can neither lock nor unlock.
NOT_GRANTED = {"lock", "unlock", "set_page_position", "revisions_unschedule", "convert_alias"}


def _names():
    return sorted({pattern.name for pattern in page_urls.urlpatterns} - WORKFLOW - WITHOUT_PAGE)


def _arguments(name, page, parent):
    if name in ("add", "preview_on_add"):
        return ["events", "eventpage", parent.pk]
    if name == "add_subpage":
        return [parent.pk]
    if name in OF_REVISION:
        return [page.pk, page.latest_revision_id]
    if name == "revisions_compare":
        return [page.pk, "live", "latest"]
    if name == "move_confirm":
        return [page.pk, parent.pk]
    return [page.pk]


def _ask(client, name, page, parent):
    url = reverse(f"wagtailadmin_pages:{name}", args=_arguments(name, page, parent))
    if name in ONLY_POST:
        return client.post(url, {"title": page.title})
    return client.get(url)


def test_every_address_of_pages_is_known():
    assert {pattern.name for pattern in page_urls.urlpatterns} == {*_names(), *WORKFLOW, *WITHOUT_PAGE}


@pytest.mark.parametrize("kind", ["event", "translation", "article", "branch"])
def test_no_address_opens_a_page_of_another_branch(world, client, kind):
    page = {
        "event": world.events[world.foreign.pk],
        "translation": world.translation(world.foreign),
        "article": world.articles[world.foreign.pk],
        "branch": world.foreign,
    }[kind]

    opened = [name for name in _names() if not _is_denied(_ask(client, name, page, world.foreign))]

    assert opened == []


@pytest.mark.parametrize("kind", ["event", "article"])
def test_every_address_opens_a_page_of_the_own_branch(world, client, kind):
    page = {"event": world.events[world.own.pk], "article": world.articles[world.own.pk]}[kind]

    names = sorted(set(_names()) - NOT_GRANTED)
    answers = {name: _ask(client, name, page, world.own) for name in names}

    assert [name for name, answer in answers.items() if _is_denied(answer)] == []
    assert {answer.status_code for answer in answers.values()} == {200, 302}


def _is_denied(response):
    return response.status_code in (403, 404) or (response.status_code == 302 and response.url == HOME)
