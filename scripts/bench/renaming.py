"""What renaming a branch of thousands of dates costs, and how long visitors wait meanwhile; runs inside of Django."""

from __future__ import annotations

import threading
import time
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.db import connection
from django.utils import timezone

from branches.models import BranchPage
from events.domain.registrations import Party, register
from events.jobs import render_stale_texts
from events.models import Event, Occurrence
from scripts.bench import datasets
from scripts.bench.timing import seconds_of

DATES = 5_000
# How often somebody comes.
EVERY = 0.02


def rename(publish: Any) -> dict[str, Any]:
    """Rename a branch and let the worker follow, while people register for a date; times in seconds.

    `publishing` is what the editor waits for, `following` what the worker takes until all texts are right, `alone` and
    `beside` how long a registration takes at most before and during that.
    """
    branch = datasets.measured_branch(dates=DATES)
    dates = Occurrence.objects.filter(branch=branch, texts__language="en").count()
    page = BranchPage.objects.get(translation_key=branch.translation_key, locale__language_code="en")
    page.title = f"{page.title} on the hill"
    with _Visitors() as before:
        time.sleep(2)
    publishing = seconds_of(lambda: publish(page))
    with _Visitors() as meanwhile:
        following = seconds_of(_follow)
    return {
        "dates": dates,
        "publishing": publishing,
        "following": following,
        "alone": before.longest,
        "beside": meanwhile.longest,
    }


def _follow() -> None:
    while Event.objects.filter(texts_stale=True).exists():
        render_stale_texts(timezone.now())


class _Visitors:
    """People who register for a date, one after another, over a connection of their own; notes the longest wait."""

    def __init__(self) -> None:
        self.longest, self.is_over = 0.0, threading.Event()
        self.thread = threading.Thread(target=self._come)

    def __enter__(self) -> _Visitors:
        self.thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.is_over.set()
        self.thread.join()

    def _come(self) -> None:
        date = Occurrence.objects.public().filter(starts_at__gt=timezone.now() + timedelta(days=2)).first()
        while date is not None and not self.is_over.wait(EVERY):
            party = Party(name="Reader", people=1, language="en", email=f"{uuid4().hex}@library.example")
            self.longest = max(self.longest, seconds_of(lambda one=party: _register(date, one)))
        connection.close()


def _register(date: Occurrence, party: Party) -> None:
    register(date.event, [date], party, now=timezone.now())
