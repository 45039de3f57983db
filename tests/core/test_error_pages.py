"""Error pages speak the visitor's language, lead only to languages that are offered, and never fail themselves."""

import re

import pytest
from django.db import OperationalError, connection
from django.test import Client, RequestFactory
from django.utils import translation
from django.utils.translation import gettext

from core import views
from core.models import Network
from home.models import HomePage

ADDRESSES = [
    # What is asked for, the browser's language, and the language of the answer.
    (403, "/uk/events/", "ru", "uk"),
    (403, "/", "ru", "uk"),
    (403, "/accounts/login/", "uk", "uk"),
    (403, "/accounts/login/", "en", "en"),
    (404, "/uk/nowhere/", "en", "uk"),
    (404, "/en/nowhere/", "uk", "en"),
    (404, "/nowhere/", "en", "uk"),
    (404, "/mk/nowhere/", "en", "uk"),
    (404, "/accounts/nowhere/", "uk", "uk"),
    (404, "/accounts/nowhere/", "ru", "ru"),
    (500, "/uk/", "en", "uk"),
    (500, "/healthz", "en", "uk"),
    (500, "/accounts/login/", "uk", "uk"),
]
HEADINGS = {
    403: "This is not open to you",
    404: "There is no such page",
    500: "Something went wrong",
}


def _fail(*_args, **_kwargs):
    raise RuntimeError("broken")


@pytest.fixture
def narrowed(library):
    """Return a network whose first language is Ukrainian, and that offers one other."""
    network = Network.for_site(library.site)
    network.languages, network.default_language = ["en", "uk"], "uk"
    network.save()
    return network


@pytest.fixture
def browser():
    """Return a client that is answered as a browser is: with error pages, and with its forms checked."""
    return Client(enforce_csrf_checks=True, raise_request_exception=False)


def _said(response) -> tuple[str, str, str, list[str]]:
    """Return the language of an answer by its header and its element, its heading, and the languages it leads to."""
    html = response.content.decode()
    (language,), (heading,) = re.findall(r'<html lang="([^"]*)"', html), re.findall(r"<h1>([^<]*)</h1>", html)
    return response["Content-Language"], language, heading, re.findall(r'<li><a href="/(..)/"', html)


def _heading(status: int, code: str) -> str:
    with translation.override(code):
        return gettext(HEADINGS[status])


@pytest.mark.parametrize(("status", "path", "asked", "code"), ADDRESSES)
def test_error_page_is_in_the_language_of_the_visitor(narrowed, browser, monkeypatch, status, path, asked, code):
    if status == 500:
        for broken in ("accounts.language._language_of", "core.health._database"):
            monkeypatch.setattr(broken, _fail)
        monkeypatch.setattr(HomePage, "get_context", _fail)
    ask = browser.post if status == 403 else browser.get

    response = ask(path, headers={"accept-language": asked})

    assert response.status_code == status
    assert _said(response) == (code, code, _heading(status, code), ["uk", "en"])


def test_error_page_leads_to_a_first_page_that_there_is(narrowed, browser):
    for path, home in (("/nowhere/", "/uk/"), ("/en/nowhere/", "/en/"), ("/accounts/nowhere/", "/uk/")):
        html = browser.get(path, headers={"accept-language": "ru"}).content.decode()

        assert f'<p><a href="{home}">' in html


def test_error_before_the_language_is_chosen_does_not_speak_that_of_the_request_before(narrowed, browser):
    translation.activate("mk")

    response = browser.get("/accounts/login/?next=%00", headers={"accept-language": "uk"})

    assert (response.status_code, *_said(response)[:2]) == (400, "uk", "uk")


def test_error_page_of_an_unknown_host_offers_the_languages_of_the_default_site(narrowed, browser, settings):
    settings.ALLOWED_HOSTS = ["library.example"]

    response = browser.get("/nowhere/", headers={"host": "elsewhere.example"})

    assert response.status_code == 400
    assert _said(response)[-1] == ["uk", "en"]


class BrokenDatabase:
    """Refuses every query, and counts them."""

    def __init__(self):
        self.asked = 0

    def __call__(self, execute, sql, params, many, context):
        self.asked += 1
        raise OperationalError("the database is gone")


def test_broken_database_is_not_asked_by_the_page_that_says_so(narrowed, browser):
    broken = BrokenDatabase()

    with connection.execute_wrapper(broken):
        response = browser.get("/uk/")

    assert (response.status_code, broken.asked) == (500, 1)
    assert _said(response) == ("uk", "uk", _heading(500, "uk"), ["en", "uk", "ru", "mk"])


@pytest.mark.parametrize(
    ("status", "view"),
    [
        (400, views.bad_request),
        (403, views.permission_denied),
        (403, views.csrf_failure),
        (404, views.page_not_found),
        (500, views.server_error),
    ],
)
def test_error_page_that_meets_a_broken_database_asks_it_once(narrowed, status, view):
    broken = BrokenDatabase()

    with connection.execute_wrapper(broken):
        response = view(RequestFactory().get("/uk/nowhere/"))

    assert (response.status_code, broken.asked) == (status, 1)
    assert _said(response)[-1] == ["en", "uk", "ru", "mk"]
