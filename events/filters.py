"""The filters of lists and feeds as they stand in addresses: known keys, 400 for a key never issued."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.core.exceptions import BadRequest
from django.db.models import Exists, OuterRef, Q
from django.http import QueryDict
from django.utils.translation import gettext as _

from branches.models import Branch
from events.domain.keys import was_issued
from events.models import Event, FilterKind


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
            if key and not was_issued(FilterKind(kind), key):
                raise BadRequest(_("There is no “%(key)s”.") % {"key": key[:60]})
        return cls(**values)

    @property
    def active(self) -> dict[str, str]:
        """The filters that narrow anything."""
        return {kind.value: getattr(self, kind.value) for kind in FilterKind if getattr(self, kind.value)}

    def __bool__(self) -> bool:
        return bool(self.active)


def condition(kind: str, key: str, *, to_date: str = "") -> Q:
    """Return what a filter asks of a date; `to_date` leads from the rows to it, such as "occurrence__"."""
    if kind == FilterKind.BRANCH:
        return Q(**{f"{to_date}branch__key": key})
    event = OuterRef(f"{to_date}event")
    if kind == FilterKind.HELD_IN:
        return Q(Exists(Event.objects.filter(pk=event, held_in__contains=key)))
    through = {FilterKind.AUDIENCE: Event.audiences.through, FilterKind.TOPIC: Event.topics.through}[FilterKind(kind)]
    return Q(Exists(through.objects.filter(**{"event": event, f"{kind}__key": key})))


def narrowed(occurrences, filters: EventFilter, *, few: bool = False):
    """Return the dates that all filters let through; `few` if they are found faster than all dates of a branch."""
    for kind, key in filters.active.items():
        if few and kind == FilterKind.BRANCH:
            occurrences = occurrences.filter(Exists(Branch.objects.filter(pk=OuterRef("branch"), key=key)))
        else:
            occurrences = occurrences.filter(condition(kind, key))
    return occurrences
