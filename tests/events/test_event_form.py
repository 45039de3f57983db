"""The form of an event: short for what happens once, with questions about slips; publishing by the clock."""

from datetime import timedelta

import pytest
from django.test import TestCase
from django.urls import reverse
from django.utils import timezone
from wagtail.admin.panels import FieldPanel
from wagtail.test.utils.form_data import streamfield

from core.jobs import publish_scheduled
from events.domain import confirming
from events.models import EventPage, Occurrence
from tests.events.feed_reading import dates_in
from tests.factories.forms import form_of, questions_after, save_in_form
from tests.factories.library import publish, soon


@pytest.fixture
def admin(library, client):
    client.force_login(library.administrator())
    return library


def _unfolded(panel):
    """Return the names of the fields that are seen before anything is unfolded."""
    if "collapsed" in str(panel.panel.classname):
        return []
    if isinstance(panel.panel, FieldPanel):
        return [panel.field_name]
    return [name for child in getattr(panel, "children", []) for name in _unfolded(child)]


def test_event_of_one_date_asks_for_seven_fields_at_most(admin, client):
    admin.terms()
    branch = admin.branch().record
    url = reverse("wagtailadmin_pages:add", args=["events", "eventpage", admin.events.pk])
    form = client.get(url).context["edit_handler"].children[0]
    typed = {"title": "Drop in", "starts_on": soon(5), "starts_at": "15:00", "ends_at": "17:00", "branch": branch.pk}

    asked = _unfolded(form)
    answer = client.post(url, form_of(EventPage(), **typed) | {"lead": "", "slug": "", "action-publish": "1"})

    assert asked == ["title", "lead", "starts_on", "starts_at", "ends_at", "branch", "audiences"]
    assert set(typed) < set(asked)
    assert answer.status_code == 302
    [row] = Occurrence.objects.public()
    assert (row.local_start.date(), row.local_start.hour, row.branch) == (soon(5), 15, branch)


def _sunday():
    return next(soon(days) for days in range(7, 14) if soon(days).weekday() == 6)


def test_first_date_beside_the_rule_is_asked_about(admin, client):
    page = admin.event()

    form = form_of(page, starts_on=_sunday(), repeat="weekly") | {"repeat_on": ["MO"], "action-publish": "1"}

    asked = questions_after(client, client.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), form))

    assert len(asked) == 1
    assert "The first date isn't a day of the repetition. Is that right?" in asked[0].replace("&#x27;", "'")


def test_date_left_out_that_is_none_is_asked_about_in_a_draft_too(admin, client):
    page = admin.event(starts_on=soon(5))

    asked = questions_after(client, save_in_form(client, page, left_out=streamfield([("date", soon(6))])))

    assert len(asked) == 1
    assert "This date is left out" in asked[0]


@pytest.mark.parametrize("publish", [False, True])
@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("starts_on", "9999-12-31"),
        ("starts_on", "0001-01-01"),
        ("go_live_at", "0001-01-01 00:00"),
        ("expire_at", "9999-12-31 23:59"),
        ("added", [("date", {"date": "9999-12-31", "starts": "18:00", "ends": "01:00", "branch": "", "place": {}})]),
    ],
)
def test_year_at_the_ends_of_the_calendar_is_refused(admin, client, field, typed, publish):
    page = admin.event()
    value = streamfield(typed) if isinstance(typed, list) else typed

    answer = save_in_form(client, page, publish=publish, **{field: value})

    assert (answer.status_code, list(answer.context["form"].errors)) == (200, [field])


def test_plain_event_is_asked_about_nothing(admin, client):
    assert questions_after(client, save_in_form(client, admin.event(starts_on=soon(5)), publish=True)) == []


def _run_job(monkeypatch, moment):
    monkeypatch.setattr(timezone, "now", lambda: moment)
    with TestCase.captureOnCommitCallbacks(execute=True):
        publish_scheduled(moment)


def test_changed_date_is_seen_everywhere_once_its_hour_has_come(library, client, monkeypatch):
    page = library.event(slug="chess", starts_on=soon(5))
    [before] = dates_in(client)
    now = timezone.now()
    first, later = soon(5), soon(6)
    page.starts_on, page.go_live_at = later, now + timedelta(hours=1)
    confirming.confirm(page, now=now)
    publish(page)
    old, new = (f"/en/events/chess/?date={day.isoformat()}T18:00" for day in (first, later))

    def shown():
        html = client.get("/en/events/").content.decode()
        return Occurrence.objects.get().local_start.date(), old in html, new in html, dates_in(client)[0]["DTSTART"].dt

    assert shown()[:3] == (first, True, False)
    _run_job(monkeypatch, now + timedelta(minutes=30))
    assert shown()[:3] == (first, True, False)

    _run_job(monkeypatch, now + timedelta(hours=2))

    *there, starts = shown()
    [after] = dates_in(client)
    assert (there, starts.date()) == ([later, False, True], later)
    assert (after["UID"], after["SEQUENCE"]) == (before["UID"], before["SEQUENCE"] + 1)
