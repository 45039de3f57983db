from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import islice, takewhile

import icalendar
import pytest
import recurring_ical_events
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st

from events.recurrence import Freq, Rule, RuleError, parse_rule, period_number

WEEKDAYS = st.integers(0, 6)
DAYS = st.dates(date(1950, 1, 1), date(2100, 12, 31))
ORDINALS = st.sampled_from([-5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5])


@st.composite
def rules(draw):
    freq = draw(st.sampled_from(Freq))
    counted = ORDINALS if freq in (Freq.MONTHLY, Freq.YEARLY) else st.just(0)
    monthdays = st.integers(-31, 31).filter(bool)
    end = draw(st.sampled_from(["until", "count", None]))
    return Rule(
        freq=freq,
        interval=draw(st.integers(1, 4) | st.integers(1, 366)),
        byday=tuple(draw(st.lists(st.tuples(counted, WEEKDAYS), max_size=3))),
        bymonthday=() if freq == Freq.WEEKLY else tuple(draw(st.lists(monthdays, max_size=3))),
        bymonth=tuple(draw(st.lists(st.integers(1, 12), max_size=3))),
        until=draw(DAYS) if end == "until" else None,
        count=draw(st.integers(1, 3000)) if end == "count" else None,
    )


@st.composite
def rules_with_first(draw):
    """Return a rule and a first date that the rule names itself: only there do all programs agree.

    Left out is what dateutil has its own idea of, plain and counted weekdays in one list (it takes those that are
    both), and what it searches long for, matches that are centuries apart.
    """
    rule, first = draw(rules()), draw(DAYS)
    counted = rule.freq == Freq.MONTHLY and draw(st.booleans())
    weekdays = tuple(day for day in rule.byday if bool(day[0]) == counted)
    rule = replace(
        rule,
        interval=min(rule.interval, 4),
        byday=weekdays and (*weekdays, ((first.day + 6) // 7 if counted else 0, first.weekday())),
        bymonthday=() if weekdays else rule.bymonthday and (*rule.bymonthday, first.day),
        bymonth=rule.bymonth and (*rule.bymonth, first.month),
        until=rule.until and max(first, rule.until),
    )
    assert rule.starts_on(first)
    return rule, first


def dates(text, first, last):
    return list(parse_rule(text).dates(first, until=last))


@given(rules())
def test_rule_survives_its_own_text(rule):
    assert parse_rule(rule.to_rrule()) == rule


@given(rules())
def test_rule_in_lower_case_is_the_same(rule):
    assert parse_rule(rule.to_rrule().lower()) == rule


def test_canonical_text_is_ordered_and_without_repetition():
    rule = parse_rule("BYDAY=-1FR,1MO,1MO;BYMONTHDAY=-1,15,3;BYMONTH=12,3;COUNT=10;INTERVAL=2;FREQ=MONTHLY")

    assert rule.to_rrule() == "FREQ=MONTHLY;INTERVAL=2;COUNT=10;BYMONTH=3,12;BYMONTHDAY=3,15,-1;BYDAY=1MO,-1FR"


def test_canonical_text_of_an_early_year_keeps_four_digits():
    assert Rule(Freq.DAILY, until=date(7, 1, 2)).to_rrule() == "FREQ=DAILY;UNTIL=00070102"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "syntax"),
        ("FREQ", "syntax"),
        ("FREQ=", "syntax"),
        ("FREQ=DAILY;", "syntax"),
        ("FREQ=DAILY;COUNT=٣", "syntax"),
        ("FREQ=DAILY;BYMONTH=" + "1," * 300 + "1", "syntax"),
        (None, "syntax"),
        (7, "syntax"),
        ("INTERVAL=2", "freq"),
        ("FREQ=SECONDLY", "freq"),
        ("FREQ=MINUTELY", "freq"),
        ("FREQ=HOURLY", "freq"),
        ("RRULE:FREQ=DAILY", "unknown_part"),
        ("FREQ=DAILY;BYHOUR=1", "unknown_part"),
        ("FREQ=DAILY;BYSETPOS=1", "unknown_part"),
        ("FREQ=DAILY;WKST=SU", "unknown_part"),
        ("FREQ=DAILY;X-NAME=1", "unknown_part"),
        ("FREQ=DAILY;FREQ=DAILY", "repeated_part"),
        ("FREQ=DAILY;INTERVAL=0", "interval"),
        ("FREQ=DAILY;INTERVAL=-1", "interval"),
        ("FREQ=DAILY;INTERVAL=367", "interval"),
        ("FREQ=DAILY;INTERVAL=1_0", "interval"),
        ("FREQ=DAILY;INTERVAL= 1", "interval"),
        ("FREQ=DAILY;COUNT=0", "count"),
        ("FREQ=DAILY;COUNT=3001", "count"),
        ("FREQ=DAILY;COUNT=" + "9" * 400, "count"),
        ("FREQ=DAILY;UNTIL=2026", "until"),
        ("FREQ=DAILY;UNTIL=20260230", "until"),
        ("FREQ=DAILY;UNTIL=00000101", "until"),
        ("FREQ=DAILY;UNTIL=20260101T000000Z", "until"),
        ("FREQ=DAILY;UNTIL=20260101;COUNT=3", "until_and_count"),
        ("FREQ=WEEKLY;BYDAY=XX", "byday"),
        ("FREQ=WEEKLY;BYDAY=MO,", "byday"),
        ("FREQ=MONTHLY;BYDAY=0MO", "byday"),
        ("FREQ=MONTHLY;BYDAY=6MO", "byday"),
        ("FREQ=MONTHLY;BYDAY=-6MO", "byday"),
        ("FREQ=WEEKLY;BYDAY=1MO", "byday_counted"),
        ("FREQ=DAILY;BYDAY=-1MO", "byday_counted"),
        ("FREQ=WEEKLY;BYMONTHDAY=1", "bymonthday_in_week"),
        ("FREQ=MONTHLY;BYMONTHDAY=0", "bymonthday"),
        ("FREQ=MONTHLY;BYMONTHDAY=32", "bymonthday"),
        ("FREQ=MONTHLY;BYMONTHDAY=-32", "bymonthday"),
        ("FREQ=MONTHLY;BYMONTHDAY=1.5", "bymonthday"),
        ("FREQ=YEARLY;BYMONTH=0", "bymonth"),
        ("FREQ=YEARLY;BYMONTH=13", "bymonth"),
    ],
)
def test_parse_refuses_with_a_named_error(text, code):
    with pytest.raises(RuleError) as caught:
        parse_rule(text)

    assert caught.value.code == code


