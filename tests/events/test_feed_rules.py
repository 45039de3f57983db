"""The rules of feeds, each seen from outside as a calendar program sees it.

| rule | where it is tested |
| --- | --- |
| UID stays under every edit | here: `test_uid_stays_under_every_edit` |
| same content, same bytes, same ETag | here: `test_same_content_is_the_same_bytes_from_any_process`; `test_feeds`, `test_feed_texts` |
| SEQUENCE grows with facts, not with words | `test_feed_texts`: `test_each_change_of_facts_raises_the_sequence_once`, `test_words_alone_…` |
| DTSTAMP and LAST-MODIFIED are stored times | here: `test_stamps_are_the_stored_times`; `test_feed_texts`: `test_two_changes_in_one_second_…` |
| cancelled, withdrawn, hidden, deleted: a tombstone | here: `test_what_is_gone_is_a_newer_version_under_its_uid`; `test_feeds`, `test_feed_texts` |
| what leaves a filter is a tombstone there | `test_feeds`, `test_feed_texts`: `test_date_that_leaves_…`; `test_filters` |
| short VTIMEZONE for each TZID | here: `test_zone_is_told_in_its_short_form`; `test_vtimezone` |
| all-day dates end the day after | here: `test_all_day_dates_end_on_the_day_after`; `test_ical` |
| lines of 75 octets, cut inside no character | here: `test_lines_are_folded_inside_no_character`; `test_ical` |
| text escaped, no HTML | here: `test_text_is_escaped`; `test_ical` |
| nothing of people, scheduling, alarms | here: `test_public_feed_says_nothing_of_people`; `test_ical` |
| keys: retired answer, never issued is 400 | `test_keys`, `test_filters`, `test_feed_codes` |
| GET for anyone, HEAD, 304, gzip, no cookie | here: `test_every_address_…`; `test_feeds`, `test_feed_packing`, `test_feed_codes` |
| a feed without dates is valid | here: `test_feed_without_dates_is_a_calendar` |
| at least a year of history | here: `test_window_holds_a_year_on_every_day`, `test_last_year_is_in_the_feed` |
| no cap | here: `test_ten_thousand_dates_are_all_there` |
"""  # noqa: E501

import gzip
from datetime import date, time, timedelta
from uuid import uuid4

import icalendar
import pytest
from django.test import Client
from django.utils import timezone
from wagtail.models import Page

from branches.models import Branch
from core.models import Audience
from events import feeds
from events.domain import operations
from events.jobs import render_stale_texts
from events.models import EventPage, Occurrence, OccurrenceText
from tests.events.feed_reading import FEED, dates_in, feed_of
from tests.factories.library import publish, revise, soon

pytestmark = pytest.mark.django_db


def _lines(client: Client, path: str = FEED) -> list[bytes]:
    return client.get(path).content.split(b"\r\n")


# --- UID --------------------------------------------------------------------------------------------------------------


def _repeat(page):
    revise(page, repeat="weekly", repeat_count=3)


def _hide_and_show(page):
    EventPage.objects.get(pk=page.pk).unpublish()
    publish(EventPage.objects.get(pk=page.pk))


def _move_by_hand(page):
    row = Occurrence.objects.get()
    day = timedelta(days=1)
    operations.move_occurrence(row, start=row.local_start + day, end=row.local_end + day, branch=row.branch)


def _move_page(page):
    branch = Page.objects.get(slug="mill", locale=page.locale)
    EventPage.objects.get(pk=page.pk).move(branch, pos="last-child")


EDITS = {
    "title": lambda page: revise(page, title="Go club"),
    "slug": lambda page: revise(page, slug="go-club"),
    "hour": lambda page: revise(page, starts_at=time(19), ends_at=time(20)),
    "day": lambda page: revise(page, starts_on=soon(21)),
    "all day": lambda page: revise(page, starts_at=None, ends_at=None),
    "branch in another zone": lambda page: revise(page, branch=Branch.objects.get(key="mill")),
    "no branch": lambda page: revise(page, branch=None),
    "audience": lambda page: revise(page, audiences=[Audience.objects.get(key="adults")]),
    "rule": _repeat,
    "moved by hand": _move_by_hand,
    "cancelled by hand": lambda page: operations.cancel_occurrence(Occurrence.objects.get()),
    "postponed": lambda page: operations.postpone_event(page.record),
    "hidden and shown": _hide_and_show,
    "moved to a branch": _move_page,
    "unpublished": lambda page: EventPage.objects.get(pk=page.pk).unpublish(),
    "deleted": lambda page: EventPage.objects.get(pk=page.pk).delete(),
    "branch renamed": lambda page: revise(Branch.objects.get(key="central").source_page, title="Main", slug="main"),
    "branch deleted": lambda page: Branch.objects.get(key="central").source_page.delete(),
}


