"""Large type and strong contrast, for as long as the reader wants them."""

import pytest
from django.conf import settings

from core import display

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("choice", "cookie", "attributes"),
    [
        ({"large": "on"}, "large", '<html lang="uk" data-type="large">'),
        ({"contrast": "on"}, "contrast", '<html lang="uk" data-contrast="high">'),
        (
            {"large": "on", "contrast": "on"},
            "large-contrast",
            '<html lang="uk" data-type="large" data-contrast="high">',
        ),
    ],
)
def test_choice_is_kept_and_leads_back(library, client, choice, cookie, attributes):
    answer = client.post("/uk/display/", choice | {"next": "/uk/events/?view=month"})

    assert (answer.status_code, answer.url, answer.cookies["display"].value) == (302, "/uk/events/?view=month", cookie)
    assert attributes in client.get("/uk/events/").content.decode()


def test_choice_can_be_taken_back(library, client):
    client.post("/en/display/", {"large": "on"})
    shown = client.get("/en/display/").content.decode()
    client.post("/en/display/", {})

    assert 'name="large" id="id_large" checked' in shown
    assert '<html lang="en">' in client.get("/en/").content.decode()


@pytest.mark.parametrize("address", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)", ""])
def test_choice_leads_to_no_other_site(library, client, address):
    assert client.post("/en/display/", {"next": address}).url == "/en/"


def test_value_that_nobody_offered_changes_nothing(library, client):
    client.cookies["display"] = '"><script>'

    assert '<html lang="en">' in client.get("/en/").content.decode()


def test_reading_the_choice_sets_no_cookie(library, client):
    assert not client.get("/en/display/?next=/en/events/").cookies


def test_page_cache_knows_every_choice():
    assert settings.PAGE_CACHE_COOKIES == {display.COOKIE: display.VALUES}


def test_every_page_leads_to_the_choice_and_back(library, client):
    assert 'href="/mk/display/?next=/mk/events/"' in client.get("/mk/events/").content.decode()
