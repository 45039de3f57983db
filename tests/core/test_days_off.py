"""Days off: public holidays by country, together with the network's own list."""

from datetime import date

import pytest

from core.days_off import days_off, knows, public_holidays
from core.models import Network

pytestmark = pytest.mark.django_db


def own(**value):
    return ("day", {"name": {}, "last": None, "every_year": False, "works": False} | value)


def found(library, first, last, language="en"):
    return days_off(library.site, first, last, language=language)


def network(library, **fields):
    Network.objects.update_or_create(site=library.site, defaults=fields)


def test_public_holidays_are_those_of_the_country_in_the_asked_language(library):
    network(library, country="MK")

    assert found(library, date(2027, 1, 1), date(2027, 1, 6), "mk") == {date(2027, 1, 1): "Нова Година"}
    assert found(library, date(2027, 1, 1), date(2027, 1, 6), "uk") == {date(2027, 1, 1): "Новий рік"}
    assert list(found(library, date(2027, 1, 1), date(2027, 1, 1), "xx")) == [date(2027, 1, 1)]


def test_ukraine_has_none_by_law_and_so_lives_by_its_own_list(library):
    network(
        library,
        country="UA",
        days_off=[own(name={"uk": "Санітарний день"}, first=date(2027, 3, 31))],
    )

    assert public_holidays("UA", 2027) == {}
    assert found(library, date(2027, 1, 1), date(2027, 12, 31), "uk") == {date(2027, 3, 31): "Санітарний день"}


def test_own_list_knows_periods_every_year_and_holidays_on_which_the_doors_are_open(library):
    network(
        library,
        country="MK",
        days_off=[
            own(name={"en": "Winter"}, first=date(2026, 12, 30), last=date(2027, 1, 2), every_year=True),
            own(first=date(2027, 1, 1), works=True),
            own(name={"en": "Leap"}, first=date(2024, 2, 29), every_year=True),
        ],
    )

    winter = found(library, date(2026, 12, 29), date(2027, 1, 6))
    assert list(winter) == [date(2026, 12, 30), date(2026, 12, 31), date(2027, 1, 2)]
    assert date(2030, 1, 2) in found(library, date(2030, 1, 1), date(2030, 1, 3))
    assert date(2028, 2, 29) in found(library, date(2028, 2, 1), date(2028, 3, 1))
    assert found(library, date(2027, 2, 20), date(2027, 3, 2)) == {}


@pytest.mark.parametrize(("language", "name"), [("en", "New Year's Day"), ("ru", "Нова Година"), ("", "Нова Година")])
def test_names_do_not_follow_the_language_of_the_machine(monkeypatch, language, name):
    for machine in ("C", "uk_UA.UTF-8", "en_US.UTF-8"):
        for variable in ("LANG", "LANGUAGE", "LC_ALL"):
            monkeypatch.setenv(variable, machine)
        assert public_holidays("MK", 2027, language)[date(2027, 1, 1)] == name, machine


@pytest.mark.parametrize("country", ["", "XX", "ua", "U"])
def test_country_that_is_not_known_has_no_holidays(library, country):
    network(library, country=country)

    assert (knows(country), found(library, date(2027, 1, 1), date(2027, 12, 31))) == (False, {})
