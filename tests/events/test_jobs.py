"""The jobs of the worker: one bad event stops no other, kept pages follow, open rules never run short."""

from datetime import datetime, timedelta
from functools import partial

import pytest
from dateutil.relativedelta import relativedelta
from django.test import TestCase
from django.utils import timezone

from branches.models import Branch
from core import generations
from core.worker import JobError
from events.domain.occurrences import events_out_of_step
from events.jobs import expand_open_rules, follow_zone_data, render_stale_texts
from events.models import Event, Occurrence
from tests.events.feed_reading import dates_in
from tests.factories.library import revise, soon

pytestmark = [pytest.mark.django_db, pytest.mark.services]


def _committing(job, now: datetime | None = None) -> str:
    with TestCase.captureOnCommitCallbacks(execute=True):
        return job(now or timezone.now())


# --- Kept pages -------------------------------------------------------------------------------------------------------


def test_renamed_branch_drops_the_kept_feed_when_the_worker_is_through(library, client, settings, remembering):
    settings.PAGE_CACHE = True
    page = library.branch()
    library.event(branch=Branch.objects.get(), starts_on=soon(5))
    revise(page, title="Main Library")
    generations.store().advance()
    client.get("/en/events/feed.ics")

    _committing(render_stale_texts)

    assert b"Main Library" in client.get("/en/events/feed.ics").content


def test_texts_that_stay_the_same_drop_nothing(library):
    library.event(starts_on=soon(5))
    Event.objects.update(texts_stale=True)
    before = generations.store().current()

    _committing(render_stale_texts)

    assert (generations.store().current(), Event.objects.get().texts_stale) == (before, False)


def test_expansion_drops_kept_pages(library):
    library.event(starts_on=soon(5), repeat="weekly")
    before = generations.store().current()

    _committing(expand_open_rules, timezone.now() + timedelta(days=60))

    assert generations.store().current() != before


# --- One bad event ----------------------------------------------------------------------------------------------------


def _three(library, **fields) -> list[Event]:
    for name in ("first", "second", "third"):
        library.event(title=name, slug=name, starts_on=soon(5), **fields)
    return list(Event.objects.order_by("pk"))


def test_event_that_cannot_be_rendered_stops_no_other(library, client):
    library.terms()
    bad, *_others = _three(library)
    # A zone that nobody knows: nothing in the admin can do that.
    library.branch()
    Branch.objects.update(zone="Nowhere/At_all")
    Event.objects.filter(pk=bad.pk).update(branch=Branch.objects.get())
    Event.objects.update(texts_stale=True)
    library.site.hostname = "library.example"
    library.site.save()

    with pytest.raises(JobError) as failed:
        render_stale_texts(timezone.now())

    assert [problem.split(":")[0] for problem in str(failed.value).splitlines()] == ["first"]
    assert failed.value.report == "Events rendered: 2."
    assert list(Event.objects.filter(texts_stale=True)) == [bad]
    urls = [str(event["URL"]).split("/events/")[0] for event in dates_in(client)]
    assert sorted(urls) == ["http://library.example/en", "http://library.example/en", "http://localhost/en"]


def test_bad_events_in_front_never_hold_up_those_behind(library, monkeypatch):
    events = _three(library)
    Event.objects.update(texts_stale=True)
    monkeypatch.setattr("events.jobs.SMALL_STEP", 1)
    monkeypatch.setattr("events.jobs.catch_up", partial(_fail_for, {events[0].pk, events[1].pk}))

    with pytest.raises(JobError) as failed:
        render_stale_texts(timezone.now())

    assert failed.value.report == "Events rendered: 1."


def _fail_for(bad: set[int], event: Event, *, now: datetime) -> None:
    if event.pk in bad:
        raise ValueError("bad")


def test_event_that_cannot_be_expanded_stops_no_other(library):
    bad, *others = _three(library, repeat="weekly")
    # A contradiction that no form lets through.
    Event.objects.filter(pk=bad.pk).update(long_run=True)
    later = timezone.now() + timedelta(days=60)
    counts = {event.pk: event.occurrences.count() for event in others}

    with pytest.raises(JobError) as failed:
        expand_open_rules(later)

    assert [problem.split(":")[0] for problem in str(failed.value).splitlines()] == ["first"]
    assert failed.value.report == "Events expanded: 2."
    assert all(event.occurrences.count() > counts[event.pk] for event in others)


