"""Seats: taken once, given up, passed on in order, never more than there are."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from events.domain import operations
from events.domain.registered import with_registrations
from events.domain.registrations import (
    HOLD,
    FullError,
    RegistrationError,
    cancel,
    change_people,
    lapse,
    place_in_line,
    prove_address,
    register,
)
from events.domain.seats import join_new_dates, promote, seat_anyway
from events.enums import RegistrationState, SeatState
from events.models import Event, Occurrence, Registration, Seat, SeatCount
from tests.factories.library import revise, soon
from tests.factories.registrations import party, registered

pytestmark = [pytest.mark.django_db, pytest.mark.services]
HOUR = timedelta(hours=1)


@pytest.fixture
def evening(library):
    """Return the only date of an event with five seats."""
    return dates_of(library.event(starts_on=soon(7), capacity=5))[0]


@pytest.fixture
def course(library):
    """Return the dates of a course of three evenings with five seats."""
    fields = {"starts_on": soon(7), "repeat": "weekly", "repeat_count": 3, "capacity": 5, "is_course": True}
    return dates_of(library.event(**fields))


def dates_of(page) -> list[Occurrence]:
    return list(Occurrence.objects.filter(event=page.record).select_related("event").order_by("starts_at"))


def change(event: Event, **fields) -> None:
    Event.objects.filter(pk=event.pk).update(**fields)
    event.refresh_from_db()


def standing(date: Occurrence) -> tuple[int, int]:
    """Return how many seats are taken and how many parties wait, after looking whether the seats say the same."""
    count = SeatCount.objects.get(pk=date.pk)
    seats = Seat.objects.filter(occurrence=date)
    assert count.taken == sum(seat.people for seat in seats.filter(state=SeatState.SEATED))
    assert count.waiting == seats.filter(state=SeatState.WAITING).count()
    return count.taken, count.waiting


def states(*registrations: Registration) -> list[str]:
    return [seat.state for one in registrations for seat in one.seats.order_by("occurrence__starts_at")]


def test_party_has_as_many_seats_as_it_is_people(evening):
    one = registered(evening, people=3)

    assert (one.state, states(one), standing(evening)) == ("confirmed", ["seated"], (3, 0))
    assert with_registrations([evening.pk]) == {evening.pk}


def test_same_form_registers_once(evening):
    same = party(2)
    first, second = (register(evening.event, [evening], same, now=timezone.now()) for _time in range(2))

    assert (first.pk, standing(evening)) == (second.pk, (2, 0))


def test_party_that_does_not_fit_waits_whole_and_nobody_passes_it(evening):
    registered(evening, people=4)
    family, single = registered(evening, people=3), registered(evening)

    assert states(family, single) == ["waiting", "waiting"]
    assert [place_in_line(one.seats.get()) for one in (family, single)] == [1, 2]
    assert standing(evening) == (4, 2)


def test_smaller_party_passes_where_the_rule_says_so(evening):
    change(evening.event, smaller_may_pass=True)
    registered(evening, people=4)
    family, single = registered(evening, people=3), registered(evening)

    assert states(family, single) == ["waiting", "seated"]


def test_without_a_waiting_list_one_is_told_how_many_seats_are_free(evening):
    change(evening.event, no_waiting_list=True)
    registered(evening, people=4)

    with pytest.raises(FullError, match="Only 1 seat is free"):
        registered(evening, people=3)
    assert (Registration.objects.count(), standing(evening)) == (1, (4, 0))


def test_who_waits_moves_up_in_order_as_far_as_whole_parties_fit(evening):
    first = registered(evening, people=5)
    family, pair, single = (registered(evening, people=people) for people in (4, 2, 1))

    moved = cancel(first, now=timezone.now())
    assert [seat.registration_id for seat in moved] == [family.pk]
    assert states(first, family, pair, single) == ["given_up", "seated", "waiting", "waiting"]
    assert place_in_line(pair.seats.get()) == 1
    assert standing(evening) == (4, 2)

    cancel(pair, now=timezone.now())
    assert (states(single), standing(evening)) == (["seated"], (5, 0))


def test_cancelled_twice_frees_seats_once(evening):
    one, _other = registered(evening, people=2), registered(evening)
    cancel(one, now=timezone.now())
    cancel(one, now=timezone.now())

    assert standing(evening) == (1, 0)


def test_nobody_moves_up_after_the_cutoff(evening):
    one, late = registered(evening, people=5), registered(evening)
    cancel(one, now=evening.starts_at - 2 * HOUR)
    assert (states(late), standing(evening)) == (["waiting"], (0, 1))

    promote(evening.event, now=evening.starts_at - 4 * HOUR)
    assert standing(evening) == (1, 0)


def test_more_capacity_lets_people_move_up_and_less_keeps_those_who_have_seats(evening):
    registered(evening, people=5)
    waits = registered(evening, people=2)

    operations.adjust_occurrence(evening, capacity=7)
    assert (states(waits), standing(evening)) == (["seated"], (7, 0))

    operations.adjust_occurrence(evening, capacity=4)
    count = SeatCount.objects.get(pk=evening.pk)
    assert (standing(evening), count.over, count.free) == ((7, 0), 3, 0)
    assert states(registered(evening)) == ["waiting"]


def test_published_capacity_is_followed(library):
    page = library.event(starts_on=soon(7), capacity=1)
    [date] = dates_of(page)
    registered(date)
    waits = registered(date)
    revise(page, capacity=2)

    assert (states(waits), standing(date)) == (["seated"], (2, 0))


def test_no_limit_takes_everybody(library):
    [date] = dates_of(library.event(starts_on=soon(7)))
    for _time in range(3):
        registered(date, people=5)

    assert standing(date) == (15, 0)


def test_staff_seats_knowingly_more_than_there_are(evening):
    registered(evening, people=5)
    waits = registered(evening, people=2)
    seat_anyway(waits.seats.get(), now=timezone.now())

    assert (states(waits), standing(evening), SeatCount.objects.get(pk=evening.pk).over) == (["seated"], (7, 0), 2)


def test_database_itself_refuses_more_seats_than_are_allowed(evening):
    registered(evening, people=5)

    with pytest.raises(IntegrityError), transaction.atomic():
        SeatCount.objects.filter(pk=evening.pk).update(taken=6)


# --- Courses ----------------------------------------------------------------------------------------------------------


def test_course_gives_seats_at_all_dates_or_at_none(course):
    operations.adjust_occurrence(course[1], capacity=2)
    whole, waits = registered(*course, people=2), registered(*course, people=1)

    assert states(whole, waits) == ["seated"] * 3 + ["waiting"] * 3
    assert [standing(date) for date in course] == [(2, 1)] * 3


def test_course_is_joined_from_the_waiting_list_as_a_whole(course):
    operations.adjust_occurrence(course[1], capacity=2)
    whole, waits = registered(*course, people=2), registered(*course, people=2)
    cancel(whole, now=timezone.now())

    assert states(waits) == ["seated"] * 3
    assert [standing(date) for date in course] == [(2, 0)] * 3


def test_date_that_joins_a_course_has_seats_for_all_who_are_in_it(library):
    fields = {"starts_on": soon(7), "repeat": "weekly", "repeat_count": 2, "capacity": 3, "is_course": True}
    page = library.event(**fields)
    two = dates_of(page)
    inside, waits = registered(*two, people=3), registered(*two)
    revise(page, repeat_count=3, capacity=2)

    three = dates_of(page)
    assert states(inside) == ["seated"] * 3
    assert (states(waits), [standing(date)[0] for date in three]) == (["waiting"] * 2, [3, 3, 3])
    assert join_new_dates(page.record, now=timezone.now()) == 0


def test_dates_that_are_chosen_stand_for_themselves(library):
    page = library.event(starts_on=soon(7), repeat="weekly", repeat_count=2, capacity=2)
    first, second = dates_of(page)
    registered(first, people=2)

    assert states(registered(first, second, people=2)) == ["waiting", "seated"]


# --- Proof of the address, approval -----------------------------------------------------------------------------------


def test_seats_are_held_until_the_address_is_proven(evening):
    change(evening.event, proves_address=True)
    now = timezone.now()
    one, waits = registered(evening, people=5, now=now), registered(evening, now=now)
    assert (one.state, one.held_until, states(one)) == ("held", now + HOLD, ["seated"])

    prove_address(waits, now=now)
    assert lapse(now + HOLD - timedelta(seconds=1)) == 0
    assert lapse(now + HOLD) == 1
    one.refresh_from_db()
    assert (one.state, states(one, waits)) == ("lapsed", ["given_up", "seated"])
    with pytest.raises(RegistrationError, match="lapsed"):
        prove_address(one, now=now)


def test_who_has_not_proven_the_address_is_passed_in_the_waiting_list(evening):
    change(evening.event, proves_address=True)
    now = timezone.now()
    first = prove_address(registered(evening, people=5, now=now), now=now)
    held, proven = registered(evening, now=now), registered(evening, now=now)
    prove_address(proven, now=now)
    cancel(first, now=now)
    assert states(held, proven) == ["waiting", "seated"]

    prove_address(held, now=now)
    assert states(held) == ["seated"]


def test_approval_comes_after_the_proof(evening):
    change(evening.event, needs_approval=True)
    assert registered(evening).state == RegistrationState.ASKED

    change(evening.event, proves_address=True)
    one = registered(evening)
    assert (one.state, prove_address(one, now=timezone.now()).state) == ("held", "asked")


# --- What can't be ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("people", [0, -1, 6, 10**9])
def test_number_of_people_that_can_not_be_changes_nothing(evening, people):
    with pytest.raises(RegistrationError, match="Up to 5 people"):
        registered(evening, people=people)
    assert not Registration.objects.exists()


@pytest.mark.parametrize(
    ("fields", "when", "said"),
    [
        ({}, timedelta(0), "has ended"),
        ({"registration_closes_hours": 24}, -23 * HOUR, "has ended"),
        ({"registration_opens_hours": 48}, -49 * HOUR, "not begun"),
    ],
    ids=["begun", "closed", "not yet open"],
)
def test_one_registers_while_registration_is_open(evening, fields, when, said):
    change(evening.event, **fields)

    with pytest.raises(RegistrationError, match=said):
        registered(evening, now=evening.starts_at + when)
    assert not Registration.objects.exists()


def test_cancelled_date_and_hidden_event_take_nobody(evening, library):
    operations.cancel_occurrence(evening)
    evening.refresh_from_db()
    with pytest.raises(RegistrationError, match="does not take place"):
        registered(evening)

    other = library.event(slug="other", starts_on=soon(7))
    [date] = dates_of(other)
    other.unpublish()
    date.event.refresh_from_db()
    with pytest.raises(RegistrationError, match="can't be registered for"):
        registered(date)


def test_address_has_no_more_seats_than_one_may_register(evening):
    registered(evening, people=3, email="Olha@library.example")

    with pytest.raises(RegistrationError, match="With this address"):
        registered(evening, people=3, email="olha@LIBRARY.example")
    assert standing(evening) == (3, 0)
    registered(evening, people=2, email="olha@library.example")
    assert standing(evening) == (5, 0)


def test_party_grows_only_where_seats_are_free_and_shrinks_for_those_who_wait(evening):
    one = registered(evening, people=4)
    change_people(one, 5, now=timezone.now())
    waits = registered(evening, people=2)
    with pytest.raises(RegistrationError, match="Up to 5"):
        change_people(one, 6, now=timezone.now())

    moved = change_people(one, 3, now=timezone.now())
    assert ([seat.registration_id for seat in moved], standing(evening)) == ([waits.pk], (5, 0))
    with pytest.raises(FullError, match="All seats are taken"):
        change_people(one, 4, now=timezone.now())
    one.refresh_from_db()
    assert (one.people, standing(evening)) == (3, (5, 0))


# --- Many -------------------------------------------------------------------------------------------------------------


def statements(act) -> int:
    with CaptureQueriesContext(connection) as captured:
        act()
    return len(captured)


def test_many_move_up_with_as_many_statements_as_few(library):
    counted = []
    for number in (3, 200):
        [date] = dates_of(library.event(slug=f"evening-{number}", starts_on=soon(7), capacity=5))
        first = registered(date, people=5)
        for _time in range(number):
            registered(date)
        SeatCount.objects.filter(pk=date.pk).update(capacity=1000, allowed=1000)
        counted.append(statements(lambda one=first: cancel(one, now=timezone.now())))
        assert standing(date) == (number, 0)

    assert counted[0] == counted[1] <= 16


def test_registration_takes_few_statements(evening):
    registered(evening)

    # Among them the ends of the transaction.
    assert statements(lambda: registered(evening)) <= 8
