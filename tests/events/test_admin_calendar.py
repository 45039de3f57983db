"""The month in the admin: published dates and drafts, by branch; a click edits, an empty day begins."""

import re
from datetime import date, datetime, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from events.domain import operations
from events.models import EventPage, Occurrence
from tests.factories.editors import editor_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(library, client):
    """Return the library, its administrator signed in."""
    client.force_login(library.administrator())
    return library


def shown(client, **query):
    """Return what stands in each cell that has entries: times, title, remarks, and whether it is a draft."""
    context = client.get(reverse("events:calendar"), {"month": "2030-05"} | query).context
    cells = [cell for week in context["weeks"] for cell in week if cell.entries]
    return {f"{cell.day:%d.%m.}": [(one.times, one.title, *one.remarks) for one in cell.entries] for cell in cells}


def test_month_shows_published_dates_and_drafts_in_their_states(admin, client):
    admin.event(title="Club", starts_on=date(2030, 5, 6), repeat="weekly", repeat_count=3)
    admin.event(title="Draft", starts_on=date(2030, 5, 6), starts_at=time(9), ends_at=None, publish_it=False)
    admin.event(title="Series", starts_on=date(2030, 4, 20), repeat="weekly", repeat_count=3, publish_it=False)
    admin.event(title="Expo", starts_on=date(2030, 4, 1), ends_on=date(2030, 5, 12), starts_at=None, ends_at=None)
    admin.event(title="Template", starts_on=date(2030, 5, 6), publish_it=False, is_template=True)
    rows = list(Occurrence.objects.filter(event__key="club").order_by("slot"))
    operations.cancel_occurrence(rows[1])
    start = datetime(2030, 5, 21, 10)
    operations.move_occurrence(rows[2], start=start, end=start + timedelta(hours=1))

    assert shown(client) == {
        "29.04.": [("", "Expo", "until 12.05.")],
        "04.05.": [("18:00", "Series", "draft")],
        "06.05.": [("09:00", "Draft", "draft"), ("18:00", "Club")],
        "13.05.": [("18:00", "Club", "cancelled")],
        "21.05.": [("10:00", "Club", "moved")],
    }


def test_branch_narrows_the_month_and_marks_its_closed_days(admin, client):
    closed = {
        "first": date(2030, 5, 9),
        "last": date(2030, 5, 10),
        "kind": "",
        "hours": "",
        "reason": {"en": "Repairs"},
    }
    mill = admin.branch(key="mill", title="Mill", exceptions=[("exception", closed)]).record
    admin.event(title="At the mill", starts_on=date(2030, 5, 7), branch=mill)
    admin.event(title="Draft at the mill", starts_on=date(2030, 5, 8), branch=mill, publish_it=False)
    admin.event(title="Elsewhere", starts_on=date(2030, 5, 7))

    assert [title for rows in shown(client, branch="mill").values() for _t, title, *_r in rows] == [
        "At the mill",
        "Draft at the mill",
    ]
    context = client.get(reverse("events:calendar"), {"month": "2030-05", "branch": "mill"}).context
    found = {cell.day.day: cell.closed for week in context["weeks"] for cell in week if cell.closed}
    assert found == {9: "Repairs", 10: "Repairs"}


def test_click_leads_to_the_form_and_back(admin, client):
    page = admin.event(title="Club", starts_on=date(2030, 5, 6))
    html = client.get(reverse("events:calendar"), {"month": "2030-05"}).content.decode()

    link = re.search(r'href="([^"]+)">Club</a>', html)[1].replace("&amp;", "&")

    assert link.startswith(reverse("wagtailadmin_pages:edit", args=[page.pk]))
    assert "month%3D2030-05" in link
    assert client.get(link).status_code == 200


def test_empty_day_begins_an_event_on_it_at_the_branch(admin, client):
    branch = admin.branch(key="mill", title="Mill")
    html = client.get(reverse("events:calendar"), {"month": "2030-05", "branch": "mill"}).content.decode()
    link = re.search(r'href="([^"]+starts_on=2030-05-06[^"]*)"', html)[1].replace("&amp;", "&")

    answer = client.get(link)
    form = client.get(answer.url)

    assert answer.url.startswith(reverse("wagtailadmin_pages:add", args=["events", "eventpage", branch.pk]))
    assert form.context["form"]["starts_on"].value() == date(2030, 5, 6)
    assert form.context["form"]["branch"].value() == branch.record.pk


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"month": "2030-13"}, 400),
        ({"month": "1899-12"}, 404),
        ({"month": "9999-12"}, 404),
        ({"branch": "nowhere"}, 400),
        ({"month": "2200-12"}, 200),
        ({"month": "1900-01"}, 200),
        ({}, 200),
    ],
)
def test_months_and_branches_that_are_none(admin, client, query, status):
    assert client.get(reverse("events:calendar"), query).status_code == status


def test_day_that_is_none_begins_an_empty_form(admin, client):
    url = reverse("wagtailadmin_pages:add", args=["events", "eventpage", admin.events.pk])

    for day in ("soon", "2030-02-30", ""):
        form = client.get(url, {"starts_on": day}).context["form"]
        assert form["starts_on"].value() is None


def test_editor_of_a_branch_sees_all_published_dates_and_only_own_drafts(library, client):
    mill = library.branch(key="mill", title="Mill")
    client.force_login(editor_of(mill))
    library.event(title="Of the network", starts_on=date(2030, 5, 7))
    library.event(title="Foreign draft", starts_on=date(2030, 5, 7), publish_it=False)
    library.event(title="Own draft", starts_on=date(2030, 5, 8), publish_it=False, parent=mill)

    html = client.get(reverse("events:calendar"), {"month": "2030-05"}).content.decode()

    assert "Foreign draft" not in html
    assert "Own draft" in html
    page = EventPage.objects.get(title="Of the network")
    assert f"/admin/pages/{page.pk}/edit/" not in html
    client.logout()
    assert client.get(reverse("events:calendar")).status_code == 302


def test_number_of_queries_is_fixed(admin, client):
    branch = admin.branch(key="mill", title="Mill").record

    def queries():
        with CaptureQueriesContext(connection) as found:
            client.get(reverse("events:calendar"), {"month": "2030-05"})
        return len(found)

    admin.event(slug="a", starts_on=date(2030, 5, 6), branch=branch)
    admin.event(slug="b", starts_on=date(2030, 5, 6), branch=branch, publish_it=False)
    queries()
    one = queries()
    for number in range(2):
        admin.event(slug=f"c{number}", starts_on=date(2030, 5, 7), repeat="daily", repeat_count=20, branch=branch)
        admin.event(slug=f"d{number}", starts_on=date(2030, 5, 8), branch=branch, publish_it=False)

    assert queries() == one
