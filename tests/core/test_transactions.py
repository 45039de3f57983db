"""What the admin does is done wholly or not at all, with real transactions, on both databases."""

from datetime import date

import pytest
from django.urls import reverse
from wagtail.models import Page, PageViewRestriction

from branches.models import Branch
from events.models import Event, EventPage
from tests.factories.library import Library

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.services]

FORM = {
    "slug": "chess-club",
    "lead": "Come and play.",
    "starts_on": "2030-03-03",
    "starts_at": "18:00",
    "ends_at": "19:00",
    "repeat_every": "1",
    "format": "onsite",
    "registration": "none",
    "is_free": "on",
    "left_out-count": "0",
    "added-count": "0",
    "body-count": "0",
    "comments-TOTAL_FORMS": "0",
    "comments-INITIAL_FORMS": "0",
    "action-publish": "1",
}


@pytest.fixture
def network(transactional_db, client):
    """Return a library whose rows are committed, and sign its administrator in."""
    library = Library()
    client.force_login(library.administrator())
    return library


def _state() -> tuple[str, date, bool]:
    record = Event.objects.get()
    return EventPage.objects.get().title, record.starts_on, record.is_public


def _fail(*_args, **_kwargs):
    raise RuntimeError("the texts can't be written")


def test_publishing_in_the_form_projects(network, client):
    page = network.event(title="Old", publish_it=False)

    answer = client.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), FORM | {"title": "New"})

    assert (answer.status_code, *_state()) == (302, "New", date(2030, 3, 3), True)


def test_publishing_in_the_form_that_fails_has_not_happened(network, client, monkeypatch):
    page = network.event(title="Old", publish_it=False)
    before = (*_state(), page.revisions.count())
    monkeypatch.setattr("events.domain.publishing.words_published", _fail)
    client.raise_request_exception = False

    answer = client.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), FORM | {"title": "New"})

    assert answer.status_code == 500
    assert (*_state(), page.revisions.count()) == before


def test_unpublishing_in_the_admin_hides(network, client):
    page = network.event()

    answer = client.post(reverse("wagtailadmin_pages:unpublish", args=[page.pk]))

    assert (answer.status_code, Event.objects.get().is_public) == (302, False)


def test_unpublishing_that_fails_has_not_happened(network, client, monkeypatch):
    page = network.event()
    monkeypatch.setattr("events.domain.publishing.event_hidden", _fail)
    client.raise_request_exception = False

    client.post(reverse("wagtailadmin_pages:unpublish", args=[page.pk]))

    assert (EventPage.objects.get().live, Event.objects.get().is_public) == (True, True)


def test_deleting_in_the_admin_hides(network, client):
    page = network.event()

    client.post(reverse("wagtailadmin_pages:delete", args=[page.pk]))

    assert (EventPage.objects.count(), Event.objects.get().is_public) == (0, False)


def test_moving_in_the_admin_takes_the_thing_along(network, client):
    branch = network.branch()
    page = network.event(slug="chess")

    answer = client.post(reverse("wagtailadmin_pages:move_confirm", args=[page.pk, branch.pk]))

    assert (answer.status_code, Page.objects.get(pk=page.pk).get_parent().pk) == (302, branch.pk)


def test_privacy_in_the_admin_hides(network, client):
    branch = network.branch()

    client.post(
        reverse("wagtailadmin_pages:set_privacy", args=[branch.pk]), {"restriction_type": "login", "password": ""}
    )

    assert not Branch.objects.get().is_public
    assert PageViewRestriction.objects.count() == 4


def test_reading_in_the_admin_takes_no_transaction(network, client, monkeypatch):
    monkeypatch.setattr("django.db.transaction.Atomic.__enter__", _fail)

    assert client.get(reverse("wagtailadmin_home")).status_code == 200
