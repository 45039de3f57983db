"""The facts of a record read as a person would say them."""

from datetime import UTC, date, datetime, time

import pytest
from django.utils import translation

from core.fact_list import facts_of
from core.models import Audience

pytestmark = pytest.mark.django_db


def _facts(page) -> dict[str, str]:
    return dict(facts_of(type(page).objects.get(pk=page.pk).record))


def test_event_facts_are_words_and_nothing_empty_is_shown(library):
    library.terms()
    branch = library.branch(title="Old Mill")
    page = library.event(
        starts_on=date(2030, 1, 8),
        starts_at=time(18),
        ends_at=None,
        branch=branch.record,
        repeat="weekly",
        repeat_on=["TU", "TH"],
        left_out=[("date", date(2030, 1, 15))],
        added=[("date", {"date": date(2030, 2, 1), "starts": time(10), "ends": None, "place": {"en": "Fair"}})],
        room={"en": "Hall", "uk": "Зала"},
        held_in=["en", "uk"],
        audiences=list(Audience.objects.all()),
        is_free=False,
    )

    assert facts_of(page.record) == [
        ("First day", "Tuesday, 8 January 2030"),
        ("Starts at", "18:00"),
        ("Repeats", "every week"),
        ("On", "Tuesday, Thursday"),
        ("Dates left out", "Tuesday, 15 January 2030"),
        ("Further dates", "Friday, 1 February 2030, 10:00, Fair"),
        ("Branch", "Old Mill"),
        ("Room", "Hall"),
        ("Format", "on site"),
        ("Held in", "English, Ukrainian"),
        ("Free of charge", "no"),
        ("Registration", "no registration, just come"),
        ("Audiences", "Adults, Children"),
    ]


def test_facts_are_in_the_language_of_the_reader(library):
    page = library.event(room={"en": "Hall", "uk": "Зала"})

    with translation.override("uk"):
        assert "Зала" in [text for _label, text in facts_of(page.record)]


def test_lists_have_a_line_for_each_part(library):
    page = library.branch(
        phones=[("phone", {"kind": "general", "number": "+380 1"}), ("phone", {"kind": "office", "number": "+380 2"})],
    )

    assert _facts(page)["Phones"] == "General, +380 1\nAdministration, +380 2"


def test_field_that_says_how_it_reads_is_asked(library, monkeypatch):
    page = library.branch()
    field = type(page.record)._meta.get_field("hours")
    monkeypatch.setattr(type(field), "value_as_text", lambda self, value: f"{len(value['kinds'])} kind", raising=False)

    assert _facts(page)["Opening hours"] == "1 kind"


def test_moment_is_shown_in_local_time(library):
    page = library.article(date=datetime(2025, 11, 23, 23, 30, tzinfo=UTC))

    assert _facts(page)["Date"] == "24 November 2025, 01:30"
