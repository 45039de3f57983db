"""Calling off, moving and taking back in the admin: a GET asks, a POST does, and only for who may."""

from datetime import datetime, time, timedelta

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from branches.models import Branch
from events.models import Event, Occurrence, OperationLog
from tests.factories.editors import editor_of
from tests.factories.library import publish, soon


@pytest.fixture
def chess(library):
    """Return an event with three weekly dates at the central library."""
    central = library.branch()
    return library.event(parent=central, starts_on=soon(7), repeat="weekly", repeat_count=3, branch=central.record)


@pytest.fixture
def editor(chess, client):
    """Sign an editor of the central library in."""
    user = editor_of(chess.get_parent().specific)
    client.force_login(user)
    return user


def _rows():
    return list(Occurrence.objects.order_by("slot"))


def _url(name, row=None):
    event = Event.objects.get()
    return reverse(f"events:{name}", args=[event.pk, row.uid] if row else [event.pk])


def _undo_url():
    return reverse("events:undo", args=[Event.objects.get().pk, OperationLog.objects.latest("pk").pk])


def _messages(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def test_dates_are_listed_with_their_state(client, editor):
    first, second, _third = _rows()
    client.post(_url("cancel_date", first), {"reason_en": "The player is ill"})
    client.post(
        _url("move_date", second), {"first_day": soon(15), "starts_at": "17:00", "ends_at": "18:30", "branch": ""}
    )

    response = client.get(_url("dates"))

    rows = response.context["upcoming"]
    assert [row.remarks for row in rows] == [
        ("cancelled. Reason: The player is ill",),
        (f"moved, planned for {second.slot.day} {second.slot:%B}, 18:00",),
        (),
    ]
    assert [row.place for row in rows] == ["Central Library"] * 3
    assert [row.is_changed for row in rows] == [True, True, False]


def test_cancelling_a_date_asks_first(client, editor):
    row = _rows()[0]

    response = client.get(_url("cancel_date", row))

    assert "announced as cancelled" in response.content.decode()
    assert not Occurrence.objects.filter(cancelled=True).exists()


def test_cancelling_a_date_leaves_the_others_and_is_logged(client, editor):
    row = _rows()[0]

    response = client.post(_url("cancel_date", row), {"reason_en": "Flood", "reason_uk": "Повінь"})

    assert response.url == _url("dates")
    assert [(one.state, one.reason) for one in _rows()] == [
        ("cancelled", {"en": "Flood", "uk": "Повінь"}),
        ("scheduled", {}),
        ("scheduled", {}),
    ]
    entry = OperationLog.objects.get()
    assert (entry.action, entry.user, entry.occurrence) == ("cancel", editor, row)


def test_message_after_cancelling_can_undo(client, editor):
    row = _rows()[0]

    response = client.post(_url("cancel_date", row), {})

    [message] = _messages(response)
    assert f'data-w-action-url-value="{_undo_url()}">Undo<' in message
    client.post(_undo_url())
    assert [one.state for one in _rows()] == ["scheduled"] * 3


def test_undoing_a_cancellation_leaves_the_move_before_it(client, editor):
    row = _rows()[0]
    client.post(_url("move_date", row), {"first_day": soon(8), "starts_at": "18:00", "ends_at": "19:30"})
    client.post(_url("cancel_date", row), {"reason_en": "Flood"})
    [shown, *_others] = client.get(_url("dates")).context["upcoming"]

    client.post(reverse("events:undo", args=[row.event_id, shown.undo_id]))

    after = _rows()[0]
    assert (after.cancelled, after.reason, after.state) == (False, {}, "scheduled")
    assert after.local_start == datetime.combine(soon(8), time(18))


def test_operation_that_is_not_the_last_one_is_not_undone(client, editor):
    row = _rows()[0]
    client.post(_url("cancel_date", row), {"reason_en": "Flood"})
    first = OperationLog.objects.get()
    client.post(_url("cancel_date", row), {"reason_en": "Frost"})

    response = client.post(reverse("events:undo", args=[row.event_id, first.pk]))

    assert "Something else was done since" in _messages(response)[-1]
    assert _rows()[0].reason == {"en": "Frost"}


def test_undoing_the_cancellation_of_a_postponed_event_leaves_it_postponed(client, editor):
    client.post(_url("postpone"), {"reason_en": "Repairs"})
    client.post(_url("cancel"), {"reason_en": "No room"})

    client.post(_undo_url())

    event = Event.objects.get()
    assert (event.state, event.state_reason) == ("postponed", {"en": "Repairs"})


def test_date_gets_another_room_seats_and_a_note_without_moving(client, editor):
    row = _rows()[1]

    response = client.post(
        _url("adjust_date", row), {"room_en": "Attic", "room_uk": "Горище", "capacity": "8", "note_en": "Bring a lamp"}
    )

    after = _rows()[1]
    assert response.url == _url("dates")
    assert (after.room, after.capacity, after.note) == (
        {"en": "Attic", "uk": "Горище"},
        8,
        {"en": "Bring a lamp"},
    )
    assert (after.local_start, after.is_moved, after.state) == (row.local_start, False, "scheduled")
    shown = client.get(_url("dates")).context
    assert shown["upcoming"][1].remarks == ("in another room", "8 seats", "Bring a lamp")
    assert shown["upcoming"][1].place == "Central Library, Attic"
    assert shown["log"][0].what.endswith("got another room, other seats or a note: Attic; 8 seats; Bring a lamp.")

    client.post(_undo_url())

    assert (_rows()[1].room, _rows()[1].capacity, _rows()[1].note) == ({}, None, {})


@pytest.mark.parametrize("data", [{}, {"capacity": "-1"}, {"capacity": "many"}, {"room_en": "x" * 81}])
def test_adjustment_that_can_not_be_meant_is_refused(client, editor, data):
    response = client.post(_url("adjust_date", _rows()[0]), data)

    assert response.status_code == 200
    assert not OperationLog.objects.exists()


def test_move_to_another_branch_leaves_the_room_of_the_former_one(library, client, editor):
    library.branch(key="north", title="North")
    row = _rows()[0]
    client.post(_url("adjust_date", row), {"room_en": "Attic"})

    client.post(
        _url("move_date", row), {"first_day": soon(7), "starts_at": "18:00", "ends_at": "19:30", "branch": "north"}
    )

    assert (_rows()[0].branch.key, _rows()[0].room) == ("north", {})


def test_date_is_moved_to_another_time_and_branch(library, client, editor):
    library.branch(key="north", title="North")
    row = _rows()[0]

    client.post(
        _url("move_date", row),
        {
            "first_day": soon(8),
            "starts_at": "20:00",
            "ends_at": "01:00",
            "branch": "north",
            "note_en": "In the small hall",
        },
    )

    moved = _rows()[0]
    assert (moved.local_start, moved.local_end) == (
        datetime.combine(soon(8), time(20)),
        datetime.combine(soon(9), time(1)),
    )
    assert (moved.branch, moved.note, moved.slot) == (
        Branch.objects.get(key="north"),
        {"en": "In the small hall"},
        row.slot,
    )


def test_move_form_begins_with_what_holds(client, editor):
    form = client.get(_url("move_date", _rows()[0])).context["form"]

    assert {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()} == {
        "first_day": soon(7),
        "starts_at": time(18),
        "ends_at": time(19, 30),
        "last_day": None,
        "branch": None,
        "note": {},
    }


def test_all_day_date_is_moved_by_its_days(library, client):
    library.event(starts_on=soon(5), starts_at=None, ends_at=None, ends_on=soon(6))
    client.force_login(library.administrator())
    row = _rows()[0]

    form = client.get(_url("move_date", row)).context["form"]
    client.post(_url("move_date", row), {"first_day": soon(10), "last_day": soon(12)})

    assert (form.initial["first_day"], form.initial["last_day"]) == (soon(5), soon(6))
    assert "starts_at" not in form.fields
    moved = _rows()[0]
    assert (moved.local_start.date(), moved.last_day) == (soon(10), soon(12))


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"first_day": 8, "last_day": 7, "starts_at": "18:00", "ends_at": "19:00"}, "last_day"),
        ({"first_day": "soon", "starts_at": "18:00", "ends_at": "19:00"}, "first_day"),
        ({"first_day": 8, "starts_at": "18:00", "ends_at": "25:00"}, "ends_at"),
        ({"first_day": 8, "starts_at": "18:00", "ends_at": "19:00", "branch": "no-such"}, "branch"),
        ({"first_day": 7, "starts_at": "18:00", "ends_at": "19:30"}, "__all__"),
        ({"first_day": "0001-01-01", "starts_at": "18:00", "ends_at": "19:00"}, "first_day"),
        ({"first_day": "9999-12-31", "starts_at": "18:00", "ends_at": "17:00"}, "first_day"),
        ({"first_day": 8, "last_day": "9999-12-31", "starts_at": "18:00", "ends_at": "19:00"}, "last_day"),
        ({"first_day": 8, "last_day": 8000, "starts_at": "18:00", "ends_at": "19:00"}, "last_day"),
    ],
)
def test_move_that_can_not_be_meant_is_refused(client, editor, data, field):
    # Days from today, which may have become another one since the tests were collected.
    sent = {name: soon(value) if isinstance(value, int) else value for name, value in data.items()}

    response = client.post(_url("move_date", _rows()[0]), sent)

    assert list(response.context["form"].errors) == [field]
    assert not OperationLog.objects.exists()


