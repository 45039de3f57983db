"""What the page of an event tells search engines, as they read it (schema.org)."""

from datetime import date, datetime, time

import pytest

from core.models import Network
from events.domain import operations
from events.models import Event
from tests.factories.photographs import picture_with_shared_size
from tests.page_heads import head_of


def _event_data(**more) -> dict:
    return {
        "@context": "https://schema.org",
        "@type": "Event",
        "name": "Chess",
        "description": "Come and play.",
        "inLanguage": "en",
        "startDate": "2030-01-08T18:00+02:00",
        "endDate": "2030-01-08T19:30+02:00",
        "eventStatus": "https://schema.org/EventScheduled",
        "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
        "isAccessibleForFree": True,
    } | more


def _data_at(client, path: str) -> dict:
    """Return the data of an event without its address and what it costs."""
    (data,) = [value for kind, value in head_of(client.get(path)).data.items() if kind != "BreadcrumbList"]
    return {name: value for name, value in data.items() if name not in ("url", "offers")}


def test_event_tells_what_it_costs_and_where_people_sign_up(library, client):
    def offers(**facts):
        slug = f"e{Event.objects.count()}"
        library.event(title="Chess", slug=slug, **facts)
        return head_of(client.get(f"/en/events/{slug}/")).data["Event"]["offers"]

    free = {"@type": "Offer", "url": "http://testserver/en/events/e0/", "price": "0"}
    assert offers() == free
    Network.objects.update_or_create(site=library.site, defaults={"country": "MK"})
    assert offers()["priceCurrency"] == "MKD"
    sign_up = {"registration": "link", "registration_url": "https://tickets.example/"}
    assert offers(is_free=False, price={"en": "20 UAH"}, **sign_up) == {
        "@type": "Offer",
        "url": "https://tickets.example/",
        "description": "20 UAH",
    }


def test_event_is_in_the_languages_in_which_it_is_held(library, client):
    library.event(title="Chess", slug="chess", held_in=["uk", "mk"])

    assert _data_at(client, "/en/events/chess/")["inLanguage"] == ["uk", "mk"]


def test_moved_event_tells_when_it_was_planned(library, client):
    library.event(title="Chess", slug="chess")
    start = datetime(2030, 1, 9, 10)
    operations.move_occurrence(Event.objects.get().occurrences.get(), start=start, end=datetime(2030, 1, 9, 11))

    data = _data_at(client, "/en/events/chess/")

    assert (data["startDate"], data["previousStartDate"]) == ("2030-01-09T10:00+02:00", "2030-01-08T18:00+02:00")
    assert data["eventStatus"] == "https://schema.org/EventRescheduled"


@pytest.mark.parametrize("code", ["en", "mk"])
def test_address_of_an_event_is_the_canonical_one(library, client, code):
    library.event(title="Chess", slug="chess")

    head = head_of(client.get(f"/{code}/events/chess/"))

    assert head.data["Event"]["url"] == head.canonical == "http://testserver/en/events/chess/"


def test_event_at_a_branch_tells_programs_when_and_where(library, client):
    branch = library.branch(key="mill", title="Old Mill", town={"en": "Yasenove"}, zone="Europe/Skopje")
    page = library.event(title="Chess", slug="chess", branch=branch.record, is_free=False)
    library.translate(page, "uk", title="Шахи", lead="Приходьте грати.")

    own, translated = _data_at(client, "/en/events/chess/"), _data_at(client, "/uk/events/chess/")

    place = {"@type": "Place", "name": "Old Mill", "address": "1 Mill Street, Yasenove"}
    facts = {
        "startDate": "2030-01-08T18:00+01:00",
        "endDate": "2030-01-08T19:30+01:00",
        "isAccessibleForFree": False,
        "location": place,
    }
    assert own == _event_data(**facts)
    assert translated == own | {"name": "Шахи", "description": "Приходьте грати.", "inLanguage": "uk"}


@pytest.mark.parametrize(
    ("plan", "expected"),
    [
        (
            {"starts_at": None, "ends_at": None},
            {"startDate": "2030-01-08", "endDate": "2030-01-08"},
        ),
        (
            {"starts_at": time(22), "ends_at": time(1)},
            {"startDate": "2030-01-08T22:00+02:00", "endDate": "2030-01-09T01:00+02:00"},
        ),
        (
            {"starts_at": None, "ends_at": None, "long_run": True, "ends_on": date(2030, 2, 19)},
            {"@type": "ExhibitionEvent", "startDate": "2030-01-08", "endDate": "2030-02-19"},
        ),
        (
            {"format": "online", "online_url": "https://example.org/join"},
            {
                "eventAttendanceMode": "https://schema.org/OnlineEventAttendanceMode",
                "location": {"@type": "VirtualLocation", "url": "https://example.org/join"},
            },
        ),
        (
            {"format": "hybrid", "online_url": "https://example.org/join", "place": {"en": "Town hall"}},
            {
                "eventAttendanceMode": "https://schema.org/MixedEventAttendanceMode",
                "location": [
                    {"@type": "Place", "name": "Town hall"},
                    {"@type": "VirtualLocation", "url": "https://example.org/join"},
                ],
            },
        ),
        (
            {"format": "hybrid", "online_url": "https://example.org/join"},
            {
                "eventAttendanceMode": "https://schema.org/MixedEventAttendanceMode",
                "location": [{"@type": "VirtualLocation", "url": "https://example.org/join"}],
            },
        ),
    ],
    ids=["all day", "past midnight", "six weeks", "online", "hybrid", "hybrid somewhere"],
)
def test_event_of_each_kind_tells_what_it_is(library, client, plan, expected):
    library.event(title="Chess", slug="chess", **plan)

    assert _data_at(client, "/en/events/chess/") == _event_data(**expected)


def test_event_without_a_lead_and_a_place_says_nothing_of_them(library, client):
    library.event(title="Chess", slug="chess", lead="")

    data = _data_at(client, "/en/events/chess/")

    assert {"description", "location"} & set(data) == set()
    assert data == {name: value for name, value in _event_data().items() if name != "description"}


def test_event_shows_its_picture_and_who_holds_it(library, client):
    network = Network.for_site(library.site)
    network.name = {"en": "Library", "uk": "Бібліотека"}
    network.save()
    library.event(title="Chess", slug="chess", image=picture_with_shared_size())

    assert _data_at(client, "/uk/events/chess/") == _event_data(
        image="http://testserver/media/chess.jpg",
        organizer={"@type": "LibrarySystem", "name": "Бібліотека", "url": "http://testserver/uk/"},
    )


def test_event_that_will_not_be_as_planned_says_so(library, client):
    library.event(title="Chess", slug="chess")
    event = Event.objects.get()
    row = event.occurrences.get()

    operations.move_occurrence(row, start=datetime(2030, 1, 9, 17), end=datetime(2030, 1, 9, 18))
    moved = _data_at(client, "/en/events/chess/")
    operations.cancel_occurrence(row, reason={"en": "Flu"})
    cancelled = _data_at(client, "/en/events/chess/")

    there = {"startDate": "2030-01-09T17:00+02:00", "endDate": "2030-01-09T18:00+02:00"}
    planned = {"previousStartDate": "2030-01-08T18:00+02:00"}
    assert moved == _event_data(eventStatus="https://schema.org/EventRescheduled", **there, **planned)
    assert cancelled["eventStatus"] == "https://schema.org/EventCancelled"
