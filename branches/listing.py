"""What readers are shown of branches: open or closed now, the week, how to get in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language

from branches.domain.branches import closure_of
from branches.maps import map_for
from branches.models import Branch, BranchFacts, BranchPage, District, Facility, Service
from branches.nearest import asked_district, distance_to, distance_words, offered_districts, place_of
from branches.opening_hours import DayHours, HoursKind, OpenState, state_at, week, with_closure
from branches.opening_words import (
    day_words,
    opening_hours_specification,
    special_opening_hours_specification,
    state_words,
    words_valid_until,
)
from core import addresses, page_cache
from core.labels import Label, label_in
from core.localtime import to_local
from core.memory import per_generation
from core.page_words import Words, words_for
from core.sites import visible_site_ids
from core.structured import without_blanks

# The kinds of hours in which people can come in.
DOORS = (HoursKind.STAFFED, HoursKind.SELF_SERVICE)


@dataclass(frozen=True)
class OpenBranch:
    """A branch as a list shows it; `distance` is that to the asked place, in words."""

    branch: Branch
    words: Words
    state: OpenState
    sentence: str
    address: str
    distance: str = ""

    @property
    def is_on_the_map(self) -> bool:
        """Whether somebody entered where it is."""
        return place_of(self.branch) is not None


@dataclass(frozen=True)
class DayRow:
    """One day of the week table."""

    day: datetime
    hours: str
    reason: Label
    today: bool


@dataclass(frozen=True)
class KindTable:
    """The week of one kind of hours; `is_door` where people can come in then."""

    label: str
    is_door: bool
    state: OpenState
    sentence: str
    days: list[DayRow]


def main_kind(facts: BranchFacts) -> HoursKind:
    """Return the kind of hours that counts as "open": with staff, else self-service, never those of the phone."""
    kinds = facts.opening_hours.kinds
    return next((kind for kind in DOORS if kind in kinds), HoursKind.STAFFED)


def address_of(facts: BranchFacts) -> str:
    """Return the postal address in the active language, in one line."""
    parts = (label_in(facts.street), " ".join(part for part in (facts.postcode, label_in(facts.town)) if part))
    return ", ".join(part for part in parts if part)


@per_generation
def public_branches(site_ids: tuple[int, ...]) -> tuple[Branch, ...]:
    """Return the sites' public branches, their hours read once."""
    return tuple(Branch.objects.public().on(site_ids))


@per_generation
def branch_names(site_ids: tuple[int, ...], language: str) -> dict[int, Words]:
    """Return the words of the sites' public branches in a language by the branch's id."""
    return words_for(public_branches(site_ids), BranchPage, language=language, only=["lead"])


@per_generation
def _terms_of(branch_id: int) -> tuple[list[Facility], list[Service]]:
    """Return the facilities and services of a branch."""
    branch = Branch(pk=branch_id)
    return list(branch.facilities.all()), list(branch.services.all())


def terms_of(facts: BranchFacts) -> tuple[list[Facility], list[Service]]:
    """Return the facilities and services of a branch, or those of a draft in a preview."""
    if isinstance(facts, Branch) and facts.pk:
        return _terms_of(facts.pk)
    return list(facts.facilities.all()), list(facts.services.all())


@per_generation
def branch_choices(site_ids: tuple[int, ...], language: str) -> list[tuple[str, str]]:
    """Return the sites' public branches as key and name, in the order of the names: what lists are narrowed to."""
    names = branch_names(site_ids, language)
    choices = [(branch.key, names[branch.pk].title) for branch in public_branches(site_ids) if branch.pk in names]
    return sorted(choices, key=lambda choice: choice[1].casefold())


def open_states(request: HttpRequest, *, now: datetime | None = None) -> list[OpenBranch]:
    """Return all public branches with what is open now, and tell the page cache how long that holds."""
    now = now or timezone.now()
    sites = tuple(visible_site_ids(request))
    words = branch_names(sites, get_language())
    found = [branch for branch in public_branches(sites) if branch.pk in words]
    rows = [_open_branch(request, branch, words[branch.pk], now) for branch in found]
    return sorted(rows, key=lambda row: (not row.branch.is_central, row.words.title))


def index_context(request: HttpRequest) -> dict:
    """Return what the list of branches shows, those nearest to the asked district first; BadRequest for no district."""
    district = asked_district(request)
    rows = open_states(request)
    located = any(row.is_on_the_map for row in rows)
    return {
        "branches": nearest_first(rows, district) if district else rows,
        "district": district,
        "districts": offered_districts(request) if located else [],
        "is_located": located,
        "map": map_for(request) if located else None,
    }


