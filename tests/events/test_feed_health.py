"""The check-up of feeds: quiet where all is well, and each rule speaks up where it is broken."""

import re
from datetime import date, datetime, time, timedelta

import pytest
from django.test import RequestFactory

from branches.models import BranchPage
from events.domain import operations
from events.domain.feed_texts import render_texts
from events.feed_health import all_feeds, check_up, expected_of
from events.feed_rules import FeedRule, broken_by
from events.models import Event, EventPage, Occurrence, OccurrenceText
from tests.factories.library import soon

pytestmark = pytest.mark.django_db


@pytest.fixture
def full(library):
    """Return a library with dates of every kind and state."""
    library.terms()
    branch = library.branch().record
    library.event(title="Club", starts_on=soon(3), repeat="weekly", repeat_count=4, branch=branch)
    library.event(title="Ґанок: вечір, що не скінчиться; довга назва " * 3, starts_on=soon(2), lead="Два\nрядки")
    library.event(title="Expo", starts_on=soon(-5), ends_on=soon(20), starts_at=None, ends_at=None)
    library.event(title="Open end", starts_on=soon(2), ends_at=None)
    library.event(title="Night", starts_on=soon(2), starts_at=time(22), ends_at=time(2))
    library.event(title="Hidden", starts_on=soon(2)).unpublish()
    rows = list(Occurrence.objects.filter(event__key="club").order_by("slot"))
    operations.cancel_occurrence(rows[0])
    operations.move_occurrence(
        rows[1], start=datetime.combine(soon(11), time(9)), end=datetime.combine(soon(11), time(11))
    )
    return library


def found(library):
    request = RequestFactory().get("/admin/", headers={"host": "localhost"})
    return check_up(request)


def broken(library):
    return {finding.rule for finding in found(library).findings if finding.count}


def test_all_is_well_in_a_library_with_dates_of_every_kind(full):
    result = found(full)

    assert broken(full) == set()
    assert (result.is_well, result.is_partial, result.waiting) == (True, False, 0)
    assert result.texts == OccurrenceText.objects.count() > 30
    # Whole in four languages, a branch, two audiences, a topic, four languages held in.
    assert result.feeds == 12


def test_all_is_well_where_the_clocks_change(library):
    for zone in ("Europe/Kyiv", "America/New_York"):
        branch = library.branch(key=zone[-4:].lower(), zone=zone).record
        for day in (date(2040, 3, 11), date(2040, 3, 25), date(2040, 10, 28), date(2040, 11, 4)):
            for hour in (1, 2, 3):
                fields = {"starts_at": time(hour, 30), "ends_at": time(hour + 1, 15), "branch": branch}
                library.event(title="Night", slug=f"{zone[-4:]}-{day}-{hour}".lower(), starts_on=day, **fields)

    assert broken(library) == set()


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (lambda text: text.replace("\r\n", "\n", 1), FeedRule.LINES),
        (lambda text: text.replace("SUMMARY", f"X-LONG:{'a' * 80}\r\nSUMMARY"), FeedRule.LINES),
        (lambda text: text.replace("END:VEVENT", "END:VTODO"), FeedRule.READABLE),
        (lambda text: re.sub("DTSTART;.*", "DTSTART:soon\r", text), FeedRule.READABLE),
        (lambda text: text.replace("SEQUENCE:", "X-SEQUENCE:"), FeedRule.ONCE),
        (lambda text: text.replace("STATUS:", "STATUS:CONFIRMED\r\nSTATUS:"), FeedRule.ONCE),
        (lambda text: text.replace("SUMMARY", "ORGANIZER:mailto:a@library.example\r\nSUMMARY"), FeedRule.NEVER),
        (lambda text: re.sub("UID:.", "UID:x", text), FeedRule.IDENTITY),
        (lambda text: text.replace("T180000", "T190000"), FeedRule.TIME),
        (lambda text: text.replace("T193000", "T200000"), FeedRule.TIME),
        (lambda text: re.sub("DTEND;TZID=Europe/Kyiv", "DTEND", text), FeedRule.TIME),
        (lambda text: text.replace("Europe/Kyiv", "Europe/Berlin"), FeedRule.TIME),
        (lambda text: text.replace("STATUS:CONFIRMED", "STATUS:CANCELLED"), FeedRule.STATE),
    ],
)
def test_each_rule_speaks_up_where_a_text_breaks_it(full, change, rule):
    text = OccurrenceText.objects.filter(occurrence__event__key="club").order_by("-occurrence__slot")[0]
    assert change(text.text) != text.text
    OccurrenceText.objects.filter(pk=text.pk).update(text=change(text.text))

    assert broken(full) - {FeedRule.ZONES} == {rule}
    finding = next(one for one in found(full).findings if one.rule == rule)
    assert (finding.count, list(finding.events.values())) == (1, ["club"])


