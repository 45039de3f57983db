"""Public keys of branches and terms: one that a reader could follow answers for ever and is given to nothing else."""

from __future__ import annotations

from collections.abc import Collection

from django.conf import settings
from django.db import models

from branches.models import Branch
from core.models import Audience, Term, Topic
from events.models.occurrence import FilterKind, IssuedKey

TERMS: dict[FilterKind, type[Term]] = {FilterKind.AUDIENCE: Audience, FilterKind.TOPIC: Topic}
KINDS: dict[type[models.Model], FilterKind] = {
    Branch: FilterKind.BRANCH,
    **{term: kind for kind, term in TERMS.items()},
}


def remember_key(kind: FilterKind, key: str) -> None:
    """Let a key answer from now on, whatever becomes of what it names."""
    IssuedKey.objects.get_or_create(kind=kind, key=key)


def never_issued(kind: FilterKind, keys: Collection[str]) -> list[str]:
    """Return the keys that no reader could ever meet, such as that of a branch which never was public.

    Two queries for any number.
    """
    if kind == FilterKind.HELD_IN:
        return [key for key in keys if key not in settings.ALL_LANGUAGES]
    there = Branch.objects.public() if kind == FilterKind.BRANCH else TERMS[kind].objects.all()
    unknown = _without(keys, there)
    return _without(unknown, IssuedKey.objects.filter(kind=kind)) if unknown else []


def _without(keys: Collection[str], records: models.QuerySet) -> list[str]:
    found = set(records.filter(key__in=keys).values_list("key", flat=True)) if keys else set()
    return [key for key in keys if key not in found]


def is_taken(model: type[models.Model], key: str) -> bool:
    """Return whether the key belonged to a term of this kind that is gone, or to a branch that was public."""
    kind = KINDS.get(model)
    return kind is not None and IssuedKey.objects.filter(kind=kind, key=key).exists()
