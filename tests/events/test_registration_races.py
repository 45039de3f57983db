"""Many people at once: exactly as many seats are taken as there are, and the line has no gap."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from events.domain import operations
from events.domain.registrations import FullError, cancel, change_people
from events.enums import SeatState
from events.models import Occurrence, Registration, Seat, SeatCount
from tests.factories.library import Library, soon
from tests.factories.registrations import registered

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.services]
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def date(transactional_db):
    """Return the date of an event with fifty seats."""
    page = Library(languages=["en"]).event(starts_on=soon(7), capacity=50)
    return Occurrence.objects.select_related("event").get(event=page.record)


def together(*acts) -> list[Exception]:
    """Do all of it at once, each in a thread of its own; return what went wrong."""
    barrier, wrong = threading.Barrier(len(acts)), []

    def run(act) -> None:
        try:
            barrier.wait(30)
            act()
        except Exception as error:
            wrong.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    return wrong


def counted(date) -> tuple[int, int]:
    """Return how many seats are taken and how many parties wait, after looking whether the seats say the same."""
    count = SeatCount.objects.get(pk=date.pk)
    seats = Seat.objects.filter(occurrence=date)
    assert count.taken == sum(seat.people for seat in seats if seat.state == SeatState.SEATED)
    assert count.waiting == sum(seat.state == SeatState.WAITING for seat in seats)
    return count.taken, count.waiting


def process(date, people: int, threads: int) -> subprocess.Popen:
    path = os.pathsep.join([str(ROOT), str(ROOT / "site")])
    name = str(connection.settings_dict["NAME"])
    return subprocess.Popen(
        [sys.executable, "-m", "tests.events.registering_process", name, *map(str, (date.pk, people, threads))],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": path, "DJANGO_SETTINGS_MODULE": os.environ["DJANGO_SETTINGS_MODULE"]},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_five_hundred_people_for_fifty_seats(date):
    processes = [process(date, 125, 4) for _process in range(4)]
    for one in processes:
        assert one.stdout.readline() == "ready\n"
    for one in processes:
        one.stdin.write("go\n")
        one.stdin.flush()
    said = [one.communicate(timeout=240)[1] for one in processes]
    assert [one.returncode for one in processes] == [0] * 4, said

    assert counted(date) == (50, 450)
    waiting = Seat.objects.filter(state=SeatState.WAITING).order_by("registration_id")
    assert list(waiting.values_list("number", flat=True)) == list(range(1, 451))
    assert Registration.objects.count() == 500


def test_seats_that_come_free_while_others_come_are_given_once(date):
    first = [registered(date, people=5) for _time in range(10)]
    now = timezone.now()

    wrong = together(
        *(lambda one=one: cancel(one, now=now) for one in first),
        *(lambda: registered(date, people=2) for _time in range(10)),
        *(lambda: registered(date, people=5) for _time in range(10)),
    )

    assert wrong == []
    taken, waiting = counted(date)
    line = list(Seat.objects.filter(occurrence=date, state=SeatState.WAITING).order_by("number"))
    # Seventy people for fifty seats: whoever is first in line is more people than seats are left.
    assert taken <= 50
    assert waiting
    assert line[0].people > 50 - taken
    assert [one.number for one in line] == sorted({one.number for one in line})


def test_capacity_that_staff_change_while_people_come(date):
    wrong = together(
        *(lambda: registered(date, people=2) for _time in range(12)),
        *(lambda seats=seats: operations.adjust_occurrence(date, capacity=seats) for seats in (4, 9, 14)),
    )

    assert wrong == []
    taken, waiting = counted(date)
    count = SeatCount.objects.get(pk=date.pk)
    date.refresh_from_db()
    assert count.capacity == date.capacity
    # Seats that were taken stay; with any left over nobody waits who would fit.
    assert taken + 2 * waiting == 24
    assert waiting == 0 or count.free < 2


def test_dates_counted_for_the_first_time_while_staff_change_others():
    page = Library(languages=["en"]).event(starts_on=soon(7), repeat="daily", repeat_count=4, capacity=9)
    dates = list(Occurrence.objects.select_related("event").filter(event=page.record).order_by("starts_at"))
    registered(dates[0])

    wrong = together(
        *(lambda: registered(*dates, people=2) for _time in range(6)),
        *(lambda one=one: operations.adjust_occurrence(one, capacity=30) for one in dates),
    )

    assert wrong == []
    assert [counted(one)[0] for one in dates] == [13, 12, 12, 12]


def test_two_who_grow_at_once_take_the_last_seat_once(date):
    registered(date, people=5)
    parties = [registered(date, people=people) for people in (4, 4)]
    SeatCount.objects.filter(pk=date.pk).update(capacity=14, allowed=14)
    now = timezone.now()

    wrong = together(*(lambda one=one: change_people(one, 5, now=now) for one in [*parties, *parties]))

    assert [type(error) for error in wrong] == [FullError, FullError]
    assert counted(date) == (14, 0)
    assert sorted(Registration.objects.values_list("people", flat=True)) == [4, 5, 5]


def test_same_form_sent_at_once_registers_once(date):
    key = "the-same-form"
    wrong = together(*(lambda: registered(date, form_key=key, email="olha@library.example") for _time in range(6)))

    assert wrong == []
    assert (Registration.objects.count(), counted(date)) == (1, (1, 0))


def test_one_address_at_once_has_no_more_seats_than_one_may_register(date):
    wrong = together(*(lambda: registered(date, people=2, email="olha@library.example") for _time in range(6)))

    assert {type(error).__name__ for error in wrong} == {"RegistrationError"}
    assert counted(date) == (4, 0)
