"""Search finds what readers may see, in their language first, and says where its words come from."""

import re
import unicodedata
from datetime import timedelta
from html import unescape
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction

from events.models import Event, Occurrence
from home.models import MissionPage, PlainPage
from tests.factories.library import publish, soon

pytestmark = pytest.mark.services


@pytest.fixture
def club(library):
    """Return an event with words in English and Ukrainian."""
    page = library.event(title="Chess evening", slug="chess", lead="Bring a friend.", starts_on=soon(5))
    library.translate(page, "uk", title="Шаховий вечір", lead="Приходьте з другом.")
    return page


def _found(client, path) -> list[str]:
    return [row.hit.title for row in client.get(path).context["rows"]]


def _html(client, path) -> str:
    return client.get(path).content.decode()


def _facets(client, path) -> dict[str, dict[str, int]]:
    facets = client.get(path).context["facets"]
    return {facet.kind: {option.key: option.count for option in facet.options} for facet in facets}


def _past(page) -> None:
    dates = Occurrence.objects.filter(event=page.record)
    week = timedelta(days=700)
    for one in dates:
        one.local_start, one.local_end = one.local_start - week, one.local_end - week
        one.starts_at, one.ends_at = timezone.now() - week, timezone.now() - week + timedelta(hours=1)
        one.save()


# --- What is found ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "query", ["шаховий", "ШАХОВИЙ", "Шаховий вечір", "шахового", "шах", '"шаховий"', 'шаховий"', "шаховий\t"]
)
def test_words_of_the_shown_language_are_found_in_any_case_and_form(client, club, query):
    assert [row.hit.title for row in client.get("/uk/search/", {"q": query}).context["rows"]] == ["Шаховий вечір"]


@pytest.mark.parametrize(
    "query", ["ша", "шаховий турнір", "***", '"', "''", "NOT", "шаховий AND лицар", "{title} : x", "-", "\\"]
)
def test_what_is_not_there_is_not_found_whatever_was_typed(client, club, query):
    answer = client.get("/uk/search/", {"q": query})

    assert (answer.status_code, answer.context["count"]) == (200, 0)


def test_query_that_nobody_types_is_refused(client, club):
    assert [client.get(f"/uk/search/?q={query}").status_code for query in ("%00", "a" * 201, "%ff")] == [400, 400, 400]


def test_words_of_another_language_are_not_shown_where_there_are_own_ones(client, club):
    assert _found(client, "/uk/search/?q=chess") == []


@pytest.mark.parametrize("written", ["'", "’", "ʼ"])
@pytest.mark.parametrize("typed", ["'", "’", "ʼ"])
@pytest.mark.parametrize("query", ["комп{}ютер", "КОМП{}ЮТЕРИ", "комп{}ютер і"])
def test_word_with_an_apostrophe_is_found_whichever_of_them_was_typed(client, library, written, typed, query):
    page = library.event(title="Computers", slug="computers")
    library.translate(page, "uk", title=f"Комп{written}ютер", lead="Вечір і кава.")

    shown = client.get("/uk/search/", {"q": query.format(typed)})

    assert [row.hit.title for row in shown.context["rows"]] == [f"Комп{written}ютер"]
    assert f"<mark>Комп{written}ютер</mark>" in unescape(shown.content.decode())


def test_letters_in_two_parts_are_the_same_letters(client, library):
    page = library.event(title="Trains", slug="trains")
    library.translate(page, "uk", title="Київські поїзди")

    typed = quote(unicodedata.normalize("NFD", "київські поїзди"))
    assert _found(client, f"/uk/search/?q={typed}") == ["Київські поїзди"]


def test_page_without_words_in_the_language_is_found_in_its_own(client, club):
    html = _html(client, "/mk/search/?q=chess")

    assert '<a href="/mk/events/chess/" lang="en"><mark>Chess</mark> evening</a>' in html
    assert '<p lang="en">Bring a friend.</p>' in html