# --- Open rules -------------------------------------------------------------------------------------------------------


def test_open_rule_reaches_eighteen_months_ahead_at_any_time(library):
    library.event(starts_on=soon(1), repeat="daily")
    now, furthest = timezone.now(), []

    for day in range(0, 120, 10):
        moment = now + timedelta(days=day)
        # As it stands just before the job runs, which may be days late.
        last = Occurrence.objects.order_by("slot").last().local_start.date()
        furthest.append(last >= (moment + relativedelta(months=18)).date())
        expand_open_rules(moment)

    assert furthest == [True] * 12


def test_open_rule_is_not_expanded_before_it_is_time(library):
    library.event(starts_on=soon(1), repeat="daily")
    now = timezone.now()

    reports = [expand_open_rules(now + timedelta(days=days)) for days in (0, 20, 40, 41)]

    assert reports == ["Events expanded: 0.", "Events expanded: 0.", "Events expanded: 1.", "Events expanded: 0."]


# --- Zones ------------------------------------------------------------------------------------------------------------


def test_new_zone_of_a_branch_moves_its_coming_dates(library, client):
    page = library.branch()
    library.event(branch=Branch.objects.get(), starts_on=soon(-7), repeat="weekly", repeat_count=4)
    past, _today, *before = Occurrence.objects.order_by("slot")

    revise(page, zone="Europe/London")
    render_stale_texts(timezone.now())

    rows = {row.pk: row for row in Occurrence.objects.all()}
    for row in before:
        now = rows[row.pk]
        assert (now.zone, now.sequence, now.local_start) == ("Europe/London", row.sequence + 1, row.local_start)
        assert (now.starts_at - row.starts_at, now.ends_at - row.ends_at) == (timedelta(hours=2), timedelta(hours=2))
    assert (rows[past.pk].zone, rows[past.pk].starts_at) == ("Europe/Kyiv", past.starts_at)
    assert str(dates_in(client)[-1]["DTSTART"].params["TZID"]) == "Europe/London"


def test_new_zone_leaves_operations_and_withdrawn_dates_as_they_are(library):
    from events.domain import operations

    page = library.branch()
    event = library.event(branch=Branch.objects.get(), starts_on=soon(5), repeat="weekly", repeat_count=3)
    revise(event, repeat_count=2)
    first = Occurrence.objects.order_by("slot").first()
    operations.cancel_occurrence(first)

    revise(page, zone="Europe/London")
    render_stale_texts(timezone.now())

    assert [(row.state, row.zone) for row in Occurrence.objects.order_by("slot")] == [
        ("cancelled", "Europe/London"),
        ("scheduled", "Europe/London"),
        ("withdrawn", "Europe/London"),
    ]


def test_new_zone_of_the_network_moves_the_dates_without_a_branch(library):
    from core.models import Network

    library.event(starts_on=soon(5))
    network = Network.objects.get(site=library.site)
    network.zone = "Europe/London"
    network.save()

    render_stale_texts(timezone.now())

    assert Occurrence.objects.get().zone == "Europe/London"


def test_new_zone_data_reach_the_utc_times(library):
    library.event(starts_on=soon(5))
    row = Occurrence.objects.get()
    right = row.starts_at
    # As if the zone had had other rules when the date was written.
    Occurrence.objects.update(starts_at=right + timedelta(hours=1), ends_at=row.ends_at + timedelta(hours=1))

    assert follow_zone_data(timezone.now()) == "Events in zones with new rules: 1."
    render_stale_texts(timezone.now())

    assert (Occurrence.objects.get().starts_at, events_out_of_step(timezone.now())) == (right, set())


def test_zone_data_that_agree_mark_nothing(library):
    library.event(starts_on=soon(5), repeat="weekly", repeat_count=60)
    library.event(starts_on=soon(5), starts_at=None, ends_at=None, repeat="weekly", repeat_count=60)
    library.event(starts_on=soon(5), ends_at=None)

    assert events_out_of_step(timezone.now()) == set()