@pytest.mark.parametrize("edit", EDITS)
def test_uid_stays_under_every_edit(library, client, edit):
    library.terms()
    central = library.branch().record
    library.branch(key="mill", title="Mill", zone="Europe/Skopje")
    page = library.event(starts_on=soon(20), branch=central)
    before = {str(event["UID"]) for event in dates_in(client)}

    EDITS[edit](page)
    render_stale_texts(timezone.now())

    after = [str(event["UID"]) for event in dates_in(client)]
    assert len(before) == 1
    assert before <= set(after)
    assert len(after) == len(set(after))


def test_uid_is_the_same_in_every_language_and_at_every_host(library, client, settings):
    settings.ALLOWED_HOSTS = ["*"]
    library.event(starts_on=soon(3))

    uids = {
        str(event["UID"])
        for language in ("en", "uk", "ru", "mk")
        for host in ("localhost", "library.example")
        for event in icalendar.Calendar.from_ical(
            client.get(f"/{language}/events/feed.ics", headers={"host": host}).content
        ).walk("VEVENT")
    }

    assert len(uids) == 1


# --- Bytes and versions -----------------------------------------------------------------------------------------------


def test_same_content_is_the_same_bytes_from_any_process(library, client):
    library.terms()
    branch = library.branch().record
    library.event(starts_on=soon(3), repeat="weekly", repeat_count=5, branch=branch)
    paths = [FEED, f"{FEED}?branch=central", "/uk/cal/b.central.ics", "/mk/events/feed.ics"]
    first = [client.get(path).content for path in paths]
    feeds.kept_feeds.clear()

    assert [client.get(path).content for path in paths] == first


def test_stamps_are_the_stored_times(library, client):
    library.event(starts_on=soon(3))
    stored = OccurrenceText.objects.get(language="en").modified_at.replace(microsecond=0)

    event = dates_in(client)[0]

    assert (event["LAST-MODIFIED"].dt, event["DTSTAMP"].dt) == (stored, stored)
    assert event["CREATED"].dt == Occurrence.objects.get().created_at.replace(microsecond=0)


@pytest.mark.parametrize("edit", ["cancelled by hand", "unpublished", "deleted"])
def test_what_is_gone_is_a_newer_version_under_its_uid(library, client, edit):
    page = library.event(starts_on=soon(5))
    before = dates_in(client)[0]

    EDITS[edit](page)

    after = dates_in(client)[0]
    assert (str(after["UID"]), str(after["STATUS"])) == (str(before["UID"]), "CANCELLED")
    assert after["SEQUENCE"] > before["SEQUENCE"]
    assert after["DTSTART"].to_ical() == before["DTSTART"].to_ical()


def test_tombstone_stays_until_well_after_its_day(library, client):
    page = library.event(starts_on=soon(5))
    EventPage.objects.get(pk=page.pk).delete()
    ago = timezone.now() - timedelta(days=300)
    Occurrence.objects.update(starts_at=ago, ends_at=ago)
    feeds.kept_feeds.clear()

    assert [str(event["STATUS"]) for event in dates_in(client)] == ["CANCELLED"]


# --- Text -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("zone", "rules"), [("Europe/Moscow", 0), ("Asia/Sakhalin", 0), ("Europe/Kyiv", 2), ("Europe/Skopje", 2)]
)
def test_zone_is_told_in_its_short_form(library, client, zone, rules):
    branch = library.branch(key="mill", zone=zone).record
    library.event(starts_on=soon(3), branch=branch)

    found = [one for one in feed_of(client).walk("VTIMEZONE") if str(one["TZID"]) == zone]

    assert dates_in(client)[0]["DTSTART"].params["TZID"] == zone
    assert len(found) == 1
    text = found[0].to_ical().decode()
    assert (text.count("RRULE:"), text.count("RDATE")) == (rules, 0)
    # A zone without summer time is one offset, with it a pair of them.
    assert text.count("BEGIN:STANDARD") + text.count("BEGIN:DAYLIGHT") == max(rules, 1)


def test_all_day_dates_end_on_the_day_after(library, client):
    library.event(title="One day", starts_on=date(2030, 2, 28), starts_at=None, ends_at=None)
    library.event(title="Leap", starts_on=date(2028, 2, 28), starts_at=None, ends_at=None, ends_on=date(2028, 2, 29))

    found = {str(event["SUMMARY"]): (event["DTSTART"].dt, event["DTEND"].dt) for event in dates_in(client)}

    assert found == {
        "One day": (date(2030, 2, 28), date(2030, 3, 1)),
        "Leap": (date(2028, 2, 28), date(2028, 3, 1)),
    }


def test_lines_are_folded_inside_no_character(library, client):
    title = "Їжачкова бібліотека ѓаконски ќош 📚 " * 7
    library.event(title=title.strip(), lead="Ґудзик і ѕвезда, џез. " * 15, starts_on=soon(3))

    lines = _lines(client)

    assert max(map(len, lines)) == 75
    assert all(line.decode() or line == b"" for line in lines)
    assert str(dates_in(client)[0]["SUMMARY"]) == title.strip()
    assert b"\n" not in b"".join(lines)


