"""Every page type can be previewed as a draft, before anything of it is public."""

import pytest
from wagtail.models import Page

from branches.models import BranchPage
from events.models import EventPage
from home.models import MissionPage, PlainPage
from news.models import ArticlePage
from tests.factories.library import soon

pytestmark = pytest.mark.django_db

DRAFTS = {
    "home": lambda library: library.home,
    "events": lambda library: library.events,
    "branches": lambda library: library.branches,
    "news": lambda library: library.news,
    "plain page": lambda library: _child(library.home, PlainPage(title="About us", slug="about")),
    "mission": lambda library: _child(
        library.home, MissionPage(title="Our mission", slug="mission", statement="To read.")
    ),
    "branch": lambda library: _child(library.branches, BranchPage(title="Mill", slug="mill")),
    "article": lambda library: _child(library.news, ArticlePage(title="Shelves", slug="shelves", lead="More.")),
    "event": lambda library: _child(
        library.events, EventPage(title="Chess", slug="chess", starts_on=soon(5), repeat="weekly", repeat_count=3)
    ),
}


def _child(parent, page):
    page.live = False
    return Page.objects.get(pk=parent.pk).add_child(instance=page)


@pytest.mark.parametrize("name", DRAFTS)
def test_draft_is_previewed_with_words_that_nobody_else_sees(library, client, name):
    page = DRAFTS[name](library).specific
    page.title = "A title of the draft"
    page.save_revision()
    draft = page.get_latest_revision_as_object()

    answer = draft.make_preview_request(preview_mode=draft.default_preview_mode)

    assert answer.status_code == 200
    assert "A title of the draft" in answer.rendered_content
    assert "A title of the draft" not in client.get(page.get_url() or "/en/").content.decode()


def test_preview_of_an_event_shows_the_plan_of_the_draft(library):
    page = library.event(starts_on=soon(5))
    page.starts_on = soon(40)
    page.save_revision()

    answer = page.get_latest_revision_as_object().make_preview_request(preview_mode="")

    assert f'datetime="{soon(40).isoformat()}' in answer.rendered_content


def test_preview_of_a_translation_shows_the_facts_of_the_record(library):
    there = library.translate(library.event(starts_on=soon(5)), "uk", title="Шахи")
    there.title = "Чернетка"
    there.save_revision()

    text = there.get_latest_revision_as_object().make_preview_request(preview_mode="").rendered_content

    assert ("Чернетка" in text, f'datetime="{soon(5).isoformat()}' in text) == (True, True)


# --- Other states -----------------------------------------------------------------------------------------------------


def _shown(page, mode: str) -> str:
    return page.make_preview_request(preview_mode=mode).content.decode()


@pytest.mark.parametrize("name", DRAFTS)
def test_draft_is_shown_as_readers_without_a_translation_see_it(library, name):
    page = DRAFTS[name](library).specific
    assert [mode for mode, _name in page.preview_modes][:4] == [
        "",
        *(f"to-readers-of-{code}" for code in ("uk", "ru", "mk")),
    ]

    shown = _shown(page, "to-readers-of-uk")

    assert '<html lang="uk"' in shown
    assert 'class="frame" tabindex="-1" lang="en"' in shown


def test_language_that_has_words_of_its_own_is_no_state_to_look_at(library):
    page = library.event()
    library.translate(page, "uk", title="Шахи")

    modes = [mode for mode, _name in page.preview_modes]

    assert modes == ["", "to-readers-of-ru", "to-readers-of-mk", "cancelled", "postponed", "over"]


@pytest.mark.parametrize(
    ("mode", "note"),
    [("cancelled", "banner state-cancelled"), ("postponed", "banner state-postponed"), ("over", "banner state-past")],
)
@pytest.mark.parametrize("code", ["en", "uk"])
def test_event_is_looked_at_in_a_state_that_it_is_not_in(library, client, mode, note, code):
    page = library.event(starts_on=soon(5), slug="chess")
    page = library.translate(page, "uk", title="Шахи") if code == "uk" else page

    assert note not in _shown(page, "")
    assert note in _shown(page, mode)
    assert note not in client.get(f"/{code}/events/chess/").content.decode()