@given(st.text() | st.from_regex(r"(FREQ|COUNT|UNTIL|BYDAY|BYMONTH)=[A-Z0-9,+-]*(;[A-Z]+=[A-Z0-9,+-]*)*"))
def test_parse_of_anything_gives_a_rule_or_a_named_error(text):
    try:
        rule = parse_rule(text)
    except RuleError:
        return
    assert parse_rule(rule.to_rrule()) == rule


@pytest.mark.parametrize("wrong", [{"interval": 0}, {"count": 3001}, {"bymonth": (13,)}, {"byday": ((0, 7),)}])
def test_rule_made_in_code_is_checked_too(wrong):
    with pytest.raises(RuleError):
        Rule(Freq.YEARLY, **wrong)


@settings(deadline=None)
@given(rules_with_first(), st.integers(0, 1500))
def test_dates_agree_with_dateutil(case, length):
    rule, first = case
    last = first + timedelta(days=length)
    ruled = rrulestr(rule.to_rrule(), dtstart=datetime.combine(first, time.min))
    expected = takewhile(lambda moment: moment.date() <= last, ruled)

    assert list(rule.dates(first, until=last)) == [moment.date() for moment in expected]


@settings(deadline=None)
@given(rules_with_first(), st.integers(0, 800))
def test_dates_agree_with_a_calendar_program(case, length):
    rule, first = case
    last = first + timedelta(days=length)
    event = icalendar.Event()
    event.add("uid", "1")
    event.add("dtstart", first)
    event.add("rrule", icalendar.vRecur.from_ical(rule.to_rrule()))
    found = recurring_ical_events.of(event).between(first, last + timedelta(days=1))

    assert list(rule.dates(first, until=last)) == sorted(one["DTSTART"].dt for one in found)


@given(rules(), DAYS, st.integers(0, 1500))
def test_dates_are_rising_within_bounds_and_begin_with_the_first(rule, first, length):
    last = first + timedelta(days=length)

    found = list(rule.dates(first, until=last))

    assert found == sorted(set(found))
    assert found[:1] == ([first] if rule.until is None or rule.until >= first else [])
    assert all(first <= day <= min(last, rule.until or last) for day in found)
    assert len(found) <= (rule.count or len(found))


def test_first_date_outside_the_rule_counts_as_one_of_its_dates():
    rule = parse_rule("FREQ=WEEKLY;BYDAY=TU;COUNT=3")
    wednesday = date(2026, 9, 2)

    assert not rule.starts_on(wednesday)
    assert list(rule.dates(wednesday, until=date(2027, 1, 1))) == [wednesday, date(2026, 9, 8), date(2026, 9, 15)]


def test_dates_are_made_lazily():
    found = parse_rule("FREQ=DAILY").dates(date(2026, 1, 30), until=date.max)

    assert list(islice(found, 3)) == [date(2026, 1, 30), date(2026, 1, 31), date(2026, 2, 1)]


def test_dates_reach_the_end_of_the_calendar():
    assert dates("FREQ=WEEKLY", date(9999, 12, 20), date.max) == [date(9999, 12, 20), date(9999, 12, 27)]


def test_rule_that_ends_before_it_begins_has_no_dates():
    assert dates("FREQ=DAILY;UNTIL=20260101", date(2026, 1, 2), date(2027, 1, 1)) == []


def test_until_is_included():
    assert dates("FREQ=DAILY;UNTIL=20260103", date(2026, 1, 2), date(2027, 1, 1)) == [
        date(2026, 1, 2),
        date(2026, 1, 3),
    ]


