"""The filters of lists and feeds as they stand in addresses: known keys, 400 for a key never issued."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import BadRequest
from django.db.models import Exists, OuterRef, Q
from django.http import QueryDict
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from branches.models import Branch
from events.domain.keys import never_issued
from events.models import Event, FilterKind

Keys = tuple[str, ...]
# More than anybody ticks; so long an address no calendar keeps.
MOST_KEYS = 60


@dataclass(frozen=True)
class EventFilter:
    """What a reader narrowed a list or a feed to: public keys, either of those of a kind, and all kinds together.

    Keys are sorted and each stands once, so that what means the same is the same.
    """

    branch: Keys = ()
    audience: Keys = ()
    topic: Keys = ()
    held_in: Keys = ()

    @classmethod
    def from_query(cls, query: QueryDict) -> EventFilter:
        """Read the filters of an address; raise BadRequest for a key that was never issued."""
        return cls(**read_keys(query))

    @property
    def active(self) -> dict[str, Keys]:
        """The filters that narrow anything."""
        return {kind.value: getattr(self, kind.value) for kind in FilterKind if getattr(self, kind.value)}

    @property
    def query(self) -> str:
        """The filters that feeds know, as they stand in addresses."""
        return urlencode(self.active, doseq=True)

    def __bool__(self) -> bool:
        return bool(self.active)


def read_keys(query: QueryDict) -> dict[str, Keys]:
    """Return the keys of each kind, which may be repeated (`branch=a&branch=b`) or listed (`branch=a,b`)."""
    found = {}
    for kind in FilterKind:
        keys = sorted({key for value in query.getlist(kind.value) for key in value.split(",") if key})
        if len(keys) > MOST_KEYS:
            raise BadRequest(_("These are too many filters. Take some away."))
        if unknown := never_issued(kind, keys):
            raise BadRequest(_("There is no “%(key)s”.") % {"key": unknown[0][:60]})
        found[kind.value] = tuple(keys)
    return found


def condition(kind: str, keys: Sequence[str], *, to_date: str = "") -> Q:
    """Return what a filter asks of a date; `to_date` leads from the rows to it, such as "occurrence__"."""
    one_of = {"": keys[0]} if len(keys) == 1 else {"__in": list(keys)}
    if kind == FilterKind.BRANCH:
        return Q(**{f"{to_date}branch__key{suffix}": value for suffix, value in one_of.items()})
    event = OuterRef(f"{to_date}event")
    if kind == FilterKind.HELD_IN:
        either = Q()
        for key in keys:
            either |= Q(held_in__contains=key)
        return Q(Exists(Event.objects.filter(either, pk=event)))
    through = {FilterKind.AUDIENCE: Event.audiences.through, FilterKind.TOPIC: Event.topics.through}[FilterKind(kind)]
    keyed = {f"{kind}__key{suffix}": value for suffix, value in one_of.items()}
    return Q(Exists(through.objects.filter(event=event, **keyed)))


def narrowed(occurrences, filters: EventFilter, *, few: bool = False):
    """Return the dates that all filters let through; `few` if they are found faster than all dates of a branch."""
    for kind, keys in filters.active.items():
        # Of several branches the database may as well walk along the dates.
        if kind == FilterKind.BRANCH and (few or len(keys) > 1):
            occurrences = occurrences.filter(Exists(Branch.objects.filter(pk=OuterRef("branch"), key__in=keys)))
        else:
            occurrences = occurrences.filter(condition(kind, keys))
    return occurrences
