"""The admin shows every component of the pages in every state, and asks the database for none of them."""

from pathlib import Path

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from home.components import NOT_SHOWN, all_components

pytestmark = pytest.mark.django_db
FOLDER = Path(__file__).resolve().parents[2] / "templates" / "components"


def test_every_component_is_shown_or_said_not_to_be():
    shown = [component.file for component in all_components()]

    assert len(shown) == len(set(shown))
    assert sorted({*shown, *NOT_SHOWN}) == sorted(file.name for file in FOLDER.glob("*.html"))
    assert not NOT_SHOWN.intersection(shown)


@pytest.mark.parametrize("code", ["en", "uk", "ru", "mk"])
def test_states_of_a_component_differ_from_each_other(library, code):
    request = RequestFactory().get("/")
    with translation.override(code):
        for component in all_components():
            shown = [render_to_string(component.template, dict(each.context), request) for each in component.states]

            assert len(shown) == len(set(shown)), component.file
            assert all(html.strip() for html in shown), component.file


def test_page_shows_them_to_editors_alone(library, client):
    path = reverse("components")
    stranger = client.get(path)
    client.force_login(library.administrator())

    with CaptureQueriesContext(connection) as asked:
        page = client.get(path)

    assert stranger.status_code == 302
    assert page.status_code == 200
    assert page.content.decode().count('<section class="component"') == len(all_components())
    assert not [query["sql"] for query in asked if "occurrence" in query["sql"] or "articlepage" in query["sql"]]


def test_editor_finds_the_page_among_the_reports(library, client):
    client.force_login(library.administrator())

    assert reverse("components") in client.get(reverse("wagtailadmin_home")).content.decode()
