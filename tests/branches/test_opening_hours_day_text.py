import pytest
from hypothesis import given
from hypothesis import strategies as st

from branches.opening_hours import HoursError, Interval, format_day, parse_day
from tests.branches import weeks

MORNING, AFTERNOON = Interval(540, 780), Interval(840, 1080)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("9-13, 14:00–18:00", (MORNING, AFTERNOON)),
        ("14:00–18:00; 9-13", (MORNING, AFTERNOON)),
        (" 09:00 — 13:00\n14.00 − 18.00 ", (MORNING, AFTERNOON)),
        ("9.00-18.00", (Interval(540, 1080),)),
        ("９：００－１８：００", (Interval(540, 1080),)),
        ("10:00 – 02:00", (Interval(600, 1560),)),
        ("18-24", (Interval(1080, 1440),)),
        ("18-0", (Interval(1080, 1440),)),
        ("24", (Interval(0, 1440),)),
        ("24/7", (Interval(0, 1440),)),
        ("0-24", (Interval(0, 1440),)),
        ("0:00-0:00", (Interval(0, 1440),)),
        ("Цілодобово", (Interval(0, 1440),)),
        ("9-9", (Interval(540, 540),)),
        ("", ()),
        ("   ", ()),
        ("—", ()),
        ("-", ()),
        ("Closed", ()),
        ("ЗАЧИНЕНО", ()),
        ("вихідний", ()),
        ("Выходной день", ()),
        ("неработен ден", ()),
    ],
)
def test_parse_day_reads_what_people_type(text, day):
    assert parse_day(text) == day


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("9", "unreadable"),
        ("9-13-18", "unreadable"),
        ("9-13,", "unreadable"),
        ("9-13 14-18", "unreadable"),
        ("nine to five", "unreadable"),
        ("9am-5pm", "unreadable"),
        ("9:0-18", "unreadable"),
        ("\x00", "unreadable"),
        ("25-26", "time"),
        ("9-24:30", "time"),
        ("9:60-18", "time"),
        ("24-6", "time"),
        ("9-13," * 50, "too_long"),
    ],
)
def test_parse_day_of_anything_else_is_an_error(text, code):
    with pytest.raises(HoursError) as caught:
        parse_day(text)
    assert (caught.value.code, caught.value.path) == (code, ())


@given(st.text(max_size=30) | st.text("0123456789:.-–, ", max_size=20))
def test_parse_day_of_any_text_is_a_day_or_an_hours_error(text):
    try:
        day = parse_day(text)
    except HoursError:
        return
    assert parse_day(format_day(day)) == day


@given(weeks.days)
def test_format_day_is_read_back(day):
    assert parse_day(format_day(day)) == day


def test_format_day_is_canonical():
    texts = [format_day(parse_day(text)) for text in ("14-18,9-13", "24", "18-0", "22.15-2", "closed")]
    assert texts == ["09:00–13:00, 14:00–18:00", "00:00–24:00", "18:00–24:00", "22:15–02:00", "—"]


def test_error_of_a_day_quotes_what_was_typed():
    with pytest.raises(HoursError) as caught:
        parse_day("9-13, nine to five")
    assert str(caught.value) == "“nine to five” can't be read. Write the hours like 09:00–13:00, 14:00–18:00."
