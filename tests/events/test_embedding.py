"""The list for other sites: only it may be shown in a frame, and it holds what was asked for and no more."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from branches.models import BranchPage
from core import generations
from events.domain import operations
from events.models import Occurrence
from tests.factories.library import soon

pytestmark = pytest.mark.django_db

PATH = "/en/events/embed/"
LINK = re.compile(r"<a ([^>]*)>")
TITLES = re.compile(r"<h2><a [^>]*>([^<]+)</a></h2>")


def _html(client, query="") -> str:
    response = client.get(f"{PATH}{query}")
    assert response.status_code == 200
    return response.content.decode()


def test_list_has_the_next_dates_of_its_filters(library, client):
    branch = library.branch().record
    for number in range(3):
        library.event(title=f"Here {number}", slug=f"here-{number}", starts_on=soon(3 + number), branch=branch)
    library.event(title="Elsewhere", starts_on=soon(1))

    assert TITLES.findall(_html(client)) == ["Elsewhere", "Here 0", "Here 1", "Here 2"]
    assert TITLES.findall(_html(client, "?branch=central")) == ["Here 0", "Here 1", "Here 2"]
    assert TITLES.findall(_html(client, "?branch=central&count=2")) == ["Here 0", "Here 1"]


def test_usual_list_is_short(library, client):
    library.event(starts_on=soon(1), repeat="daily", repeat_count=30)

    assert (len(TITLES.findall(_html(client))), len(TITLES.findall(_html(client, "?count=20")))) == (10, 20)


@pytest.mark.parametrize("query", ["?count=0", "?count=51", "?count=-1", "?count=x", "?count=٣", "?count=9999999999"])
def test_number_that_no_list_has_is_400(library, client, query):
    assert client.get(f"{PATH}{query}").status_code == 400


@pytest.mark.parametrize("query", ["?branch=nowhere", "?topic=a,b", "?branch=%00"])
def test_key_never_issued_is_400(library, client, query):
    assert client.get(f"{PATH}{query}").status_code == 400


def test_list_may_be_framed_and_leaves_no_cookie(library, client):
    response = client.get(PATH)

    assert "X-Frame-Options" not in response
    assert "frame-ancestors *" in response["Content-Security-Policy"].split("; ")
    assert response["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert (dict(response.cookies), "<script" in response.content.decode()) == ({}, False)


def test_rest_of_the_policy_is_as_strict_as_elsewhere(library, client):
    def others(path):
        policy = client.get(path)["Content-Security-Policy"].split("; ")
        return sorted(part.rstrip(";") for part in policy if not part.startswith("frame-ancestors"))

    assert others(PATH) == others("/en/events/")


def test_every_other_page_refuses_to_be_framed(library, client):
    library.terms()
    library.branch()
    library.event(branch=BranchPage.objects.get(locale=library.locales["en"]).record)
    library.article()
    uid = Occurrence.objects.get().uid
    paths = [
        "/en/",
        "/en/events/",
        "/en/events/?view=month",
        "/en/events/chess-club/",
        "/en/branches/",
        "/en/branches/central/",
        "/en/news/",
        "/en/news/new-shelves/",
        "/en/search/",
        "/en/events/subscribe/",
        "/en/events/subscribe/?branch=central",
        "/en/cal/b.central/",
        "/en/cal/b.central.ics",
        "/en/cal/b.central.svg",
        "/en/cal/b.central.pdf",
        "/en/events/feed.ics",
        "/en/events/feed.atom",
        "/en/news/feed.atom",
        f"/en/events/{uid}.ics",
        "/en/display/",
        "/en/nothing/",
        "/en/events/embed/nothing/",
        "/en/events/embed/?count=0",
        "/accounts/login/",
    ]

    def may_be_framed(path):
        response = client.get(path)
        policy = response["Content-Security-Policy"].split("; ")
        return response.get("X-Frame-Options") != "DENY" or "frame-ancestors 'none'" not in policy

    assert [path for path in paths if may_be_framed(path)] == []


def test_links_leave_the_frame(library, client):
    library.event(starts_on=soon(1))

    links = LINK.findall(_html(client, "?held_in=uk") + _html(client))

    assert len(links) >= 5
    assert [link for link in links if 'target="_blank" rel="noopener"' not in link] == []
    assert [link for link in links if 'href="http://testserver/' not in link] == []


def test_list_says_what_is_off(library, client):
    library.event(starts_on=soon(1))
    operations.cancel_occurrence(Occurrence.objects.get(), reason={"en": "The speaker is ill."})

    html = _html(client)

    assert ('<li class="is-off">' in html, "The speaker is ill." in html) == (True, True)


def test_list_without_dates_says_so(library, client):
    assert "Nothing is planned at the moment." in _html(client)


def test_number_of_queries_does_not_grow_with_the_dates(library, client, remembering):
    asked = []
    for number in range(1, 4):
        library.event(title=f"Event {number}", starts_on=soon(number))
        generations.store().advance()
        with CaptureQueriesContext(connection) as queries:
            _html(client)
        asked.append(len(queries))

    assert asked == [asked[0]] * 3
