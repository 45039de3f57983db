"""Which branch is nearest to a district that the reader names; the place of a device stays in the browser."""

from __future__ import annotations

from django.core.exceptions import BadRequest
from django.http import HttpRequest
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from branches.distances import Place, kilometres_between, rounded
from branches.models import BranchFacts, District
from core.memory import per_generation
from core.sites import visible_site_ids


@per_generation
def known_districts(site_ids: tuple[int, ...]) -> tuple[District, ...]:
    """Return the districts of the sites, in their order, those that are no longer offered among them."""
    return tuple(District.objects.for_sites(site_ids))


def offered_districts(request: HttpRequest) -> list[District]:
    """Return the districts from which readers of this site choose."""
    return [district for district in _known(request) if not district.retired]


def asked_district(request: HttpRequest) -> District | None:
    """Return the district that the address names, None for none; raise BadRequest for one that there isn't."""
    key = request.GET.get("near", "")
    if not key:
        return None
    found = next((district for district in _known(request) if district.key == key), None)
    if found is None:
        raise BadRequest(_("There is no “%(key)s”.") % {"key": key[:60]})
    return found


def _known(request: HttpRequest) -> tuple[District, ...]:
    return known_districts(tuple(visible_site_ids(request)))


def place_of(facts: BranchFacts | District) -> Place | None:
    """Return where something is, None where nobody entered it."""
    if facts.latitude is None or facts.longitude is None:
        return None
    return Place(float(facts.latitude), float(facts.longitude))


def distance_to(facts: BranchFacts, start: Place) -> float | None:
    """Return how many kilometres a branch is from a place, None where its own place is not known."""
    there = place_of(facts)
    return kilometres_between(start, there) if there else None


def distance_words(kilometres: float) -> str:
    """Return a distance in words of the active language: "350 m", "1.2 km", "14 km"."""
    distance = rounded(kilometres)
    number = number_format(distance.number, distance.decimals, use_l10n=True)
    if distance.is_metres:
        return pgettext("distance", "{number} m").format(number=number)
    return pgettext("distance", "{number} km").format(number=number)