def test_page_that_two_languages_match_is_found_once(client, library):
    page = library.event(title="Manga", slug="manga")
    library.translate(page, "uk", title="Manga")

    assert _found(client, "/mk/search/?q=manga") == ["Manga"]


def test_draft_unpublished_and_private_pages_are_not_found(client, library, club):
    library.event(title="Chess draft", publish_it=False)
    hidden = library.event(title="Chess hidden")
    private = library.event(title="Chess private")
    with TestCase.captureOnCommitCallbacks(execute=True):
        hidden.unpublish()
        PageViewRestriction.objects.create(page=Page.objects.get(pk=private.pk), restriction_type="login")

    answer = client.get("/en/search/?q=chess")

    assert ([row.hit.title for row in answer.context["rows"]], answer.context["count"]) == (["Chess evening"], 1)
    assert _facets(client, "/en/search/?q=chess&kind=news") == {"kind": {"events": 1}}


def test_words_of_a_hidden_page_are_not_proposed(client, library):
    private = library.event(title="Philharmonic evening")
    with TestCase.captureOnCommitCallbacks(execute=True):
        PageViewRestriction.objects.create(page=Page.objects.get(pk=private.pk), restriction_type="login")

    assert client.get("/en/search/?q=philarmonic").context["meant"] == ""


# --- In which order and how -------------------------------------------------------------------------------------------


def test_coming_events_stand_before_past_ones_which_say_so(client, library):
    past = library.event(title="Chess chess chess", slug="past")
    _past(past)
    library.event(title="An evening", lead="Of chess.", slug="coming")
    library.article(title="News of chess")

    html = _html(client, "/en/search/?q=chess")

    assert _found(client, "/en/search/?q=chess") == ["News of chess", "An evening", "Chess chess chess"]
    assert re.findall(r'<p class="row-when">(.*?)</p>', html) == ["Article", "Event", "Past event"]


def test_course_of_which_some_dates_are_over_is_coming_and_shows_the_next_one(client, library):
    library.event(title="Chess course", starts_on=soon(-7), repeat="weekly", repeat_count=4)

    (row,) = client.get("/en/search/?q=chess").context["rows"]

    assert row.hit.is_past is False
    assert row.date.occurrence.ends_at > timezone.now()


def test_postponed_event_waits_for_other_dates_and_is_not_past(client, library):
    page = library.event(title="Chess evening")
    _past(page)
    Event.objects.filter(pk=page.record.pk).update(state="postponed")

    html = _html(client, "/en/search/?q=chess")

    assert '<p class="row-when">Event</p>' in html
    assert "<strong>Postponed</strong>" in html


def test_cancelled_date_stands_for_its_event_only_without_another_one(client, library):
    page = library.event(title="Chess course", starts_on=soon(2), repeat="weekly", repeat_count=2)
    first, second = Occurrence.objects.filter(event=page.record).order_by("starts_at")
    Occurrence.objects.filter(pk=first.pk).update(state="cancelled", cancelled=True)

    (row,) = client.get("/en/search/?q=chess").context["rows"]
    Occurrence.objects.filter(pk=second.pk).update(state="cancelled", cancelled=True)
    html = _html(client, "/en/search/?q=chess")

    assert row.date.occurrence.local_start == second.local_start
    assert "Cancelled" in html


def test_words_in_the_title_come_first(client, library):
    for number in range(3):
        library.article(title=f"Note {number}", lead="Chess chess chess chess.")
    library.article(title="About the game of chess and other games of our grandparents")

    assert _found(client, "/en/search/?q=chess")[0].startswith("About the game")


def test_event_shows_its_next_date_and_its_branch(client, library):
    branch = library.branch(title="Mill branch", key="mill").record
    library.event(title="Chess evening", starts_on=soon(5), branch=branch)

    html = _html(client, "/en/search/?q=chess")

    assert f'<time datetime="{soon(5).isoformat()}">' in html or f'datetime="{soon(5).isoformat()}T18:00' in html
    assert '<span class="hit-place">Mill branch</span>' in html


