"""The filters of lists and feeds as they stand in addresses: known keys, 400 for a key never issued."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import QueryDict
from django.utils.translation import gettext as _

from branches.models import Branch
from core.models import Audience, Topic
from events.models.occurrence import FilterKind


@dataclass(frozen=True)
class EventFilter:
    """What a reader narrowed a list or a feed to; each value is a public key."""

    branch: str = ""
    audience: str = ""
    topic: str = ""
    held_in: str = ""
    names: dict[str, str] = field(default_factory=dict, hash=False, compare=False)

    @classmethod
    def from_query(cls, query: QueryDict) -> EventFilter:
        """Read the filters of an address; raise BadRequest for a key that was never issued."""
        values = {kind.value: query.get(kind.value, "") for kind in FilterKind}
        for kind, key in values.items():
            if key and not _was_issued(kind, key):
                raise BadRequest(_("There is no “%(key)s”.") % {"key": key[:60]})
        return cls(**values)

    @property
    def active(self) -> dict[str, str]:
        """The filters that narrow anything."""
        return {kind.value: getattr(self, kind.value) for kind in FilterKind if getattr(self, kind.value)}

    def __bool__(self) -> bool:
        return bool(self.active)


def _was_issued(kind: str, key: str) -> bool:
    if kind == FilterKind.HELD_IN:
        return key in settings.ALL_LANGUAGES
    model = {FilterKind.BRANCH: Branch, FilterKind.AUDIENCE: Audience, FilterKind.TOPIC: Topic}[FilterKind(kind)]
    return model.objects.filter(key=key).exists()


def conditions(filters: EventFilter):
    """Return the condition on dates for each active filter."""
    from django.db.models import Q

    found = {}
    for kind, key in filters.active.items():
        found[kind] = {
            FilterKind.BRANCH: Q(branch__key=key),
            FilterKind.AUDIENCE: Q(event__audiences__key=key),
            FilterKind.TOPIC: Q(event__topics__key=key),
            FilterKind.HELD_IN: Q(event__held_in__contains=key),
        }[FilterKind(kind)]
    return found


def narrowed(occurrences, filters: EventFilter):
    """Return the dates that all filters let through."""
    for condition in conditions(filters).values():
        occurrences = occurrences.filter(condition)
    return occurrences
