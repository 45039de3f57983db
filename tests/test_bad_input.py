"""What no page can mean gets a 400 or 404 in the visitor's language, never a 500."""

import pytest
from django.db import transaction
from django.urls import reverse
from wagtail.test.utils.form_data import streamfield

from tests.factories.forms import form_of
from tests.factories.library import Library

pytestmark = pytest.mark.services
PATHS = [
    ("/xx/", 404),
    ("/en/nowhere/", 404),
    ("/uk/events/nowhere/", 404),
    ("/en/events/?page=0", 404),
    ("/en/events/?page=1000000000", 404),
    ("/en/events/?page=" + "9" * 5000, 400),
    ("/en/events/?page=x", 400),
    ("/en/events/?page=٣", 400),
    ("/en/events/?view=month&month=2026-13", 400),
    ("/en/events/?view=month&month=0000-01", 400),
    ("/en/events/?view=month&month=99999-01", 400),
    ("/en/events/?view=month&month=9999-12", 404),
    ("/en/events/?view=wheel", 400),
    # What a page uses is checked in each of its views.
    ("/en/events/?month=2026-13", 400),
    ("/en/events/?month=9999-12", 404),
    ("/en/events/?view=month&day=2026-02-30", 400),
    ("/en/events/?view=month&page=x", 400),
    ("/en/events/?view=month&page=0", 404),
    ("/en/events/?day=2026-02-30", 400),
    ("/en/events/?day=9999-12-31", 404),
    ("/en/events/?branch=nowhere", 400),
    ("/en/events/?audience=%27%20OR%201=1", 400),
    ("/en/events/?branch=%00", 400),
    ("/en/events/?branch=%ff%fe", 400),
    ("/en/events/?q=" + "a" * 10_000, 400),
    ("/en/events/feed.ics?branch=nowhere", 400),
    ("/en/events/feed.ics?branch=%00", 400),
    ("/en/events/feed.atom?branch=nowhere", 400),
    ("/en/events/subscribe/?topic=%00", 400),
    ("/en/events/subscribe/?language=xx", 400),
    ("/en/events/embed/?count=1e3", 400),
    ("/en/cal/b.nowhere.ics", 400),
    ("/en/cal/%00.ics", 400),
    ("/en/cal/%ff.ics", 400),
    ("/en/events/chess-club/?date=never", 400),
    ("/en/events/chess-club/?date=2030-01-01T00:00", 404),
    ("/en/events/chess-club/?date=2030-01-08T18:00%2B02:00", 200),
    ("/en/news/?month=2026-13", 400),
    ("/en/news/?month=9999-12", 404),
    ("/en/news/?month=0000-00", 400),
    ("/en/news/?page=1000000000", 404),
    ("/en/news/?topic=nothing", 400),
    ("/en/news/feed.atom?topic=nothing", 400),
    ("/en/news/?page=0", 404),
    ('/en/search/?q="', 200),
    ("/en/search/?q=x&page=0", 404),
    ("/en/search/?q=x&page=2", 404),
    ("/en/search/?q=x&page=1000000000", 404),
    ("/en/search/?q=x&page=one", 400),
    ("/en/search/?page=0", 404),
    # What a page does not know is ignored.
    ("/en/branches/?branch=nowhere", 200),
    ("/en/news/feed.atom?page=0", 200),
    ("/en/events/feed.ics?page=x&month=2026-13", 200),
    ("/en/events/chess-club/?page=0&month=13", 200),
    ("/en/?view=wheel&page=x", 200),
    ("/en/search/?q=%00", 400),
    ("/en/search/?q=" + "a" * 201, 400),
    ("/en/search/?q=%27%3B%20DROP%20TABLE", 200),
    ("/en/%00/", 400),
    ("/en/%ff/", 404),
    ("/en/events/not-a-uuid.ics", 404),
]


@pytest.fixture(scope="module")
def built_once(django_db_setup, django_db_blocker):
    """Build the library and its event once: making them takes longer than most of these tests."""
    with django_db_blocker.unblock(), transaction.atomic():
        library = Library()
        library.club = library.event()
        yield library
        transaction.set_rollback(True)


