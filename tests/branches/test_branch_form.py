"""The form of a branch: hours that contradict themselves are refused, odd ones are asked about; who may delete one."""

import pytest
from django.urls import reverse
from wagtail.models import Page
from wagtail.test.utils.form_data import streamfield

from branches.models import BranchPage
from tests.factories.editors import editor_of
from tests.factories.forms import questions_after, save_in_form
from tests.factories.library import soon

WEEKDAYS = {f"hours_staffed_{day}": "9-18" for day in range(5)}


@pytest.fixture
def admin(library, client):
    client.force_login(library.administrator())
    return library


def _exceptions(*exceptions):
    empty = {"first": "", "last": "", "kind": "", "hours": "", "reason_en": ""}
    return streamfield([("exception", empty | one) for one in exceptions])


def _next(weekday):
    return next(soon(days) for days in range(7, 14) if soon(days).weekday() == weekday)


def test_hours_that_overlap_are_refused(admin, client):
    answer = save_in_form(client, admin.branch(), **WEEKDAYS | {"hours_staffed_0": "9-13, 12-18"}, publish=True)

    assert answer.status_code == 200
    assert answer.context["form"].errors == {"hours": ["These opening times overlap."]}


def test_exceptions_for_the_same_day_are_refused_by_their_numbers_in_the_form(admin, client):
    page = admin.branch()
    twice = _exceptions({"hours": "10-12"}, {"first": soon(3), "last": soon(4)}, {"first": soon(4)})

    answer = save_in_form(client, page, **WEEKDAYS, exceptions=twice)

    assert answer.status_code == 200
    assert answer.context["form"].errors == {
        "exceptions": ["Exception 3: Another exception already covers some of these days."]
    }


@pytest.mark.parametrize(
    ("exception", "question"),
    [
        ({"hours": "10-12"}, "Exception 2: The branch is usually closed then: Sunday. Does it open?"),
        ({}, "Exception 2: The branch is closed on these days anyway."),
    ],
)
def test_exception_on_a_day_without_hours_is_asked_about(admin, client, exception, question):
    page = admin.branch()
    odd = _exceptions({"first": _next(0)}, {"first": _next(6)} | exception)

    asked = questions_after(client, save_in_form(client, page, **WEEKDAYS, exceptions=odd, publish=True))

    assert [question in one for one in asked] == [True]
    assert [one.value["first"] for one in BranchPage.objects.get(pk=page.pk).exceptions] == [_next(0), _next(6)]


def test_number_in_a_question_counts_what_is_incomplete(admin, client):
    odd = _exceptions({"hours": "10-12"}, {"first": _next(6)})

    asked = questions_after(client, save_in_form(client, admin.branch(), **WEEKDAYS, exceptions=odd))

    assert ["Exception 2: The branch is closed" in one for one in asked] == [True]


# --- Deleting -------------------------------------------------------------------------------------------------------


def _delete(client, page):
    return client.post(reverse("wagtailadmin_pages:delete", args=[page.pk]), follow=True)


def _delete_several(client, page):
    url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "delete"])
    return client.post(f"{url}?id={page.pk}", follow=True)


@pytest.mark.parametrize("delete", [_delete, _delete_several])
@pytest.mark.parametrize("code", ["en", "mk"])
def test_editor_of_a_branch_does_not_delete_its_page(library, client, delete, code):
    page = library.branch(key="mill", title="The mill")
    client.force_login(editor_of(page))

    answer = delete(client, library.in_language(page, code))

    assert BranchPage.objects.count() == 4
    [message] = [str(one) for one in answer.context["messages"]]
    assert "“The mill” is not deleted" in message


@pytest.mark.parametrize("delete", [_delete, _delete_several])
def test_editor_of_a_branch_deletes_what_is_below_its_page(library, client, delete):
    branch = library.branch(key="mill")
    page = library.event(parent=branch)
    client.force_login(editor_of(branch))

    delete(client, page)

    assert not Page.objects.filter(pk=page.pk).exists()


@pytest.mark.parametrize("delete", [_delete, _delete_several])
def test_administrator_deletes_a_branch(admin, client, delete):
    page = admin.branch(key="mill")

    delete(client, page)

    assert not Page.objects.filter(pk=page.pk).exists()
