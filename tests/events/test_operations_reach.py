"""What is done to a date or an event stands at once wherever readers look, and no later publication takes it back."""

import json
import re
from datetime import datetime, time, timedelta
from unittest.mock import patch

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import GroupApprovalTask, Workflow, WorkflowPage, WorkflowTask

from core.scheduled_publishing import publish_due
from events.domain import operations
from events.models import Event, EventPage, Occurrence, OperationLog
from tests.events.feed_reading import dates_in
from tests.factories.library import soon

pytestmark = pytest.mark.django_db


@pytest.fixture
def chess(library):
    """Return an event with three weekly dates in a room with twenty seats."""
    central = library.branch()
    return library.event(
        parent=central,
        slug="chess",
        starts_on=soon(7),
        repeat="weekly",
        repeat_count=3,
        branch=central.record,
        room={"en": "Hall"},
        capacity=20,
    )


def _rows():
    return list(Occurrence.objects.order_by("slot"))


def _cancel(row, _library):
    operations.cancel_occurrence(row, reason={"en": "Flood"})


def _move(row, _library):
    start = datetime.combine(soon(9), time(11))
    operations.move_occurrence(row, start=start, end=start + timedelta(hours=1))


def _elsewhere(row, library):
    north = library.branch(key="north", title="North").record
    operations.move_occurrence(row, start=row.local_start, end=row.local_end, branch=north)


def _adjust(row, _library):
    operations.adjust_occurrence(row, room={"en": "Attic"}, capacity=8, note={"en": "Bring a lamp"})


def _cancel_whole(row, _library):
    operations.cancel_event(row.event, reason={"en": "Flood"})


def _postpone_whole(row, _library):
    operations.postpone_event(row.event, reason={"en": "Flood"})


OPERATIONS = [_cancel, _move, _elsewhere, _adjust, _cancel_whole, _postpone_whole]


def _said(row):
    row = Occurrence.objects.select_related("event").get(pk=row.pk)
    return (
        *(getattr(row, name) for name in ("state", "cancelled", "reason", "local_start", "local_end", "branch_id")),
        *(row.room, row.capacity, row.note, row.event.state, row.event.state_reason),
    )


def _locked(page):
    EventPage.objects.filter(pk=page.pk).update(locked=True)


def _with_draft(page):
    page.lead = "A draft."
    page.save_revision()


def _in_workflow(page):
    task = GroupApprovalTask.objects.create(name="Look")
    task.groups.add(Group.objects.create(name="Approvers"))
    workflow = Workflow.objects.create(name="Look")
    WorkflowTask.objects.create(workflow=workflow, task=task)
    WorkflowPage.objects.create(page=page.get_parent(), workflow=workflow)
    page.lead = "For approval."
    page.save_revision()
    workflow.start(page, None)


def _scheduled(page):
    page.lead = "Later."
    page.go_live_at = timezone.now() + timedelta(hours=1)
    page.save_revision().publish()


def _publish_draft(page):
    EventPage.objects.get(pk=page.pk).get_latest_revision().publish()


def _approve(page):
    EventPage.objects.get(pk=page.pk).current_workflow_task_state.approve()


def _let_the_hour_come(_page):
    later = timezone.now() + timedelta(hours=2)
    with patch.object(timezone, "now", return_value=later):
        assert len(publish_due(later).published) == 1


STATES = {
    "locked": (_locked, _publish_draft, "Come and play."),
    "draft": (_with_draft, _publish_draft, "A draft."),
    "workflow": (_in_workflow, _approve, "For approval."),
    "scheduled": (_scheduled, _let_the_hour_come, "Later."),
}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("operate", OPERATIONS)
def test_operation_needs_no_free_page_and_outlives_what_is_published_later(library, chess, operate, state):
    begin, publish_older, lead = STATES[state]
    begin(EventPage.objects.get(pk=chess.pk))
    untouched = _said(_rows()[0])

    operate(_rows()[0], library)

    done = _said(_rows()[0])
    assert done != untouched
    publish_older(chess)
    assert EventPage.objects.get(pk=chess.pk).lead == lead
    assert _said(_rows()[0]) == done


@pytest.mark.parametrize("operate", OPERATIONS)
def test_each_operation_is_a_new_version_of_the_date_in_feeds(library, chess, client, operate):
    before = dates_in(client)[0]

    operate(_rows()[0], library)

    after = next(one for one in dates_in(client) if one["UID"] == before["UID"])
    assert after["SEQUENCE"] == before["SEQUENCE"] + 1
    assert after["LAST-MODIFIED"].dt > before["LAST-MODIFIED"].dt


@pytest.mark.parametrize("operate", OPERATIONS)
def test_each_operation_is_undone_by_itself(library, chess, operate):
    before = _said(_rows()[0])
    operate(_rows()[0], library)

    operations.undo(OperationLog.objects.latest("pk"))

    assert _said(_rows()[0]) == before


