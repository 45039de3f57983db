"""What hangs on walls: the month's programme on A4, the code of an event; and in which zone a time is meant."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core import qr_codes
from core.models import Network
from events.domain import operations
from events.models import EventPage, Occurrence
from tests.factories.library import soon

pytestmark = [pytest.mark.django_db, pytest.mark.services]


@pytest.fixture
def may(library, monkeypatch):
    """Return the library in the middle of May 2030, with what is on at two branches."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: datetime(2030, 5, 15, 11, 30, tzinfo=UTC))
    mill, oak = (library.branch(key=key, title=key.title()).record for key in ("mill", "oak"))
    library.event(title="Club", starts_on=date(2030, 5, 2), repeat="weekly", repeat_count=9, branch=mill)
    library.event(title="Fair", starts_on=date(2030, 5, 31), branch=oak, starts_at=time(10), ends_at=time(18))
    library.event(
        title="Expo", starts_on=date(2030, 4, 1), ends_on=date(2030, 6, 1), starts_at=None, ends_at=None, branch=mill
    )
    operations.cancel_occurrence(Occurrence.objects.filter(event__key="club").order_by("slot")[1])
    return library


def sheet(client, **query):
    context = client.get("/en/events/programme/", query).context
    return {f"{day:%d.%m.}": [row.words.title for row in rows] for day, rows in context["days"]}


def test_programme_holds_the_days_of_the_month_alone(may, client):
    assert sheet(client) == {
        "02.05.": ["Club"],
        "09.05.": ["Club"],
        "16.05.": ["Club"],
        "23.05.": ["Club"],
        "30.05.": ["Club"],
        "31.05.": ["Fair"],
    }
    html = client.get("/en/events/programme/").content.decode()
    assert "Expo" in html
    assert html.count("cancelled") == 1
    assert "noindex" in html


def test_programme_of_a_branch_names_it_once(may, client):
    assert sheet(client, branch="oak", month="2030-05") == {"31.05.": ["Fair"]}
    html = client.get("/en/events/programme/?branch=oak").content.decode()
    entry = html.split("Fair</a>")[1].split("</li>")[0]
    assert "Oak" not in entry
    assert 'src="/en/cal/b.oak.svg"' in html
    assert client.get("/en/cal/b.oak.svg").status_code == 200


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"month": "2030-13"}, 400),
        ({"month": "2040-01"}, 404),
        ({"branch": "nowhere"}, 400),
        ({"month": "2030-06"}, 200),
    ],
)
def test_months_and_branches_that_are_none(may, client, query, status):
    assert client.get("/uk/events/programme/", query).status_code == status


def test_programme_of_a_full_month_costs_no_more_queries(may, client, remembering):
    def queries():
        with CaptureQueriesContext(connection) as found:
            client.get("/en/events/programme/", {"month": "2030-05"})
        return len(found)

    queries()
    few = queries()
    for number in range(3):
        may.event(slug=f"d{number}", starts_on=date(2030, 5, 1), repeat="daily", repeat_count=31)
    queries()

    assert queries() == few <= 15


def test_month_and_branch_lead_to_the_sheets(may, client):
    assert (
        'href="/uk/events/programme/?month=2030-05&amp;branch=mill"'
        in client.get("/uk/events/?view=month&branch=mill").content.decode()
    )
    assert 'href="/uk/events/programme/?branch=mill"' in client.get("/uk/branches/mill/").content.decode()


def test_code_of_an_event_leads_to_its_page_at_that_date(library, client):
    library.event(title="Club", slug="club")
    row = Occurrence.objects.get()
    assert f'src="/en/events/{row.uid}.svg"' in client.get("/en/events/club/").content.decode()

    answer = client.get(f"/en/events/{row.uid}.svg")

    assert answer.content == qr_codes.svg(f"http://testserver/en/events/club/?date={row.slot_key}")
    assert answer.headers["Content-Type"] == "image/svg+xml"
    EventPage.objects.get(slug="club").unpublish()
    assert client.get(f"/en/events/{row.uid}.svg").status_code == 404


def test_event_tells_who_is_there_and_what_to_bring(library, client):
    library.event(slug="club", people={"en": "Olha Bondar", "uk": "Ольга Бондар"}, bring={"en": "A spoon"})

    english, ukrainian = (client.get(f"/{code}/events/club/").content.decode() for code in ("en", "uk"))

    assert ("Olha Bondar" in english, "A spoon" in english) == (True, True)
    assert ("Ольга Бондар" in ukrainian, "A spoon" in ukrainian) == (True, True)


# --- Zones ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("zone", "home", "words", "is_named"),
    [
        ("Europe/Kyiv", "Europe/Kyiv", "UTC+2", False),
        ("Asia/Sakhalin", "Europe/Moscow", "UTC+11", True),
        ("Europe/Skopje", "Europe/Kyiv", "UTC+1", True),
        ("Asia/Kathmandu", "Europe/Kyiv", "UTC+5:45", True),
        ("America/St_Johns", "Europe/Kyiv", "UTC−3:30", True),
    ],
)
def test_zone_is_named_where_it_is_not_the_networks_own(library, client, zone, home, words, is_named):
    Network.objects.update_or_create(site=library.site, defaults={"zone": home})
    library.event(slug="club", branch=library.branch(zone=zone).record)

    html = client.get("/en/events/club/").content.decode()
    note = html.split("data-zone-offset")[1].split("</small>")[0]

    assert f"Time of the place, {words}" in note
    assert (" hidden" not in note) == is_named
    assert "js/zone" in html


def test_all_day_event_has_no_zone_to_speak_of(library, client):
    library.event(slug="club", starts_at=None, ends_at=None, starts_on=soon(2))

    assert "data-zone-offset" not in client.get("/en/events/club/").content.decode()


def test_zone_follows_the_clocks(library, client):
    today = timezone.localdate()
    library.event(slug="summer", starts_on=date(today.year + 1, 7, 1))
    library.event(slug="winter", starts_on=date(today.year + 1, 12, 1) + timedelta(days=0))

    assert "UTC+3" in client.get("/en/events/summer/").content.decode()
    assert "UTC+2" in client.get("/en/events/winter/").content.decode()
