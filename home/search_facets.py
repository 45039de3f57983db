"""The facets of a search as they stand in addresses: known values, 400 for others, and how much each would leave."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, QueryDict
from django.utils.translation import get_language, get_language_info, pgettext
from django.utils.translation import gettext as _

from branches.listing import branch_choices
from branches.models import Branch
from core.active_filters import ActiveFilter
from core.models.terms import key_was_issued
from core.sites import visible_site_ids
from home.enums import HitKind
from home.search_hits import Hit

KIND, BRANCH, LANGUAGE = "kind", "branch", "language"


@dataclass(frozen=True)
class Option:
    """A value of a facet: how many hits it has, and the address that narrows the results to it.

    `is_other` where the results are narrowed to another value.
    """

    key: str
    name: str
    count: int
    address: str
    current: bool
    is_other: bool


@dataclass(frozen=True)
class Facet:
    """A question by which results are narrowed."""

    kind: str
    label: str
    options: list[Option]


@dataclass(frozen=True)
class SearchFilter:
    """What a reader narrowed a search to, by facet; `names` has the words of every value that is offered."""

    asked: dict[str, str]
    names: Mapping[str, Mapping[str, str]] = field(repr=False)

    @classmethod
    def from_request(cls, request: HttpRequest) -> SearchFilter:
        """Read the facets of an address; raise BadRequest for a value that there never was."""
        names = {
            KIND: {kind.value: str(kind.label) for kind in HitKind},
            BRANCH: dict(branch_choices(tuple(visible_site_ids(request)), get_language())),
            LANGUAGE: {code: get_language_info(code)["name_translated"] for code in settings.SITE_LANGUAGES},
        }
        asked = {kind: request.GET[kind] for kind in names if request.GET.get(kind)}
        for kind, key in asked.items():
            if key not in names[kind] and not (kind == BRANCH and key_was_issued(Branch, key)):
                raise BadRequest(_("There is no “%(key)s”.") % {"key": key[:60]})
        return cls(asked, names)

    @property
    def active(self) -> list[ActiveFilter]:
        """The facets in force, in words."""
        labels = _labels()
        return [ActiveFilter(kind, labels[kind], key, self.name(kind, key)) for kind, key in self.asked.items()]

    def name(self, kind: str, key: str) -> str:
        """Return what a value is called; a branch that is gone has but its key."""
        return self.names[kind].get(key, key)

    def lets(self, hit: Hit, *, but: str = "") -> bool:
        """Return whether the facets in force, all but one, let a hit through."""
        return not self.asked or all(key in _values(hit, kind) for kind, key in self.asked.items() if kind != but)

    def narrowed(self, hits: Sequence[Hit]) -> list[Hit]:
        """Return the hits that all facets in force let through, in their order."""
        return [hit for hit in hits if self.lets(hit)] if self.asked else list(hits)


def facets_of(hits: Sequence[Hit], filters: SearchFilter, query: QueryDict) -> list[Facet]:
    """Return the facets that lead to something else than what is shown."""
    found = (_facet(kind, label, hits, filters, query) for kind, label in _labels().items())
    return [facet for facet in found if len(facet.options) > 1 or any(one.is_other for one in facet.options)]


def _facet(kind: str, label: str, hits: Sequence[Hit], filters: SearchFilter, query: QueryDict) -> Facet:
    """Return a facet with what each value would leave beside the other facets."""
    counts = Counter(key for hit in hits if filters.lets(hit, but=kind) for key in _values(hit, kind))
    keys = [key for key in filters.names[kind] if counts[key]]
    options = [
        Option(
            key,
            filters.name(kind, key),
            counts[key],
            _address(query, kind, key),
            current=filters.asked.get(kind) == key,
            is_other=filters.asked.get(kind, key) != key,
        )
        for key in keys
    ]
    return Facet(kind, label, options)


def _values(hit: Hit, kind: str) -> Collection[str]:
    if kind == BRANCH:
        return hit.branches
    return (hit.kind if kind == KIND else hit.language,)


def _labels() -> dict[str, str]:
    return {
        KIND: pgettext("facet", "What"),
        LANGUAGE: pgettext("facet", "Language of the words"),
        BRANCH: pgettext("facet", "Branch"),
    }


def _address(query: QueryDict, kind: str, key: str) -> str:
    """Return the query of the shown address with another value of a facet, on the first page."""
    changed = query.copy()
    changed[kind] = key
    changed.pop("page", None)
    return f"?{changed.urlencode()}"
