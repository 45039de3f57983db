"""What is measured inside of Django: `python -m scripts.bench.inside TASK [ARGUMENT ...]` prints its findings as JSON.

Each task runs in a process of its own, on the data folder that the environment names.
"""

from __future__ import annotations

import copy
import json
import sys
from collections.abc import Callable, Iterator
from datetime import date, time, timedelta
from itertools import count
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from uuid import uuid4

import django

from scripts.bench.load import PAST_THE_CACHE
from scripts.bench.timing import in_turn, seconds_of

if TYPE_CHECKING:
    from django.http import HttpRequest
    from wagtail.models import Page

    from events.models import Event, Occurrence

Times = dict[str, list[float]]


# --- Data -------------------------------------------------------------------------------------------------------------


def paths() -> dict[str, str]:
    """Return the addresses that are measured."""
    from scripts.bench import datasets

    return datasets.paths()


def shrink() -> int:
    """Leave ten dates and ten articles."""
    from scripts.bench import datasets

    return datasets.shrink()


def enlarge(dates: str, articles: str, apart: str = "") -> int:
    """Add dates and articles, as `datasets.enlarge` says."""
    from scripts.bench import datasets

    return datasets.enlarge(dates=int(dates), articles=int(articles), apart=bool(apart))


# --- Queries ----------------------------------------------------------------------------------------------------------


