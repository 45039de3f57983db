"""Public keys answer for ever once they were issued, and are never given to anything else."""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page

from branches.models import BranchPage
from core.models import Audience, Topic
from events.jobs import render_stale_texts
from events.models import IssuedKey
from tests.events.feed_reading import FEED, dates_in, feed_of, version_of
from tests.factories.library import publish, revise, soon

pytestmark = [pytest.mark.django_db, pytest.mark.services]

MODELS = {"audience": Audience, "topic": Topic}
FIELDS = {"audience": "audiences", "topic": "topics"}


def _status(**query: str) -> int:
    return Client().get(FEED, query).status_code


# --- Branches ---------------------------------------------------------------------------------------------------------


def test_key_of_a_branch_answers_once_it_was_public(library):
    page = Page.objects.get(pk=library.branches.pk).add_child(
        instance=BranchPage(title="Mill", slug="mill", live=False)
    )
    answers = [_status(branch="mill")]

    publish(page)
    answers.append(_status(branch="mill"))
    BranchPage.objects.get(pk=page.pk).unpublish()
    answers.append(_status(branch="mill"))
    Page.objects.get(pk=page.pk).delete()
    answers.append(_status(branch="mill"))

    assert answers == [400, 200, 200, 200]


def test_calendar_page_refuses_the_key_of_a_draft_too(library, client):
    library.branches.add_child(instance=BranchPage(title="Mill", slug="mill", live=False))

    assert client.get("/en/events/", {"branch": "mill"}).status_code == 400


def test_list_narrowed_to_a_hidden_branch_does_not_name_it(library, client):
    page = library.branch(title="The secret branch")
    BranchPage.objects.get(pk=page.pk).unpublish()

    response = client.get("/en/events/", {"branch": "central"})

    assert (response.status_code, "secret" in response.content.decode()) == (200, False)


# --- Terms ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", MODELS)
def test_deleted_term_leaves_tombstones_under_its_key(library, client, kind):
    library.terms()
    term = MODELS[kind].objects.first()
    library.event(starts_on=soon(5), **{FIELDS[kind]: [term]})
    [before] = dates_in(client, **{kind: term.key})

    term.delete()
    render_stale_texts(timezone.now())

    [event] = dates_in(client, **{kind: term.key})
    assert (event["STATUS"], "CATEGORIES" in event, event["UID"]) == ("CANCELLED", False, before["UID"])
    assert version_of(event) > version_of(before)
    assert str(feed_of(client, **{kind: term.key})["NAME"]) == "Library events"


def test_term_that_was_taken_off_its_events_answers_after_it_was_deleted_in_the_admin(library, client):
    library.terms()
    term = Audience.objects.get(key="children")
    page = library.event(audiences=[term], starts_on=soon(5))
    revise(page, audiences=[])
    client.force_login(library.administrator())

    client.post(reverse("audiences:delete", args=[term.pk]))

    assert not Audience.objects.filter(key="children").exists()
    assert [event["STATUS"] for event in dates_in(Client(), audience="children")] == ["CANCELLED"]


def test_key_that_was_never_issued_is_refused(library):
    library.terms()

    assert [_status(audience="kids"), _status(topic="children"), _status(held_in="xx"), _status(audience="adults")] == [
        400,
        400,
        400,
        200,
    ]


@pytest.mark.parametrize("kind", MODELS)
def test_retired_term_is_offered_no_more_but_its_feed_answers_with_the_same_dates(library, client, kind):
    library.terms()
    term = MODELS[kind].objects.first()
    library.event(starts_on=soon(5), **{FIELDS[kind]: [term]})
    before = dates_in(client, **{kind: term.key})

    term.retired = True
    term.save()
    render_stale_texts(timezone.now())

    assert [event["UID"] for event in before] == [event["UID"] for event in dates_in(client, **{kind: term.key})]
    assert [event["STATUS"] for event in dates_in(client, **{kind: term.key})] == ["CONFIRMED"]
    assert f'value="{term.key}"' not in client.get("/en/events/").content.decode()


def test_key_of_a_deleted_term_is_given_to_no_other(library, client):
    library.terms()
    Topic.objects.get(key="reading").delete()
    client.force_login(library.administrator())

    client.post(reverse("topics:add"), {"label_en": "Reading", "order": "0"})
    refused = client.post(reverse("topics:add"), {"label_en": "Reading", "key": "reading", "order": "0"})

    assert list(Topic.objects.values_list("key", flat=True)) == ["reading-2"]
    assert list(refused.context["form"].errors) == ["key"]


def test_key_of_a_term_that_exists_is_not_changed_by_its_form(library, client):
    library.terms()
    term = Audience.objects.get(key="children")
    client.force_login(library.administrator())

    client.post(reverse("audiences:edit", args=[term.pk]), {"label_en": "Kids", "key": "kids", "order": "0"})

    term.refresh_from_db()
    assert (term.key, term.label) == ("children", {"en": "Kids"})


def test_key_of_a_term_that_exists_is_not_valid_when_changed(library):
    library.terms()
    term = Audience.objects.get(key="children")
    term.full_clean()
    term.key = "kids"

    with pytest.raises(ValidationError) as refused:
        term.full_clean()

    assert list(refused.value.message_dict) == ["key"]


def test_terms_of_other_kinds_have_keys_of_their_own(library):
    library.terms()
    Audience.objects.get(key="children").delete()

    assert (Topic.key_is_taken("children"), Audience.key_is_taken("children")) == (False, True)
    assert IssuedKey.objects.count() == 1
