"""What a country says about a library in it: its time zones and the languages that its site is likely to have."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from zoneinfo import available_timezones

# Of the languages that the site speaks, those of a country's readers, the first first; any other country has English.
LANGUAGES = {
    "BY": ("ru", "en"),
    "KG": ("ru", "en"),
    "KZ": ("ru", "en"),
    "MD": ("ru", "en"),
    "MK": ("mk", "en"),
    "RU": ("ru", "en"),
    "UA": ("uk", "en"),
}
# Where most people of a country with several zones live.
USUAL_ZONES = {"KZ": "Asia/Almaty", "RU": "Europe/Moscow", "UA": "Europe/Kyiv"}
# Old names that lists of zones still give.
RENAMED = {"Europe/Kiev": "Europe/Kyiv"}


@cache
def country_names() -> dict[str, str]:
    """Return the English name of every country by its two letters (ISO 3166, as the time zone data have it)."""
    return {fields[0]: fields[1] for fields in _table("iso3166.tab")}


@cache
def _zones() -> dict[str, list[str]]:
    known, zones = available_timezones(), {}
    for fields in _table("zone.tab"):
        name = RENAMED.get(fields[2], fields[2])
        if name in known:
            zones.setdefault(fields[0], []).append(name)
    return zones


def zones_of(country: str) -> list[str]:
    """Return the time zones of a country."""
    return _zones().get(country, [])


def usual_zone(country: str) -> str:
    """Return the time zone to propose in a country; empty where there are several and none is the usual one."""
    zones = zones_of(country)
    return USUAL_ZONES.get(country, zones[0] if len(zones) == 1 else "")


def languages_of(country: str) -> list[str]:
    """Return the languages to propose for a site in a country, the first first."""
    return list(LANGUAGES.get(country, ("en",)))


def country_of(text: str) -> str:
    """Return the two letters of a country given by them or by its English name; empty for what is none."""
    wanted = text.strip()
    if wanted.upper() in country_names():
        return wanted.upper()
    return next((code for code, name in country_names().items() if name.casefold() == wanted.casefold()), "")


def _table(name: str) -> list[list[str]]:
    lines = (files("tzdata") / "zoneinfo" / name).read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]