def test_passage_in_which_the_words_stand_is_shown_marked_and_harmless(client, library):
    filler = "Words and words. " * 40
    body = [("text", f"<p>{filler}</p><p>Here are <b>knights</b> &amp; &lt;script&gt;.</p><p>{filler}</p>")]
    publish(Page.objects.get(pk=library.home.pk).add_child(instance=PlainPage(title="Rules", slug="rules", body=body)))

    html = _html(client, "/en/search/?q=Knight")

    assert "Here are <mark>knights</mark> &amp; &lt;script&gt;." in html


def test_query_is_shown_harmless(client, library):
    html = _html(client, '/en/search/?q=<script>alert("x")</script>')

    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;" in html


# --- Facets -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def much(library):
    """Return a library in which each kind of page speaks of chess, some of them at the mill."""
    mill = library.branch(title="Chess mill", key="mill")
    park = library.branch(title="Park", key="park")
    library.event(title="Chess evening", branch=mill.record)
    library.event(title="Chess morning", branch=park.record)
    library.translate(library.event(title="Chess in two languages"), "uk", title="Шахи (chess)")
    library.article(title="Chess news", branches=[mill.record])
    library.article(title="Chess below the mill", parent=mill)
    home = Page.objects.get(pk=library.home.pk)
    publish(home.add_child(instance=MissionPage(title="Mission of chess", slug="mission", statement="For all.")))
    return library


def test_facets_say_how_many_there_are_of_each(client, much):
    assert _facets(client, "/en/search/?q=chess") == {
        "kind": {"pages": 1, "events": 3, "news": 2, "branches": 1},
        "branch": {"mill": 4, "park": 1},
    }


def test_language_is_a_facet_where_words_are_in_several(client, much):
    assert _facets(client, "/uk/search/?q=chess")["language"] == {"en": 6, "uk": 1}
    assert _found(client, "/uk/search/?q=chess&language=uk") == ["Шахи (chess)"]


def test_facets_narrow_and_counts_follow_the_other_ones(client, much):
    found = set(_found(client, "/en/search/?q=chess&branch=mill"))
    facets = _facets(client, "/en/search/?q=chess&branch=mill&kind=news")

    assert found == {"Chess mill", "Chess evening", "Chess news", "Chess below the mill"}
    assert facets == {"kind": {"events": 1, "news": 2, "branches": 1}}


def test_facets_in_force_are_words_that_can_be_taken_away(client, much):
    html = _html(client, "/en/search/?q=chess&branch=mill&kind=news&page=1")

    active = re.findall(r'<a href="([^"]+)">\s*([^<]+?)\s*<span class="visually-hidden">remove</span>', html)
    assert [(unescape(address), name) for address, name in active] == [
        ("/en/search/?q=chess&branch=mill", "What: News"),
        ("/en/search/?q=chess&kind=news", "Branch: Chess mill"),
    ]
    assert '<a href="?q=chess&amp;branch=mill&amp;kind=events" rel="nofollow">Events' in html
    assert 'rel="nofollow" aria-current="true">News' in html


@pytest.mark.parametrize("query", ["kind=people", "branch=nowhere", "language=fr", "kind=%C3%A9", "branch=<b>"])
@pytest.mark.parametrize("words", ["", "q=chess&"])
def test_facet_that_there_never_was_is_refused(client, much, words, query):
    assert client.get(f"/en/search/?{words}{query}").status_code == 400


def test_branch_that_never_was_public_is_unknown_and_one_that_was_still_answers(client, much):
    library = much
    library.branch(title="Secret", key="secret", live=False)
    park = Page.objects.get(slug="park", locale=library.locales["en"]).specific
    with TestCase.captureOnCommitCallbacks(execute=True):
        park.unpublish()

    html = _html(client, "/en/search/?q=chess&branch=park")

    assert "Nothing for “chess” with these filters." in html
    assert "Branch: park" in html
    assert "All kinds, branches and languages: 7 results" in html


def test_narrowed_to_nothing_says_so_and_leads_back(client, much):
    html = _html(client, "/en/search/?q=mission&kind=news")

    assert "Nothing for “mission” with these filters." in html
    assert '<a href="/en/search/?q=mission">All kinds, branches and languages: 1 result</a>' in html


