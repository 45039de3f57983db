"""A page is found by its address in few queries, and all else as Wagtail finds it."""

import pytest
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from wagtail.models import Page, Site

from core import routing
from tests.factories.library import soon

pytestmark = pytest.mark.django_db


@pytest.fixture
def club(library):
    """Return an event below a branch, with words in English and Ukrainian."""
    page = library.event(parent=library.branch(), title="Chess", slug="chess", starts_on=soon(5))
    library.translate(page, "uk", title="Шахи")
    return page


def _found(path: str, language: str = "en"):
    request = RequestFactory().get(f"/{language}/{path}", headers={"host": "localhost"})
    request._wagtail_site = Site.objects.get()
    with translation.override(language):
        return routing._direct(request, path)


@pytest.mark.parametrize(
    ("path", "language", "title"),
    [
        ("", "en", "Library"),
        ("events/", "en", "Events"),
        ("branches/central/", "en", "Central Library"),
        ("branches/central/chess/", "en", "Chess"),
        ("branches/central/chess/", "uk", "Шахи"),
    ],
)
def test_page_is_found_directly(club, path, language, title):
    assert _found(path, language).page.title == title


@pytest.mark.parametrize("path", ["branches/central/chess/", "chess/", "no/such/"])
def test_page_that_is_not_there_in_the_language_is_left_to_wagtail(club, path):
    assert _found(path, "mk") is None


def test_draft_is_left_to_wagtail(library):
    library.event(slug="draft", publish_it=False)

    assert _found("events/draft/") is None


@pytest.mark.usefixtures("remembering")
def test_deep_page_is_found_in_as_many_queries_as_a_shallow_one(club):
    asked = []
    for path in ("events/", "branches/central/chess/"):
        _found(path)
        with CaptureQueriesContext(connection) as queries:
            _found(path)
        asked.append(len(queries))

    # The thing of the event is one more, the site of this test another.
    assert asked == [3, 4]


def test_private_page_asks_for_sign_in_when_found_directly(client, club):
    Page.objects.get(pk=club.pk).view_restrictions.create(restriction_type="login")

    assert client.get("/en/branches/central/chess/").status_code == 302
