"""Feeds are the same for everybody: a request for one has no cookies, and neither has the answer."""

import pytest
from django.test import Client

from events.models import Occurrence
from tests.factories.library import soon


@pytest.fixture(params=["events/feed.ics", "news/feed.atom", "date"])
def path(request, library) -> str:
    """Return the address of a feed."""
    library.event(starts_on=soon(5))
    library.article()
    kind = f"events/{Occurrence.objects.get().uid}.ics" if request.param == "date" else request.param
    return f"/uk/{kind}"


def _client(**cookies: str) -> Client:
    client = Client()
    client.cookies.load(cookies)
    return client


def test_feed_asked_with_an_expired_session_sets_no_cookie(path):
    response = _client(sessionid="expired", csrftoken="x" * 32, messages="broken").get(path)

    assert (response.status_code, dict(response.cookies)) == (200, {})
    assert "cookie" not in response.get("Vary", "").lower()


def test_feed_is_kept_for_those_with_and_without_a_session(path, settings):
    settings.PAGE_CACHE = True
    client = _client(sessionid="expired", display="contrast")

    first, second = client.get(path), client.get(path, headers={"accept-encoding": "gzip"})

    assert [answer["X-Cache"] for answer in (first, second)] == ["miss", "hit"]
    assert (second["Vary"], second.cookies) == ("Accept-Encoding", {})


def test_page_that_is_no_feed_still_sees_its_cookies(library):
    page = _client(sessionid="expired").get("/accounts/login/")

    assert "Cookie" in page["Vary"]
