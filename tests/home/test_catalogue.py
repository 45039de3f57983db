"""The library's own catalogue is searched from each page, and only where the network has one."""

import pytest
from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext

from core.models import Network

TEMPLATE = "https://opac.example/search?q={query}&lang=all"
BOX = 'formaction="/en/search/catalogue/"'
pytestmark = pytest.mark.django_db


@pytest.fixture
def catalogue(library):
    """Return the settings of a network with a catalogue."""
    network = Network.for_site(library.site)
    network.catalogue_address = TEMPLATE
    with TestCase.captureOnCommitCallbacks(execute=True):
        network.save()
    return network


def _html(client, path) -> str:
    return client.get(path).content.decode()


@pytest.mark.parametrize("path", ["/en/", "/en/events/", "/en/search/", "/en/search/?q=nothing"])
def test_each_page_has_a_box_for_the_catalogue(client, catalogue, path):
    html = _html(client, path)

    assert BOX in html
    assert 'action="/en/search/" method="get"' in html


@pytest.mark.parametrize("path", ["/en/", "/en/search/?q=nothing"])
def test_network_without_a_catalogue_has_no_box_and_no_way_there(client, library, path):
    html = _html(client, path)

    assert "catalogue" not in html
    assert client.get("/en/search/catalogue/?q=a").status_code == 404


def test_search_leads_on_with_the_query_in_utf_8(client, catalogue):
    answer = client.get("/uk/search/catalogue/", {"q": "  Лесь Мартович & «Забобон»\u00a0 "})

    address = (
        "https://opac.example/search?q=%D0%9B%D0%B5%D1%81%D1%8C%20%D0%9C%D0%B0%D1%80%D1%82%D0%BE%D0%B2%D0%B8%D1%87"
        "%20%26%20%C2%AB%D0%97%D0%B0%D0%B1%D0%BE%D0%B1%D0%BE%D0%BD%C2%BB&amp;lang=all"
    )
    html = answer.content.decode()
    assert f'<meta http-equiv="refresh" content="0; url={address}">' in html
    assert f'<a href="{address}" rel="nofollow">' in html
    assert '<meta name="robots" content="noindex, nofollow">' in html
    assert (answer.headers["X-Robots-Tag"], answer.headers["Cache-Control"]) == (
        "noindex, nofollow",
        "private, no-cache",
    )


def test_quotes_reach_the_catalogue(client, catalogue):
    assert "url=https://opac.example/search?q=%22war%20and%20peace%22&amp;" in _html(
        client, "/en/search/catalogue/?q=%22war+and+peace%22"
    )


def test_empty_query_leads_to_the_first_page_of_the_catalogue(client, catalogue):
    assert 'content="0; url=https://opac.example/search"' in _html(client, "/en/search/catalogue/?q=+")


def test_query_that_is_too_long_or_broken_is_refused(client, catalogue):
    answers = [client.get(f"/en/search/catalogue/?q={query}") for query in ("a" * 201, "%00", "%ff")]

    assert [answer.status_code for answer in answers] == [400, 400, 400]


def test_changed_address_holds_for_the_next_reader(client, catalogue, settings):
    settings.PAGE_CACHE = True
    before = client.get("/en/search/catalogue/"), client.get("/en/search/catalogue/")
    catalogue.catalogue_address = "https://new.example/?q={query}"
    with TestCase.captureOnCommitCallbacks(execute=True):
        catalogue.save()

    assert [answer.headers["X-Cache"] for answer in before] == ["bypass", "bypass"]
    assert all(b"https://opac.example/search" in answer.content for answer in before)
    assert b"https://new.example/" in client.get("/en/search/catalogue/").content


def test_crawlers_are_kept_out(client, library):
    assert "Disallow: /en/search/" in _html(client, "/robots.txt").splitlines()


def test_home_page_asks_the_database_no_more_with_a_catalogue(client, library, remembering):
    counts = []
    for address in ("", TEMPLATE):
        Network.objects.update_or_create(site=library.site, defaults={"catalogue_address": address})
        client.get("/en/")
        with CaptureQueriesContext(connection) as asked:
            client.get("/en/")
        counts.append(len(asked))

    assert counts[0] == counts[1]
