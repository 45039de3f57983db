"""A page with a shared password opens to whoever knows it, in each language, and is kept for nobody else."""

import re
from html import unescape

import pytest
from django.test import Client, TestCase
from wagtail.models import PageViewRestriction

from core import generations
from tests.factories.library import soon

pytestmark = pytest.mark.django_db


@pytest.fixture
def club(library):
    """The source page of an event behind a password, with words in English and Ukrainian."""
    page = library.event(title="Chess evening", slug="chess", lead="Behind the green door.", starts_on=soon(5))
    library.translate(page, "uk", title="Шаховий вечір", lead="За зеленими дверима.")
    with TestCase.captureOnCommitCallbacks(execute=True):
        PageViewRestriction.objects.create(page=page.page_ptr, restriction_type="password", password="tea")
    return page


@pytest.fixture
def cached_client(settings) -> Client:
    """A reader's browser before a site with its page cache switched on."""
    settings.PAGE_CACHE = True
    generations.store().advance()
    return Client()


def _action_in(form: str) -> str:
    return unescape(re.search(r'<form method="post" action="(/[^"]*/_util/[^"]+|/_util/[^"]+)"', form)[1])


def _enter(client: Client, path: str, password: str):
    """Send the form that stands at the path."""
    form = client.get(path).content.decode()
    action = _action_in(form)
    back = unescape(re.search(r'name="return_url" value="([^"]+)"', form)[1])
    return client.post(action, {"password": password, "return_url": back})


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/en/events/chess/", "Behind the green door."),
        ("/uk/events/chess/", "За зеленими дверима."),
        # No words of its own: shown in English.
        ("/mk/events/chess/", "Behind the green door."),
    ],
)
def test_page_opens_to_whoever_knows_the_password(club, client, path, words):
    assert words not in client.get(path).content.decode()

    answer = _enter(client, path, "tea")

    assert (answer.status_code, answer["Location"]) == (302, path)
    assert words in client.get(path).content.decode()


def test_wrong_password_shows_the_form_again(club, client):
    answer = _enter(client, "/en/events/chess/", "coffee")

    assert answer.status_code == 200
    assert 'name="password"' in answer.content.decode()
    assert "Behind the green door." not in client.get("/en/events/chess/").content.decode()


def test_password_leads_to_no_other_site(club, client):
    form = client.get("/en/events/chess/").content.decode()
    action = _action_in(form)

    answer = client.post(action, {"password": "tea", "return_url": "https://elsewhere.example/"})

    assert (answer.status_code, answer["Location"]) == (302, "/")


def test_form_tells_nothing_of_the_page_and_looks_like_the_others(club, client):
    shown = client.get("/uk/events/chess/").content.decode()

    assert ("Шаховий" in shown, "Chess" in shown, "site-header" in shown) == (False, False, True)
    assert "<h1>Потрібен пароль</h1>" in shown


@pytest.mark.parametrize(
    ("path", "words"), [("/en/events/chess/", "Behind the green door."), ("/uk/events/chess/", "За зеленими дверима.")]
)
def test_page_behind_a_password_is_never_kept(club, cached_client, path, words):
    assert [cached_client.get(path)["X-Cache"] for _time in range(2)] == ["bypass", "bypass"]
    _enter(cached_client, path, "tea")

    shown, stranger = cached_client.get(path), Client().get(path)

    assert (shown["X-Cache"], words in shown.content.decode()) == ("bypass", True)
    assert (stranger["X-Cache"], words in stranger.content.decode()) == ("bypass", False)
    assert 'name="password"' in stranger.content.decode()
    assert "no-store" in stranger["Cache-Control"]
