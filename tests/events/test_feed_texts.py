"""The stored text of each date: what may be told, what makes a new version, what reaches it from elsewhere."""

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.images.models import SourceImageIOError
from wagtail.models import Page, PageViewRestriction

from branches.models import Branch, BranchPage
from core import generations
from core.models import Audience, LibraryImage, Network, Topic
from events.domain import operations
from events.jobs import render_stale_texts
from events.models import Event, EventPage, FeedVersion, Occurrence, OccurrenceText
from tests.events.feed_reading import dates_in, feed_of, version_of
from tests.factories.library import LANGUAGES, publish, revise, soon
from tests.factories.photographs import picture_with_shared_size

pytestmark = [pytest.mark.django_db, pytest.mark.services]

# RFC 5545 asks for the first three; the others tell a program which date is gone, and that this is the last word.
BARE = {"UID", "DTSTAMP", "DTSTART", "DTEND", "LAST-MODIFIED", "SEQUENCE", "STATUS"}


def _restrict(page) -> PageViewRestriction:
    return PageViewRestriction.objects.create(
        page=Page.objects.get(pk=page.pk), restriction_type=PageViewRestriction.LOGIN
    )


def _catch_up() -> None:
    render_stale_texts(timezone.now())


# --- What may be told -------------------------------------------------------------------------------------------------


def test_event_below_a_private_branch_is_told_to_nobody(library, client):
    branch = library.branch()
    _restrict(branch)

    library.event(parent=branch, title="Secret wedding", starts_on=soon(5))

    row = Occurrence.objects.get()
    assert [dates_in(client, f"/{code}/events/feed.ics") for code in LANGUAGES] == [[], [], [], []]
    assert client.get(f"/en/events/{row.uid}.ics").status_code == 404


def test_event_that_was_never_public_keeps_nothing_of_its_changes(library, client):
    branch = library.branch()
    restriction = _restrict(branch)
    page = library.event(parent=branch, starts_on=soon(5), repeat="weekly", repeat_count=3)
    page = revise(page, repeat_count=2, starts_at=page.starts_at.replace(hour=17))
    assert OccurrenceText.objects.count() == 0

    restriction.delete()

    assert [(event["STATUS"], event["SEQUENCE"]) for event in dates_in(client)] == [("CONFIRMED", 0)] * 2


def _unpublish(page):
    EventPage.objects.get(pk=page.pk).unpublish()


def _delete(page):
    Page.objects.get(pk=page.pk).delete()


@pytest.mark.parametrize("hide", [_unpublish, _restrict, _delete])
def test_hidden_event_leaves_tombstones_without_words(library, client, hide):
    library.terms()
    library.branch(latitude=50, longitude=30)
    page = library.event(
        branch=Branch.objects.get(),
        audiences=[Audience.objects.get(key="children")],
        room={"en": "Hall"},
        starts_on=soon(5),
    )
    before = dates_in(client)[0]
    assert {"SUMMARY", "DESCRIPTION", "LOCATION", "URL", "GEO", "CATEGORIES"} <= set(before)

    hide(page)

    for code in LANGUAGES:
        [event] = dates_in(client, f"/{code}/events/feed.ics")
        assert (set(event), event["STATUS"], event["UID"]) == (BARE, "CANCELLED", before["UID"])
        assert version_of(event) > version_of(before)


def test_event_that_comes_back_has_its_words_again(library, client):
    page = library.event(starts_on=soon(5))
    _unpublish(page)
    hidden = dates_in(client)[0]

    publish(EventPage.objects.get(pk=page.pk))

    event = dates_in(client)[0]
    assert (str(event["SUMMARY"]), event["STATUS"]) == ("Chess club", "CONFIRMED")
    assert version_of(event) > version_of(hidden)


def test_date_that_left_the_plan_of_a_public_event_keeps_its_words(library, client):
    page = library.event(starts_on=soon(5), repeat="weekly", repeat_count=2)

    revise(page, repeat_count=1)

    assert [(event["STATUS"], str(event["SUMMARY"])) for event in dates_in(client)] == [
        ("CONFIRMED", "Chess club"),
        ("CANCELLED", "Chess club"),
    ]


