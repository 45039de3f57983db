"""Words in frames: never past an edge, as large as they fit, none lost as long as they fit at all."""

from hypothesis import given
from hypothesis import strategies as st

from core.text_fitting import ELLIPSIS, NO_BREAK, fitted

SIZES = (40, 30, 20, 10)


def monospaced(text: str, size: float) -> float:
    return len(text) * size / 2


def _set(text: str, width: float = 400, height: float = 200):
    return fitted(text, monospaced, width=width, height=height, sizes=SIZES, leading=1.2)


@given(
    text=st.text(alphabet=st.sampled_from("абвгѓќџљњѕіїєґ –-1,"), max_size=300),
    width=st.integers(20, 600),
    height=st.integers(12, 400),
)
def test_lines_stay_inside_of_the_frame(text, width, height):
    found = _set(text, width, height)

    assert all(monospaced(line, found.size) <= width for line in found.lines)
    assert len(found.lines) <= max(height // (found.size * 1.2), 1)


@given(words=st.lists(st.text(alphabet="абвгд", min_size=1, max_size=8), min_size=1, max_size=12))
def test_no_word_is_lost_where_all_fit(words):
    found = _set(" ".join(words), width=600, height=400)

    assert " ".join(found.lines).replace(NO_BREAK, " ").split() == words


def test_short_text_is_as_large_as_it_may_be():
    assert (_set("Шахи").size, _set("Шахи").lines) == (40, ("Шахи",))


def test_lines_are_of_about_one_length():
    found = _set("один два три чотири п’ять шість", width=400, height=100)

    assert found.lines == ("один два три", "чотири п’ять шість")


def test_preposition_stays_with_its_word_and_a_day_with_its_month():
    found = fitted("Книги в парку до 26 червня", monospaced, width=120, height=300, sizes=[20], leading=1.2)

    assert found.lines == ("Книги", f"в{NO_BREAK}парку", f"до{NO_BREAK}26{NO_BREAK}червня")


def test_year_stays_with_its_month():
    found = fitted("Щосуботи до 26 червня 2027, крім 1 дати", monospaced, width=240, height=300, sizes=[20])

    assert found.lines == ("Щосуботи", f"до{NO_BREAK}26{NO_BREAK}червня{NO_BREAK}2027,", f"крім 1{NO_BREAK}дати")


def test_dash_never_begins_a_line():
    found = fitted("Читання – це свято", monospaced, width=90, height=300, sizes=[20], leading=1.2)

    assert found.lines == (f"Читання{NO_BREAK}–", f"це{NO_BREAK}свято")


def test_word_too_long_for_any_line_is_parted_with_a_hyphen():
    found = fitted("Деоксирибонуклеїнова", monospaced, width=60, height=300, sizes=[20, 10], leading=1.2)

    assert found.size == 10
    assert found.lines == ("Деоксирибон-", "уклеїнова")


def test_what_does_not_fit_ends_with_an_ellipsis():
    found = _set("слово " * 60, width=100, height=24)

    assert len(found.lines) == 2
    assert found.lines[-1].endswith(ELLIPSIS)


def test_nothing_to_say_takes_no_room():
    assert (_set(" ").lines, _set("").height) == ((), 0)
