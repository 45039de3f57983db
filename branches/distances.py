"""How far it is from one place to another as the crow flies; knows no database and no language."""

from __future__ import annotations

from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

EARTH_RADIUS_KM = 6371.0088  # the mean radius (IUGG)
STEP_METRES = 50


@dataclass(frozen=True)
class Place:
    """A point on the earth in degrees (WGS 84)."""

    latitude: float
    longitude: float


@dataclass(frozen=True)
class Rounded:
    """A distance as exact as people say it; `decimals` is the number of its digits behind the point."""

    number: float
    is_metres: bool
    decimals: int


def kilometres_between(one: Place, other: Place) -> float:
    """Return the length of the great circle between two places (haversine formula)."""
    first, second = radians(one.latitude), radians(other.latitude)
    across = sin((second - first) / 2) ** 2
    along = sin(radians(other.longitude - one.longitude) / 2) ** 2
    # Rounding may lift the root above 1 for two ends of the earth.
    return 2 * EARTH_RADIUS_KM * asin(min(1.0, sqrt(across + cos(first) * cos(second) * along)))


def rounded(kilometres: float) -> Rounded:
    """Return metres in steps of 50 below a kilometre, tenths of a kilometre below ten, then whole kilometres."""
    steps = int(kilometres * 1000 / STEP_METRES + 0.5)
    if steps * STEP_METRES < 1000:
        return Rounded(max(steps, 1) * STEP_METRES, is_metres=True, decimals=0)
    tenths = int(kilometres * 10 + 0.5)
    if tenths < 100:
        return Rounded(tenths / 10, is_metres=False, decimals=1)
    return Rounded(int(kilometres + 0.5), is_metres=False, decimals=0)