def test_hidden_event_loses_its_words_in_languages_that_are_no_longer_offered(library):
    page = library.event(starts_on=soon(5))
    Network.objects.filter(site=library.site).update(languages=["en", "uk"])

    _unpublish(page)

    text = OccurrenceText.objects.get(language="mk").text
    assert ("STATUS:CANCELLED" in text, "SUMMARY" in text) == (True, False)


def test_new_language_of_the_network_gets_its_texts_from_the_worker(library, client):
    network = Network.objects.get(site=library.site)
    network.languages = ["en"]
    network.save()
    library.event(starts_on=soon(5))

    network.languages = ["en", "uk"]
    network.save()
    _catch_up()

    assert [(str(event["SUMMARY"]), event["SEQUENCE"]) for event in dates_in(client, "/uk/events/feed.ics")] == [
        ("Chess club", 0)
    ]


def test_dates_that_differ_share_no_words(library, client):
    library.event(starts_on=soon(5), repeat="weekly", repeat_count=4, place={"en": "Town hall"}, lead="Come.")
    library.branch(title="Mill")
    first, second, third, _fourth = Occurrence.objects.order_by("slot")

    operations.cancel_occurrence(first, reason={"en": "Ill"})
    operations.move_occurrence(second, start=second.local_start, end=second.local_end, note={"en": "Bring a board"})
    operations.move_occurrence(third, start=third.local_start, end=third.local_end, branch=Branch.objects.get())

    told = [(str(event["DESCRIPTION"]), str(event["LOCATION"]).split(",")[0]) for event in dates_in(client)]
    assert told == [
        ("Cancelled.\nIll\nCome.\nFree of charge.", "Town hall"),
        ("Bring a board\nCome.\nFree of charge.", "Town hall"),
        ("Come.\nFree of charge.", "Mill"),
        ("Come.\nFree of charge.", "Town hall"),
    ]


# --- What makes a new version -----------------------------------------------------------------------------------------

CHANGES = {
    "price": lambda: {"price": {"en": "2 €"}},
    "free": lambda: {"is_free": True},
    "audiences": lambda: {"audiences": [Audience.objects.get(key="children")]},
    "topics": lambda: {"topics": [Topic.objects.get()]},
    "online": lambda: {"format": "hybrid", "online_url": "https://example.org/room"},
    "place": lambda: {"place": {"en": "Town hall"}},
    "room": lambda: {"room": {"en": "Hall"}},
    "language": lambda: {"held_in": ["uk"]},
    "age": lambda: {"age_from": 6},
    "seats": lambda: {"capacity": 20},
    "registration": lambda: {"registration": "link", "registration_url": "https://example.org/"},
    "branch": lambda: {"branch": Branch.objects.get()},
}


@pytest.mark.parametrize("name", CHANGES)
def test_each_change_of_facts_raises_the_sequence_once(library, name):
    library.terms()
    library.branch()
    page = library.event(is_free=False, price={"en": "1 €"}, starts_on=soon(5), repeat="weekly", repeat_count=2)

    publish(revise(page, **CHANGES[name]()))

    assert [row.sequence for row in Occurrence.objects.order_by("slot")] == [1, 1]


def test_words_alone_raise_no_sequence(library, client):
    library.terms()
    page = library.event(audiences=list(Audience.objects.all()), starts_on=soon(5))

    library.translate(page, "uk", title="Шаховий клуб")
    revise(page, title="Chess for all", lead="Come.", body=[("text", "<p>Play.</p>")])
    term = Audience.objects.get(key="children")
    term.label = {"en": "Kids"}
    term.save()
    _catch_up()

    event = dates_in(client)[0]
    assert (event["SEQUENCE"], str(event["SUMMARY"]), sorted(map(str, event["CATEGORIES"].cats))) == (
        0,
        "Chess for all",
        ["Adults", "Kids"],
    )


def test_place_of_the_branch_on_the_map_raises_the_sequence(library, client):
    page = library.branch()
    library.event(branch=Branch.objects.get(), starts_on=soon(5))

    revise(page, latitude=50, longitude=30)
    _catch_up()

    event = dates_in(client)[0]
    assert (event["SEQUENCE"], event["GEO"].to_ical()) == (1, "50.0;30.0")