def test_monthly_on_the_31st_skips_short_months():
    found = dates("FREQ=MONTHLY;COUNT=4", date(2026, 1, 31), date(2027, 1, 1))

    assert found == [date(2026, 1, 31), date(2026, 3, 31), date(2026, 5, 31), date(2026, 7, 31)]


def test_yearly_on_leap_day_skips_common_years():
    found = dates("FREQ=YEARLY;COUNT=3", date(2096, 2, 29), date(2200, 1, 1))

    assert found == [date(2096, 2, 29), date(2104, 2, 29), date(2108, 2, 29)]


def test_last_day_of_the_month_follows_leap_years():
    found = dates("FREQ=MONTHLY;BYMONTHDAY=-1", date(2028, 1, 31), date(2028, 4, 1))

    assert found == [date(2028, 1, 31), date(2028, 2, 29), date(2028, 3, 31)]


def test_fifth_friday_exists_only_in_some_months():
    found = dates("FREQ=MONTHLY;BYDAY=5FR", date(2026, 1, 30), date(2026, 8, 1))

    assert found == [date(2026, 1, 30), date(2026, 5, 29), date(2026, 7, 31)]


def test_weekday_of_a_year_without_months_is_counted_in_the_year():
    found = dates("FREQ=YEARLY;BYDAY=-1SU", date(2026, 12, 27), date(2028, 1, 1))

    assert found == [date(2026, 12, 27), date(2027, 12, 26)]


def test_weekday_and_day_of_the_month_must_both_hold():
    found = dates("FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", date(2026, 2, 13), date(2027, 1, 1))

    assert found == [date(2026, 2, 13), date(2026, 3, 13), date(2026, 11, 13)]


def test_plain_and_counted_weekdays_add_up():
    found = dates("FREQ=MONTHLY;BYDAY=MO,1TU", date(2026, 9, 1), date(2026, 9, 30))

    assert found == [date(2026, 9, day) for day in (1, 7, 14, 21, 28)]


def test_counted_weekday_of_a_yearly_rule_is_that_of_its_months():
    found = dates("FREQ=YEARLY;BYMONTH=5,9;BYDAY=2SA", date(2026, 5, 9), date(2027, 6, 1))

    assert found == [date(2026, 5, 9), date(2026, 9, 12), date(2027, 5, 8)]


def test_every_second_week_keeps_its_rhythm_over_new_year():
    found = dates("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,SU", date(2026, 12, 21), date(2027, 1, 20))

    assert found == [date(2026, 12, 21), date(2026, 12, 27), date(2027, 1, 4), date(2027, 1, 10), date(2027, 1, 18)]


@pytest.mark.parametrize(
    "text",
    ["FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=DAILY;INTERVAL=7;BYDAY=TU"],
)
def test_rule_that_never_matches_ends_with_its_horizon(text):
    monday = date(2026, 9, 7)

    assert dates(text, monday, date(2030, 1, 1)) == [monday]


@pytest.mark.parametrize(
    ("text", "first", "anchored"),
    [
        ("FREQ=DAILY", date(2026, 9, 1), "FREQ=DAILY"),
        ("FREQ=WEEKLY", date(2026, 9, 1), "FREQ=WEEKLY;BYDAY=TU"),
        ("FREQ=WEEKLY;BYDAY=MO", date(2026, 9, 1), "FREQ=WEEKLY;BYDAY=MO"),
        ("FREQ=MONTHLY", date(2026, 9, 1), "FREQ=MONTHLY;BYMONTHDAY=1"),
        ("FREQ=YEARLY", date(2028, 2, 29), "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29"),
        ("FREQ=YEARLY;BYMONTH=3,5", date(2026, 9, 1), "FREQ=YEARLY;BYMONTH=3,5;BYMONTHDAY=1"),
        ("FREQ=YEARLY;BYMONTHDAY=5", date(2026, 9, 1), "FREQ=YEARLY;BYMONTHDAY=5"),
    ],
)
def test_missing_parts_are_taken_from_the_first_date(text, first, anchored):
    assert parse_rule(text).anchored(first) == parse_rule(anchored)


def test_week_is_counted_from_monday_also_over_new_year():
    thursday, sunday, monday = date(2026, 12, 31), date(2027, 1, 3), date(2027, 1, 4)

    assert period_number(thursday, Freq.WEEKLY) == period_number(sunday, Freq.WEEKLY)
    assert period_number(monday, Freq.WEEKLY) == period_number(sunday, Freq.WEEKLY) + 1


def test_period_numbers_follow_each_other():
    before, after = date(2026, 12, 31), date(2027, 1, 1)
    steps = {freq: period_number(after, freq) - period_number(before, freq) for freq in Freq}

    assert steps == {Freq.DAILY: 1, Freq.WEEKLY: 0, Freq.MONTHLY: 1, Freq.YEARLY: 1}
    assert period_number(after, None) == period_number(before, None) == 0