def test_zone_that_no_feed_describes_is_found(full):
    text = OccurrenceText.objects.filter(occurrence__event__key="club", language="en").first()
    OccurrenceText.objects.filter(pk=text.pk).update(text=text.text.replace("Europe/Kyiv", "Europe/Berlin"))

    assert broken(full) == {FeedRule.TIME, FeedRule.ZONES}


def test_date_that_feeds_do_not_tell_of_is_missed(full):
    OccurrenceText.objects.filter(language="mk", occurrence__event__key="night").delete()
    assert broken(full) == {FeedRule.THERE}

    Event.objects.filter(key="night").update(texts_stale=True)
    assert (broken(full), found(full).waiting) == (set(), 1)


def test_all_day_date_must_end_on_the_day_after(full):
    row = Occurrence.objects.get(event__key="expo")
    text = row.texts.get(language="en").text
    day = row.local_end.date()
    assert broken_by(text, expected_of(row, row.event)) == []

    wrong = text.replace(f"{day:%Y%m%d}", f"{day - timedelta(days=1):%Y%m%d}")

    assert broken_by(wrong, expected_of(row, row.event)) == [FeedRule.TIME]


def test_feeds_are_those_that_readers_are_offered(full):
    request = RequestFactory().get("/admin/", headers={"host": "localhost"})

    assert [(language, filters.query) for language, filters in all_feeds(request)][3:7] == [
        ("mk", ""),
        ("en", "branch=central"),
        ("en", "audience=adults"),
        ("en", "audience=children"),
    ]


def test_doubtful_hours_are_named_with_the_way_to_them(full, client):
    week = {"week": [[["09:00", "18:00"]]] * 5 + [[["09:00", "08:00"]], []]}
    full.branch(key="odd", title="Odd", hours={"v": 1, "kinds": {"staffed": week}, "exceptions": []})
    client.force_login(full.administrator())

    html = client.get("/admin/reports/feeds/").content.decode()

    assert [(one.name, len(one.problems) > 0) for one in found(full).hours] == [("Odd", True)]
    page = BranchPage.objects.get(slug="odd", locale__language_code="en")
    assert f'href="/admin/pages/{page.pk}/edit/"' in html


def test_report_names_the_event_and_leads_to_its_form(full, client):
    text = OccurrenceText.objects.filter(occurrence__event__key="night").first()
    OccurrenceText.objects.filter(pk=text.pk).update(text=text.text.replace("UID:", "UID:x"))
    client.force_login(full.administrator())

    response = client.get("/admin/reports/feeds/")

    page = EventPage.objects.get(title="Night")
    assert f'<a href="/admin/pages/{page.pk}/edit/">Night</a>' in response.content.decode()
    assert client.post("/admin/reports/feeds/").status_code == 405


def test_report_is_for_staff_alone(full, client):
    assert client.get("/admin/reports/feeds/").status_code == 302


def test_rendering_anew_mends_what_was_broken(full):
    text = OccurrenceText.objects.filter(occurrence__event__key="club").first()
    OccurrenceText.objects.filter(pk=text.pk).update(text=text.text.replace("UID:", "UID:x"))
    assert broken(full) == {FeedRule.IDENTITY}

    render_texts(Event.objects.get(key="club"))

    assert broken(full) == set()
