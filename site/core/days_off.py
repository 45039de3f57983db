"""Days off: the public holidays of a network's country, together with the network's own list."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import holidays
from wagtail.models import Site

from core.labels import label_in
from core.memory import per_generation
from core.models import Network
from core.sites import network_of

DaysOff = dict[date, str]
# A period in the list is never longer than this: summer holidays, a long repair.
LONGEST = 400
ENGLISH = ("en", "en_US", "en_GB")


def days_off(site: Site, first: date, last: date, *, language: str) -> DaysOff:
    """Return the days off between two days, both included, each with its name in a language as far as that is known."""
    found: DaysOff = {}
    for year in range(first.year, last.year + 1):
        found |= _of_year(site.pk, year, language)
    return {day: name for day, name in found.items() if first <= day <= last}


@per_generation
def _of_year(site_id: int, year: int, language: str) -> DaysOff:
    network = network_of(Site.objects.get(pk=site_id))
    found = public_holidays(network.country, year, language)
    for day, name, works in sorted(_own_days(network, year, language), key=lambda one: one[2]):
        if works:
            found.pop(day, None)
        else:
            found[day] = name
    return found


def public_holidays(country: str, year: int, language: str = "") -> DaysOff:
    """Return the public holidays of a country that is known, in its own language where there are no other names."""
    if not knows(country):
        return {}
    known = holidays.country_holidays(country, years=[])
    # Said in any case: the library would else follow the language of the machine.
    names = ENGLISH if language == "en" else (language,)
    told = next((one for one in names if one in known.supported_languages), known.default_language)
    return dict(holidays.country_holidays(country, years=year, language=told).items())


def knows(country: str) -> bool:
    """Return whether the public holidays of a country are known."""
    return country in holidays.list_supported_countries()


def _own_days(network: Network, year: int, language: str) -> Iterator[tuple[date, str, bool]]:
    """Yield each day of the network's own list that falls into a year, its name, and whether the library works."""
    for block in network.days_off:
        value = block.value
        first, last = value["first"], value["last"] or value["first"]
        if not first:
            continue
        name = label_in(value["name"] or {}, language)
        length = min((last - first).days, LONGEST)
        # A period of every year may begin in the year before.
        starts = [_in_year(first, each) for each in (year - 1, year)] if value["every_year"] else [first]
        for start in starts:
            for number in range(length + 1) if start else ():
                day = start + timedelta(days=number)
                if day.year == year:
                    yield day, name, bool(value["works"])


def _in_year(day: date, year: int) -> date | None:
    """Return the same day of another year; there is none of 29 February in most."""
    try:
        return day.replace(year=year)
    except ValueError:
        return None