def test_whole_event_is_cancelled_and_takes_place_after_all(client, editor):
    assert "at once and in every language" in client.get(_url("cancel")).content.decode()

    response = client.post(_url("cancel"), {"reason_en": "No room"})

    event = Event.objects.get()
    assert (event.state, event.state_reason) == ("cancelled", {"en": "No room"})
    assert {row.state for row in _rows()} == {"cancelled"}
    assert f'data-w-action-url-value="{_undo_url()}">Undo<' in _messages(response)[0]

    client.post(_url("restore"))

    assert Event.objects.get().state == "scheduled"
    assert {row.state for row in _rows()} == {"scheduled"}


def test_event_is_postponed(client, editor):
    client.post(_url("postpone"), {"reason_en": "Repairs"})

    assert (Event.objects.get().state, Event.objects.get().state_reason) == ("postponed", {"en": "Repairs"})
    assert "Repairs" in client.get(_url("dates")).content.decode()


def test_log_says_who_did_what(client, editor):
    client.post(_url("cancel_date", _rows()[0]), {"reason_en": "Flood"})
    client.post(_url("cancel"), {})

    log = client.get(_url("dates")).context["log"]

    day = _rows()[0].slot
    assert [(entry.who, entry.what) for entry in log] == [
        (str(editor), "The whole event was cancelled."),
        (str(editor), f"The date of {day.day} {day:%B} was cancelled. Reason: Flood"),
    ]


