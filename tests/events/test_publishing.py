"""Publishing merges the plan into dates; dates keep their identity; operations stand above later plans."""

from datetime import UTC, date, datetime, time, timedelta
from operator import attrgetter

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from branches.models import Branch
from events.domain import operations
from events.domain.occurrences import merge_plan
from events.models import Event, EventPage, Occurrence
from tests.factories.library import publish, revise, soon

pytestmark = pytest.mark.services


def _rows(page):
    return list(Occurrence.objects.filter(event__translation_key=page.translation_key).order_by("slot"))


def _weekly(library, **fields):
    first = soon(7)
    return library.event(**{"starts_on": first, "repeat": "weekly", "repeat_count": 4} | fields)


def test_publishing_makes_the_dates(library):
    page = _weekly(library)

    first = page.starts_on
    assert [row.slot for row in _rows(page)] == [
        datetime.combine(first + timedelta(days=7 * n), time(18)) for n in range(4)
    ]


def test_draft_makes_no_dates(library):
    page = library.event(publish_it=False)

    assert _rows(page) == []


def test_later_hour_keeps_every_row(library):
    page = _weekly(library)
    before = [(row.pk, row.uid, row.sequence) for row in _rows(page)]

    page = revise(page, starts_at=time(18, 30))

    after = _rows(page)
    assert [(row.pk, row.uid, row.sequence - 1) for row in after] == before
    assert {row.local_start.time() for row in after} == {time(18, 30)}


def test_next_weekday_keeps_every_row(library):
    monday = soon(7) + timedelta(days=(7 - soon(7).weekday()) % 7)
    page = _weekly(library, starts_on=monday)
    before = [row.uid for row in _rows(page)]

    page = revise(page, starts_on=monday + timedelta(days=1))

    assert [row.uid for row in _rows(page)] == before
    assert {row.local_start.weekday() for row in _rows(page)} == {1}


def test_shorter_plan_withdraws_the_rest(library):
    page = _weekly(library)

    page = revise(page, repeat_count=2)

    assert [row.state for row in _rows(page)] == ["scheduled", "scheduled", "withdrawn", "withdrawn"]


def test_longer_plan_revives_the_same_rows(library):
    page = _weekly(library)
    uids = [row.uid for row in _rows(page)]
    page = revise(page, repeat_count=2)

    page = revise(page, repeat_count=4)

    assert [(row.uid, row.state) for row in _rows(page)] == [(uid, "scheduled") for uid in uids]


def test_past_dates_are_never_touched(library):
    page = library.event(starts_on=soon(-14), repeat="weekly", repeat_count=6)
    past = [row for row in _rows(page) if row.local_start.date() < soon(0)]

    page = revise(page, starts_at=time(10), ends_at=time(11))

    now = {row.pk: row for row in _rows(page)}
    assert [(now[row.pk].local_start, now[row.pk].sequence) for row in past] == [
        (row.local_start, row.sequence) for row in past
    ]
    assert len(now) == 6


def test_cancelled_date_survives_a_later_publish(library):
    page = _weekly(library)
    operations.cancel_occurrence(_rows(page)[1], reason={"en": "Burst pipe"})

    page = revise(page, starts_at=time(17))

    row = _rows(page)[1]
    assert (row.state, row.reason, row.local_start.time()) == ("cancelled", {"en": "Burst pipe"}, time(17))


def test_moved_date_survives_a_later_publish_of_an_older_draft(library):
    page = _weekly(library)
    old = page.latest_revision
    row = _rows(page)[0]
    moved = datetime.combine(soon(9), time(12))
    operations.move_occurrence(row, start=moved, end=moved + timedelta(hours=1))

    old.publish()

    row = _rows(page)[0]
    assert (row.local_start, row.sequence) == (moved, 1)


def test_restoring_takes_everything_back(library):
    page = _weekly(library)
    row = _rows(page)[0]
    planned = row.local_start
    operations.move_occurrence(row, start=datetime.combine(soon(9), time(12)), end=datetime.combine(soon(9), time(13)))
    operations.cancel_occurrence(row, reason={"en": "No"})

    operations.restore_occurrence(row)

    row.refresh_from_db()
    assert (row.local_start, row.state, row.reason, row.sequence) == (planned, "scheduled", {}, 3)


