from collections import defaultdict
from datetime import date

import pytest
from django.utils.translation import override
from hypothesis import given, settings
from hypothesis import strategies as st

from events.recurrence import Freq, Rule, parse_rule
from events.recurrence_words import listed, repetition_words

TUESDAY = date(2026, 9, 1)
ODD = "on certain days"


def words(rule, first=TUESDAY):
    with override("en"):
        return repetition_words(rule, first)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("FREQ=DAILY", "every day"),
        ("FREQ=DAILY;INTERVAL=2", "every second day"),
        ("FREQ=DAILY;INTERVAL=5", "every 5 days"),
        ("FREQ=DAILY;BYMONTH=6,7,8", "every day, in June, July and August"),
        ("FREQ=DAILY;BYDAY=MO", "every Monday"),
        ("FREQ=DAILY;INTERVAL=2;BYDAY=MO", ODD),
        ("FREQ=DAILY;BYMONTHDAY=13", ODD),
        ("FREQ=WEEKLY", "every Tuesday"),
        ("FREQ=WEEKLY;BYDAY=SU", "every Sunday"),
        ("FREQ=WEEKLY;BYDAY=TU,TH", "on Tuesdays and Thursdays"),
        ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "from Monday to Friday"),
        ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA,SU", "every day"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=WE", "every second Wednesday"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH", "every second week on Tuesdays and Thursdays"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE,FR", "every second week on Mondays, Wednesdays and Fridays"),
        ("FREQ=WEEKLY;INTERVAL=3", "every 3 weeks on Tuesdays"),
        ("FREQ=MONTHLY", "on the 1st of every month"),
        ("FREQ=MONTHLY;BYMONTHDAY=2,15,23", "on the 2nd, 15th and 23rd of every month"),
        ("FREQ=MONTHLY;INTERVAL=2", "on the 1st of every second month"),
        ("FREQ=MONTHLY;INTERVAL=3", "on the 1st, every 3 months"),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", "on the last day of every month"),
        ("FREQ=MONTHLY;BYMONTHDAY=-1;INTERVAL=2", "on the last day of every second month"),
        ("FREQ=MONTHLY;BYMONTHDAY=-1;INTERVAL=6", "on the last day, every 6 months"),
        ("FREQ=MONTHLY;BYMONTHDAY=1,-1", "on the 1st and on the last day of every month"),
        ("FREQ=MONTHLY;BYDAY=1SU", "on the first Sunday of every month"),
        ("FREQ=MONTHLY;BYDAY=-1FR;INTERVAL=3", "on the last Friday, every 3 months"),
        ("FREQ=MONTHLY;BYDAY=1SU,3WE", "on the first Sunday and on the third Wednesday of every month"),
        ("FREQ=MONTHLY;BYDAY=2MO;BYMONTH=5", "on the second Monday of every month, in May"),
        ("FREQ=MONTHLY;BYDAY=MO", "every Monday"),
        ("FREQ=MONTHLY;BYDAY=MO;INTERVAL=2", ODD),
        ("FREQ=MONTHLY;BYDAY=-2FR", ODD),
        ("FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", ODD),
        ("FREQ=YEARLY", "every year on 1 September"),
        ("FREQ=YEARLY;INTERVAL=2;BYMONTH=2;BYMONTHDAY=29", "every second year on 29 February"),
        ("FREQ=YEARLY;INTERVAL=5", "every 5 years on 1 September"),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", ODD),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1", ODD),
        ("FREQ=YEARLY;BYMONTH=5,9;BYDAY=2SA", "every year in May and September, on the second Saturday"),
        ("FREQ=YEARLY;INTERVAL=4;BYMONTH=5;BYDAY=-1SA", "every 4 years in May, on the last Saturday"),
        ("FREQ=YEARLY;BYDAY=2SA", ODD),
    ],
)
def test_rule_has_its_words(text, expected):
    assert words(parse_rule(text)) == expected


@st.composite
def small_rules(draw):
    freq = draw(st.sampled_from(Freq))
    counted = st.sampled_from([0, 1, 5, -1, -2]) if freq in (Freq.MONTHLY, Freq.YEARLY) else st.just(0)
    return Rule(
        freq=freq,
        interval=draw(st.integers(1, 3)),
        byday=tuple(draw(st.lists(st.tuples(counted, st.sampled_from([1, 6])), max_size=2))),
        bymonthday=() if freq == Freq.WEEKLY else tuple(draw(st.lists(st.sampled_from([1, 13, -1]), max_size=2))),
        bymonth=tuple(draw(st.lists(st.sampled_from([2, 9]), max_size=2))),
    )


@settings(deadline=None, max_examples=30)
@given(st.lists(small_rules(), min_size=20, max_size=40))
def test_rules_with_the_same_words_have_the_same_dates(rules):
    dates = defaultdict(set)
    for rule in rules:
        dates[words(rule)].add(tuple(rule.dates(TUESDAY, until=date(2033, 1, 1))))
    dates.pop(ODD, None)

    assert {said: len(different) for said, different in dates.items() if len(different) > 1} == {}


@pytest.mark.parametrize(
    ("items", "expected"), [(["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")]
)
def test_list_has_its_words(items, expected):
    with override("en"):
        assert listed(items) == expected
