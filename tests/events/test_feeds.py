"""Feeds say what the pages say: same dates, same changes, same cancellations."""

import threading
from collections import OrderedDict
from datetime import date, datetime, time, timedelta

import icalendar
import pytest
from django.test import Client, TestCase
from django.utils import timezone

from branches.models import Branch
from events.domain import operations
from events.jobs import render_stale_texts
from events.models import Event, EventPage, Occurrence
from tests.factories.library import publish, revise, soon

pytestmark = pytest.mark.services


def _feed(client: Client, path="/en/events/feed.ics", **query) -> icalendar.Calendar:
    response = client.get(path, query)
    assert response.status_code == 200
    return icalendar.Calendar.from_ical(response.content)


def _events(client, *args, **query):
    return sorted(_feed(client, *args, **query).walk("VEVENT"), key=lambda event: str(event["DTSTART"].dt))


def test_feed_holds_the_dates_in_local_time(library, client):
    library.event(starts_on=date(2030, 10, 22), repeat="weekly", repeat_count=2)

    events = _events(client)

    assert [event["DTSTART"].dt.replace(tzinfo=None) for event in events] == [
        datetime(2030, 10, 22, 18),
        datetime(2030, 10, 29, 18),
    ]
    assert {event["DTSTART"].params["TZID"] for event in events} == {"Europe/Kyiv"}
    assert {str(event["SUMMARY"]) for event in events} == {"Chess club"}


def test_feed_speaks_each_language_with_the_same_uid(library, client):
    page = library.event()
    library.translate(page, "uk", title="Шаховий клуб")

    titles = {code: str(_events(client, f"/{code}/events/feed.ics")[0]["SUMMARY"]) for code in ("en", "uk", "mk")}
    uids = {str(_events(client, f"/{code}/events/feed.ics")[0]["UID"]) for code in ("en", "uk", "mk")}

    assert titles == {"en": "Chess club", "uk": "Шаховий клуб", "mk": "Chess club"}
    assert len(uids) == 1


def test_unchanged_event_keeps_its_bytes_and_etag(library, client):
    page = library.event()
    before = client.get("/en/events/feed.ics")

    publish(page)
    after = client.get("/en/events/feed.ics")

    assert (before.content, before["ETag"]) == (after.content, after["ETag"])


def test_known_etag_gets_304(library, client):
    library.event()
    etag = client.get("/en/events/feed.ics")["ETag"]

    response = client.get("/en/events/feed.ics", headers={"if-none-match": etag})

    assert (response.status_code, response.content) == (304, b"")


def test_unchanged_feed_needs_two_queries_at_most(library, client, remembering, django_assert_max_num_queries):
    library.event()
    etag = client.get("/en/events/feed.ics")["ETag"]

    with django_assert_max_num_queries(2):
        assert client.get("/en/events/feed.ics", headers={"if-none-match": etag}).status_code == 304


def test_moved_date_keeps_its_uid_and_raises_its_sequence(library, client):
    page = library.event()
    before = _events(client)[0]

    revise(page, starts_on=date(2030, 1, 9))

    after = _events(client)[0]
    assert (after["UID"], after["SEQUENCE"]) == (before["UID"], before["SEQUENCE"] + 1)
    assert after["DTSTART"].dt.date() == date(2030, 1, 9)


def test_new_title_alone_raises_no_sequence(library, client):
    page = library.event()

    revise(page, title="Chess for all")

    event = _events(client)[0]
    assert (event["SEQUENCE"], str(event["SUMMARY"])) == (0, "Chess for all")


@pytest.mark.parametrize("change", ["cancel", "withdraw", "unpublish", "delete"])
def test_what_is_gone_stays_as_cancelled(library, client, change):
    page = library.event(starts_on=soon(5))
    if change == "cancel":
        operations.cancel_occurrence(Occurrence.objects.get())
    elif change == "withdraw":
        revise(
            page,
            starts_on=soon(40),
            starts_at=time(9),
            ends_at=time(10),
            left_out=[("date", soon(40))],
            repeat="weekly",
            repeat_count=2,
        )
    elif change == "unpublish":
        EventPage.objects.get(pk=page.pk).unpublish()
    else:
        EventPage.objects.get(pk=page.pk).delete()

    statuses = {str(event["STATUS"]) for event in _events(client)}

    assert "CANCELLED" in statuses


def test_filter_by_branch_and_audience(library, client):
    library.terms()
    library.branch()
    from core.models import Audience

    library.event(title="For children", branch=Branch.objects.get(), audiences=[Audience.objects.get(key="children")])
    library.event(title="For adults", audiences=[Audience.objects.get(key="adults")])

    def titles(**query):
        return [str(event["SUMMARY"]) for event in _events(client, **query)]

    assert titles(branch="central") == ["For children"]
    assert titles(audience="adults") == ["For adults"]
    assert titles(branch="central", audience="adults") == []


