import copy
import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from branches.opening_hours import DatedException, HoursError, HoursKind, Interval, OpeningHours
from tests.branches import weeks

CLOSED_DAYS = [[] for _day in range(7)]
STORED = {
    "v": 1,
    "kinds": {
        "staffed": {"week": [[["09:00", "13:00"], ["14:00", "18:00"]], *CLOSED_DAYS[:5], [["18:00", "02:00"]]]},
        "phone": {"week": [[["00:00", "24:00"]], *CLOSED_DAYS[:6]]},
    },
    "exceptions": [
        {"first": "2026-12-31", "last": "2027-01-02", "kind": None, "hours": [], "reason": {"uk": "Новий рік"}},
        {
            "first": "2026-12-30",
            "last": "2026-12-30",
            "kind": "self-service",
            "hours": [["10:00", "14:00"]],
            "reason": {},
        },
    ],
}
HOURS = OpeningHours(
    {
        HoursKind.STAFFED: ((Interval(540, 780), Interval(840, 1080)), (), (), (), (), (), (Interval(1080, 1560),)),
        HoursKind.PHONE: ((Interval(0, 1440),), (), (), (), (), (), ()),
    },
    (
        DatedException(date(2026, 12, 31), date(2027, 1, 2), None, (), {"uk": "Новий рік"}),
        DatedException(date(2026, 12, 30), date(2026, 12, 30), HoursKind.SELF_SERVICE, (Interval(600, 840),)),
    ),
)

json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["09:00", "staffed"]),
    lambda children: st.lists(children, max_size=7) | st.dictionaries(st.text(max_size=4), children, max_size=3),
    max_leaves=8,
)


def places(value, path=()):
    """Yield the path to each part of a JSON value."""
    yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in items:
        yield from places(part, (*path, key))


def with_part(path, part, value=STORED):
    """Return the JSON value with another part at a path."""
    if not path:
        return part
    changed = copy.deepcopy(value)
    place = changed
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = part
    return changed


def test_from_json_reads_what_is_stored():
    assert OpeningHours.from_json(STORED) == HOURS


def test_to_json_writes_what_is_stored():
    assert HOURS.to_json() == STORED


@given(weeks.opening_hours(date(2026, 5, 18)))
def test_json_gives_any_hours_back(hours):
    assert OpeningHours.from_json(json.loads(json.dumps(hours.to_json()))) == hours


def test_from_json_without_exceptions_or_reasons_has_none():
    closure = {"first": "2026-12-31", "last": "2027-01-02", "hours": []}
    assert OpeningHours.from_json({"v": 1, "kinds": {}}) == OpeningHours()
    assert OpeningHours.from_json({"v": 1, "kinds": {}, "exceptions": [closure]}) == OpeningHours(
        {}, (DatedException(date(2026, 12, 31), date(2027, 1, 2)),)
    )


def test_from_json_puts_the_day_in_order_and_leaves_out_empty_reasons():
    exception = {"first": "2026-05-18", "last": "2026-05-18", "hours": [["14:00", "00:00"], ["09:00", "13:00"]]}
    hours = OpeningHours.from_json(
        {"v": 1, "kinds": {}, "exceptions": [exception | {"reason": {"uk": " ", "en": " x "}}]}
    )
    assert hours.exceptions[0].to_json() == {
        "first": "2026-05-18",
        "last": "2026-05-18",
        "kind": None,
        "hours": [["09:00", "13:00"], ["14:00", "24:00"]],
        "reason": {"en": "x"},
    }


MONDAY = ("kinds", "staffed", "week", 0)
EXCEPTION = ("exceptions", 0)