def _page(client, page, row):
    return client.get(f"{page.url}?date={row.slot_key}").content.decode()


def _json_ld(html):
    found = map(json.loads, re.findall(r'<script type="application/ld\+json"[^>]*>(.*?)</script>', html, re.S))
    return next(one for one in found if one["@type"] == "Event")


def test_another_room_other_seats_and_a_note_are_told_everywhere(library, chess, client):
    first, second, _third = _rows()
    assert "Hall" in _page(client, chess, first)

    _adjust(first, library)

    html = _page(client, chess, first)
    assert ("Attic" in html, "Hall" in html, "Bring a lamp" in html) == (True, False, True)
    data = _json_ld(html)
    assert (data["location"]["name"], data["maximumAttendeeCapacity"]) == ("Central Library, Attic", 8)
    told = dates_in(client)[0]
    assert told["LOCATION"].startswith("Attic, Central Library")
    assert "Bring a lamp" in told["DESCRIPTION"]
    [one, *_others] = client.get("/api/v1/occurrences/").json()["results"]
    assert (one["place"]["room"], one["capacity"], one["note"]) == ("Attic", 8, "Bring a lamp")
    other = _page(client, chess, second)
    assert ("Attic" in other, "Hall" in other, "Bring a lamp" in other) == (False, True, False)


@pytest.mark.parametrize(
    ("act", "word", "status"),
    [
        (operations.cancel_event, "cancelled", "EventCancelled"),
        (operations.postpone_event, "postponed", "EventPostponed"),
    ],
)
def test_what_befalls_the_whole_event_is_told_everywhere_at_once(chess, client, act, word, status):
    row = _rows()[0]
    places = ["/en/events/", f"/en/events/?view=month&month={row.local_start:%Y-%m}"]
    before = [client.get(path).content.decode() for path in [*places, chess.url]]
    assert not any(f"state-{word}" in html or word in html.lower() for html in before)

    act(chess.record, reason={"en": "The roof leaks"})

    for path in places:
        assert word in client.get(path).content.decode().lower(), path
    html = client.get(chess.url).content.decode()
    assert "The roof leaks" in html
    assert _json_ld(html)["eventStatus"] == f"https://schema.org/{status}"
    assert {one["STATUS"] for one in dates_in(client)} == {"CANCELLED"}
    assert all(f"{word.capitalize()}.\nThe roof leaks" in one["DESCRIPTION"] for one in dates_in(client))
    assert {one["status"] for one in client.get("/api/v1/occurrences/").json()["results"]} == {word}


def test_dates_of_many_events_are_cancelled_together(library, chess, client):
    tea = library.event(title="Tea", slug="tea", starts_on=soon(7))
    mine = Occurrence.objects.filter(local_start__lt=datetime.combine(soon(8), time()))
    user = library.administrator()

    operations.cancel_occurrences(mine, reason={"en": "Closed"}, user=user)

    states = {(row.event.key, row.local_start.date()): row.state for row in Occurrence.objects.select_related("event")}
    assert states[chess.record.key, soon(7)] == states[tea.record.key, soon(7)] == "cancelled"
    assert states[chess.record.key, soon(14)] == "scheduled"
    assert [(entry.action, entry.user) for entry in OperationLog.objects.all()] == [("cancel", user)] * 2
    assert sum(one["STATUS"] == "CANCELLED" for one in dates_in(client)) == 2


def test_cancelling_together_takes_the_same_statements_for_one_date_and_three(chess, django_assert_num_queries):
    rows = _rows()
    operations.cancel_occurrences(rows, reason={"en": "Closed"})
    for row in rows:
        operations.restore_occurrence(row)
    with CaptureQueriesContext(connection) as seen:
        assert operations.cancel_occurrences(rows[:1], reason={"en": "Flood"}) == 1
    operations.restore_occurrence(rows[0])

    with django_assert_num_queries(len(seen)):
        assert operations.cancel_occurrences(rows, reason={"en": "Frost"}) == 3


def test_cancelling_together_leaves_what_is_called_off_already(chess):
    first, *others = _rows()
    operations.cancel_occurrence(first, reason={"en": "Flood"})

    number = operations.cancel_occurrences(_rows(), reason={"en": "Closed"})

    assert (number, [row.reason["en"] for row in _rows()]) == (len(others), ["Flood", *["Closed"] * len(others)])
    assert OperationLog.objects.filter(occurrence=first).count() == 1


def test_event_of_another_key_is_untouched_by_cancelling_together(library, chess):
    library.event(title="Tea", slug="tea", starts_on=soon(7))

    operations.cancel_occurrences(_rows()[:1])

    assert Event.objects.get(key="tea").occurrences.get().state == "scheduled"
