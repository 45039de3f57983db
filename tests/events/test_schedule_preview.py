"""The plan in human words: what the form can say, and what it tells while somebody types."""

import re
from datetime import date, time, timedelta
from html import unescape

import pytest
from django.urls import reverse
from wagtail.test.utils.form_data import streamfield
from wagtail.users.models import UserProfile

from core.days_off import public_holidays
from core.models import Network
from events.domain.plan import rule_of
from events.jobs import follow_days_off, render_stale_texts
from events.models import Event, EventPage, Occurrence
from tests.events.feed_reading import dates_in
from tests.factories.forms import form_of
from tests.factories.library import publish, revise, soon

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(library, client):
    """Return the library, its administrator signed in."""
    client.force_login(library.administrator())
    return library


def asked(client, parent, page=None, **typed):
    """Return the answer to a form with this typed into it, as one line of text."""
    query = {"page": page.pk} if page else {"parent": parent.pk}
    url = reverse("schedule_preview", query=query)
    answer = client.post(url, filled(page or EventPage(), **{"title": "Course"} | typed))
    assert answer.status_code == 200
    return " ".join(unescape(re.sub("<[^>]+>", " ", answer.content.decode())).split())


def filled(page, **typed):
    """Return what the form sends; of what is ticked several values."""
    ticked = {name: value for name, value in typed.items() if isinstance(value, list)}
    return form_of(page, **{name: value for name, value in typed.items() if name not in ticked}) | ticked


def own_day_off(day, name="Repairs", **more):
    value = {"name": {"en": name}, "first": day, "last": None, "every_year": False, "works": False} | more
    return ("day", value)


COURSE = {
    "starts_on": "2027-01-12",
    "starts_at": "17:30",
    "ends_at": "19:00",
    "repeat": "weekly",
    "repeat_every": "2",
    "repeat_on": ["TU", "TH"],
    "repeat_until": "2027-05-30",
    "skips_days_off": "on",
}


def test_course_of_the_issue_is_told_as_it_is_typed(admin, client):
    Network.objects.update_or_create(
        site=admin.site, defaults={"country": "UA", "days_off": [own_day_off(date(2027, 1, 26))]}
    )
    added = {"date": date(2027, 4, 15), "starts": "", "ends": "", "branch": "", "place": {}}
    told = asked(
        client,
        admin.events,
        **COURSE,
        left_out=streamfield([("date", "2027-02-11")]),
        added=streamfield([("date", added)]),
    )

    sentence = "Every second week on Tuesdays and Thursdays, 17:30–19:00, until 30 May 2027, not on days off, "
    assert told.startswith(sentence + "except 1 date")
    told = told.replace(" ,", ",")
    told = told.replace(" .", ".")
    assert "Tuesday, 12 January 2027, 17:30–19:00 Thursday, 14 January 2027, 17:30–19:00" in told
    assert "Tuesday, 26 January 2027 Repairs" in told
    assert "Thursday, 11 February 2027 left out" in told
    # Ten fortnights of two dates, without two, with one more.
    assert "19 dates in all. The last one is on Thursday, 20 May 2027." in told


@pytest.mark.parametrize(
    ("typed", "rule", "sentence"),
    [
        ({"repeat": "daily", "repeat_count": "3"}, "FREQ=DAILY;COUNT=3", "Every day, 18:00, 3 times"),
        (
            {"repeat": "weekly", "repeat_months": ["9", "10", "5"], "repeat_until": "2028-06-01"},
            "FREQ=WEEKLY;UNTIL=20280601;BYMONTH=5,9,10;BYDAY=WE",
            "Every Wednesday, in May, September and October",
        ),
        (
            {"repeat": "monthly-weekdays", "repeat_which": ["1", "3"], "repeat_on": ["SA"]},
            "FREQ=MONTHLY;BYDAY=1SA,3SA",
            "On the first Saturday and on the third Saturday of every month",
        ),
        (
            {"repeat": "monthly-weekdays", "repeat_which": ["-1"], "repeat_on": ["FR", "SU"], "repeat_every": "2"},
            "FREQ=MONTHLY;INTERVAL=2;BYDAY=-1FR,-1SU",
            "On the last Friday and on the last Sunday of every second month",
        ),
        ({"repeat": "monthly-weekdays"}, "FREQ=MONTHLY;BYDAY=2WE", "On the second Wednesday of every month"),
        (
            {"repeat": "monthly-days", "repeat_days": "1, 15,−1"},
            "FREQ=MONTHLY;BYMONTHDAY=1,15,-1",
            "On the 1st and 15th and on the last day of every month",
        ),
        (
            {"repeat": "yearly-weekdays", "repeat_which": ["2"], "repeat_on": ["SU"], "repeat_months": ["5"]},
            "FREQ=YEARLY;BYMONTH=5;BYDAY=2SU",
            "Every year in May, on the second Sunday",
        ),
        ({"repeat": "yearly"}, "FREQ=YEARLY", "Every year on 13 January"),
    ],
)
def test_form_says_whatever_the_rule_can(admin, client, typed, rule, sentence):
    plan = {"starts_on": "2027-01-13", "starts_at": "18:00", "ends_at": ""} | typed
    url = reverse("wagtailadmin_pages:add", args=["events", "eventpage", admin.events.pk])
    told = asked(client, admin.events, **plan)

    answer = client.post(url, filled(EventPage(), title="Course", **plan) | {"slug": "", "action-publish": "1"})

    assert answer.status_code == 302, answer.context["form"].errors
    assert rule_of(Event.objects.get()).to_rrule() == rule
    assert told.startswith(sentence), told


