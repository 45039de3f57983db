"""Publishing and unpublishing at the time that an editor chose, one object after the other."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from django.apps import apps
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import DraftStateMixin, Page, Revision


@dataclass
class PublishingReport:
    """The names of what was published and unpublished, and what went wrong with the rest."""

    published: list[str] = field(default_factory=list)
    unpublished: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return _("Published: %(published)s. Unpublished: %(unpublished)s.") % {
            "published": ", ".join(self.published) or _("nothing"),
            "unpublished": ", ".join(self.unpublished) or _("nothing"),
        }


def publish_due(now: datetime) -> PublishingReport:
    """Unpublish what has expired and publish what is due; each in a transaction of its own.

    What fails stays as it was, is named in `problems` and is tried again next time; it stops no other object.
    """
    report = PublishingReport()
    for expired in _expired(now):
        _attempt(str(expired), partial(_unpublish, expired), report.unpublished, report.problems)
    for revision in Revision.objects.filter(approved_go_live_at__lte=now).order_by("approved_go_live_at", "pk"):
        if _waits(revision, report.problems):
            continue
        _attempt(revision.object_str, partial(_publish, revision, now), report.published, report.problems)
    return report


def _waits(revision: Revision, problems: list[str]) -> bool:
    """Return whether a version is held back; it is named and tried again until somebody says the word."""
    try:
        why = held_back(revision)
    except Exception as error:  # one bad page stops no other
        why = f"{type(error).__name__}: {error}"
    if why:
        problems.append(f"{revision.object_str}: {why}")
    return bool(why)


def held_back(revision: Revision) -> str:
    """Return why a version must not be published without a person's word, and tell them; empty where it may be."""
    page = revision.as_object()
    why = page.why_wait() if hasattr(page, "why_wait") else ""
    if why:
        with transaction.atomic():
            page.publication_waits(revision)
    return why


def _attempt(name: str, act: Callable[[], None], done: list[str], problems: list[str]) -> None:
    try:
        with transaction.atomic():
            act()
    except Exception as error:  # one bad page stops no other
        problems.append(f"{name}: {type(error).__name__}: {error}")
    else:
        done.append(name)


def _expired(now: datetime) -> Iterator[Any]:
    for model in _models_with_schedule():
        yield from list(model.objects.filter(live=True, expire_at__lte=now).order_by("expire_at", "pk"))


def _models_with_schedule() -> list[Any]:
    others = [
        model for model in apps.get_models() if issubclass(model, DraftStateMixin) and not issubclass(model, Page)
    ]
    return [Page, *others]


def _unpublish(expired: Any) -> None:
    found = expired.specific if isinstance(expired, Page) else expired
    found.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")


def _publish(revision: Revision, now: datetime) -> None:
    """Publish a revision, unless an editor has taken it back since the list was read."""
    if Revision.objects.filter(pk=revision.pk, approved_go_live_at__lte=now).exists():
        revision.publish(log_action="wagtail.publish.scheduled")
