"""Which languages a thing's words are in, and which of these say less than the source."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.admin_languages import language_states
from core.domain import things
from events.models import Event, EventPage
from tests.factories.library import revise, soon
from tests.factories.translations import keep_translated, save


def _states():
    records = list(Event.objects.select_related("site"))
    sources = EventPage.objects.in_bulk([record.source_page_id for record in records])
    states = language_states(EventPage, records, sources)
    [only] = [states[record.translation_key] for record in records]
    return {one.code: one.state.value for one in only}


def test_new_thing_is_in_one_language(library):
    library.event(language="uk")

    assert _states() == {"en": "missing", "uk": "source", "ru": "missing", "mk": "missing"}


def test_only_the_languages_of_the_site_count(library):
    from core.models import Network

    network = Network.for_site(library.site)
    network.languages = ["uk", "en"]
    network.default_language = "uk"
    network.save()
    library.event()

    assert _states() == {"uk": "missing", "en": "source"}


def test_translation_by_hand_is_outdated_by_new_words(library):
    page = library.event()
    library.translate(page, "uk", title="Шаховий клуб")
    assert _states()["uk"] == "current"

    revise(page, lead="Come and play tonight.")

    assert _states()["uk"] == "outdated"


def test_translation_is_not_outdated_by_new_facts(library):
    page = library.event()
    library.translate(page, "uk", title="Шаховий клуб")
    keep_translated(library, page, "ru", "Шахматный клуб")

    revise(page, starts_on=soon(40))

    assert (_states()["uk"], _states()["ru"]) == ("current", "current")


def test_translation_by_hand_is_current_again_once_it_is_published_anew(library):
    page = library.event()
    there = library.translate(page, "uk", title="Шаховий клуб")
    revise(page, title="Chess evening")

    revise(there, title="Шаховий вечір")

    assert _states()["uk"] == "current"


def test_kept_translation_is_outdated_by_new_words(library):
    page = library.event()
    keep_translated(library, page, "uk", "Шаховий клуб")
    assert _states()["uk"] == "current"

    revise(page, title="Chess evening")

    assert _states()["uk"] == "outdated"


def test_kept_translation_waits_for_its_sentences(library):
    page = library.event()
    translation = keep_translated(library, page, "uk", "Шаховий клуб")
    revise(page, title="Chess evening")
    translation.source.update_from_db()
    save(translation)

    assert _states()["uk"] == "outdated"

    keep_translated(library, EventPage.objects.get(pk=page.pk), "uk", "Шаховий вечір")

    assert _states()["uk"] == "current"


def test_translation_that_is_not_published_is_a_draft(library):
    library.translate(library.event(), "uk", title="Шаховий клуб", publish_it=False, live=False)

    assert _states()["uk"] == "draft"


def test_new_source_is_what_counts(library):
    page = library.event()
    there = library.translate(page, "uk", title="Шаховий клуб")
    keep_translated(library, page, "ru", "Шахматный клуб")

    things.make_source(there)

    assert _states() == {"en": "current", "uk": "source", "ru": "current", "mk": "missing"}


def test_number_of_queries_does_not_grow_with_the_things(library, django_assert_num_queries):
    def ask():
        records = list(Event.objects.select_related("site"))
        sources = EventPage.objects.in_bulk([record.source_page_id for record in records])
        return language_states(EventPage, records, sources)

    def add(number):
        page = library.event(title=f"Chess {number}")
        library.translate(page, "uk", title=f"Шахи {number}")
        keep_translated(library, page, "ru", "Шахматный клуб")

    add(1)
    with CaptureQueriesContext(connection) as one:
        ask()
    add(2)
    add(3)

    with django_assert_num_queries(len(one)):
        assert len(ask()) == 3