def nearest_first(rows: Iterable[OpenBranch], start: District) -> list[OpenBranch]:
    """Return the branches by their distance, those whose place nobody entered last, in the order in which they came."""
    place = place_of(start)
    measured = [(distance_to(row.branch, place) if place else None, row) for row in rows]
    measured.sort(key=lambda pair: (pair[0] is None, pair[0] or 0.0))
    return [replace(row, distance=distance_words(away)) if away is not None else row for away, row in measured]


def _open_branch(request: HttpRequest, branch: Branch, words: Words, now: datetime) -> OpenBranch:
    state, sentence = state_sentence(request, branch, main_kind(branch), now)
    return OpenBranch(branch=branch, words=words, state=state, sentence=sentence, address=address_of(branch))


def state_sentence(request: HttpRequest, facts: BranchFacts, kind: HoursKind, now: datetime) -> tuple[OpenState, str]:
    """Return whether a kind of hours is open and the sentence that says so."""
    hours, zone, closure = facts.opening_hours, facts.zoneinfo, closure_of(facts)
    state = state_at(hours, kind, now, zone, closure)
    page_cache.limit(request, words_valid_until(hours, now, zone, closure))
    return state, state_words(state, now, zone)


def branch_context(page: BranchPage, facts: BranchFacts, request: HttpRequest) -> dict:
    """Return what a branch page shows beside its words."""
    now = timezone.now()
    tables = [_table(request, facts, kind, now) for kind in HoursKind if kind in facts.opening_hours.kinds]
    facilities, services = terms_of(facts)
    return {
        "hours": tables,
        "open_now": next((table for table in tables if table.is_door), None),
        "address": address_of(facts),
        "coming_exceptions": _coming(facts, now),
        "closure": closure_in_force(facts, now),
        "access": [facility for facility in facilities if facility.accessibility],
        "facilities": [facility for facility in facilities if not facility.accessibility],
        "services": services,
        "map": map_for(request) if place_of(facts) else None,
        "json_ld": library_data(page, facts, request, now),
    }


def _table(request: HttpRequest, facts: BranchFacts, kind: HoursKind, now: datetime) -> KindTable:
    today = to_local(now, facts.zoneinfo).date()
    monday = today - timedelta(days=today.weekday())
    state, sentence = state_sentence(request, facts, kind, now)
    days = [_row(day, today) for day in week(facts.opening_hours, kind, monday)]
    return KindTable(label=kind.label, is_door=kind in DOORS, state=state, sentence=sentence, days=days)


def _row(hours: DayHours, today) -> DayRow:
    reason = hours.exception.reason if hours.exception else {}
    return DayRow(day=hours.day, hours=day_words(hours.intervals), reason=reason, today=hours.day == today)


def closure_in_force(facts: BranchFacts, now: datetime) -> dict | None:
    """Return until when an emergency closes the branch, in its local time, and why; None where nothing does."""
    closure = closure_of(facts)
    if closure is None or closure.until is None or not closure.is_in_force(now):
        return None
    return {"until": to_local(closure.until, facts.zoneinfo), "zone": facts.zone, "reason": closure.reason}


def _coming(facts: BranchFacts, now: datetime) -> list[dict]:
    today = to_local(now, facts.zoneinfo).date()
    coming = [one for one in facts.opening_hours.exceptions if one.last >= today]
    return [
        {
            "first": one.first,
            "last": one.last,
            "hours": day_words(one.hours),
            "reason": one.reason,
            # What holds for the telephone alone says so: the door may be open.
            "kind": one.kind.label if one.kind and len(facts.opening_hours.kinds) > 1 else "",
        }
        for one in sorted(coming, key=lambda one: one.first)
    ]


def library_data(page: BranchPage, facts: BranchFacts, request: HttpRequest, now: datetime) -> dict:
    """Return the branch as schema.org Library."""
    zone: ZoneInfo = facts.zoneinfo
    kind = main_kind(facts)
    special = with_closure(facts.opening_hours, kind, closure_of(facts), now, zone)
    data = {
        "@context": "https://schema.org",
        "@type": "Library",
        "name": page.title,
        "url": request.build_absolute_uri(addresses.path_in(page, page.words_language)),
        "address": {
            "@type": "PostalAddress",
            "streetAddress": label_in(facts.street),
            "addressLocality": label_in(facts.town),
            "postalCode": facts.postcode,
        },
        "telephone": [block.value["number"] for block in facts.phones],
        "email": [block.value["address"] for block in facts.mails],
        "openingHoursSpecification": opening_hours_specification(facts.opening_hours, kind),
        "specialOpeningHoursSpecification": special_opening_hours_specification(
            special, kind, to_local(now, zone).date()
        ),
    }
    if facts.latitude is not None and facts.longitude is not None:
        data["geo"] = {
            "@type": "GeoCoordinates",
            "latitude": float(facts.latitude),
            "longitude": float(facts.longitude),
        }
    return without_blanks(data)