@pytest.fixture
def library(built_once, db):
    """Return a small network in four languages with one event, as it was built."""
    return built_once


@pytest.mark.parametrize(("path", "status"), PATHS, ids=[path[:40] for path, _status in PATHS])
def test_bad_address_gets_a_clear_answer(library, client, path, status):
    assert client.get(path).status_code == status


WAYS_BACK = [
    ("foo", "/en/"),
    ("%ff", "/en/"),
    ("?a=b", "/en/"),
    ("account_login", "/en/"),
    ("//elsewhere.example/", "/en/"),
    ("/\\elsewhere.example/", "/en/"),
    ("///elsewhere.example/", "/en/"),
    ("\x00", "/en/"),
    ("/en/\r\nSet-Cookie: a=b", "/en/%0D%0ASet-Cookie:%20a=b"),
    ("/[", "/["),
    ("/%ff", "/%ff"),
    ("/uk/events/?view=month", "/uk/events/?view=month"),
]


@pytest.mark.parametrize(("address", "leads_to"), WAYS_BACK, ids=[repr(address) for address, _leads_to in WAYS_BACK])
def test_posted_way_back_is_a_path_of_this_site_or_home(library, client, address, leads_to):
    answer = client.post("/en/display/", {"next": address})

    assert (answer.status_code, answer["Location"]) == (302, leads_to)


@pytest.mark.parametrize("body", [b"next=%ff%fe", b"next=/%00", b"next=/" + b"a" * 10_000, b"large=%ff&next=%ed%a0%80"])
def test_posted_bytes_that_no_form_sends_get_a_clear_answer(library, client, body):
    answer = client.post("/en/display/", body, content_type="application/x-www-form-urlencoded")

    assert answer.status_code in {302, 400}


def test_error_pages_speak_the_language_of_the_address(library, client):
    response = client.get("/uk/nowhere/")

    assert '<html lang="uk"' in response.content.decode()
    assert response["Content-Language"] == "uk"


def test_page_that_fails_to_render_takes_nothing_else_down(library, client, monkeypatch):
    page = library.club
    library.event(title="Other")
    client.raise_request_exception = False

    from events.models import EventPage

    original = EventPage.get_context

    def fail(self, request, *args, **kwargs):
        if self.pk == page.pk:
            raise RuntimeError("broken page")
        return original(self, request, *args, **kwargs)

    monkeypatch.setattr(EventPage, "get_context", fail)

    assert client.get("/uk/events/chess-club/").status_code == 500
    assert [client.get(path).status_code for path in ("/uk/events/", "/uk/events/other/", "/uk/")] == [200] * 3


# --- What no form of the admin sends ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["x", "9" * 23])
@pytest.mark.parametrize("what", ["wagtailcore/page/delete", "wagtailcore/page/publish", "core/libraryimage/delete"])
def test_number_in_the_admin_that_is_none_is_refused(library, client, what, name):
    client.force_login(library.administrator())

    assert client.get(f"/admin/bulk/{what}/", {"id": name}).status_code in {400, 404}


@pytest.mark.parametrize(
    "change", [{"left_out-count": "x"}, {"left_out-count": None}, {"added-0-order": "x"}, {"image": "x"}]
)
def test_form_of_a_page_that_no_browser_sends_is_refused_and_changes_nothing(library, client, change):
    page = library.event(slug="quiz", title="Quiz")
    client.force_login(library.administrator())
    added = streamfield([("date", {"date": "2030-02-02", "starts": "", "ends": "", "branch": ""})])
    sent = form_of(page, title="Changed", added=added) | change
    sent = {name: value for name, value in sent.items() if value is not None}

    answer = client.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), sent | {"action-publish": "1"})

    page.refresh_from_db()
    # A picture that is none may also be a fault in the form, which is shown again.
    assert (answer.status_code in {400, 200}, page.title) == (True, "Quiz")
