"""Templates show times as `<time>` with words of the language and a value for machines."""

from datetime import UTC, date, datetime

import pytest
from django.template import Context, Template
from django.utils import timezone, translation

from core.templatetags import times
from events.months import Month
from tests.core.test_date_words import Span


@pytest.fixture(autouse=True)
def _now(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 11, 22, 10, tzinfo=UTC))


def _shown(text: str, **context) -> str:
    return Template("{% load times %}" + text).render(Context(context))


def test_day_is_shown_with_its_value():
    assert _shown("{% date_of day weekday=True %}", day=date(2026, 11, 24)) == (
        '<time datetime="2026-11-24">Tuesday, 24 November</time>'
    )


def test_moment_is_shown_as_the_local_day_of_the_zone():
    with timezone.override("Europe/Kyiv"):
        assert _shown("{% date_of moment %}", moment=datetime(2026, 11, 23, 23, 30, tzinfo=UTC)) == (
            '<time datetime="2026-11-24">24 November</time>'
        )


def test_period_is_shown_as_two_values():
    assert _shown("{% date_range first last %}", first=date(2026, 12, 24), last=date(2027, 1, 2)) == (
        '<time datetime="2026-12-24">24 December</time> – <time datetime="2027-01-02">2 January 2027</time>'
    )


def test_occurrence_is_shown_in_full_and_below_its_day():
    span = Span(datetime(2026, 11, 24, 17, 30), datetime(2026, 11, 24, 19))

    assert _shown("{% occurrence_when span %}", span=span) == (
        '<time datetime="2026-11-24T17:30+02:00">Tuesday, 24 November, 17:30</time>'
        '–<time datetime="2026-11-24T19:00+02:00">19:00</time>'
    )
    assert _shown("{% occurrence_times span %}", span=span) == (
        '<time datetime="2026-11-24T17:30+02:00">17:30</time>–<time datetime="2026-11-24T19:00+02:00">19:00</time>'
    )


def test_leaf_is_read_once_and_in_words():
    with translation.override("uk"):
        shown = _shown('{% leaf day %}{% leaf day "large" %}', day=date(2026, 11, 24))

    assert shown == (
        '<time class="leaf" datetime="2026-11-24"><span class="visually-hidden">Вівторок, 24 листопада</span>'
        '<span class="leaf-weekday" aria-hidden="true">Вт</span><span class="leaf-day" aria-hidden="true">24</span>'
        '<span class="leaf-month" aria-hidden="true">лис</span></time>'
        '<time class="leaf leaf-large" datetime="2026-11-24">'
        '<span class="visually-hidden">Вівторок, 24 листопада</span>'
        '<span class="leaf-weekday" aria-hidden="true">Вт</span><span class="leaf-day" aria-hidden="true">24</span>'
        '<span class="leaf-month" aria-hidden="true">листопада</span></time>'
    )


def test_month_is_shown_in_the_nominative_for_whatever_has_a_month():
    with translation.override("uk"):
        shown = [_shown("{% month_name month %}", month=month) for month in (Month(2026, 11), datetime(2026, 11, 1))]

    assert shown == ['<time datetime="2026-11">листопад 2026</time>'] * 2


def test_day_of_a_grid_has_a_number_and_words():
    assert _shown("{% day_cell day day %}", day=date(2026, 11, 24)) == (
        '<time datetime="2026-11-24"><span class="day-number" aria-hidden="true">24</span>'
        '<span class="day-words">Tuesday, 24 November</span></time>'
    )


def test_clock_shows_a_time_with_its_moment():
    assert _shown("{% clock local 'Europe/Skopje' %}", local=datetime(2026, 11, 24, 9)) == (
        '<time datetime="2026-11-24T09:00+01:00">09:00</time>'
    )


def test_planned_start_of_a_moved_date_is_shown_without_its_end():
    class Moved:
        planned_start = datetime(2026, 11, 24, 18)
        zone = "Europe/Kyiv"
        all_day = False

    assert _shown("{% planned_when date %}", date=Moved) == (
        '<time datetime="2026-11-24T18:00+02:00">Tuesday, 24 November, 18:00</time>'
    )


def test_keys_for_addresses_and_sitemaps():
    moment = datetime(2026, 1, 2, 3, 4, 5, 678, tzinfo=UTC)

    assert (times.month_key(Month(987, 3)), times.moment_stamp(moment)) == ("0987-03", "2026-01-02T03:04:05+00:00")
