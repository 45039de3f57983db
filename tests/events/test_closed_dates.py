"""Closures and events: dates on closed days are told, listed, settled at once and taken back."""

import json
from datetime import datetime, time, timedelta

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from branches.domain.closed_times import closed_days
from branches.models import Branch, BranchPage
from events.models import Event, Occurrence, OperationLog
from tests.factories.editors import editor_of
from tests.factories.library import revise, soon

LIST = reverse("events:closed_days")
NAME = {"en": "Stocktaking", "uk": "Переоблік"}


def exception(first, last=None, *, hours="", reason=None):
    """Return one exception as the form stores it."""
    value = {"first": first, "last": last, "kind": None, "hours": hours, "reason": reason or NAME}
    return [{"type": "exception", "value": value}]


@pytest.fixture
def central(library):
    """Return a branch that is open all day, every day."""
    week = {"week": [[["00:00", "24:00"]]] * 7}
    return library.branch(hours={"v": 1, "kinds": {"staffed": week}, "exceptions": []})


@pytest.fixture
def chess(library, central):
    """Return an event with three weekly dates at the central library."""
    return library.event(parent=central, starts_on=soon(7), repeat="weekly", repeat_count=3, branch=central.record)


@pytest.fixture
def editor(central, client):
    """Sign an editor of the central library in."""
    user = editor_of(central)
    client.force_login(user)
    return user


def close(page, first=7, last=14, **kwargs):
    """Publish a closure over the first two dates."""
    value = exception(soon(first).isoformat(), soon(last).isoformat(), **kwargs)
    stored = BranchPage._meta.get_field("exceptions").to_python(json.dumps(value))
    return revise(page, exceptions=stored)


def rows():
    return list(Occurrence.objects.order_by("slot"))


def states():
    return [row.state for row in rows()]