def test_date_that_leaves_a_branch_is_a_tombstone_there(library, client):
    library.branch()
    library.branch(key="mill", title="Mill")
    central, mill = Branch.objects.get(key="central"), Branch.objects.get(key="mill")
    page = library.event(branch=central)

    revise(page, branch=mill)

    assert [str(event["STATUS"]) for event in _events(client, branch="central")] == ["CANCELLED"]
    assert [str(event["STATUS"]) for event in _events(client, branch="mill")] == ["CONFIRMED"]

    revise(EventPage.objects.get(pk=page.pk), branch=central)

    assert [str(event["STATUS"]) for event in _events(client, branch="central")] == ["CONFIRMED"]


def test_key_never_issued_is_400(library, client):
    response = client.get("/en/events/feed.ics", {"branch": "nowhere"})

    assert response.status_code == 400


def test_renamed_branch_reaches_the_feed_through_the_worker(library, client):
    page = library.branch()
    library.event(branch=Branch.objects.get())

    revise(page, title="Main Library")
    render_stale_texts(timezone.now())

    event = _events(client)[0]
    assert (str(event["LOCATION"]), event["SEQUENCE"]) == ("Main Library, 1 Mill Street", 1)


def test_all_day_event_is_a_date_with_exclusive_end(library, client):
    library.event(starts_on=date(2030, 5, 4), starts_at=None, ends_at=None)

    event = _events(client)[0]

    assert (event["DTSTART"].dt, event["DTEND"].dt) == (date(2030, 5, 4), date(2030, 5, 5))


def test_feed_of_branches_in_two_zones_brings_the_rules_of_both(library, client):
    for key, zone in (("mill", "Europe/Skopje"), ("oak", "Europe/Kyiv")):
        branch = library.branch(key=key, zone=zone).record
        library.event(slug=key, title=key, branch=branch)

    response = client.get("/en/events/feed.ics")

    calendar = icalendar.Calendar.from_ical(response.content)
    starts = {str(event["SUMMARY"]): event["DTSTART"] for event in calendar.walk("VEVENT")}
    assert sorted(zone["TZID"] for zone in calendar.walk("VTIMEZONE")) == ["Europe/Kyiv", "Europe/Skopje"]
    assert {name: (start.params["TZID"], start.dt.replace(tzinfo=None)) for name, start in starts.items()} == {
        "mill": ("Europe/Skopje", datetime(2030, 1, 8, 18)),
        "oak": ("Europe/Kyiv", datetime(2030, 1, 8, 18)),
    }
    assert starts["mill"].dt - starts["oak"].dt == timedelta(hours=1)


def test_feed_for_anyone_sets_no_cookie_and_answers_head(library, client):
    library.event()

    response = client.head("/en/events/feed.ics")

    assert (response.status_code, response.content, dict(response.cookies)) == (200, b"", {})
    assert client.post("/en/events/feed.ics").status_code == 405


@pytest.mark.parametrize(
    ("asked", "source"),
    [
        ("", "http://testserver/en/events/feed.ics"),
        ("?utm_source=mail&x=evil", "http://testserver/en/events/feed.ics"),
        (
            "?audience=children&x=evil&branch=central&branch=&topic=",
            "http://testserver/en/events/feed.ics?branch=central&audience=children",
        ),
        (
            "?x&audience=children&branch=central",
            "http://testserver/en/events/feed.ics?branch=central&audience=children",
        ),
    ],
)
def test_feed_names_its_own_address_by_its_filters_alone(library, client, asked, source):
    library.terms()
    library.branch()
    library.event()

    first = client.get(f"/en/events/feed.ics{asked}").content
    canonical = client.get(source.removeprefix("http://testserver")).content

    assert first == canonical
    assert str(icalendar.Calendar.from_ical(first)["SOURCE"]) == source


def test_feed_that_was_kept_for_another_address_is_made_of_the_same_bytes(library, client):
    from events import feeds

    library.event()
    plain = client.get("/en/events/feed.ics")
    feeds.kept_feeds.clear()

    odd = client.get("/en/events/feed.ics?x=evil")

    assert (plain.content, plain["ETag"]) == (odd.content, odd["ETag"])
    assert b"evil" not in odd.content


def test_feed_that_is_kept_again_is_not_dropped_by_another_thread_on_its_way(monkeypatch):
    from events import feeds

    class Interrupted(OrderedDict):
        """Lets another thread keep a feed of its own in the middle of each keeping."""

        def move_to_end(self, key, last=True):
            if key == ("old",):
                other = threading.Thread(target=feeds._keep, args=(("new",), feeds.KeptFeed((), b"new", "")))
                others.append(other)
                other.start()
                other.join(0.2)
            super().move_to_end(key, last=last)

    others: list[threading.Thread] = []
    monkeypatch.setattr(feeds, "MOST_KEPT_BYTES", 3)
    monkeypatch.setattr(feeds, "kept_feeds", Interrupted({("old",): feeds.KeptFeed((), b"old", "")}))

    feeds._keep(("old",), feeds.KeptFeed((), b"old", ""))
    others[0].join()

    assert list(feeds.kept_feeds) == [("new",)]