@pytest.mark.parametrize("name", ["restore", "restore_date"])
def test_taking_back_has_no_page_to_get(client, editor, name):
    row = _rows()[0] if name == "restore_date" else None

    assert client.get(_url(name, row)).status_code == 405


def test_post_without_token_is_refused(editor, chess):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    strict.force_login(editor)

    assert strict.post(_url("cancel"), {}).status_code == 403
    assert Event.objects.get().state == "scheduled"


def test_withdrawn_date_is_not_brought_back(client, editor, chess):
    last = _rows()[2]
    chess.repeat_count = 2
    publish(chess)

    assert client.post(_url("restore_date", last)).status_code == 404
    assert _rows()[2].state == "withdrawn"


def test_dates_that_were_over_long_ago_are_not_listed(client, editor):
    first, second, third = _rows()
    now = first.starts_at
    _at(first, now - timedelta(days=60))
    _at(second, now - timedelta(days=10))

    context = client.get(_url("dates")).context

    assert [row.occurrence for row in context["recent"]] == [second]
    assert [row.occurrence for row in context["upcoming"]] == [third]


def _at(row, moment):
    row.starts_at, row.ends_at = moment, moment + timedelta(hours=1)
    row.save()


NAMES = ["dates", "cancel", "postpone", "restore", "cancel_date", "move_date", "adjust_date", "restore_date"]


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("name", NAMES)
def test_editor_of_another_branch_may_do_nothing(library, chess, client, name, method):
    client.force_login(editor_of(library.branch(key="north", title="North")))
    row = _rows()[0] if name.endswith("_date") else None

    typed = {"first_day": soon(8), "starts_at": "18:00", "ends_at": "19:30", "room_en": "A"}

    response = getattr(client, method)(_url(name, row), typed if method == "post" else {})

    assert (response.status_code, response.url) == (302, reverse("wagtailadmin_home"))
    assert not OperationLog.objects.exists()


@pytest.mark.parametrize("name", NAMES)
def test_who_may_change_but_not_publish_may_not_operate(library, chess, client, name):
    from wagtail.models import GroupPagePermission

    user = editor_of(chess.get_parent().specific)
    GroupPagePermission.objects.filter(permission__codename="publish_page").delete()
    client.force_login(user)
    row = _rows()[0] if name.endswith("_date") else None

    assert client.post(_url(name, row), {}).status_code == 302
    assert not OperationLog.objects.exists()


def test_event_without_a_source_page_is_for_administrators(library, chess, client):
    user = editor_of(chess.get_parent().specific)
    Event.objects.update(source_page=None, is_public=False)

    client.force_login(user)
    assert client.get(_url("dates")).status_code == 302
    client.force_login(library.administrator())
    assert client.get(_url("dates")).status_code == 200


def test_number_of_queries_does_not_grow_with_the_dates(library, client, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.force_login(library.administrator())
    central = library.branch().record
    library.event(starts_on=soon(7), branch=central)
    client.get(_url("dates"))
    with CaptureQueriesContext(connection) as one:
        client.get(_url("dates"))
    page = Event.objects.get().source_page.specific
    page.repeat, page.repeat_count = "weekly", 3
    publish(page)

    with django_assert_num_queries(len(one)):
        assert len(client.get(_url("dates")).context["upcoming"]) == 3


def test_form_of_the_event_leads_to_its_dates(client, editor, chess):
    html = client.get(reverse("wagtailadmin_pages:edit", args=[chess.pk])).content.decode()

    assert _url("dates") in html


def test_unpublishing_offers_to_cancel_instead(client, editor, chess):
    html = client.get(reverse("wagtailadmin_pages:unpublish", args=[chess.pk])).content.decode()

    assert "Hide it for now, or cancel it?" in html
    assert _url("cancel") in html


def test_unpublishing_a_translation_asks_nothing_more(library, client, editor, chess):
    other = library.translate(chess, "uk", title="Шаховий клуб")

    html = client.get(reverse("wagtailadmin_pages:unpublish", args=[other.pk])).content.decode()

    assert "Hide it for now, or cancel it?" not in html
