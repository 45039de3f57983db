"""The page of a branch: what it tells search engines and calendars, and what stands below it."""

from datetime import date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from branches.models import Branch, Facility, Service
from core import generations
from tests.factories.library import Library, revise, soon
from tests.page_heads import head_of

EVERY_DAY = {"week": [[["09:00", "18:00"]]] * 7}


@pytest.fixture(scope="module")
def built_once(django_db_setup, django_db_blocker):
    """Build the library once: each test works in a savepoint inside of this transaction."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield Library()
        transaction.set_rollback(True)


@pytest.fixture
def library(built_once, db):
    """Return a small network in four languages, as it was built."""
    return built_once


def _data(**more) -> dict:
    weekdays = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"]
    return {
        "@context": "https://schema.org",
        "@type": "Library",
        "name": "Old Mill",
        "address": {"@type": "PostalAddress", "streetAddress": "1 Mill Street"},
        "openingHoursSpecification": [
            {"@type": "OpeningHoursSpecification", "dayOfWeek": weekdays, "opens": "09:00", "closes": "18:00"}
        ],
    } | more


def _data_at(client, path: str) -> dict:
    """Return the data of a branch without its address."""
    data = head_of(client.get(path)).data["Library"]
    return {name: value for name, value in data.items() if name != "url"}


@pytest.mark.parametrize("code", ["en", "mk"])
def test_address_of_a_branch_is_the_canonical_one(library, client, code):
    library.branch(key="mill")

    head = head_of(client.get(f"/{code}/branches/mill/"))

    assert head.data["Library"]["url"] == head.canonical == "http://testserver/en/branches/mill/"


def test_branch_of_which_little_is_known_says_that(library, client):
    library.branch(key="mill", title="Old Mill")

    assert _data_at(client, "/en/branches/mill/") == _data()


def test_branch_of_which_nothing_is_known_has_no_empty_address(library, client):
    library.branch(key="mill", title="Old Mill", street={}, hours={"v": 1, "kinds": {}, "exceptions": []})

    assert _data_at(client, "/en/branches/mill/") == {
        "@context": "https://schema.org",
        "@type": "Library",
        "name": "Old Mill",
    }


def test_branch_that_an_emergency_closes_tells_until_when(library, client):
    library.branch(key="mill", title="Old Mill", hours={"v": 1, "kinds": {"staffed": EVERY_DAY}, "exceptions": []})
    until = datetime.combine(soon(2), time(12), tzinfo=ZoneInfo("Europe/Kyiv"))
    Branch.objects.update(closed_until=until, closed_reason={"en": "Burst pipe"})

    data = _data_at(client, "/en/branches/mill/")

    assert data["specialOpeningHoursSpecification"] == [
        _special(soon(0), soon(1)),
        _special(soon(2), soon(2), "12:00", "18:00"),
    ]


def test_branch_tells_programs_all_that_is_known_of_it(library, client):
    first, last = soon(10), soon(12)
    page = library.branch(
        key="mill",
        title="Old Mill",
        town={"en": "Yasenove", "uk": "Ясенове"},
        postcode="00001",
        latitude=Decimal("49.50120"),
        longitude=Decimal("31.50000"),
        phones=[("phone", {"kind": "general", "number": "+380 44 123"})],
        mails=[("mail", {"kind": "office", "address": "mill@library.example"})],
        exceptions=[
            ("exception", {"first": first, "last": last, "kind": "", "hours": "", "reason": {}}),
            ("exception", {"first": soon(20), "last": None, "kind": "", "hours": "10:00-12:00", "reason": {}}),
            ("exception", {"first": soon(-9), "last": soon(-8), "kind": "", "hours": "", "reason": {}}),
        ],
    )
    library.translate(page, "uk", title="Старий млин")

    own, translated = _data_at(client, "/en/branches/mill/"), _data_at(client, "/uk/branches/mill/")

    address = {
        "@type": "PostalAddress",
        "streetAddress": "1 Mill Street",
        "addressLocality": "Yasenove",
        "postalCode": "00001",
    }
    assert own == _data(
        address=address,
        telephone=["+380 44 123"],
        email=["mill@library.example"],
        geo={"@type": "GeoCoordinates", "latitude": 49.5012, "longitude": 31.5},
        specialOpeningHoursSpecification=[_special(first, last), _special(soon(20), soon(20), "10:00", "12:00")],
    )
    assert translated == own | {"name": "Старий млин", "address": address | {"addressLocality": "Ясенове"}}


def _special(first: date, last: date, opens="00:00", closes="00:00") -> dict:
    return {
        "@type": "OpeningHoursSpecification",
        "validFrom": first.isoformat(),
        "validThrough": last.isoformat(),
        "opens": opens,
        "closes": closes,
    }


def test_branch_without_staff_tells_the_hours_of_its_door(library, client):
    library.branch(
        key="mill",
        title="Old Mill",
        hours={"v": 1, "kinds": {"self-service": {"week": [[["00:00", "24:00"]]] * 7}}, "exceptions": []},
    )

    (data,) = _data_at(client, "/en/branches/mill/")["openingHoursSpecification"]

    assert (len(data["dayOfWeek"]), data["opens"], data["closes"]) == (7, "00:00", "23:59")


def test_branch_leads_to_its_own_feeds(library, client):
    library.branch(key="mill", title="Old Mill")
    head = head_of(client.get("/uk/branches/mill/"))

    calendars, news = head.feeds("text/calendar"), head.feeds("application/atom+xml")

    assert list(calendars) == ["/uk/events/feed.ics", "/uk/events/feed.ics?branch=mill"]
    assert list(news) == ["/uk/news/feed.atom", "/uk/news/feed.atom?branch=mill", "/uk/events/feed.atom?branch=mill"]
    assert [client.get(path).status_code for path in (*calendars, *news)] == [200] * 5


def test_page_shows_what_is_on_at_the_branch_and_its_news(library, client):
    mill, other = library.branch(key="mill"), library.branch(key="other")
    library.event(parent=mill, title="Milling", branch=mill.record, starts_on=soon(3))
    library.event(parent=other, title="Elsewhere", branch=other.record, starts_on=soon(3))
    library.article(parent=mill, title="Flour")
    library.article(title="Of all", branches=[mill.record, other.record])
    library.article(parent=other, title="Foreign")

    html = client.get("/mk/branches/mill/").content.decode()

    shown = [title for title in ("Milling", "Elsewhere", "Flour", "Of all", "Foreign") if f">{title}</a>" in html]
    assert shown == ["Milling", "Flour", "Of all"]


def test_remembered_facility_has_its_new_name_at_once(library, client, remembering, django_capture_on_commit_callbacks):
    lift = Facility.objects.create(key="lift", label={"en": "Lift"})
    library.branch(key="mill", facilities=[lift])
    generations.store().advance()
    assert "Lift" in client.get("/en/branches/mill/").content.decode()

    with django_capture_on_commit_callbacks(execute=True):
        lift.label = {"en": "Elevator"}
        lift.save()

    assert "Elevator" in client.get("/en/branches/mill/").content.decode()


def test_page_tells_facilities_from_ways_in_and_free_services_from_others(library, client):
    lift = Facility.objects.create(key="lift", label={"en": "Lift"}, accessibility=True)
    piano = Facility.objects.create(key="piano", label={"en": "Piano"})
    copies = Service.objects.create(key="copies", label={"en": "Copies"}, is_free=False, price={"en": "2 a page"})
    loans = Service.objects.create(key="loans", label={"en": "Loans"}, is_free=True)
    library.branch(key="mill", facilities=[lift, piano], services=[copies, loans])

    context = client.get("/en/branches/mill/").context
    text = " ".join(client.get("/en/branches/mill/").content.decode().split())

    assert (context["access"], context["facilities"]) == ([lift], [piano])
    parts = [
        "How to get in",
        "Lift",
        "What is here",
        "Piano",
        "Free of charge",
        "Loans",
        "For a price",
        "Copies",
        "2 a page",
    ]
    positions = [text.index(f">{part}<") for part in parts]
    assert positions == sorted(positions)


def test_number_of_queries_does_not_grow_with_what_stands_there(library, client, remembering):
    mill = library.branch(key="mill")

    def add(number):
        library.event(parent=mill, title=f"Event {number}", branch=mill.record, starts_on=soon(number + 1))
        library.article(parent=mill, title=f"Article {number}")
        revise(mill, phones=[("phone", {"kind": "general", "number": f"0800 {n}0000"}) for n in range(number + 1)])

    def queries():
        client.get("/en/branches/mill/")
        with CaptureQueriesContext(connection) as asked:
            client.get("/en/branches/mill/")
        return len(asked)

    add(0)
    one = queries()
    add(1)
    add(2)

    assert (queries(), one <= 15) == (one, True)
