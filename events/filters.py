"""The filters of lists and feeds as they stand in addresses: known keys, 400 for a key never issued."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Self

from django.core.exceptions import BadRequest
from django.db.models import Exists, OuterRef, Q
from django.http import QueryDict
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from branches.models import Branch
from events.domain.keys import never_issued
from events.models import Event, FilterKind

# Stands between several keys in one value; no key holds it.
COMMA = ","
# More than anybody ticks; so long an address no calendar keeps.
MOST_KEYS = 60


@dataclass(frozen=True)
class EventFilter:
    """What a reader narrowed a list or a feed to: public keys, any of a kind, and something of each kind.

    The keys of a kind have one order, whatever the one in which they were asked for: equal filters are equal.
    """

    branch: tuple[str, ...] = ()
    audience: tuple[str, ...] = ()
    topic: tuple[str, ...] = ()
    held_in: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for kind in FilterKind:
            object.__setattr__(self, kind.value, tuple(sorted(set(getattr(self, kind.value)))))

    @classmethod
    def from_query(cls, query: QueryDict) -> Self:
        """Read the filters of an address; raise BadRequest for a key that was never issued."""
        return cls(**read_keys(query))

    @property
    def active(self) -> dict[str, tuple[str, ...]]:
        """The filters that narrow anything."""
        return {kind.value: getattr(self, kind.value) for kind in FilterKind if getattr(self, kind.value)}

    @property
    def query(self) -> str:
        """The filters as they stand in addresses, the same for equal ones."""
        return urlencode(self.active, doseq=True)

    def __bool__(self) -> bool:
        return bool(self.active)


def read_keys(query: QueryDict) -> dict[str, tuple[str, ...]]:
    """Return the keys of each kind in a query; raise BadRequest for one that was never issued."""
    return issued_keys({kind.value: query.getlist(kind.value) for kind in FilterKind})


def issued_keys(asked: dict[str, list[str]]) -> dict[str, tuple[str, ...]]:
    """Return the asked keys by kind, several in one value taken apart; raise BadRequest for one never issued."""
    found = {kind: tuple(filter(None, COMMA.join(values).split(COMMA))) for kind, values in asked.items()}
    for kind, keys in found.items():
        if len(set(keys)) > MOST_KEYS:
            raise BadRequest(_("These are too many filters. Take some away."))
        if unknown := never_issued(FilterKind(kind), keys):
            raise BadRequest(_("There is no “%(key)s”.") % {"key": unknown[0][:60]})
    return found


def condition(kind: str, keys: Collection[str], *, to_date: str = "") -> Q:
    """Return what a filter asks of a date: any of the keys.

    `to_date` leads from the rows to it, such as "occurrence__".
    """
    if kind == FilterKind.BRANCH:
        return Q(**_any_of(f"{to_date}branch__key", keys))
    event = OuterRef(f"{to_date}event")
    if kind == FilterKind.HELD_IN:
        spoken = reduce(or_, (Q(held_in__contains=key) for key in keys))
        return Q(Exists(Event.objects.filter(spoken, pk=event)))
    through = {FilterKind.AUDIENCE: Event.audiences.through, FilterKind.TOPIC: Event.topics.through}[FilterKind(kind)]
    return Q(Exists(through.objects.filter(event=event, **_any_of(f"{kind}__key", keys))))


def _any_of(path: str, keys: Collection[str]) -> dict[str, str | Sequence[str]]:
    # For one key alone databases have the better plans.
    return {path: next(iter(keys))} if len(keys) == 1 else {f"{path}__in": list(keys)}


def narrowed(occurrences, filters: EventFilter, *, few: bool = False):
    """Return the dates that all filters let through; `few` if they are found faster than all dates of a branch."""
    for kind, keys in filters.active.items():
        if few and kind == FilterKind.BRANCH:
            here = Branch.objects.filter(pk=OuterRef("branch"), **_any_of("key", keys))
            occurrences = occurrences.filter(Exists(here))
        else:
            occurrences = occurrences.filter(condition(kind, keys))
    return occurrences