def test_new_street_of_the_branch_raises_the_sequence_once_in_every_language(library, client):
    page = library.branch(town={"en": "Yasenove"})
    library.event(branch=Branch.objects.get(), starts_on=soon(5))

    revise(page, street={"en": "2 River Street", "uk": "вул. Річкова, 2"})
    _catch_up()

    told = {code: dates_in(client, f"/{code}/events/feed.ics")[0] for code in ("en", "uk")}
    assert {code: (event["SEQUENCE"], str(event["LOCATION"])) for code, event in told.items()} == {
        "en": (1, "Central Library, 2 River Street, Yasenove"),
        "uk": (1, "Central Library, вул. Річкова, 2, Yasenove"),
    }


def test_two_changes_in_one_second_have_two_stamps(library, client, monkeypatch):
    moment = timezone.now()
    monkeypatch.setattr("django.utils.timezone.now", lambda: moment)
    page = library.event(starts_on=soon(5))
    versions = [version_of(dates_in(client)[0])]

    for title in ("Chess", "Chess for all"):
        page = revise(page, title=title)
        versions.append(version_of(dates_in(client)[0]))

    assert versions == sorted(set(versions))


# --- What leaves a filter ---------------------------------------------------------------------------------------------

FILTERS = {
    "held_in": ("uk", lambda: ["uk"], lambda: ["en"]),
    "topic": ("reading", lambda: [Topic.objects.get()], list),
    "audience": ("children", lambda: [Audience.objects.get(key="children")], list),
    "branch": ("central", lambda: Branch.objects.get(key="central"), lambda: Branch.objects.get(key="mill")),
}
FIELDS = {"audience": "audiences", "topic": "topics"}


@pytest.mark.parametrize("kind", FILTERS)
def test_date_that_leaves_a_filter_is_a_newer_version_there(library, client, kind):
    library.terms()
    library.branch()
    library.branch(key="mill", title="Mill")
    key, inside, outside = FILTERS[kind]
    field = FIELDS.get(kind, kind)
    page = library.event(starts_on=soon(5), **{field: inside()})
    [before] = dates_in(client, **{kind: key})

    page = revise(page, **{field: outside()})
    [gone] = dates_in(client, **{kind: key})
    revise(page, **{field: inside()})
    [back] = dates_in(client, **{kind: key})

    assert [event["STATUS"] for event in (before, gone, back)] == ["CONFIRMED", "CANCELLED", "CONFIRMED"]
    for earlier, later in ((before, gone), (gone, back)):
        assert all(was < now for was, now in zip(version_of(earlier), version_of(later), strict=True))


# --- What reaches the texts from elsewhere ----------------------------------------------------------------------------


def test_renamed_network_is_in_the_name_of_the_calendar_at_once(library, client, remembering):
    library.event(starts_on=soon(5))
    network = Network.objects.get(site=library.site)
    assert str(feed_of(client)["NAME"]) == "Library events"

    network.name = {"en": "District libraries"}
    network.save()
    # As it would on commit.
    generations.store().advance()

    assert str(feed_of(client)["NAME"]) == "District libraries"


@pytest.mark.parametrize("kind", ["audience", "topic"])
def test_renamed_term_is_in_the_name_of_its_own_feed_without_any_event(library, client, kind):
    library.terms()
    model = {"audience": Audience, "topic": Topic}[kind]
    term = model.objects.first()
    library.event(starts_on=soon(5))
    assert str(feed_of(client, **{kind: term.key})["NAME"]) == f"Library events: {term}"

    term.label = {"en": "Renamed"}
    term.save()

    assert str(feed_of(client, **{kind: term.key})["NAME"]) == "Library events: Renamed"


def test_renamed_branch_is_in_the_name_of_its_own_feed_without_any_event(library, client):
    page = library.branch()
    library.event(starts_on=soon(5))
    assert str(feed_of(client, branch="central")["NAME"]) == "Library events: Central Library"

    revise(page, title="Main Library")

    assert str(feed_of(client, branch="central")["NAME"]) == "Library events: Main Library"


