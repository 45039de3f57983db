"""Days, months and times read right in each language."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from core.date_words import (
    Piece,
    clock_words,
    date_words,
    month_words,
    range_pieces,
    stamp_of,
    times_pieces,
    weekday_words,
    when_pieces,
)

TODAY = date(2026, 11, 22)
TUESDAY = date(2026, 11, 24)


@dataclass(frozen=True)
class Span:
    """A date of an event, as far as its time goes."""

    local_start: datetime
    local_end: datetime
    all_day: bool = False
    zone: str = "Europe/Kyiv"

    @property
    def last_day(self) -> date:
        return max(self.local_start, self.local_end - timedelta(minutes=1)).date()


def _when(span: Span) -> str:
    return "".join(piece.text for piece in when_pieces(span, today=TODAY))


def _times(span: Span) -> str:
    return "".join(piece.text for piece in times_pieces(span, today=TODAY))


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", "Tuesday, 24 November"),
        ("uk", "Вівторок, 24 листопада"),
        ("ru", "Вторник, 24 ноября"),
        ("mk", "Вторник, 24 ноември"),
    ],
)
def test_date_declines_the_month(language, expected):
    with translation.override(language):
        assert date_words(TUESDAY, today=TODAY, weekday=True) == expected


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", ("November 2026", "August 2026")),
        ("uk", ("листопад 2026", "серпень 2026")),
        ("ru", ("ноябрь 2026", "август 2026")),
        ("mk", ("ноември 2026", "август 2026")),
    ],
)
def test_month_by_itself_stands_in_the_nominative(language, expected):
    with translation.override(language):
        assert (month_words(TUESDAY), month_words(date(2026, 8, 1))) == expected


def test_month_begins_with_a_capital_where_it_heads_a_text():
    with translation.override("uk"):
        assert month_words(TUESDAY, capital=True) == "Листопад 2026"


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 12, 31), "31 December"),
        (date(2027, 1, 1), "1 January 2027"),
        (date(2025, 12, 31), "31 December 2025"),
        (date(2024, 2, 29), "29 February 2024"),
    ],
)
def test_year_stands_only_where_it_is_another(day, expected):
    assert date_words(day, today=TODAY) == expected


def test_year_always_stands_where_today_is_not_given():
    assert date_words(TODAY) == "22 November 2026"


def test_weekday_has_the_apostrophe_of_print_and_a_small_letter_inside_a_sentence():
    friday = date(2026, 11, 27)
    with translation.override("uk"):
        assert (weekday_words(friday), weekday_words(friday, capital=False)) == ("П’ятниця", "п’ятниця")
    assert weekday_words(friday, capital=False) == "Friday"


def test_clock_shows_both_digits_of_the_hour():
    assert clock_words(datetime(2026, 11, 24, 9, 5)) == "09:05"


def test_date_with_a_start_and_an_end():
    span = Span(datetime(2026, 11, 24, 17, 30), datetime(2026, 11, 24, 19))

    assert when_pieces(span, today=TODAY) == [
        Piece("Tuesday, 24 November, 17:30", "2026-11-24T17:30+02:00"),
        Piece("–"),
        Piece("19:00", "2026-11-24T19:00+02:00"),
    ]
    assert _times(span) == "17:30–19:00"


def test_date_without_an_end_names_its_start_only():
    span = Span(datetime(2026, 11, 24, 17, 30), datetime(2026, 11, 24, 17, 30))

    assert (_when(span), _times(span)) == ("Tuesday, 24 November, 17:30", "17:30")


def test_date_until_midnight_belongs_to_its_evening():
    assert _when(Span(datetime(2026, 11, 24, 20), datetime(2026, 11, 25))) == "Tuesday, 24 November, 20:00–00:00"


def test_date_past_midnight_is_one_evening_with_the_next_day_in_its_stamp():
    span = Span(datetime(2026, 11, 24, 22), datetime(2026, 11, 25, 2))

    assert when_pieces(span, today=TODAY) == [
        Piece("Tuesday, 24 November, 22:00", "2026-11-24T22:00+02:00"),
        Piece("–"),
        Piece("02:00", "2026-11-25T02:00+02:00"),
    ]


def test_date_over_several_days_names_both():
    span = Span(datetime(2026, 11, 24, 10), datetime(2026, 11, 26, 18))

    assert _when(span) == "Tuesday, 24 November, 10:00 – Thursday, 26 November, 18:00"
    assert _times(span) == "10:00 – 26 November, 18:00"


def test_second_weekday_is_small_inside_a_ukrainian_sentence():
    span = Span(datetime(2026, 11, 24, 10), datetime(2026, 11, 26, 18))

    with translation.override("uk"):
        assert _when(span) == "Вівторок, 24 листопада, 10:00 – четвер, 26 листопада, 18:00"


def test_all_day_has_no_time():
    span = Span(datetime(2026, 11, 24), datetime(2026, 11, 25), all_day=True)

    assert when_pieces(span, today=TODAY) == [Piece("Tuesday, 24 November", "2026-11-24")]
    assert _times(span) == "all day"


def test_all_day_over_several_days_ends_on_the_last_of_them():
    span = Span(datetime(2026, 11, 24), datetime(2027, 1, 3), all_day=True)

    assert _when(span) == "24 November – 2 January 2027"
    assert times_pieces(span, today=TODAY) == [Piece("until 2 January 2027", "2027-01-02")]


def test_range_names_a_year_once_where_both_ends_share_it():
    pieces = range_pieces(date(2028, 2, 28), date(2028, 3, 1), today=TODAY)

    assert [piece.text for piece in pieces] == ["28 February", " – ", "1 March 2028"]


def test_range_of_one_day_is_that_day():
    assert range_pieces(TUESDAY, TUESDAY, today=TODAY) == [Piece("24 November", "2026-11-24")]


@pytest.mark.parametrize(
    ("local", "expected"),
    [
        (datetime(2026, 10, 25, 2, 30), "2026-10-25T02:30+03:00"),
        (datetime(2026, 10, 25, 4, 30), "2026-10-25T04:30+02:00"),
        (datetime(2027, 3, 28, 3, 30), "2027-03-28T04:30+03:00"),
    ],
)
def test_stamp_carries_the_offset_of_its_moment(local, expected):
    assert stamp_of(local, "Europe/Kyiv") == expected


@given(start=st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)), minutes=st.integers(0, 20 * 24 * 60))
def test_both_days_are_named_unless_the_end_is_the_same_day_or_the_night_after(start, minutes):
    start = start.replace(second=0, microsecond=0)
    end = start + timedelta(minutes=minutes)
    one_evening = end.date() == start.date() or (end.date() == start.date() + timedelta(days=1) and minutes <= 12 * 60)

    assert _when(Span(start, end)).count(",") == (2 if one_evening else 4)
