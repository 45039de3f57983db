"""Many rows written at once, on both databases: every kind of field arrives as the model would have stored it."""

from datetime import UTC, datetime
from itertools import pairwise
from operator import attrgetter
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from branches.models import BranchPage
from core.bulk import insert_rows, update_rows
from events.models import Event, Occurrence

pytestmark = [pytest.mark.django_db, pytest.mark.services]

NAMES = [field.attname for field in Occurrence._meta.concrete_fields if not field.primary_key]
LABEL = {"uk": "Зала «Світло»", "en": 'It\'s 100 % \\ "light"', "mk": ""}


@pytest.fixture
def event(library):
    library.event(publish_it=False)
    return Event.objects.get()


def _row(event: Event, day: int, **values) -> Occurrence:
    start, end = datetime(2030, 3, day, 18), datetime(2030, 3, day, 19, 30)
    known = {
        "event": event, "slot": start, "planned_start": start, "planned_end": end, "local_start": start,
        "local_end": end, "zone": "Europe/Kyiv", "starts_at": start.replace(tzinfo=UTC),
        "ends_at": end.replace(tzinfo=UTC), "created_at": datetime(2029, 1, 1, 12, 0, 0, 123456, tzinfo=UTC),
        "changed_at": datetime(2029, 1, 2, tzinfo=UTC),
    }  # fmt: skip
    return Occurrence(**known | values)


def _insert(rows: list[Occurrence]) -> list[Occurrence]:
    insert_rows(Occurrence, NAMES, [attrgetter(*NAMES)(row) for row in rows])
    return list(Occurrence.objects.order_by("slot"))


def _values(rows: list[Occurrence]) -> list[tuple]:
    return [attrgetter(*NAMES)(row) for row in rows]


def test_inserted_rows_hold_what_they_were_given(library, event):
    branch = library.branch().record
    rows = [
        _row(event, 1, place=LABEL, note=LABEL, branch=branch, planned_branch=branch),
        _row(event, 2, moved_start=datetime(2030, 3, 9, 8), moved_end=datetime(2030, 3, 9, 9), all_day=True),
        _row(event, 3, place=LABEL, reason={"en": "Ill"}, cancelled=True, state="cancelled", sequence=7),
    ]

    stored = _insert(rows)

    assert _values(stored) == _values(rows)
    assert len({row.pk for row in stored} - {None}) == 3


def test_updated_rows_hold_what_they_were_given_and_others_stay(library, event):
    branch = library.branch().record
    first, second, third = _insert([_row(event, day, place=LABEL) for day in (1, 2, 3)])
    moved = datetime(2030, 4, 1, 20, 15)
    moment = datetime(2030, 4, 1, 17, 15, 0, 654321, tzinfo=UTC)

    update_rows(
        Occurrence,
        ["slot", "place", "branch_id", "ends_at", "changed_at", "pk"],
        [(moved, {}, branch.pk, moment, moment, first.pk), (second.slot, LABEL, None, moment, moment, second.pk)],
    )

    now = {row.pk: row for row in Occurrence.objects.all()}
    columns = attrgetter("slot", "place", "branch_id", "ends_at", "changed_at", "created_at", "uid")
    assert columns(now[first.pk]) == (moved, {}, branch.pk, moment, moment, first.created_at, first.uid)
    assert columns(now[second.pk]) == (second.slot, LABEL, None, moment, moment, second.created_at, second.uid)
    assert _values([now[third.pk]]) == _values([third])


def test_rows_may_follow_each_other_into_the_slots_that_were_left(event):
    rows = _insert([_row(event, day) for day in (1, 2, 3)])
    free = [datetime(2030, 3, 4, 18), *(row.slot for row in reversed(rows))]

    update_rows(Occurrence, ["slot", "pk"], [(slot, row.pk) for slot, row in zip(free, reversed(rows), strict=False)])

    assert [row.slot.day for row in Occurrence.objects.order_by("pk")] == [2, 3, 4]


def test_rows_that_take_what_others_have_are_refused(event):
    rows = _insert([_row(event, day) for day in (1, 2)])

    with pytest.raises(IntegrityError), transaction.atomic():
        update_rows(Occurrence, ["slot", "pk"], [(two.slot, one.pk) for one, two in pairwise(rows)])
    with pytest.raises(IntegrityError), transaction.atomic():
        _insert([_row(event, 5), _row(event, 2, uid=uuid4())])

    assert _values(list(Occurrence.objects.order_by("slot"))) == _values(rows)


@pytest.mark.parametrize("number", [1, 300])
def test_any_number_of_rows_is_one_statement(event, number):
    rows = [_row(event, 1, slot=datetime(2030, 1 + place // 28, 1 + place % 28, 18)) for place in range(number)]
    with CaptureQueriesContext(connection) as inserting:
        stored = _insert(rows)
    with CaptureQueriesContext(connection) as updating:
        update_rows(Occurrence, ["state", "pk"], [("withdrawn", row.pk) for row in stored])

    assert (len(inserting), len(updating)) == (2, 1)
    assert Occurrence.objects.filter(state="withdrawn").count() == number


def test_no_rows_are_no_statement(django_assert_num_queries):
    with django_assert_num_queries(0):
        insert_rows(Occurrence, NAMES, [])
        update_rows(Occurrence, ["state", "pk"], [])


@pytest.mark.parametrize("names", [[], ["pk"], ["state"], ["pk", "state"]])
def test_rows_are_told_apart_by_their_keys(names):
    with pytest.raises(ValueError, match="then “pk”"):
        update_rows(Occurrence, names, [])


def test_fields_in_the_table_of_a_parent_are_refused():
    with pytest.raises(ValueError, match="at once: title"):
        update_rows(BranchPage, ["title", "pk"], [("Central", 1)])