# --- Pages and numbers ------------------------------------------------------------------------------------------------


def test_results_go_on_on_further_pages(client, library, monkeypatch):
    monkeypatch.setattr("home.search.PAGE_SIZE", 2)
    for number in range(5):
        library.event(title=f"Chess {number}")

    answers = [client.get(f"/en/search/?q=chess&kind=events&page={number}") for number in (1, 2, 3, 4)]

    shown = [[row.hit.title for row in answer.context["rows"]] for answer in answers[:3]]
    assert ([len(titles) for titles in shown], len({title for titles in shown for title in titles})) == ([2, 2, 1], 5)
    assert answers[3].status_code == 404
    html = answers[1].content.decode()
    assert '<a rel="prev" href="?q=chess&amp;kind=events">Previous results</a>' in html
    assert '<a rel="next" href="?q=chess&amp;kind=events&amp;page=3">Next results</a>' in html
    assert "5 results for “chess”" in html


@pytest.mark.parametrize(
    ("path", "count"),
    [
        ("/uk/search/?q=шахи", "1 результат за запитом «шахи»"),
        ("/mk/search/?q=chess", "1 резултат за „chess“"),
    ],
)
def test_number_of_results_is_said(client, library, path, count):
    page = library.event(title="Chess")
    library.translate(page, "uk", title="Шахи")

    assert count in _html(client, path)


def test_number_of_queries_does_not_grow(client, library, remembering):
    branch = library.branch(title="Mill", key="mill")

    def add(number):
        library.event(title=f"Chess {number}", branch=branch.record)
        library.article(title=f"Chess news {number}", branches=[branch.record])
        library.branch(title=f"Chess house {number}", key=f"house{number}")

    add(0)
    client.get("/en/search/?q=nothing")
    client.get("/en/search/?q=chess")
    counts = []
    for first, last in ((1, 1), (1, 3), (3, 12)):
        for number in range(first, last):
            add(number)
        client.get("/en/search/?q=nothing")
        with CaptureQueriesContext(connection) as asked:
            answer = client.get("/en/search/?q=chess")
        counts.append((len(answer.context["rows"]), len(asked)))

    assert [rows for rows, _queries in counts] == [3, 9, 30]
    assert len({queries for _rows, queries in counts}) == 1
    assert counts[0][1] <= 10


# --- Nothing asked, nothing found -------------------------------------------------------------------------------------


def test_without_a_query_there_are_places_to_begin(client, library):
    library.terms()
    from core.models import Topic

    event = library.event(title="Chess evening", starts_on=soon(2), topics=[Topic.objects.get(key="reading")])
    html = _html(client, "/en/search/")

    assert event.title in html
    assert '<a href="/en/events/?topic=reading">Reading</a>' in html
    assert '<ul class="terms"><li><a href="/en/events/">Events</a></li>' in html
    assert "Nothing was found" not in html


def test_nothing_found_says_what_may_help(client, club):
    html = _html(client, "/en/search/?q=xylophone")

    assert '<p role="status" class="search-count">Nothing was found for “xylophone”.</p>' in html
    assert '<li><a href="/en/events/">The whole calendar</a></li>' in html
    assert '<li><a href="/en/branches/">All branches</a></li>' in html
    assert "Chess evening" in html
    assert "Did you mean" not in html


@pytest.mark.parametrize(
    ("path", "meant"),
    [
        ("/en/search/?q=Chess+evenimg", "chess evening"),
        ("/en/search/?q=chess+xylophone", ""),
        ("/uk/search/?q=шахвоий", "шаховий"),
        ("/uk/search/?q=if%5Bjdbq+dtxsh", "шаховий вечір"),
        ("/uk/search/?q=оперета", ""),
    ],
)
def test_what_was_probably_meant_is_proposed_if_it_finds_something(client, club, path, meant):
    answer = client.get(path)

    assert answer.context["meant"] == meant
    assert ("search-meant" in answer.content.decode()) is bool(meant)
