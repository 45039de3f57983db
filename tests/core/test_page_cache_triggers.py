"""Everything that changes what is public drops kept pages, in every process; what is not public is never kept."""

from datetime import datetime

import pytest
from django.core.files.base import ContentFile
from django.test import Client, TestCase
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, PageViewRestriction

from core import generations
from core.models import Audience, LibraryDocument, Navigation, Network, Notice
from events.domain import operations
from events.models import EventPage, Occurrence
from tests.factories.library import publish, soon


@pytest.fixture
def cached(settings, library, remembering):
    """Return the library behind a page cache that keeps what it may."""
    settings.PAGE_CACHE = True
    settings.PAGE_CACHE_DEBUG_HEADER = True
    library.terms()
    library.event(starts_on=soon(5))
    generations.store().advance()
    library.reader = Client()
    return library


def _state(library, path="/en/events/"):
    return library.reader.get(path)["X-Cache"]


def _keep(library, path="/en/events/"):
    assert [_state(library, path), _state(library, path)] == ["miss", "hit"]


def _move_page(library):
    page = EventPage.objects.get()
    branch = library.branch()
    Page.objects.get(pk=page.pk).move(Page.objects.get(pk=branch.pk), pos="last-child")


TRIGGERS = {
    "publish": lambda library: publish(EventPage.objects.get()),
    "unpublish": lambda library: EventPage.objects.get().unpublish(),
    "delete": lambda library: Page.objects.get(pk=EventPage.objects.get().pk).delete(),
    "move": _move_page,
    "privacy": lambda library: PageViewRestriction.objects.create(
        page=EventPage.objects.get(), restriction_type=PageViewRestriction.LOGIN
    ),
    "settings": lambda library: Network.objects.get(site=library.site).save(),
    "term": lambda library: Audience.objects.first().save(),
    "term deleted": lambda library: Audience.objects.first().delete(),
    "redirect": lambda library: Redirect.objects.create(old_path="/old", redirect_link="/new"),
    "document": lambda library: LibraryDocument.objects.create(title="Rules", file=ContentFile(b"x", "rules.txt")),
    "operation on a date": lambda library: operations.cancel_occurrence(Occurrence.objects.get()),
    "operation on an event": lambda library: operations.cancel_event(Occurrence.objects.get().event),
    "menu": lambda library: Navigation.for_site(library.site).save(),
    "notice": lambda library: Notice.objects.create(
        site=library.site, text={"en": "Shut"}, begins=datetime(2020, 1, 1)
    ),
    "site": lambda library: library.site.save(),
}


@pytest.mark.services
@pytest.mark.parametrize("name", TRIGGERS)
def test_trigger_drops_kept_pages_on_commit(cached, name):
    _keep(cached)

    with TestCase.captureOnCommitCallbacks() as callbacks:
        TRIGGERS[name](cached)

    assert _state(cached) == "hit"
    for callback in callbacks:
        callback()
    assert _state(cached) == "miss"


def test_draft_drops_nothing(cached):
    _keep(cached)

    with TestCase.captureOnCommitCallbacks(execute=True):
        page = EventPage.objects.get()
        page.title = "Draft"
        page.save_revision()

    assert _state(cached) == "hit"


def test_private_page_is_never_kept(cached):
    PageViewRestriction.objects.create(
        page=EventPage.objects.get(), restriction_type=PageViewRestriction.PASSWORD, password="secret"
    )
    path = "/en/events/chess-club/"

    assert "hit" not in {_state(cached, path) for _n in range(3)}


def test_preview_is_never_kept(cached):
    page = EventPage.objects.get()
    page.title = "Secret draft"

    response = page.make_preview_request()

    assert "Secret draft" in response.content.decode()
    assert "Secret draft" not in cached.reader.get("/en/events/chess-club/").content.decode()


def test_signed_in_reader_bypasses(cached, django_user_model):
    _keep(cached)
    cached.reader.force_login(django_user_model.objects.create_user("reader@library.example", "secret"))

    assert _state(cached) == "bypass"


def test_anonymous_pages_set_no_cookie_and_no_token(cached):
    for path in ("/en/", "/en/events/", "/en/events/chess-club/", "/en/news/", "/en/branches/", "/en/search/?q=chess"):
        response = Client().get(path)
        assert dict(response.cookies) == {}
        assert "csrfmiddlewaretoken" not in response.content.decode()


def test_agenda_is_kept_until_its_first_date_begins(cached):
    import time

    from django.core.handlers.wsgi import WSGIHandler
    from django.test import RequestFactory

    from core.page_cache import PageCacheMiddleware

    handler = WSGIHandler()
    times = [time.time()]
    middleware = PageCacheMiddleware(handler.get_response, clock=lambda: times[0])
    request = RequestFactory().get("/en/events/", headers={"host": "localhost"})
    middleware(request)
    assert middleware(RequestFactory().get("/en/events/", headers={"host": "localhost"}))["X-Cache"] == "hit"

    times[0] = Occurrence.objects.get().starts_at.timestamp() + 1

    assert middleware(RequestFactory().get("/en/events/", headers={"host": "localhost"}))["X-Cache"] == "miss"