def test_new_address_of_the_site_reaches_the_links(library, client):
    library.event(starts_on=soon(5))

    library.site.hostname = "library.example"
    library.site.save()
    _catch_up()

    response = client.get("/en/events/feed.ics", headers={"host": "library.example"})
    assert b"URL:http://library.example/en/events/chess-club/?date=" in response.content.replace(b"\r\n ", b"")


def _branch_with_event(library, **fields):
    page = library.branch(latitude=50, longitude=30)
    library.event(branch=Branch.objects.get(), room={"en": "Hall"}, starts_on=soon(5), **fields)
    return page


@pytest.mark.parametrize("hide", [lambda page: BranchPage.objects.get(pk=page.pk).unpublish(), _restrict])
def test_hidden_branch_is_left_out_of_its_events(library, client, hide):
    page = _branch_with_event(library)

    hide(page)
    assert Event.objects.get().texts_stale
    _catch_up()

    event = dates_in(client)[0]
    assert (str(event["LOCATION"]), "GEO" in event, event["SEQUENCE"]) == ("Hall", False, 1)
    calendar = client.get("/en/events/feed.ics", {"branch": "central"})
    assert (calendar.status_code, b"Central Library" in calendar.content) == (200, False)


def test_branch_that_comes_back_is_named_again(library, client):
    page = _branch_with_event(library)
    BranchPage.objects.get(pk=page.pk).unpublish()
    _catch_up()

    publish(BranchPage.objects.get(pk=page.pk))
    assert Event.objects.get().texts_stale
    _catch_up()

    event = dates_in(client)[0]
    assert (str(event["LOCATION"]), "GEO" in event) == ("Hall, Central Library, 1 Mill Street", True)


def test_own_place_of_an_event_stays_when_its_branch_is_hidden(library, client):
    page = _branch_with_event(library, place={"en": "Town hall, 5 High Street"})

    BranchPage.objects.get(pk=page.pk).unpublish()
    _catch_up()

    assert str(dates_in(client)[0]["LOCATION"]) == "Hall, Town hall, 5 High Street"


def test_date_moved_to_a_branch_is_no_longer_at_the_place_of_the_plan(library, client):
    library.branch()
    library.event(place={"en": "Town hall"}, starts_on=soon(5))
    row = Occurrence.objects.get()

    operations.move_occurrence(row, start=row.local_start, end=row.local_end, branch=Branch.objects.get())

    assert str(dates_in(client)[0]["LOCATION"]) == "Central Library, 1 Mill Street"
    operations.restore_occurrence(row)
    assert str(dates_in(client)[0]["LOCATION"]) == "Town hall"


# --- Pictures ---------------------------------------------------------------------------------------------------------


def test_picture_has_an_absolute_address(library, client):
    library.event(image=picture_with_shared_size(), starts_on=soon(5))

    event = dates_in(client)[0]

    assert (str(event["IMAGE"]), event["IMAGE"].params["FMTTYPE"]) == ("http://localhost/media/chess.jpg", "image/jpeg")


def test_picture_whose_file_is_lost_stops_nothing(library, client, monkeypatch):
    def lost(*_args):
        raise SourceImageIOError("no such file")

    monkeypatch.setattr(LibraryImage, "get_rendition", lost)

    library.event(image=picture_with_shared_size(), starts_on=soon(5))

    assert ["IMAGE" in event for event in dates_in(client)] == [False]


def test_deleted_picture_leaves_the_feed(library, client):
    image = picture_with_shared_size()
    library.event(image=image, starts_on=soon(5))

    image.delete()
    _catch_up()

    assert ["IMAGE" in event for event in dates_in(client)] == [False]


# --- What does not happen ---------------------------------------------------------------------------------------------


def test_catching_up_with_nothing_changes_no_byte_and_no_version(library):
    library.terms()
    library.branch()
    library.event(branch=Branch.objects.get(), audiences=list(Audience.objects.all()), starts_on=soon(5))
    Event.objects.update(texts_stale=True)
    version = FeedVersion.objects.get().number
    before = Client().get("/en/events/feed.ics")

    _catch_up()

    after = Client().get("/en/events/feed.ics")
    assert (after.content, after["ETag"], FeedVersion.objects.get().number, Event.objects.get().texts_stale) == (
        before.content,
        before["ETag"],
        version,
        False,
    )
