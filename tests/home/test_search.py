"""Search finds what readers may see, in their language first, and says where its words come from."""

import pytest
from django.test import TestCase
from wagtail.models import Page, PageViewRestriction

from tests.factories.library import soon

pytestmark = pytest.mark.services


@pytest.fixture
def club(library):
    """Return an event with words in English and Ukrainian."""
    page = library.event(title="Chess evening", slug="chess", lead="Bring a friend.", starts_on=soon(5))
    library.translate(page, "uk", title="Шаховий вечір", lead="Приходьте з другом.")
    return page


def _found(client, path) -> list[str]:
    return [page.title for page in client.get(path).context["pages"]]


def test_words_of_the_shown_language_are_found(client, club):
    assert _found(client, "/uk/search/?q=шаховий") == ["Шаховий вечір"]


def test_words_of_another_language_are_not_shown_where_there_are_own_ones(client, club):
    assert _found(client, "/uk/search/?q=chess") == []


def test_page_without_words_in_the_language_is_found_in_its_own(client, club):
    html = client.get("/mk/search/?q=chess").content.decode()

    assert '<a href="/mk/events/chess/" lang="en">Chess evening</a>' in html
    assert '<p lang="en">Bring a friend.</p>' in html


def test_page_that_two_languages_match_is_found_once(client, library):
    page = library.event(title="Manga", slug="manga")
    library.translate(page, "uk", title="Manga")

    assert _found(client, "/mk/search/?q=manga") == ["Manga"]


def test_draft_unpublished_and_private_pages_are_not_found(client, library, club):
    library.event(title="Chess draft", publish_it=False)
    hidden = library.event(title="Chess hidden")
    private = library.event(title="Chess private")
    with TestCase.captureOnCommitCallbacks(execute=True):
        hidden.unpublish()
        PageViewRestriction.objects.create(page=Page.objects.get(pk=private.pk), restriction_type="login")

    assert _found(client, "/en/search/?q=chess") == ["Chess evening"]


def test_results_go_on_on_further_pages(client, library, monkeypatch):
    monkeypatch.setattr("home.search.PAGE_SIZE", 2)
    for number in range(5):
        library.event(title=f"Chess {number}")

    answers = [client.get(f"/en/search/?q=chess&page={number}") for number in (1, 2, 3, 4)]

    shown = [[page.title for page in answer.context["pages"]] for answer in answers[:3]]
    assert ([len(titles) for titles in shown], len({title for titles in shown for title in titles})) == ([2, 2, 1], 5)
    assert answers[3].status_code == 404
    html = answers[1].content.decode()
    assert '<a rel="prev" href="?q=chess">Previous results</a>' in html
    assert '<a rel="next" href="?q=chess&amp;page=3">Next results</a>' in html


def test_number_of_queries_does_not_grow(client, library, remembering, django_assert_max_num_queries):
    for number in range(12):
        library.event(title=f"Chess {number}")
    client.get("/en/search/?q=nothing")

    with django_assert_max_num_queries(12):
        assert len(_found(client, "/en/search/?q=chess")) == 12