DAY = {"starts_on": "2027-01-13"}
AFTERNOON = DAY | {"starts_at": "18:00"}
MANY = "This schedule makes more than 3000 dates."


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({}, "Enter the first day: then its dates stand here."),
        ({"starts_on": "soon"}, "First day: Enter a valid date."),
        (DAY | {"ends_on": "2027-01-12"}, "The last day is before the first."),
        (AFTERNOON | {"ends_on": "2027-01-13", "ends_at": "17:00"}, "It ends before it starts."),
        (DAY | {"repeat": "daily", "repeat_until": "2036-01-01"}, MANY),
        (DAY | {"repeat": "daily", "repeat_until": "2027-01-01"}, "This is before the first day."),
        (DAY | {"repeat": "monthly-days", "repeat_days": "first"}, "Enter days of the month as numbers"),
        (DAY | {"repeat": "monthly-days", "repeat_days": "32"}, "A day of the month is a number from 1 to 31"),
        (DAY | {"repeat": "weekly", "repeat_every": "0"}, "Every how many:"),
        (DAY | {"repeat": "sometimes"}, "Repeats: Select a valid choice."),
        ({"starts_on": "9999-12-31"}, "The year must be between 1900 and 2200."),
        (AFTERNOON | {"ends_at": "02:00", "repeat": "weekly"}, "It has no end; these are the dates until"),
    ],
)
def test_what_is_wrong_is_said_in_words_at_once(admin, client, typed, words):
    assert words in asked(client, admin.events, **typed)


def test_schedule_without_dates_says_so(admin, client):
    left_out = streamfield([("date", "2027-01-13")])

    told = asked(client, admin.events, starts_on="2027-01-13", repeat="daily", repeat_count="1", left_out=left_out)

    assert "This schedule makes no dates." in told


def test_one_of_two_dates_on_a_day_is_left_out_by_its_time(admin, client):
    added = [("date", {"date": soon(5), "starts": time(10), "ends": time(11), "branch": "", "place": {}})]
    page = admin.event(starts_on=soon(5), repeat="daily", repeat_count=2, added=added)
    assert Occurrence.objects.public().count() == 3

    revise(page, left_out=[("moment", {"date": soon(5), "time": time(18)})])

    left = Occurrence.objects.public().order_by("starts_at")
    assert [(row.local_start.date(), row.local_start.hour) for row in left] == [(soon(5), 10), (soon(6), 18)]


def test_preview_says_what_publishing_does_to_dates_that_readers_know(admin, client):
    page = admin.event(starts_on=soon(5), repeat="weekly", repeat_count=4)
    same = {"starts_on": str(soon(5)), "starts_at": "18:00", "ends_at": "19:30", "repeat": "weekly"}

    def changes(**typed):
        told = asked(client, None, page, **same | typed)
        return told.partition("Once this is published: ")[2]

    assert changes(repeat_count="4") == ""
    assert changes(repeat_count="6") == "2 are new."
    assert changes(repeat_count="3") == "1 is no longer planned."
    assert changes(repeat_count="4", starts_at="18:30") == "4 dates move."


def test_nothing_that_is_told_is_stored(admin, client):
    page = admin.event(starts_on=soon(5))
    before = page.revisions.count(), list(Occurrence.objects.values_list("slot", flat=True))

    asked(client, None, page, title="Other", starts_on=str(soon(9)), repeat="daily", repeat_count="5")

    assert (page.revisions.count(), list(Occurrence.objects.values_list("slot", flat=True))) == before
    assert EventPage.objects.get(pk=page.pk).title == "Chess club"


def test_only_those_who_may_write_there_are_told(admin, client):
    url = reverse("schedule_preview")
    assert client.get(url).status_code == 405
    for query in ("", "?parent=1x", "?parent=999999", "?page=999999", "?page=9999999999999", "?parent=²"):
        assert client.post(url + query, {}).status_code in (302, 400, 403), query
    client.logout()
    assert client.post(f"{url}?parent={admin.events.pk}", {}).status_code == 302


def test_words_come_in_the_language_of_the_admin(admin, client):
    person = client.get("/admin/").wsgi_request.user
    UserProfile.objects.update_or_create(user=person, defaults={"preferred_language": "uk"})

    told = asked(client, admin.events, **COURSE)

    assert "крім неробочих днів" in told, told
    assert "вівторок" in told.lower()


# --- Days off ---------------------------------------------------------------------------------------------------------


def kept_days(page):
    rows = Occurrence.objects.public().filter(event=page.record).order_by("starts_at")
    return [row.local_start.date() for row in rows]


