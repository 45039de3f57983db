"""Calendars of others as events: taken, changed, withdrawn, shown, let go."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core import generations
from core.domain import things
from core.models import Audience, Topic
from events.domain.feed_texts import IMPORTED_DOMAIN, UID_DOMAIN
from events.enums import OccurrenceState
from events.jobs import read_calendars_of_others, render_stale_texts
from events.models import CalendarSource, Event, ImportedEntry, Occurrence, OccurrenceText
from events.soon import soon as soon_days
from events.sources.entries import Entry, Expanded, expand
from events.sources.faults import Fault, SourceError
from events.sources.fetch import Known
from events.sources.reader import Reading
from events.sources.reading import broken_sources, read_due, read_source
from events.sources.taking import mapping_changed, own_hosts, sweep, take
from tests.events.calendar_server import running
from tests.factories.library import soon

pytestmark = [pytest.mark.django_db, pytest.mark.services]

SCHOOL = (Path(__file__).parent / "ical" / "school.ics").read_text()
NOW = timezone.now().replace(microsecond=0)


@pytest.fixture
def server():
    """Return a real server on a port of this machine."""
    with running() as found:
        yield found


def source_of(library, **fields) -> CalendarSource:
    """Return the calendar of a school that is shown beside the events of the library."""
    defaults = {
        "name": {"en": "City school", "uk": "Міська школа"},
        "address": "https://school.example/calendar.ics",
        "page_url": "https://school.example/events/",
        "language": "uk",
    }
    return CalendarSource.objects.create(site=library.site, **defaults | fields)


def entry(days: int = 3, **fields) -> Entry:
    """Return an entry in so many days at six in the evening."""
    start = datetime.combine(soon(days), datetime.min.time()).replace(hour=18)
    defaults = {
        "uid": "concert@school.example",
        "recurrence_id": "",
        "start": start,
        "end": start + timedelta(hours=1),
        "zone": "Europe/Kyiv",
        "all_day": False,
        "title": "Шкільний концерт",
    }
    return Entry(**defaults | fields)


def taken(source, *entries, now=NOW, **more):
    """Take a calendar of these entries."""
    return take(source, Expanded(list(entries), **more), now)


def dates() -> list[Occurrence]:
    """Return all dates in order of time."""
    return list(Occurrence.objects.order_by("starts_at", "pk"))


def texts(language: str = "en") -> str:
    """Return all texts of feeds in a language."""
    found = OccurrenceText.objects.filter(language=language).order_by("occurrence")
    return "".join(found.values_list("text", flat=True)).replace("\r\n ", "")


def test_entry_becomes_an_event_without_pages_with_its_words_and_times(library):
    source = source_of(library)
    taken(source, entry(location="Актова зала", url="https://school.example/concert"))
    event, row = Event.objects.get(), Occurrence.objects.get()
    assert (event.translation_key, event.source_page, event.is_public) == (None, None, True)
    assert (row.zone, row.local_start.hour, row.place) == ("Europe/Kyiv", 18, {"uk": "Актова зала"})
    assert not event.is_free


def test_entry_keeps_its_date_and_uid_and_gets_the_next_sequence_when_it_is_moved(library):
    source = source_of(library)
    taken(source, entry())
    before = Occurrence.objects.get()
    taken(source, entry(5), now=NOW + timedelta(hours=1))
    after = Occurrence.objects.get()
    assert (after.uid, after.sequence) == (before.uid, before.sequence + 1)
    assert after.local_start.date() == soon(5)


def test_date_of_a_series_whose_time_moved_within_the_day_keeps_its_uid(library):
    source = source_of(library)
    first = entry(recurrence_id="20300101T160000Z")
    taken(source, first)
    uid = Occurrence.objects.get().uid
    taken(source, entry(recurrence_id="20300101T163000Z", start=first.start + timedelta(minutes=30)))
    assert Occurrence.objects.get().uid == uid


def test_entry_that_is_as_it_was_costs_one_look_and_no_write(library):
    source = source_of(library)
    taken(source, *(entry(days, uid=f"{days}@school.example") for days in range(1, 4)))
    with CaptureQueriesContext(
        connection,
    ) as queries:
        result = taken(source, *(entry(days, uid=f"{days}@school.example") for days in range(1, 4)))
    assert (result.new, result.changed, result.withdrawn) == (0, 0, 0)
    assert not [query for query in queries if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]


def test_what_vanishes_from_the_calendar_leaves_lists_and_stays_as_a_tombstone(library, client):
    source = source_of(library)
    taken(source, entry())
    taken(source)
    assert Occurrence.objects.get().state == OccurrenceState.WITHDRAWN
    assert "STATUS:CANCELLED" in texts()
    assert "Шкільний концерт" not in client.get("/en/events/").content.decode()


def test_what_comes_back_is_the_same_date(library):
    source = source_of(library)
    taken(source, entry())
    uid = Occurrence.objects.get().uid
    taken(source)
    taken(source, entry())
    row = Occurrence.objects.get()
    assert (row.uid, row.state) == (uid, OccurrenceState.SCHEDULED)


def test_what_is_over_stays_when_the_calendar_forgets_it(library):
    source = source_of(library)
    taken(source, entry(-3))
    taken(source)
    assert Occurrence.objects.get().state == OccurrenceState.SCHEDULED


def test_what_follows_where_a_calendar_was_cut_off_stays(library):
    source = source_of(library)
    taken(source, entry(2, uid="a"), entry(9, uid="b"))
    taken(source, entry(2, uid="a"), entry(4, uid="c"), is_partial=True)
    assert all(row.state == OccurrenceState.SCHEDULED for row in dates())


def test_what_the_calendar_cancels_is_shown_as_cancelled(library, client):
    source = source_of(library)
    taken(source, entry())
    taken(source, entry(cancelled=True))
    page = client.get("/en/events/").content.decode()
    assert "Шкільний концерт" in page
    assert "is-off" in page
    assert "STATUS:CANCELLED" in texts()


def test_list_names_the_source_links_to_it_and_says_in_which_language_it_is(library, client):
    source = source_of(library)
    taken(source, entry(url="https://school.example/concert"))
    page = client.get("/en/events/").content.decode()
    link = '<a href="https://school.example/concert" rel="external nofollow" lang="uk">Шкільний концерт</a>'
    assert link in page
    assert "From the calendar of City school" in page
    assert "told in Ukrainian only" in page
    assert f'/en/events/{Occurrence.objects.get().uid}.ics"' in page


def test_entry_without_an_address_leads_to_the_page_of_its_source(library, client):
    taken(source_of(library), entry())
    assert (
        '<a href="https://school.example/events/" rel="external nofollow" lang="uk">'
        in client.get("/en/events/").content.decode()
    )


def test_entry_without_a_title_is_named_after_its_source(library, client):
    taken(source_of(library), entry(title=""))
    assert ">City school</a>" in client.get("/en/events/").content.decode()


def test_words_of_a_calendar_are_never_markup(library, client):
    taken(source_of(library), entry(title="<script>alert(1)</script>", location="<b>x</b>"))
    for view in ("agenda", "week", "month"):
        page = client.get("/en/events/", {"view": view, "day": soon(3).isoformat()}).content.decode()
        assert "<script>alert" not in page
        assert "<b>x</b>" not in page


@pytest.mark.parametrize("view", ["agenda", "week", "month"])
def test_every_view_of_the_calendar_shows_it(library, client, view):
    taken(source_of(library), entry(1))
    asked = {"view": view, "day": soon(1).isoformat()} | ({"month": f"{soon(1):%Y-%m}"} if view == "month" else {})
    asked = asked if view != "month" else {"view": view, "month": asked["month"]}
    assert "Шкільний концерт" in client.get("/en/events/", asked).content.decode()


def test_lists_cost_the_same_with_one_and_with_three_of_them(library, client, remembering):
    source = source_of(library)
    counts = []
    for many in (1, 3):
        taken(source, *(entry(days, uid=f"{days}@school.example") for days in range(1, many + 1)))
        generations.store().advance()
        client.get("/en/events/")
        with CaptureQueriesContext(connection) as queries:
            client.get("/en/events/")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_filters_and_their_feeds_hold_for_it(library, client):
    library.terms()
    branch = library.branch()
    source = source_of(library, branch=branch.record)
    source.topics.set(Topic.objects.all())
    source.audiences.set(Audience.objects.filter(key="children"))
    taken(source, entry())
    for query in ("branch=central", "topic=reading", "audience=children", "text=концерт"):
        assert "Шкільний концерт" in client.get(f"/en/events/?{query}").content.decode(), query
    assert "Шкільний концерт" not in client.get("/en/events/?audience=adults").content.decode()
    assert "Шкільний концерт" not in client.get("/en/events/?free=1").content.decode()
    feed = client.get("/en/events/feed.ics?branch=central").content.decode().replace("\r\n ", "")
    assert "SUMMARY;LANGUAGE=uk:Шкільний концерт" in feed
    assert "From the calendar of City school: https://school.example/events/" in feed


def test_json_tells_of_it_with_the_address_elsewhere(library, client):
    taken(source_of(library), entry(url="https://school.example/concert"))
    [found] = client.get("/api/v1/occurrences/").json()["results"]
    assert (found["title"], found["url"]) == ("Шкільний концерт", "https://school.example/concert")


def test_one_date_can_be_added_under_a_uid_that_no_network_takes_for_its_own(library, client):
    taken(source_of(library), entry())
    row = Occurrence.objects.get()
    body = client.get(f"/en/events/{row.uid}.ics").content.decode()
    assert f"UID:{row.uid}@{IMPORTED_DOMAIN}" in body
    assert "SUMMARY;LANGUAGE=uk:Шкільний концерт" in body.replace("\r\n ", "")


def test_own_dates_that_come_back_are_left_out_and_those_of_another_network_are_not(library):
    library.event(starts_on=soon(4))
    own = Occurrence.objects.get()
    result = taken(
        source_of(library),
        entry(uid=f"{own.uid}@{UID_DOMAIN}"),
        entry(uid=f"0c1d4b4e-8f33-4a0e-9d2f-6d2c6b1f0a11@{UID_DOMAIN}"),
    )
    assert (result.own, result.new) == (1, 1)


def test_two_networks_that_show_each_other_do_not_multiply(library, client):
    """What a feed of ours exports of others comes back as nothing, however often."""
    library.event(starts_on=soon(4))
    source = source_of(library)
    taken(source, entry())
    exported = client.get("/en/events/feed.ics").content.decode()
    again = expand(exported, since=soon(-30), until=soon(500), zone="Europe/Kyiv")
    assert len(again.entries) == 2
    other = source_of(library, address="https://other.example/feed.ics")
    assert take(other, again, NOW).own == 2
    assert Occurrence.objects.count() == 2


def test_change_of_how_it_is_sorted_in_holds_at_once_even_while_the_source_is_broken(library, client):
    library.terms()
    source = source_of(library)
    source.topics.set(Topic.objects.all())
    taken(source, entry())
    source.branch = library.branch().record
    source.save()
    source.topics.clear()
    mapping_changed(source, now=NOW)
    render_stale_texts(NOW)
    assert "Шкільний концерт" in client.get("/en/events/?branch=central").content.decode()
    assert "Шкільний концерт" not in client.get("/en/events/?topic=reading").content.decode()
    feed = client.get("/en/events/feed.ics?topic=reading").content.decode()
    assert "STATUS:CANCELLED" in feed


def test_source_that_is_switched_off_hides_its_events_until_it_is_on_again(library, client):
    source = source_of(library)
    taken(source, entry())
    for active, shown in ((False, False), (True, True)):
        source.active = active
        source.save()
        mapping_changed(source, now=NOW)
        assert ("Шкільний концерт" in client.get("/en/events/").content.decode()) is shown


def test_deleted_source_takes_its_events_along_and_leaves_tombstones_without_words(library, client):
    source = source_of(library)
    taken(source, entry())
    source.delete()
    assert "Шкільний концерт" not in client.get("/en/events/").content.decode()
    render_stale_texts(NOW)
    feed = client.get("/en/events/feed.ics").content.decode()
    assert "STATUS:CANCELLED" in feed
    assert "концерт" not in feed
    assert sweep(NOW) == 0
    assert sweep(NOW + timedelta(days=500)) > 0
    assert not Event.objects.exists()


def test_source_that_is_switched_off_while_it_is_read_shows_nothing_of_it(library):
    source = source_of(library)
    CalendarSource.objects.update(active=False)
    taken(source, entry())
    assert not Event.objects.exists()


def test_record_without_pages_is_no_drift(library):
    taken(source_of(library), entry())
    assert Event.objects.get().is_public
    assert list(things.all_drift()) == []


def test_first_page_of_a_site_shows_it_among_what_is_on_soon(library):
    taken(source_of(library), entry(1))
    request = RequestFactory().get("/en/", headers={"host": "localhost"})
    [(_day, [row])] = soon_days(request).days
    assert (row.words.title, row.imported.source) == ("Шкільний концерт", "City school")


def test_change_of_the_zone_of_the_network_leaves_its_times_alone(library):
    taken(source_of(library), entry(zone="Asia/Sakhalin"))
    Event.objects.update(texts_stale=True)
    render_stale_texts(NOW)
    assert Occurrence.objects.get().zone == "Asia/Sakhalin"


# --- Reading ----------------------------------------------------------------------------------------------------------


def test_broken_source_keeps_its_events_waits_longer_each_time_and_stops_no_other(library):
    broken, well = source_of(library), source_of(library, address="https://other.example/x.ics")
    taken(broken, entry(uid="old"))

    def reader(question):
        if question.address == broken.address:
            raise SourceError(Fault.NOT_FOUND, "404")
        return Reading(Expanded([entry(uid="new")]), Known("tag", ""))

    assert read_due(NOW, reader=reader) == (1, 1)
    broken.refresh_from_db()
    well.refresh_from_db()
    assert (broken.fault, broken.fault_detail, broken.next_read_at) == ("not_found", "404", NOW + timedelta(hours=1))
    assert (well.fault, well.etag, well.read_at) == ("", "tag", NOW)
    assert {row.state for row in dates()} == {OccurrenceState.SCHEDULED}
    assert broken_sources(NOW) == [broken]
    assert read_due(NOW + timedelta(hours=1), reader=reader) == (1, 1)
    broken.refresh_from_db()
    assert broken.next_read_at == NOW + timedelta(hours=3)


def test_fault_of_our_own_stops_no_other_source(library, monkeypatch):
    source_of(library)
    source_of(library, address="https://other.example/x.ics")
    calls = []

    def reader(question):
        calls.append(question.address)
        if len(calls) == 1:
            raise RuntimeError
        return Reading(Expanded([]), Known())

    assert read_due(NOW, reader=reader) == (1, 1)
    assert CalendarSource.objects.filter(fault="internal").count() == 1


def test_unchanged_calendar_is_asked_for_by_its_tag_and_expanded_anew_after_a_week(library):
    source = source_of(library)
    asked = []

    def reader(question):
        asked.append(question.known)
        return Reading(Expanded([]) if not question.known.etag else None, Known("tag", ""))

    for days in (0, 1, 8):
        source.refresh_from_db()
        assert read_source(source, NOW + timedelta(days=days), reader=reader)
    assert [known.etag for known in asked] == ["", "tag", ""]


def test_job_reads_a_real_server_and_asks_it_for_news_only(library, server, settings, client):
    settings.CALENDAR_LOOPBACK_PORT = server.port
    start = f"{soon(3):%Y%m%d}T180000"
    event = f"BEGIN:VEVENT\r\nUID:a\r\nDTSTART:{start}\r\nSUMMARY:Зустріч\r\nEND:VEVENT\r\n"
    text = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{event}END:VCALENDAR\r\n"
    server.answers["/"] = (200, {"ETag": '"one"'}, text.encode())
    source = source_of(library, address=server.url())
    assert read_calendars_of_others(NOW) == "Calendars read: 1, broken: 0."
    assert "Зустріч" in client.get("/en/events/").content.decode()
    server.answers["/"] = (304, {}, b"")
    assert read_calendars_of_others(NOW + timedelta(hours=1)) == "Calendars read: 1, broken: 0."
    assert server.asked[1][1]["If-None-Match"] == '"one"'
    server.answers["/"] = (200, {}, b"<!doctype html>")
    assert read_calendars_of_others(NOW + timedelta(hours=2)) == "Calendars read: 0, broken: 1."
    source.refresh_from_db()
    assert source.fault == "not_calendar"
    assert "Зустріч" in client.get("/en/events/").content.decode()


def test_age_is_alarming_after_three_days(library):
    source = source_of(library)
    CalendarSource.objects.update(read_at=NOW - timedelta(days=4))
    source.refresh_from_db()
    assert broken_sources(NOW) == [source]
    CalendarSource.objects.update(read_at=NOW - timedelta(days=2))
    assert broken_sources(NOW) == []


def test_address_of_this_very_site_is_no_calendar_of_others(library):
    assert "localhost" in own_hosts()


def test_calendar_of_the_school_is_taken_whole(library, client):
    source = source_of(library)
    since = datetime(2027, 1, 1, tzinfo=UTC)
    take(source, expand(SCHOOL, since=since.date(), until=since.date() + timedelta(days=90), zone="Europe/Kyiv"), since)
    assert ImportedEntry.objects.count() == len(dates()) > 5
