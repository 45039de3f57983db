"""Another language becomes the source: asked first, and only for who may publish both pages."""

import pytest
from django.urls import reverse
from wagtail.models import GroupPagePermission

from events.models import Event, EventPage
from tests.factories.editors import editor_of
from tests.factories.library import soon


@pytest.fixture
def branch(library):
    return library.branch()


@pytest.fixture
def page(library, branch):
    """Return an event's translation."""
    return library.translate(library.event(parent=branch, starts_on=soon(5)), "uk", title="Шаховий клуб")


def _url(page):
    return reverse("make_source", args=[page.pk])


def _edit(client, page):
    return client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()


def test_question_changes_nothing(library, page, branch, client):
    client.force_login(editor_of(branch))

    response = client.get(_url(page))

    assert "From now on the facts are changed on this page (Ukrainian)." in response.content.decode()
    assert Event.objects.get().source_page_id != page.pk


def test_answer_makes_the_page_the_source(library, page, branch, client):
    client.force_login(editor_of(branch))

    response = client.post(_url(page))

    event = Event.objects.get()
    assert response.url == reverse("wagtailadmin_pages:edit", args=[page.pk])
    assert (event.source_page_id, event.starts_on) == (page.pk, soon(5))
    assert EventPage.objects.get(pk=page.pk).starts_on == soon(5)


def test_form_of_a_translation_offers_it_and_that_of_the_source_does_not(library, page, branch, client):
    client.force_login(editor_of(branch))

    assert _url(page) in _edit(client, page)
    assert "make-source" not in _edit(client, Event.objects.get().source_page)


def test_who_may_not_publish_the_source_may_not(library, page, branch, client):
    user = editor_of(branch)
    GroupPagePermission.objects.filter(page=branch, permission__codename="publish_page").delete()
    client.force_login(user)

    assert client.post(_url(page)).url == reverse("wagtailadmin_home")
    assert "make-source" not in _edit(client, page)
    assert Event.objects.get().source_page_id != page.pk


def test_page_that_is_no_thing_has_no_source(library, client):
    client.force_login(library.administrator())

    assert client.get(_url(library.events)).status_code == 404


def test_alias_can_not_become_the_source(library, branch, client):
    client.force_login(library.administrator())

    assert client.post(_url(library.in_language(branch, "mk"))).status_code == 404