def test_days_off_are_left_out_on_page_and_in_feed(library, client):
    Network.objects.update_or_create(site=library.site, defaults={"days_off": [own_day_off(soon(7), last=soon(8))]})
    page = library.event(starts_on=soon(6), repeat="daily", repeat_count=5, skips_days_off=True)

    days = [soon(6), soon(9), soon(10)]
    assert kept_days(page) == days
    assert [event["DTSTART"].dt.date() for event in dates_in(client)] == days
    assert "not on days off" in client.get("/en/events/chess-club/").content.decode()


def test_day_off_that_is_entered_later_takes_its_dates_away_and_gives_them_back(library, client):
    Network.objects.update_or_create(site=library.site)
    page = library.event(starts_on=soon(6), repeat="daily", repeat_count=3, skips_days_off=True)
    other = library.event(slug="other", starts_on=soon(6), repeat="daily", repeat_count=3)
    uids = set(Occurrence.objects.values_list("uid", flat=True))
    network = Network.objects.get(site=library.site)

    network.days_off = [own_day_off(soon(7))]
    network.save()
    render_stale_texts(page.record.changed_at)
    assert (kept_days(page), len(kept_days(other))) == ([soon(6), soon(8)], 3)
    cancelled = [event for event in dates_in(client) if event["STATUS"] == "CANCELLED"]
    assert [event["DTSTART"].dt.date() for event in cancelled] == [soon(7)]

    network.days_off = []
    network.save()
    render_stale_texts(page.record.changed_at)
    assert kept_days(page) == [soon(6), soon(7), soon(8)]
    assert set(Occurrence.objects.values_list("uid", flat=True)) == uids


def test_date_that_is_added_by_hand_is_held_on_a_day_off_too(library):
    Network.objects.update_or_create(site=library.site, defaults={"days_off": [own_day_off(soon(7))]})
    added = [("date", {"date": soon(7), "starts": None, "ends": None, "branch": "", "place": {}})]

    page = library.event(starts_on=soon(6), repeat="daily", repeat_count=2, skips_days_off=True, added=added)

    assert kept_days(page) == [soon(6), soon(7)]


def test_settings_say_how_many_dates_follow_the_list(admin, client):
    Network.objects.get_or_create(site=admin.site)
    settings = reverse("wagtailsettings:edit", args=["core", "network", admin.site.pk])
    admin.event(starts_on=soon(6), repeat="daily", repeat_count=3)
    assert "published event" not in unescape(client.get(settings).content.decode())

    admin.event(slug="other", starts_on=soon(6), repeat="daily", repeat_count=5, skips_days_off=True)
    shown = unescape(client.get(settings).content.decode())
    assert "1 published event is not held on days off. 5 dates of them are to come." in shown


def test_days_off_far_beyond_the_horizon_count_too(library):
    Network.objects.update_or_create(site=library.site, defaults={"country": "MK"})

    page = library.event(starts_on=date(2027, 1, 8), repeat="weekly", repeat_count=500, skips_days_off=True)

    days = kept_days(page)
    holidays = {day for year in range(2027, 2037) for day in public_holidays("MK", year)}
    assert days[-1] > date(2036, 1, 1)
    assert not holidays & set(days)
    assert len(days) == 500 - sum(day.weekday() == 4 and days[0] <= day <= days[-1] for day in holidays) > 450


def test_draft_that_is_not_published_does_not_change_what_days_off_do(library):
    Network.objects.update_or_create(site=library.site)
    page = library.event(starts_on=soon(6), repeat="daily", repeat_count=3, skips_days_off=True)
    page.starts_on = soon(6) + timedelta(days=30)
    page.save_revision()
    network = Network.objects.get(site=library.site)

    network.days_off = [own_day_off(soon(7))]
    network.save()
    render_stale_texts(page.record.changed_at)

    assert kept_days(page) == [soon(6), soon(8)]
    publish(EventPage.objects.get(pk=page.pk))
    assert kept_days(page) == [soon(6), soon(8)]


def test_preview_without_dates_says_which_days_off_took_them(admin, client):
    Network.objects.update_or_create(site=admin.site, defaults={"days_off": [own_day_off(date(2027, 1, 13))]})

    told = asked(client, admin.events, starts_on="2027-01-13", repeat="daily", repeat_count="1", skips_days_off="on")

    assert "This schedule makes no dates." in told
    assert "13 January 2027 Repairs" in told


def test_job_follows_holidays_that_became_known(library, monkeypatch):
    Network.objects.update_or_create(site=library.site, defaults={"country": "UA"})
    page = library.event(starts_on=soon(6), repeat="daily", repeat_count=3, skips_days_off=True)
    assert follow_days_off(page.record.changed_at).endswith("0.")

    monkeypatch.setattr("core.days_off.public_holidays", lambda country, year, language="": {soon(7): "Holiday"})
    assert follow_days_off(page.record.changed_at).endswith("1.")
    render_stale_texts(page.record.changed_at)

    assert kept_days(page) == [soon(6), soon(8)]