def _with_a_date_elsewhere(library):
    library.branch()
    library.event(
        branch=Branch.objects.get(),
        starts_on=soon(5),
        added=[("date", {"date": soon(9), "starts": None, "ends": None, "place": {"en": "Town hall"}})],
    )
    return Occurrence.objects.order_by("slot").last()


def test_restored_date_is_held_where_the_plan_says(library):
    row = _with_a_date_elsewhere(library)
    operations.cancel_occurrence(row)

    row = operations.restore_occurrence(row)

    row.refresh_from_db()
    assert (row.branch, row.planned_branch, row.where) == (None, None, {"en": "Town hall"})


def test_date_that_was_moved_to_a_branch_goes_back_to_where_the_plan_says(library):
    row = _with_a_date_elsewhere(library)
    mill = library.branch(key="mill", title="Mill").record
    central = Branch.objects.get(key="central")
    first = Occurrence.objects.order_by("slot").first()
    for one in (first, row):
        operations.move_occurrence(one, start=one.local_start, end=one.local_end, branch=mill)
    publish(EventPage.objects.get())
    moved = [(one.branch, one.where) for one in Occurrence.objects.order_by("slot")]

    for one in (first, row):
        operations.restore_occurrence(one)

    assert moved == [(mill, {}), (mill, {})]
    assert [(one.branch, one.where) for one in Occurrence.objects.order_by("slot")] == [
        (central, {}),
        (None, {"en": "Town hall"}),
    ]


def test_new_branch_of_the_plan_leaves_a_moved_date_where_it_is(library):
    library.branch()
    mill, oak = (library.branch(key=key, title=key).record for key in ("mill", "oak"))
    page = library.event(branch=Branch.objects.get(key="central"), starts_on=soon(5), repeat="weekly", repeat_count=2)
    first = Occurrence.objects.order_by("slot").first()
    operations.move_occurrence(first, start=first.local_start, end=first.local_end, branch=mill)

    revise(page, branch=oak)
    moved = [one.branch for one in Occurrence.objects.order_by("slot")]
    operations.restore_occurrence(first)

    assert moved == [mill, oak]
    assert [one.branch for one in Occurrence.objects.order_by("slot")] == [oak, oak]


def test_merging_asks_no_query_for_each_row(library, django_assert_num_queries):
    library.branch()
    page = library.event(branch=Branch.objects.get(), starts_on=soon(5), repeat="weekly", repeat_count=2)
    with CaptureQueriesContext(connection) as few:
        merge_plan(Event.objects.get())
    revise(page, repeat_count=40)

    with django_assert_num_queries(len(few)):
        merge_plan(Event.objects.get())


@pytest.mark.parametrize("changes", [{}, {"starts_at": time(18, 30)}, {"title": "Chess for all"}])
def test_publishing_asks_no_query_for_each_date(library, changes):
    branch, asked = library.branch().record, []
    for number in (1, 3):
        fields = {"starts_on": soon(5), "repeat": "weekly", "repeat_count": number, "branch": branch}
        page = library.event(**fields, publish_it=bool(changes))
        with CaptureQueriesContext(connection) as captured:
            revise(page, **changes)
        asked.append(len(captured))

    assert asked[0] == asked[1]


def test_first_publication_writes_each_text_once(library):
    page = _weekly(library, publish_it=False)

    with CaptureQueriesContext(connection) as captured:
        publish(page)

    assert not [query for query in captured if 'UPDATE "events_occurrencetext"' in query["sql"]]


