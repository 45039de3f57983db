"""Who came: counted by age, told where it was not, and "not counted" is something else than nobody."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from events.domain import operations
from events.domain.attendance import count_people, not_counted, people_at
from events.domain.operations import OperationError
from events.models import Attendance, Occurrence
from tests.factories.editors import editor_of
from tests.factories.library import soon

pytestmark = [pytest.mark.django_db, pytest.mark.services]
HEALTH = "/admin/reports/feeds/"


@pytest.fixture
def admin(library, client):
    client.force_login(library.administrator())
    return library


def date_of(page) -> Occurrence:
    return Occurrence.objects.select_related("event").get(event=page.record)


def over(library, **fields) -> Occurrence:
    """Return the date of an event that took place three days ago."""
    return date_of(library.event(starts_on=soon(-3), **fields))


def counting(date) -> str:
    return reverse("events:count_date", args=[date.event_id, date.uid])


def test_visitors_are_counted_by_age_and_shown_beside_the_date(admin, client):
    date = over(admin)
    response = client.post(counting(date), {"children": "12", "adults": "5", "older": ""}, follow=True)

    assert dict(date.attendance.values_list("group", "people")) == {"children": 12, "adults": 5}
    assert "17 visitors" in response.content.decode()
    assert 'value="12"' in client.get(counting(date)).content.decode()


def test_nobody_came_is_something_else_than_not_counted(admin, client):
    nobody, forgotten = over(admin), over(admin, slug="forgotten")
    client.post(counting(nobody), {"adults": "0"})

    assert people_at([nobody.pk, forgotten.pk]) == {nobody.pk: 0}
    assert list(not_counted(Occurrence.objects.all(), timezone.now())) == [forgotten]


def test_count_is_changed_and_taken_back(admin, client):
    date = over(admin)
    client.post(counting(date), {"adults": "5"})
    client.post(counting(date), {"adults": "6"})
    assert people_at([date.pk]) == {date.pk: 6}

    response = client.post(counting(date), {}, follow=True)
    assert "Not counted any more" in response.content.decode()
    assert not Attendance.objects.exists()


@pytest.mark.parametrize("number", ["-1", "many", "1000000000", "1.5"])
def test_what_is_no_number_of_people_is_said_and_kept_in_the_form(admin, client, number):
    date = over(admin)
    response = client.post(counting(date), {"adults": number, "children": "3"})

    assert response.status_code == 200
    assert response.context["form"].errors.keys() == {"adults"}
    assert 'value="3"' in response.content.decode()
    assert not Attendance.objects.exists()


def test_date_that_has_not_begun_is_not_counted(admin, client):
    date = date_of(admin.event(starts_on=soon(3)))
    response = client.post(counting(date), {"adults": "3"})
    assert "This date has not begun yet." in response.content.decode()

    with pytest.raises(OperationError):
        count_people(date, {"adults": 3}, user=None, now=timezone.now())
    assert counting(date) not in client.get(reverse("events:dates", args=[date.event_id])).content.decode()


def test_date_that_was_cancelled_is_not_counted(admin, client):
    date = over(admin)
    operations.cancel_occurrence(date)
    response = client.post(counting(date), {"adults": "3"})

    assert "This date does not take place." in response.content.decode()
    assert not Attendance.objects.exists()


def test_only_who_may_change_the_event_counts(library, client):
    date = over(library)
    client.force_login(editor_of(library.branch()))

    assert client.post(counting(date), {"adults": "3"}).url == "/admin/"
    assert not Attendance.objects.exists()


def test_report_names_dates_that_nobody_counted(admin, client):
    date, cancelled = over(admin), over(admin, slug="cancelled", title="Called off")
    operations.cancel_occurrence(cancelled)
    admin.event(slug="long-ago", title="Long ago", starts_on=soon(-90))
    shown = client.get(HEALTH).content.decode()
    assert "At 1 date of the last two months nobody has counted the visitors" in shown
    assert counting(date) in shown
    assert counting(cancelled) not in shown

    client.post(counting(date), {"adults": "3"})
    assert "At all dates of the last two months the visitors were counted." in client.get(HEALTH).content.decode()


def test_report_of_a_branch_names_its_own_dates(library, client):
    central = library.branch()
    own = over(library, parent=central, branch=central.record)
    other = over(library, slug="other")
    client.force_login(editor_of(central))
    shown = client.get(HEALTH).content.decode()

    assert counting(own) in shown
    assert counting(other) not in shown


def test_list_of_dates_asks_as_much_for_three_as_for_one(admin, client):
    page = admin.event(starts_on=soon(-5), repeat="daily", repeat_count=3)
    url = reverse("events:dates", args=[page.record.pk])

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(url)
        return len(captured)

    rows = list(Occurrence.objects.order_by("starts_at"))
    count_people(rows[0], {"adults": 1}, user=None, now=timezone.now())
    queries()
    one = queries()
    for row in rows[1:]:
        count_people(row, {"adults": 1, "children": 2}, user=None, now=timezone.now() + timedelta(minutes=1))

    assert queries() == one