def test_text_is_escaped(library, client):
    title, lead = r"Tea, cake; a\b & <i>jam</i>", "First line\nBEGIN:VALARM, second; line"
    library.event(title=title, lead=lead, starts_on=soon(3))

    event = dates_in(client)[0]

    assert str(event["SUMMARY"]) == title
    assert lead in str(event["DESCRIPTION"])
    unfolded = client.get(FEED).content.replace(b"\r\n ", b"").decode()
    assert r"SUMMARY;LANGUAGE=en:Tea\, cake\; a\\b & <i>jam</i>" in unfolded
    assert "\r\nBEGIN:VALARM" not in unfolded


def test_public_feed_says_nothing_of_people(library, client):
    library.event(starts_on=soon(3), capacity=20)

    names = {line.split(b":")[0].split(b";")[0] for line in _lines(client)}

    assert names.isdisjoint({b"ORGANIZER", b"ATTENDEE", b"METHOD", b"CONTACT"})
    assert b"BEGIN:VALARM" not in _lines(client)


# --- Answers ----------------------------------------------------------------------------------------------------------


def _addresses() -> list[str]:
    return [FEED, f"{FEED}?branch=central", "/en/cal/b.central.ics", f"/en/events/{Occurrence.objects.get().uid}.ics"]


@pytest.mark.parametrize("number", range(4))
def test_every_address_of_a_feed_answers_anyone_briefly(library, client, number):
    library.event(starts_on=soon(3), branch=library.branch().record)
    path = _addresses()[number]
    plain = client.get(path, headers={"accept-encoding": "identity", "cookie": "sessionid=x; messages=y"})

    head = client.head(path)
    known = client.get(path, headers={"if-none-match": plain["ETag"]})

    assert (plain.status_code, plain["Content-Type"], dict(plain.cookies)) == (200, "text/calendar; charset=utf-8", {})
    assert (head.status_code, head.content, head["ETag"]) == (200, b"", plain["ETag"])
    assert (known.status_code, known.content) == (304, b"")
    assert plain["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("number", range(3))
def test_every_feed_is_packed_for_whoever_wants_it(library, client, settings, number):
    settings.PAGE_CACHE = True
    library.event(starts_on=soon(3), repeat="weekly", repeat_count=20, branch=library.branch().record)
    path = [FEED, f"{FEED}?branch=central", "/en/cal/b.central.ics"][number]

    packed = client.get(path, headers={"accept-encoding": "gzip"})

    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == client.get(path, headers={"accept-encoding": "identity"}).content


@pytest.mark.parametrize("path", [FEED, "/uk/cal/all.ics", "/mk/cal/l.mk.ics"])
def test_feed_without_dates_is_a_calendar(library, client, path):
    calendar = feed_of(client, path)

    assert (str(calendar["VERSION"]), list(calendar.walk("VEVENT"))) == ("2.0", [])
    # RFC 5545 section 3.6: a calendar has at least one component.
    assert [str(zone["TZID"]) for zone in calendar.walk("VTIMEZONE")] != []
    assert calendar.errors == []


def test_window_holds_a_year_on_every_day():
    day = date(2027, 1, 1)
    while day < date(2029, 1, 1):
        start = feeds.window_start(day)
        assert start.day == 1
        assert timedelta(days=365) <= day - start <= timedelta(days=366 + 30)
        day += timedelta(days=1)


def test_last_year_is_in_the_feed(library, client):
    library.event(title="A year ago", starts_on=soon(-365))

    assert [str(event["SUMMARY"]) for event in dates_in(client)] == ["A year ago"]


def test_ten_thousand_dates_are_all_there(library, client):
    library.event(starts_on=soon(1))
    row, text = Occurrence.objects.get(), OccurrenceText.objects.get(language="en")
    rows = []
    for number in range(1, 10_000):
        later = timedelta(minutes=30 * number)
        rows.append(
            Occurrence(
                **{field.attname: getattr(row, field.attname) for field in Occurrence._meta.concrete_fields}
                | {"id": None, "uid": uuid4(), "slot": row.slot + later, "local_start": row.local_start + later}
                | {
                    "local_end": row.local_end + later,
                    "starts_at": row.starts_at + later,
                    "ends_at": row.ends_at + later,
                }
            )
        )
    made = Occurrence.objects.bulk_create(rows, batch_size=500)
    OccurrenceText.objects.bulk_create(
        [
            OccurrenceText(
                occurrence=one, language="en", modified_at=text.modified_at,
                text=text.text.replace(str(row.uid), str(one.uid)),
            )
            for one in made
        ],
        batch_size=500,
    )  # fmt: skip
    feeds.kept_feeds.clear()

    body = client.get(FEED).content

    uids = {line for line in body.split(b"\r\n") if line.startswith(b"UID:")}
    assert (body.count(b"BEGIN:VEVENT\r\n"), len(uids)) == (10_000, 10_000)