def queries() -> dict[str, int]:
    """Return how many SQL queries each of the addresses on the standard input needs in a process that is warm."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(SERVER_NAME=_host(), headers={"accept-encoding": "gzip"})
    found = {}
    for name, address in json.load(sys.stdin).items():
        for _warming_up in range(3):
            etag = client.get(address, headers=PAST_THE_CACHE).get("ETag", "")
        known = {"if-none-match": etag} if name == "feed" else {}
        with CaptureQueriesContext(connection) as captured:
            response = client.get(address, headers=PAST_THE_CACHE | known)
        if response.status_code != (304 if known else 200):
            raise SystemExit(f"{address} answered {response.status_code}.")
        found[name] = len(captured)
    return found


def _host() -> str:
    from django.conf import settings

    return urlsplit(settings.WAGTAILADMIN_BASE_URL).hostname or "localhost"


# --- Feeds ------------------------------------------------------------------------------------------------------------


def feeds(other: str, rounds: str) -> dict[str, Any]:
    """Return the times of making the whole feed anew, by the site and by `other` means, and how many dates it has."""
    from django.utils import timezone, translation

    from core.sites import visible_site_ids
    from events import feeds as site_feeds
    from scripts.bench import calendars

    with translation.override("en"):
        request = _request("/en/events/feed.ics")
        sites, since = visible_site_ids(request), site_feeds.window_start(timezone.localdate())
        means = {"objects": lambda: calendars.feed_of_objects(sites, since), "join": calendars.bare_join}[other]
        dates, others = (made.count(b"BEGIN:VEVENT") for made in (site_feeds.feed(request).content, means()))
        if abs(dates - others) > dates / 100:
            raise SystemExit(f"The feed has {dates} dates, that of “{other}” {others}.")
        actions = {"site": lambda: site_feeds.feed(request), "other": means}
        measured = {name: _after_a_change(sites[0], action) for name, action in actions.items()}
        return {"dates": dates, **in_turn(measured, rounds=int(rounds), warm=1)}


def _request(path: str) -> HttpRequest:
    from django.test import RequestFactory

    return RequestFactory(SERVER_NAME=_host()).get(path)


def _after_a_change(site: int, action: Callable[[], object]) -> Callable[[], float]:
    """Return a measurement to which everything that was kept is out of date."""
    from core.generations import bump
    from events.domain.feed_texts import raise_feed_version

    def measure() -> float:
        raise_feed_version(site)
        bump(None)
        return seconds_of(action)

    return measure


# --- Publishing -------------------------------------------------------------------------------------------------------


def publishing(rounds: str) -> Times:
    """Return the times of publishing, for the first time and then changed: an event of 100 dates, a plain page."""
    from events.models import EventIndexPage
    from home.models import HomePage

    english = {"locale__language_code": "en"}
    index, home = EventIndexPage.objects.get(**english), HomePage.objects.get(**english)
    drafts: dict[str, Page] = {}
    numbers = count()

    def first(name: str, draft: Callable[[int], Page]) -> float:
        drafts[name] = draft(next(numbers))
        return seconds_of(lambda: _publish(drafts[name]))

    def again(name: str, change: Callable[[Any], None]) -> float:
        page = drafts[name].specific_class.objects.get(pk=drafts[name].pk)
        change(page)
        return seconds_of(lambda: _publish(page))

    return in_turn(
        {
            "event": lambda: first("event", lambda number: _event_draft(index, number)),
            "plain": lambda: first("plain", lambda number: _plain_draft(home, number)),
            "event again": lambda: again("event", lambda page: setattr(page, "starts_at", time(18, 30))),
            "plain again": lambda: again("plain", lambda page: setattr(page, "lead", "Read on, and on.")),
        },
        rounds=int(rounds),
        warm=1,
    )


def _publish(page: Page) -> None:
    page.save_revision(clean=True).publish()


def _event_draft(parent: Page, number: int) -> Page:
    from django.utils import timezone

    from branches.models import Branch
    from events.models import EventPage

    page = EventPage(
        title=f"A hundred evenings {number}", lead="Come and read.", live=False, branch=Branch.objects.first(),
        starts_on=timezone.localdate() + timedelta(days=1), starts_at=time(18), ends_at=time(19, 30),
        repeat="daily", repeat_count=100,
    )  # fmt: skip
    return _draft(parent, page)


def _plain_draft(parent: Page, number: int) -> Page:
    from home.models import PlainPage

    page = PlainPage(title=f"A plain page {number}", lead="Read on.", live=False, body=[("text", "<p>Read on.</p>")])
    return _draft(parent, page)


def _draft(parent: Page, page: Page) -> Page:
    from wagtail.models import Page as AnyPage

    return AnyPage.objects.get(pk=parent.pk).add_child(instance=page)


def renaming() -> dict[str, Any]:
    """Return what renaming a branch of thousands of dates takes, as `renaming.rename` says."""
    from scripts.bench.renaming import rename

    return rename(_publish)


# --- A daily rule -----------------------------------------------------------------------------------------------------


def daily(rounds: str) -> Times:
    """Return the times of expanding and merging a daily rule over three years, new and moved, and of bare inserts."""
    from django.db import transaction

    from events.domain.occurrences import merge_plan
    from events.models import Occurrence

    events = _daily_events()
    merged: dict[str, Event] = {}

    def merge(event: Event) -> float:
        merged["last"] = event
        with transaction.atomic():
            return seconds_of(lambda: merge_plan(event))

    def merge_again() -> float:
        event = type(merged["last"]).objects.get(pk=merged["last"].pk)
        event.starts_at = time(18, 30)
        return merge(event)

    def insert() -> float:
        rows = [_unsaved(row, other) for other in [next(events)] for row in merged["last"].occurrences.all()]
        with transaction.atomic():
            return seconds_of(lambda: Occurrence.objects.bulk_create(rows))

    return in_turn(
        {"new": lambda: merge(next(events)), "bare": insert, "moved": merge_again},
        rounds=int(rounds),
        warm=1,
    )


def _daily_events() -> Iterator[Event]:
    from django.utils import timezone
    from wagtail.models import Site

    from branches.models import Branch
    from events.models import Event

    first: date = timezone.localdate() + timedelta(days=1)
    last = first.replace(year=first.year + 3, day=min(first.day, 28))
    while True:
        yield Event.objects.create(
            key=f"daily-{uuid4().hex[:12]}", site=Site.objects.get(is_default_site=True), branch=Branch.objects.first(),
            starts_on=first, starts_at=time(18), ends_at=time(19, 30), repeat="daily", repeat_until=last,
        )  # fmt: skip


def _unsaved(row: Occurrence, event: Event) -> Occurrence:
    fresh = copy.copy(row)
    fresh._state = copy.copy(row._state)
    fresh._state.adding = True
    fresh.pk, fresh.uid, fresh.event = None, uuid4(), event
    return fresh


# --- The program ------------------------------------------------------------------------------------------------------

TASKS: dict[str, Callable[..., object]] = {
    task.__name__: task for task in (paths, shrink, enlarge, queries, feeds, publishing, renaming, daily)
}


def main() -> None:
    """Do one task and print what it found."""
    name, *arguments = sys.argv[1:]
    django.setup()
    json.dump(TASKS[name](*arguments), sys.stdout)


if __name__ == "__main__":
    main()
