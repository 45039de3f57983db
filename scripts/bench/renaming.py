"""What renaming a branch of thousands of dates costs, and how long others wait meanwhile; runs inside of Django."""

from __future__ import annotations

import threading
import time
from typing import Any
from uuid import uuid4

from django.db import connection, transaction
from django.utils import timezone

from branches.models import BranchPage
from events.jobs import render_stale_texts
from events.models import Event, Occurrence
from news.models import Article
from scripts.bench import datasets
from scripts.bench.timing import seconds_of

DATES = 5_000
# How often another one wants to write: more often than visitors register.
EVERY = 0.02


def rename(publish: Any) -> dict[str, Any]:
    """Rename a branch and let the worker follow, while somebody else writes; times in seconds.

    `publishing` is what the editor waits for, `following` what the worker takes until all texts are right, `alone` and
    `beside` how long another's write takes at most before and during that.
    """
    branch = datasets.measured_branch(dates=DATES)
    dates = Occurrence.objects.filter(branch=branch, texts__language="en").count()
    page = BranchPage.objects.get(translation_key=branch.translation_key, locale__language_code="en")
    page.title = f"{page.title} on the hill"
    with _Writer() as before:
        time.sleep(2)
    publishing = seconds_of(lambda: publish(page))
    with _Writer() as meanwhile:
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


class _Writer:
    """Somebody with a connection of their own who writes a row again and again, and notes the longest wait."""

    def __init__(self) -> None:
        self.longest, self.is_over = 0.0, threading.Event()
        self.thread = threading.Thread(target=self._write)

    def __enter__(self) -> _Writer:
        self.thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.is_over.set()
        self.thread.join()

    def _write(self) -> None:
        row = Article.objects.values_list("pk", flat=True).first()
        while not self.is_over.wait(EVERY):
            self.longest = max(self.longest, seconds_of(lambda: _touch(row)))
        connection.close()


def _touch(row: int | None) -> None:
    with transaction.atomic():
        Article.objects.filter(pk=row).update(key=f"bench-{uuid4().hex[:12]}")