def test_calendar_of_one_date_names_its_own_address_alone(library, client):
    library.event()
    path = f"/en/events/{Occurrence.objects.get().uid}.ics"

    calendar = icalendar.Calendar.from_ical(client.get(f"{path}?x=evil").content)

    assert str(calendar["SOURCE"]) == f"http://testserver{path}"


def test_window_reaches_a_year_back(library, client):
    library.event(title="Old", starts_on=soon(-500), repeat="")
    library.event(title="Recent", starts_on=soon(-300))

    assert [str(event["SUMMARY"]) for event in _events(client)] == ["Recent"]


def test_one_date_has_a_calendar_of_its_own(library, client):
    library.event()
    row = Occurrence.objects.get()

    event = _events(client, f"/en/events/{row.uid}.ics")[0]

    assert str(event["UID"]) == f"{row.uid}@events.chitalnya"
    assert client.get(f"/en/events/{'0' * 8}-0000-4000-8000-{'0' * 12}.ics").status_code == 404


def test_other_site_is_not_in_the_feed(library, client):
    library.event()
    from wagtail.models import Page, Site

    from home.models import HomePage

    other = Page.objects.get(depth=1).add_child(
        instance=HomePage(title="Other", slug="other", locale=library.locales["en"])
    )
    Site.objects.create(hostname="other.example", root_page=other)

    response = client.get("/en/events/feed.ics", headers={"host": "other.example"})

    assert list(icalendar.Calendar.from_ical(response.content).walk("VEVENT")) == []


def test_event_count_does_not_change_the_number_of_queries(library, client, settings, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    settings.PAGE_CACHE = False
    library.event(title="One")
    with CaptureQueriesContext(
        connection,
    ) as one:
        _feed(client)
    library.event(title="Two")
    library.event(title="Three", starts_on=date(2031, 1, 1))
    assert Event.objects.count() == 3

    with django_assert_num_queries(len(one)):
        _feed(client)


# --- What befalls a series that has begun, and what is told of it -----------------------------------------------------


def _series(library, **fields):
    return library.event(starts_on=soon(-15), repeat="weekly", repeat_count=5, **fields)


@pytest.mark.parametrize(("operation", "word"), [("postpone_event", "Postponed."), ("cancel_event", "Cancelled.")])
def test_dates_that_took_place_say_nothing_of_what_befell_the_event_later(library, client, operation, word):
    page = _series(library)
    before = {str(event["UID"]): event["SEQUENCE"] for event in _events(client)}

    getattr(operations, operation)(page.record, reason={"en": "Flu"})

    raised = [event["SEQUENCE"] - before[str(event["UID"])] for event in _events(client)]
    said = [(word in event["DESCRIPTION"], "Flu" in event["DESCRIPTION"]) for event in _events(client)]
    assert [str(event["STATUS"]) for event in _events(client)] == ["CONFIRMED"] * 3 + ["CANCELLED"] * 2
    assert (raised, said) == ([0] * 3 + [1] * 2, [(False, False)] * 3 + [(True, True)] * 2)


def test_feeds_forget_a_hidden_branch_for_dates_that_are_over_too(library, client):
    secret = library.branch(key="secret", title="Secret")
    library.event(starts_on=soon(-15), repeat="weekly", repeat_count=5, branch=secret.record)

    secret.unpublish()
    render_stale_texts(timezone.now())

    assert "Secret" not in client.get("/en/events/feed.ics").content.decode()


def test_feeds_follow_a_new_address_of_a_page_above(library, client):
    branch = library.branch(key="mill", title="Mill")
    library.event(parent=branch, slug="chess", starts_on=soon(3))
    assert "/en/branches/mill/chess/" in str(_events(client)[0]["URL"])

    with TestCase.captureOnCommitCallbacks(execute=True):
        revise(branch, slug="watermill")
    render_stale_texts(timezone.now())

    assert "/en/branches/watermill/chess/?date=" in str(_events(client)[0]["URL"])


def test_each_text_says_in_which_language_it_is(library, client):
    library.event(
        language="uk", title="Шахи", lead="Приходьте.", starts_on=soon(3), place={"mk": "Мелница", "uk": "Млин"}
    )

    lines = client.get("/mk/events/feed.ics").content.decode().replace("\r\n ", "").split("\r\n")

    assert "SUMMARY;LANGUAGE=uk:Шахи" in lines
    assert "LOCATION;LANGUAGE=mk:Мелница" in lines
    assert any(line.startswith("DESCRIPTION:") for line in lines)
