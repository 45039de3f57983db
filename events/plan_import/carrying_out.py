"""Carries out a plan, event by event: whoever reads the plan again goes on where the last one stopped."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property, partial

from django.core.exceptions import ValidationError
from django.db import transaction
from wagtail.models import Page

from core.models import Audience, Topic, User
from events.models import EventPage
from events.plan_import.events import Found, Places, build, fill
from events.plan_import.rows import Row, grouped, row_key


@dataclass
class Outcome:
    """How much became of a plan; `rest` events are still to be made or changed."""

    events: int = 0
    published: int = 0
    updated: int = 0
    rest: int = 0
    left: list[str] = field(default_factory=list)

    @property
    def done(self) -> int:
        """How many events were made or changed."""
        return self.events + self.updated

    @property
    def all(self) -> int:
        """How many events are made or changed, or still to be."""
        return self.done + self.rest


class RowRefusedError(ValueError):
    """An event that can't be stored after all; what was done before it stays."""

    def __init__(self, title: str, error: ValidationError) -> None:
        super().__init__(f"{title}: {' '.join(error.messages)}")


@dataclass
class Task:
    """What somebody wants to become of a plan, with what it takes to do it."""

    places: Places
    user: User
    publish: bool
    update: bool
    outcome: Outcome = field(default_factory=Outcome)

    @cached_property
    def audiences(self) -> dict[int, Audience]:
        """All audiences by id."""
        return Audience.objects.in_bulk()

    @cached_property
    def topics(self) -> dict[int, Topic]:
        """All topics by id."""
        return Topic.objects.in_bulk()

    def make(self, group: list[Row]) -> None:
        """Make one event out of rows that differ only in their dates."""
        page, branch = build(group, self.places, self.audiences, self.topics), group[0].branch
        page = Page.objects.get(pk=self.places.parents[branch].pk).add_child(instance=page)
        revision = page.save_revision(user=self.user, clean=True)
        if self.publish and branch in self.places.publishable:
            revision.publish(user=self.user)
            self.outcome.published += 1
        self.outcome.events += 1

    def change(self, page: EventPage, rows: list[Row]) -> None:
        """Bring the draft of an event in step with its rows, and publish it if nothing else waits in it."""
        stored = EventPage.objects.get(pk=page.pk)
        permissions = page.permissions_for_user(self.user)
        if not permissions.can_edit() or permissions.page_locked():
            self.outcome.left.append(page.title)
            return
        for row in rows:
            fill(page, row, self.places.language)
            if row.ends and not page.repeat and not page.added:
                page.ends_at = row.ends
            for name, ids, known in (
                ("audience", row.audiences, self.audiences),
                ("topic", row.topics, self.topics),
            ):
                if name in row.given:
                    setattr(page, f"{name}s", [known[pk] for pk in ids if pk in known])
        revision = page.save_revision(user=self.user, clean=True)
        # What somebody else has begun to write isn't published along with a number of seats.
        if self.publish and stored.live and not stored.has_unpublished_changes and permissions.can_publish():
            revision.publish(user=self.user)
        self.outcome.updated += 1


def carry_out(rows: list[Row], found: Found, task: Task, *, is_over: Callable[[], bool]) -> None:
    """Make the new events, and change those that differ if that is wished, until the time is over; one at least.

    Each is stored by itself and counted in the task's outcome. Raise RowRefusedError at the first one that can't be.
    """
    new = grouped([row for row in rows if row.fate == "new"])
    differing = _by_page([row for row in rows if row.fate == "differs"], found) if task.update else []
    steps: list[tuple[str, Callable[[], None]]] = [
        *((group[0].title, partial(task.make, group)) for group in new),
        *((page.title, partial(task.change, page, its)) for page, its in differing),
    ]
    outcome = task.outcome
    outcome.rest = len(steps)
    for number, (title, step) in enumerate(steps):
        if number and is_over():
            break
        try:
            with transaction.atomic():
                step()
        except ValidationError as error:
            raise RowRefusedError(title, error) from error
        outcome.rest -= 1


def _by_page(rows: Iterable[Row], found: Found) -> list[tuple[EventPage, list[Row]]]:
    pages: dict[int, tuple[EventPage, list[Row]]] = {}
    for row in rows:
        page = found.pages[row_key(row)]
        pages.setdefault(page.pk, (page, []))[1].append(row)
    return list(pages.values())