def test_rows_at_hand_after_a_merge_are_those_that_are_stored(library):
    library.branch()
    page = _weekly(library, branch=Branch.objects.get(), place={"en": "Town hall", "uk": "Ратуша"})
    row = _rows(page)[1]
    operations.move_occurrence(row, start=row.local_start, end=row.local_end, branch=Branch.objects.get())
    event = Event.objects.get()
    event.starts_at, event.repeat_count = time(17), 6

    merge_plan(event, now=datetime(2026, 1, 2, 3, 4, 5, 678, tzinfo=UTC))

    columns = attrgetter(*(field.attname for field in Occurrence._meta.concrete_fields if field.name != "changed_at"))
    at_hand = sorted(event.merged_rows, key=attrgetter("pk"))
    assert [columns(one) for one in at_hand] == [columns(one) for one in event.occurrences.order_by("pk")]
    assert [one._state.adding for one in event.merged_rows] == [False] * 6


def test_cancelling_the_event_reaches_coming_dates_only(library):
    page = library.event(starts_on=soon(-7), repeat="weekly", repeat_count=3)

    operations.cancel_event(Event.objects.get(), reason={"en": "Renovation"})

    past, _today, coming = _rows(page)
    assert (past.state, coming.state) == ("scheduled", "cancelled")


def test_cancelled_event_stays_cancelled_when_published_again(library):
    page = _weekly(library)
    operations.cancel_event(Event.objects.get())

    page = revise(page, title="Chess for all", repeat_count=5)

    assert {row.state for row in _rows(page)} == {"cancelled"}
    assert len(_rows(page)) == 5


def test_two_dates_on_one_day_are_two_dates(library):
    day = soon(3)
    page = library.event(
        starts_on=day, added=[("date", {"date": day, "starts": time(10), "ends": time(11), "place": {}})]
    )

    assert [row.local_start.hour for row in _rows(page)] == [10, 18]


def test_evening_past_midnight_ends_the_next_day(library):
    page = library.event(starts_on=soon(3), starts_at=time(21), ends_at=time(1, 30))

    row = _rows(page)[0]
    assert (row.ends_at - row.starts_at, row.local_end) == (
        timedelta(hours=4, minutes=30),
        datetime.combine(soon(4), time(1, 30)),
    )


def test_hour_stays_the_same_across_the_clock_change(library):
    page = library.event(starts_on=date(2030, 10, 22), repeat="weekly", repeat_count=2)

    assert [(row.local_start.hour, row.starts_at.hour) for row in _rows(page)] == [(18, 15), (18, 16)]


def test_all_day_lasts_from_midnight_to_midnight(library):
    page = library.event(starts_on=date(2030, 3, 31), starts_at=None, ends_at=None)

    row = _rows(page)[0]
    assert (row.all_day, row.ends_at - row.starts_at) == (True, timedelta(hours=23))


def test_exhibition_is_one_long_date(library):
    page = library.event(starts_on=soon(-3), starts_at=None, ends_at=None, ends_on=soon(30), long_run=True)

    row = _rows(page)[0]
    assert (row.long_run, row.last_day) == (True, soon(30))


def test_date_is_in_the_zone_of_its_branch(library):
    library.branch(zone="Asia/Sakhalin")

    page = library.event(branch=Branch.objects.get())

    assert (_rows(page)[0].zone, _rows(page)[0].starts_at.hour) == ("Asia/Sakhalin", 7)


def test_hidden_event_comes_back_with_its_rows(library):
    page = _weekly(library)
    uids = [row.uid for row in _rows(page)]
    EventPage.objects.get(pk=page.pk).unpublish()
    assert not Occurrence.objects.public().exists()

    publish(EventPage.objects.get(pk=page.pk))

    assert [row.uid for row in Occurrence.objects.public().order_by("slot")] == uids


def test_slots_may_be_swapped_by_a_new_plan(library):
    day = soon(5)
    page = library.event(
        starts_on=day, added=[("date", {"date": day, "starts": time(10), "ends": time(11), "place": {}})]
    )
    uids = {row.uid for row in _rows(page)}

    page = revise(
        page,
        starts_at=time(10),
        ends_at=time(11),
        added=[("date", {"date": day, "starts": time(18), "ends": time(19), "place": {}})],
    )

    assert {row.uid for row in _rows(page)} == uids
