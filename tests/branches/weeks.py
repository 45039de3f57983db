"""Hypothesis strategies for opening hours, with the readings of the clock at which things go wrong."""

from datetime import date, timedelta

from hypothesis import strategies as st

from branches.opening_hours import Closure, DatedException, HoursKind, Interval, OpeningHours

AWKWARD_MINUTES = [0, 1, 60, 90, 120, 150, 180, 210, 240, 540, 780, 1080, 1380, 1439]
KINDS = st.sampled_from(HoursKind)

starts = st.sampled_from(AWKWARD_MINUTES) | st.integers(0, 1439)
ends = st.sampled_from([*AWKWARD_MINUTES, 1440]) | st.integers(0, 1440)
intervals = st.builds(Interval.of_clock, starts, ends)
days = st.lists(intervals, max_size=3).map(lambda day: tuple(sorted(day)))
weeks = st.tuples(*[days] * 7)
reasons = st.dictionaries(st.sampled_from(["uk", "ru", "mk", "en"]), st.sampled_from(["ремонт", "repairs"]))


@st.composite
def exceptions(draw: st.DrawFn, around: date) -> DatedException:
    first = around + timedelta(days=draw(st.integers(-3, 4)))
    last = first + timedelta(days=draw(st.integers(0, 3)))
    return DatedException(first, last, draw(st.none() | KINDS), draw(st.just(()) | days), draw(reasons))


def opening_hours(around: date) -> st.SearchStrategy[OpeningHours]:
    """Hours of any kinds with exceptions near a day, overlapping ones too."""
    return st.builds(
        OpeningHours,
        st.dictionaries(KINDS, weeks),
        st.lists(exceptions(around), max_size=4).map(tuple),
    )


def closures(around) -> st.SearchStrategy[Closure | None]:
    """No emergency, one until further notice, or one until a moment near `around`."""
    untils = st.none() | st.integers(-600, 3000).map(lambda minutes: around + timedelta(minutes=minutes))
    return st.none() | st.builds(Closure, untils, reasons)
