"""A plan that is published while a date runs: its end follows, and what can't follow is said."""

from datetime import datetime, time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core.domain import things
from events.domain import operations
from events.domain.begun import held_otherwise
from events.domain.occurrences import merge_plan
from events.models import Event, Occurrence
from tests.events.feed_reading import dates_in, version_of
from tests.factories.forms import questions_after, save_in_form
from tests.factories.library import revise, soon

pytestmark = pytest.mark.services

MIDNIGHT = time(0)
DATES = "Dates: cancel, move"


def _exhibition(library, **fields):
    defaults = {"title": "Old maps", "starts_on": soon(-5), "ends_on": soon(20), "starts_at": None, "ends_at": None}
    return library.event(**defaults | {"long_run": True} | fields)


def _row():
    return Occurrence.objects.get()


def _told(row):
    """Return what of a date stays as it was, whatever its end."""
    return row.pk, row.uid, row.slot, row.local_start, row.starts_at


# --- The end follows --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("days", [40, 2])
def test_exhibition_that_runs_gets_a_new_last_day_everywhere(library, client, days):
    page, last = _exhibition(library), soon(days)
    before, [in_feed] = _told(_row()), dates_in(client)

    revise(page, ends_on=last)

    assert (_told(_row()), _row().last_day) == (before, last)
    [event] = dates_in(client)
    assert (event["UID"], event["DTSTART"].dt) == (in_feed["UID"], in_feed["DTSTART"].dt)
    assert (event["DTEND"].dt, event["SEQUENCE"]) == (last + timedelta(days=1), in_feed["SEQUENCE"] + 1)
    assert version_of(event) > version_of(in_feed)
    page_ends = f'datetime="{last.isoformat()}"'
    assert page_ends in client.get(f"/en/events/{page.slug}/").content.decode()
    assert page_ends in client.get("/en/events/").content.decode()


def test_exhibition_that_has_closed_is_prolonged(library, client):
    page = _exhibition(library, ends_on=soon(-1))
    assert "Old maps" not in client.get("/en/events/").content.decode()

    revise(page, ends_on=soon(10))

    assert "Old maps" in client.get("/en/events/").content.decode()


def test_drop_in_that_runs_gets_a_new_end(library):
    page = library.event(starts_on=soon(-1), ends_on=soon(1), starts_at=time(18), ends_at=time(12))
    before = _told(_row())

    revise(page, ends_at=time(23, 59))

    assert (_told(_row()), _row().local_end) == (before, datetime.combine(soon(1), time(23, 59)))


def test_end_that_nobody_knew_is_given_while_the_date_runs(library):
    page = library.event(starts_on=soon(0), starts_at=time(9), ends_at=None)
    evening = timezone.localtime().replace(hour=12)
    event = Event.objects.get()
    event.ends_at = time(13)

    plan = merge_plan(event, now=evening)

    assert (plan.summary.prolonged, _row().local_end) == (1, datetime.combine(page.starts_on, time(13)))


def test_past_dates_keep_their_ends(library):
    page = library.event(starts_on=soon(-14), repeat="weekly", repeat_count=6)
    rows = Occurrence.objects.filter(ends_at__lt=timezone.now() - timedelta(days=1)).order_by("slot")
    before = list(rows.values_list("local_end", "sequence"))

    revise(page, ends_at=time(20))

    assert list(rows.values_list("local_end", "sequence")) == before
    assert Occurrence.objects.order_by("slot").last().local_end.time() == time(20)


def test_end_given_by_an_operation_stays(library):
    page = _exhibition(library)
    row = _row()
    operations.move_occurrence(row, start=row.local_start, end=datetime.combine(soon(31), MIDNIGHT))

    revise(page, ends_on=soon(40))

    assert _row().last_day == soon(30)


# --- What can't follow is said ----------------------------------------------------------------------------------------


def _warnings(client, page, **data):
    return questions_after(client, save_in_form(client, page, **data))


@pytest.fixture
def admin(library, client):
    client.force_login(library.administrator())
    return library


def test_new_end_needs_no_warning(admin, client):
    page = _exhibition(admin)

    assert _warnings(client, page, ends_on=soon(40), publish=True) == []
    assert _row().last_day == soon(40)


def test_another_branch_of_what_runs_is_said_with_a_way_to_its_dates(admin, client):
    mill, oak = (admin.branch(key=key, title=key).record for key in ("mill", "oak"))
    page = _exhibition(admin, branch=mill)

    [warning] = _warnings(client, page, branch=oak.pk, publish=True)

    assert "Already under way" in warning
    assert f'href="{reverse("events:dates", args=[page.record.pk])}"' in warning
    assert DATES in warning
    assert _row().branch == mill


def test_another_first_day_of_what_runs_is_said(admin, client):
    page = _exhibition(admin)
    before = _told(_row())

    [warning] = _warnings(client, page, starts_on=soon(-3), publish=True)

    assert "Already under way" in warning
    assert _told(_row()) == before


def test_draft_is_no_occasion_for_a_warning(admin, client):
    page = _exhibition(admin)

    assert _warnings(client, page, starts_on=soon(-3)) == []


def test_date_that_was_moved_by_hand_is_not_told_of_again(admin):
    mill, oak = (admin.branch(key=key, title=key).record for key in ("mill", "oak"))
    page = _exhibition(admin, branch=mill)
    revise(page, branch=oak)
    row, event = _row(), Event.objects.get()
    asked = held_otherwise(event, now=timezone.now())

    operations.move_occurrence(row, start=row.local_start, end=row.local_end, branch=oak)

    assert (asked, held_otherwise(event, now=timezone.now())) == ([row], [])


def test_date_of_a_cancelled_event_is_not_told_of(admin):
    _exhibition(admin)
    operations.cancel_event(Event.objects.get())

    assert held_otherwise(Event.objects.get(), now=timezone.now()) == []


# --- The check of things sees it --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fields",
    [
        {"starts_on": soon(-5), "ends_on": soon(20), "starts_at": None, "ends_at": None, "long_run": True},
        {"starts_on": soon(5)},
        {"starts_on": soon(-15), "repeat": "weekly"},
    ],
    ids=["exhibition", "evening", "open-ended"],
)
def test_dates_that_lag_behind_the_plan_are_found_and_mended(library, fields):
    page = library.event(**fields)
    assert things.drift(page.record) == []
    Occurrence.objects.filter(ends_at__gt=timezone.now()).update(planned_end=datetime.combine(soon(90), MIDNIGHT))
    event = Event.objects.get()

    found = things.drift(event)
    things.repair(event)

    assert (found, things.drift(Event.objects.get())) == (["dates"], [])


def test_missing_date_is_found_and_mended(library):
    library.event(starts_on=soon(5))
    Occurrence.objects.all().delete()

    assert things.drift(Event.objects.get()) == ["dates"]
    things.repair(Event.objects.get())
    assert Occurrence.objects.count() == 1


def test_first_day_that_could_not_follow_is_no_drift(library):
    revise(_exhibition(library), starts_on=soon(-3))

    assert things.drift(Event.objects.get()) == []
