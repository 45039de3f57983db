"""Words of things: in the language, else the source's, for one price."""

import pytest

from branches.models import BranchPage
from core.page_words import words_for, words_in
from events.models import Event, EventPage

pytestmark = pytest.mark.django_db


def _said(words) -> list[tuple[str, str, str, bool]]:
    return [(one.title, one.path, one.language, one.foreign) for one in words.values()]


def test_words_are_those_of_the_language_else_of_the_source(library):
    page = library.event(title="Chess", slug="chess")
    library.translate(page, "uk", title="Шахи")

    said = words_in([Event.objects.get()], EventPage, languages=["uk", "mk"], only=["lead"])

    assert {code: _said(words) for code, words in said.items()} == {
        "uk": [("Шахи", "/uk/events/chess/", "uk", False)],
        "mk": [("Chess", "/mk/events/chess/", "en", True)],
    }
    assert said["mk"][Event.objects.get().pk].page.lead == "Come and play."


def test_hidden_words_are_told_only_to_who_asks_for_them(library):
    page = library.branch(title="Old Mill", key="mill")
    branch = page.record
    BranchPage.objects.get(pk=page.pk).unpublish()
    branch.refresh_from_db()

    found = [words_for([branch], BranchPage, language="en", hidden=hidden) for hidden in (False, True)]

    assert [_said(words) for words in found] == [[], [("Old Mill", "/en/branches/mill/", "en", False)]]


@pytest.mark.parametrize("count", [1, 3])
def test_words_of_any_number_of_things_are_one_query(library, remembering, django_assert_num_queries, count):
    for number in range(count):
        library.event(title=f"Event {number}")
    events = list(Event.objects.all())
    words_for(events, EventPage, language="en")

    with django_assert_num_queries(1):
        words = words_for(events, EventPage, language="en")

    assert len(words) == count


def test_words_of_nothing_are_no_query(library, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert words_for([], EventPage, language="en") == {}
