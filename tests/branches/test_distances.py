"""How far it is: the great circle, and as exact as people say it."""

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from branches.distances import EARTH_RADIUS_KM, Place, Rounded, kilometres_between, rounded
from branches.nearest import distance_words

places = st.builds(Place, st.floats(-90, 90), st.floats(-180, 180))


@pytest.mark.parametrize(
    ("one", "other", "kilometres"),
    [
        (Place(50.4501, 30.5234), Place(49.8397, 24.0297), 467.5),  # Kyiv to Lviv
        (Place(41.9981, 21.4254), Place(41.1171, 20.8016), 110.9),  # Skopje to Ohrid
        (Place(0, 179.5), Place(0, -179.5), 111.2),  # across the date line
        (Place(90, 0), Place(90, 123), 0.0),  # all meridians meet there
        (Place(49.5, 31.5), Place(49.5, 31.5), 0.0),
    ],
)
def test_distance_is_that_of_the_great_circle(one, other, kilometres):
    assert kilometres_between(one, other) == pytest.approx(kilometres, abs=0.1)


@given(places, places)
def test_distance_is_the_same_both_ways_and_at_most_half_around_the_earth(one, other):
    there, back = kilometres_between(one, other), kilometres_between(other, one)

    assert there == pytest.approx(back, abs=1e-6)
    assert 0 <= there <= EARTH_RADIUS_KM * 3.14160


@pytest.mark.parametrize(
    ("kilometres", "said"),
    [
        (0.0, Rounded(50, is_metres=True, decimals=0)),
        (0.074, Rounded(50, is_metres=True, decimals=0)),
        (0.075, Rounded(100, is_metres=True, decimals=0)),
        (0.974, Rounded(950, is_metres=True, decimals=0)),
        (0.975, Rounded(1.0, is_metres=False, decimals=1)),
        (1.24, Rounded(1.2, is_metres=False, decimals=1)),
        (9.94, Rounded(9.9, is_metres=False, decimals=1)),
        (9.96, Rounded(10, is_metres=False, decimals=0)),
        (468.6, Rounded(469, is_metres=False, decimals=0)),
    ],
)
def test_distance_is_rounded_as_people_say_it(kilometres, said):
    assert rounded(kilometres) == said


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ["350 m", "1.2 km", "14 km"]),
        ("uk", ["350 м", "1,2 км", "14 км"]),
        ("ru", ["350 м", "1,2 км", "14 км"]),
        ("mk", ["350 м", "1,2 км", "14 км"]),
    ],
)
def test_distance_is_said_in_the_numbers_of_the_language(language, said):
    with translation.override(language):
        assert [distance_words(kilometres) for kilometres in (0.35, 1.2, 14.3)] == said