def told(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def test_closed_days_are_those_of_an_exception_with_its_name(library, central):
    branch = close(central).record

    assert closed_days(branch, [soon(6), soon(7), soon(14), soon(15)]) == {soon(7): NAME, soon(14): NAME}


def test_list_names_the_dates_on_closed_days(client, editor, central, chess):
    close(central)

    response = client.get(LIST)

    [group] = response.context["groups"]
    assert [form.touched.row for form in group.dates] == rows()[:2]
    assert group.form.initial["reason"] == NAME
    assert "Stocktaking" in response.content.decode()


def test_list_is_empty_without_closures(client, editor, chess):
    assert "No date is planned" in client.get(LIST).content.decode()


def test_online_event_and_exhibition_are_left_out(library, client, editor, central):
    library.event(
        parent=central,
        slug="online",
        starts_on=soon(7),
        branch=central.record,
        format="online",
        online_url="https://meet.example/",
    )
    library.event(
        parent=central, slug="show", starts_on=soon(2), ends_on=soon(40), long_run=True, branch=central.record
    )
    close(central)

    assert client.get(LIST).context["groups"] == []


def test_date_outside_exceptional_hours_is_listed_and_one_inside_is_not(client, editor, central, chess):
    close(central, hours="10:00–14:00")
    assert [len(group.dates) for group in client.get(LIST).context["groups"]] == [2]

    close(central, hours="10:00–20:00")
    assert client.get(LIST).context["groups"] == []


def test_each_date_gets_its_own_decision_in_one_submission(client, editor, central, chess):
    close(central, 7, 21)
    first, second, third = rows()
    day = soon(30)
    data = {
        f"d{first.pk}-choice": "keep",
        f"d{second.pk}-choice": "cancel",
        f"d{third.pk}-choice": "move",
        f"d{third.pk}-day": day.isoformat(),
        f"d{third.pk}-starts": "17:00",
        f"d{third.pk}-branch": "central",
        f"e{chess.record.pk}-reason_en": "Closed for stocktaking",
    }

    response = client.post(LIST, data)

    assert states() == ["scheduled", "cancelled", "scheduled"]
    assert rows()[1].reason == {"en": "Closed for stocktaking"}
    assert (rows()[2].local_start, rows()[2].local_end) == (
        datetime.combine(day, time(17)),
        datetime.combine(day, time(18, 30)),
    )
    assert "Cancelled: 1. Moved: 1. Kept: 1." in told(response)[0]
    assert client.get(LIST).context["groups"] == []


def test_choice_for_the_event_holds_for_dates_without_their_own(client, editor, central, chess):
    close(central)
    second = rows()[1]

    client.post(LIST, {f"e{chess.record.pk}-choice": "cancel", f"d{second.pk}-choice": "keep"})

    assert states() == ["cancelled", "scheduled", "scheduled"]


def test_settling_is_undone_with_what_had_been_moved_before(client, editor, central, chess):
    from events.domain.operations import move_occurrence

    row = rows()[0]
    start = datetime.combine(soon(8), time(9))
    move_occurrence(row, start=start, end=start + timedelta(hours=1))
    close(central)
    client.post(LIST, {f"e{chess.record.pk}-choice": "cancel"})
    assert states() == ["cancelled", "cancelled", "scheduled"]

    client.post(reverse("events:closed_days_undo"))

    assert states() == ["scheduled"] * 3
    assert rows()[0].local_start == start
    assert len(client.get(LIST).context["groups"][0].dates) == 2


def test_undoing_a_move_to_another_branch_gives_the_date_its_own_room_again(library, client, editor, central, chess):
    from events.domain.operations import adjust_occurrence

    library.branch(key="north", title="North")
    adjust_occurrence(rows()[0], room={"en": "Attic"})
    close(central)
    row = rows()[0]
    client.post(LIST, {f"d{row.pk}-choice": "move", f"d{row.pk}-branch": "north"})
    assert (rows()[0].branch.key, rows()[0].moved_room) == ("north", {})

    client.post(reverse("events:closed_days_undo"))

    assert (rows()[0].branch.key, rows()[0].moved_room) == ("central", {"en": "Attic"})


def test_undo_leaves_what_somebody_changed_since(client, editor, central, chess):
    from events.domain.operations import restore_occurrence

    close(central)
    client.post(LIST, {f"e{chess.record.pk}-choice": "cancel"})
    restore_occurrence(rows()[0])
    changed = rows()[0].changed_at

    response = client.post(reverse("events:closed_days_undo"))

    assert "1 date is as it was." in told(response)[-1]
    assert rows()[0].changed_at == changed
    assert states() == ["scheduled"] * 3


def test_undo_without_anything_to_undo_says_so(client, editor):
    response = client.post(reverse("events:closed_days_undo"))

    assert "There is nothing to take back." in told(response)[0]


def test_wrong_date_changes_nothing_of_the_submission(client, editor, central, chess):
    close(central)
    first, second, _third = rows()

    response = client.post(
        LIST, {f"d{first.pk}-choice": "cancel", f"d{second.pk}-choice": "move", f"d{second.pk}-day": "nonsense"}
    )

    assert (response.status_code, states()) == (200, ["scheduled"] * 3)
    assert "Something is not right yet" in response.content.decode()


def test_move_to_where_it_is_held_is_refused(client, editor, central, chess):
    close(central)
    row = rows()[0]

    response = client.post(LIST, {f"d{row.pk}-choice": "move", f"d{row.pk}-day": soon(7).isoformat()})

    assert "held already" in response.content.decode()


def test_kept_date_comes_back_when_it_is_moved_to_another_closed_day(client, editor, central, chess):
    from events.domain.operations import move_occurrence

    close(central)
    row = rows()[0]
    client.post(LIST, {f"e{chess.record.pk}-choice": "keep"})
    start = datetime.combine(soon(9), time(18))
    move_occurrence(row, start=start, end=start + timedelta(hours=1))

    assert [form.touched.row for form in client.get(LIST).context["groups"][0].dates] == [row]


def test_events_of_others_are_named_with_who_decides_and_not_changed(library, client, central, chess):
    network_wide = library.event(slug="fair", title="Fair", starts_on=soon(7), branch=central.record)
    close(central)
    client.force_login(editor_of(central))

    response = client.get(LIST)

    assert [(one.event, one.who) for one in response.context["others"]] == [(network_wide.record, "an administrator")]
    row = Occurrence.objects.get(event=network_wide.record)
    client.post(LIST, {f"d{row.pk}-choice": "cancel", f"e{network_wide.record.pk}-choice": "cancel"})
    assert not Occurrence.objects.get(pk=row.pk).cancelled


def test_editor_of_another_branch_is_shown_nothing(library, client, central, chess):
    close(central)
    client.force_login(editor_of(library.branch(key="north", title="North")))

    response = client.get(LIST)

    assert (response.context["groups"], response.context["others"]) == ([], [])


@pytest.mark.parametrize("query", ["?branch=nowhere", "?branch=%00", "?branch=" + "x" * 500])
def test_unknown_branch_is_no_failure(client, editor, chess, query):
    assert client.get(LIST + query).status_code in (200, 400)


def test_no_more_queries_for_three_dates_than_for_one(client, editor, central, chess):
    counts = []
    for last in (7, 21):
        close(central, 7, last)
        client.get(LIST)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(LIST)
        counts.append(len(queries))

    assert counts[0] == counts[1]


# --- Told after publishing --------------------------------------------------------------------------------------------


def test_closure_hook_counts_the_touched_dates(central, chess):
    from branches.domain.closures import touched_by_closures

    branch = Branch.objects.get()
    assert touched_by_closures(branch) == []

    close(central)

    [touched] = touched_by_closures(Branch.objects.get())
    assert touched.sentence.startswith("2 dates are planned")
    assert touched.url == f"{LIST}?branch=central"


def test_emergency_closure_leads_to_the_dates_it_touches(client, editor, central, chess):
    until = soon(10)
    response = client.post(
        reverse("close_branch", args=[central.record.pk]), {"day": until, "time": "12:00", "reason_en": "Flood"}
    )

    assert any("1 date is planned" in message for message in told(response))
    [group] = client.get(LIST).context["groups"]
    assert group.form.initial["reason"] == {"en": "Flood"}


def test_event_saved_on_a_closed_day_warns_its_editor(rf, library, central, chess):
    from django.contrib.messages.storage.fallback import FallbackStorage

    from events.admin_closed_dates_warnings import warn_of_closed_days

    close(central)
    chess = type(chess).objects.get(pk=chess.pk)
    found = {}
    for format_ in ("onsite", "online"):
        request = rf.post("/", headers={"accept": "text/html"})
        request.session = {}
        request._messages = FallbackStorage(request)
        chess.format = format_
        warn_of_closed_days(request, chess)
        found[format_] = [str(message) for message in request._messages]

    [warning] = found["onsite"]
    assert warning.count("Stocktaking") == 2
    assert found["online"] == []


def test_moving_a_date_to_a_closed_day_warns(client, editor, central, chess):
    close(central, 9, 9)
    row = rows()[0]

    response = client.post(
        reverse("events:move_date", args=[Event.objects.get().pk, row.uid]),
        {"first_day": soon(9), "starts_at": "18:00", "ends_at": "19:00"},
    )

    assert any("The branch is closed then" in message and "Stocktaking" in message for message in told(response))
    assert rows()[0].local_start.date() == soon(9)


def test_log_tells_what_was_kept(client, editor, central, chess):
    close(central)
    client.post(LIST, {f"e{chess.record.pk}-choice": "keep"})

    log = client.get(reverse("events:dates", args=[Event.objects.get().pk])).context["log"]

    assert all("takes place although" in entry.what for entry in log)
    assert OperationLog.objects.filter(action="keep", user=editor).count() == len(log) == 2


def test_cancelled_and_past_dates_are_not_asked_about(client, editor, central, chess):
    from events.domain.operations import cancel_occurrence

    close(central)
    cancel_occurrence(rows()[0])

    assert [form.touched.row for form in client.get(LIST).context["groups"][0].dates] == [rows()[1]]


def test_closure_made_shorter_drops_its_dates(client, editor, central, chess):
    close(central)
    close(central, 7, 7)

    assert [form.touched.row for form in client.get(LIST).context["groups"][0].dates] == rows()[:1]