@pytest.mark.parametrize(
    ("place", "part", "code", "path"),
    [
        ((), [], "not_object", ()),
        ((), None, "not_object", ()),
        ((), {}, "keys", ()),
        ((), STORED | {"extra": 1}, "keys", ()),
        (("v",), 2, "version", ("v",)),
        (("v",), True, "version", ("v",)),
        (("v",), "1", "version", ("v",)),
        (("kinds",), [], "not_object", ("kinds",)),
        (("kinds", "night"), {"week": CLOSED_DAYS}, "kind", ("kinds",)),
        (("kinds", "staffed"), CLOSED_DAYS, "not_object", MONDAY[:2]),
        (("kinds", "staffed"), {}, "keys", MONDAY[:2]),
        (("kinds", "staffed", "week"), CLOSED_DAYS[:6], "length", MONDAY[:3]),
        (("kinds", "staffed", "week"), {}, "not_list", MONDAY[:3]),
        (MONDAY, None, "not_list", MONDAY),
        (MONDAY, [["09:00"]], "length", (*MONDAY, 0)),
        (MONDAY, [["09:00", "13:00"], "14:00-18:00"], "not_list", (*MONDAY, 1)),
        (MONDAY, [["9:00", "13:00"]], "time", (*MONDAY, 0)),
        (MONDAY, [["09:00", "13:60"]], "time", (*MONDAY, 0)),
        (MONDAY, [["09:00", "24:01"]], "time", (*MONDAY, 0)),
        (MONDAY, [["24:00", "02:00"]], "time", (*MONDAY, 0)),
        (MONDAY, [["09:00", 1080]], "time", (*MONDAY, 0)),
        (MONDAY, [["٠٩:٠٠", "13:00"]], "time", (*MONDAY, 0)),
        (("exceptions",), {}, "not_list", ("exceptions",)),
        (EXCEPTION, {"first": "2026-12-31", "hours": []}, "keys", EXCEPTION),
        ((*EXCEPTION, "first"), "31.12.2026", "date", (*EXCEPTION, "first")),
        ((*EXCEPTION, "first"), "20261231", "date", (*EXCEPTION, "first")),
        ((*EXCEPTION, "last"), "2026-02-30", "date", (*EXCEPTION, "last")),
        ((*EXCEPTION, "last"), "9999-12-31", "year", (*EXCEPTION, "last")),
        ((*EXCEPTION, "kind"), ["staffed"], "kind", (*EXCEPTION, "kind")),
        ((*EXCEPTION, "hours"), [["10:00", ""]], "time", (*EXCEPTION, "hours", 0)),
        ((*EXCEPTION, "reason"), "repairs", "not_object", (*EXCEPTION, "reason")),
        ((*EXCEPTION, "reason"), {"english!": "repairs"}, "language", (*EXCEPTION, "reason")),
        ((*EXCEPTION, "reason"), {"en": None}, "text", (*EXCEPTION, "reason", "en")),
        ((*EXCEPTION, "reason"), {"en": "x" * 201}, "text", (*EXCEPTION, "reason", "en")),
        ((*EXCEPTION, "reason"), {"en": "a\x00b"}, "text", (*EXCEPTION, "reason", "en")),
        ((*EXCEPTION, "reason"), {"en": "\ud800"}, "text", (*EXCEPTION, "reason", "en")),
    ],
)
def test_from_json_of_damaged_hours_says_what_and_where(place, part, code, path):
    with pytest.raises(HoursError) as caught:
        OpeningHours.from_json(with_part(place, part))
    assert (caught.value.code, caught.value.path) == (code, path)


@given(st.sampled_from(list(places(STORED))), json_values)
def test_from_json_of_anything_is_hours_or_an_hours_error(place, part):
    try:
        hours = OpeningHours.from_json(with_part(place, part))
    except HoursError as error:
        assert error.code  # noqa: PT017 either outcome is right, any other exception fails
    else:
        assert OpeningHours.from_json(hours.to_json()) == hours


@pytest.mark.parametrize(("start", "end"), [(-1, 60), (1440, 1500), (600, 599), (600, 2040), (1, 1441 + 1440)])
def test_interval_that_no_clock_shows_is_an_error(start, end):
    with pytest.raises(ValueError, match="no interval"):
        Interval(start, end)


@pytest.mark.parametrize(
    ("start", "end", "interval", "clock"),
    [
        (540, 1080, Interval(540, 1080), ("09:00", "18:00")),
        (1080, 120, Interval(1080, 1560), ("18:00", "02:00")),
        (1080, 0, Interval(1080, 1440), ("18:00", "24:00")),
        (0, 1440, Interval(0, 1440), ("00:00", "24:00")),
        (0, 0, Interval(0, 1440), ("00:00", "24:00")),
        (540, 540, Interval(540, 540), ("09:00", "09:00")),
    ],
)
def test_interval_of_clock_ends_after_it_starts(start, end, interval, clock):
    assert Interval.of_clock(start, end) == interval
    assert (interval.opens, interval.closes) == clock
