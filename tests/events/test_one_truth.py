"""One event, one truth: whatever editors do, every language shows the record's facts, and its own words."""

import re
from datetime import datetime, time, timedelta
from unittest.mock import patch

import icalendar
import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from wagtail.actions.convert_alias import ConvertAliasPageAction
from wagtail.models import Page
from wagtail_localize.models import Translation

from core import generations
from core.domain.things import drift, make_source
from core.scheduled_publishing import publish_due
from events import feeds
from events.domain import confirming
from events.models import Event, EventPage, Occurrence
from tests.factories.library import LANGUAGES, Library, publish, soon
from tests.factories.translations import keep_translated

EXAMPLES, STEPS = 10, 10
pytestmark = pytest.mark.services
HOURS = st.integers(8, 20)
DAYS = st.integers(2, 20)
WEEKS = st.integers(1, 3)
NUMBERS = st.integers(0, 5)
CODES = st.sampled_from(LANGUAGES)
TITLES = {"en": "Chess evening", "uk": "Шаховий вечір", "ru": "Шахматный вечер", "mk": "Шаховска вечер"}


def plan(page: EventPage, day: int, weeks: int) -> None:
    """Let an event take place on a day, and so many weeks long."""
    page.starts_on = soon(day)
    page.repeat, page.repeat_count = ("weekly", weeks) if weeks > 1 else ("", None)


def nth(found, number: int):
    """Return one of what was found."""
    return found[number % len(found)]


def starts_of(record: Event) -> list[datetime]:
    """Return when the dates begin by the record's plan, as anybody can count."""
    first = datetime.combine(record.starts_on, record.starts_at)
    return [first + timedelta(weeks=number) for number in range(record.repeat_count or 1)]


def read(path: str, **query: str) -> str:
    """Return what a reader gets, without what Django's test client notes about each template."""
    request = RequestFactory().get(path, query, headers={"host": "localhost"})
    response = LIBRARY[3].get_response(request)
    assert response.status_code == 200, path
    return response.content.decode()


class EditorsAtWork(RuleBasedStateMachine):
    """Random sequences of what editors do to the pages of one event, written first in any of the languages."""

    @initialize(code=CODES, weeks=WEEKS, into=st.none() | CODES)
    def begin(self, code, weeks, into):
        feeds.kept_feeds.clear()
        EventPage.objects.all().delete()
        Event.objects.all().delete()
        Translation.objects.all().delete()
        self.library = LIBRARY[0]
        self.editor = Client()
        self.editor.force_login(LIBRARY[2])
        page = self.library.event(publish_it=False, language=code, title=TITLES[code], slug="chess")
        plan(page, 5, weeks)
        self.key = publish(page).translation_key
        if into:
            self.translate_sentence_by_sentence(into)

    # --- What editors do ----------------------------------------------------------------------------------------------

    def source(self):
        record = Event.objects.get(translation_key=self.key)
        return EventPage.objects.filter(pk=record.source_page_id).first()

    def pages(self, **conditions):
        return EventPage.objects.filter(translation_key=self.key, **conditions).order_by("pk")

    def page(self, code):
        return self.pages(locale__language_code=code).first()

    def own_pages(self, **conditions):
        """Return the pages with words of their own beside the source."""
        source = self.source()
        return list(self.pages(alias_of=None, **conditions).exclude(pk=source.pk if source else None))

    def aliases(self):
        return list(self.pages(alias_of__isnull=False))

    def translated(self):
        """Return the pages that wagtail-localize has made."""
        made = Translation.objects.filter(source__object_id=self.key).values("target_locale")
        return self.own_pages(locale__in=made)

    def in_step(self):
        """Return the translations that wagtail-localize keeps in step with their source."""
        there = self.pages().values("locale")
        found = Translation.objects.filter(source__object_id=self.key, enabled=True, target_locale__in=there)
        return list(found.order_by("pk"))

    @rule(day=DAYS, hour=HOURS, weeks=WEEKS)
    @precondition(lambda self: self.source())
    def publish_other_facts(self, day, hour, weeks):
        page = self.source().get_latest_revision_as_object()
        plan(page, day, weeks)
        page.starts_at, page.ends_at = time(hour), time(hour, 45)
        page.save_revision().publish()

    @rule(day=DAYS, weeks=WEEKS)
    @precondition(lambda self: self.source())
    def keep_a_draft(self, day, weeks):
        page = self.source().get_latest_revision_as_object()
        plan(page, day, weeks)
        page.save_revision()

    @rule(number=NUMBERS)
    @precondition(lambda self: self.source() and self.source().revisions.exists())
    def publish_an_old_revision(self, number):
        nth(list(self.source().revisions.order_by("pk")), number).publish()

    @rule(day=DAYS, weeks=WEEKS)
    @precondition(lambda self: self.source())
    def publish_on_schedule(self, day, weeks):
        page = self.source().get_latest_revision_as_object()
        plan(page, day, weeks)
        # It was written two hours ago, for an hour ago: what follows must not find it in the future.
        earlier = timezone.now() - timedelta(hours=2)
        page.go_live_at = earlier + timedelta(hours=1)
        confirming.confirm(page, now=timezone.now())
        with patch.object(timezone, "now", return_value=earlier):
            page.save_revision().publish()
        assert publish_due(timezone.now()).published != []

    @rule(code=CODES, day=DAYS)
    @precondition(lambda self: self.source())
    def translate_by_hand(self, code, day):
        page = self.page(code) or self.source().copy_for_translation(self.library.locales[code])
        if page.alias_of_id or page.is_source:
            return
        page.title = page.draft_title = TITLES[code]
        # What a translation's own columns say must never matter.
        page.starts_on = soon(day + 30)
        publish(page)

    @rule(code=CODES)
    @precondition(lambda self: self.source() and self.source().live)
    def translate_sentence_by_sentence(self, code):
        if self.source().locale.language_code != code:
            # Who stopped it starts it again.
            stopped = Translation.objects.filter(source__object_id=self.key, target_locale__language_code=code)
            stopped.update(enabled=True)
            keep_translated(self.library, self.source(), code, TITLES[code], only="title")

    @rule(number=NUMBERS)
    @precondition(lambda self: self.in_step())
    def stop_translating(self, number=0):
        translation = nth(self.in_step(), number)
        self.editor.post(reverse("wagtail_localize:stop_translation", args=[translation.pk]))
        assert not Translation.objects.get(pk=translation.pk).enabled

    @rule(number=NUMBERS)
    @precondition(lambda self: self.translated())
    def turn_a_translation_back_into_an_alias(self, number=0):
        page = nth(self.translated(), number)
        answer = self.editor.post(reverse("wagtail_localize:convert_to_alias", args=[page.pk]))
        assert (answer.status_code, self.aliases() != []) == (302, True)

    @rule(number=NUMBERS)
    @precondition(lambda self: self.aliases())
    def turn_an_alias_into_a_page_of_its_own(self, number=0):
        ConvertAliasPageAction(nth(self.aliases(), number)).execute()

    @rule(number=NUMBERS)
    @precondition(lambda self: self.own_pages(live=True))
    def unpublish_a_translation(self, number=0):
        nth(self.own_pages(live=True), number).unpublish()

    @rule()
    @precondition(lambda self: self.source() and self.source().live)
    def unpublish_the_source(self):
        self.source().unpublish()

    @rule(number=NUMBERS)
    @precondition(lambda self: self.pages().exists())
    def delete_a_page(self, number=0):
        Page.objects.get(pk=nth(self.pages(), number).pk).delete()

    @rule()
    @precondition(lambda self: self.source() and self.pages().count() > 1)
    def delete_the_source(self):
        Page.objects.get(pk=self.source().pk).delete()

    @rule()
    @precondition(lambda self: not self.pages().exists())
    def rest(self):
        """Nothing is left to do once the last page is gone; what its subscribers know still must hold."""

    @rule(number=NUMBERS)
    @precondition(lambda self: self.own_pages(live=True))
    def make_a_language_the_source(self, number=0):
        make_source(nth(self.own_pages(live=True), number))

    @rule()
    @precondition(lambda self: self.source())
    def copy(self):
        copy = self.source().copy(update_attrs={"slug": f"copy-{Event.objects.count()}", "title": "Copy"})
        assert copy.specific.record.source_page_id == copy.pk

    @rule(below=st.booleans())
    @precondition(lambda self: self.source())
    def move(self, below):
        page = self.source()
        code = page.locale.language_code
        parents = {True: LIBRARY[1], False: self.library.events}
        target = parents[below].get_translation(self.library.locales[code])
        if Page.objects.get(pk=page.pk).get_parent().pk != target.pk and not target.get_children().filter(
            slug=page.slug
        ):
            Page.objects.get(pk=page.pk).move(target, pos="last-child")

    # --- What always holds --------------------------------------------------------------------------------------------

    def hold(self):
        """Check all at once, for who writes the sequence down."""
        self.record_says_what_its_live_source_says()
        self.dates_are_those_of_the_plan()
        self.every_language_shows_the_facts_and_its_own_words()

    @invariant()
    def record_says_what_its_live_source_says(self):
        record = Event.objects.get(translation_key=self.key)
        assert drift(record) == []

    @invariant()
    def dates_are_those_of_the_plan(self):
        record = Event.objects.get(translation_key=self.key)
        public = Occurrence.objects.public().filter(event=record).order_by("slot")
        assert [row.local_start for row in public] == (starts_of(record) if record.is_public else [])

    @invariant()
    def every_language_shows_the_facts_and_its_own_words(self):
        # As a commit would.
        generations.store().advance()
        record = Event.objects.get(translation_key=self.key)
        source = self.source()
        for code in LANGUAGES:
            own = self.page(code)
            page = own if own and own.live else source
            shown = self._in_feed(record, code)
            if not record.is_public:
                assert {frozenset(event) for event in shown} <= {TOMBSTONE}
                continue
            assert [
                (event["DTSTART"].dt.replace(tzinfo=None), str(event["SUMMARY"]))
                for event in shown
                if event["STATUS"] == "CONFIRMED"
            ] == [(start, page.title) for start in starts_of(record)]
            self._page_list_and_month_agree(record, code, page)

    def _in_feed(self, record, code):
        feed = icalendar.Calendar.from_ical(read(f"/{code}/events/feed.ics"))
        mine = {str(row.uid) for row in record.occurrences.all()}
        events = [event for event in feed.walk("VEVENT") if str(event["UID"]).split("@")[0] in mine]
        return sorted(events, key=lambda event: event["DTSTART"].dt)

    def _page_list_and_month_agree(self, record, code, page):
        agenda = read(f"/{code}/events/")
        slots = [f"{start:%Y-%m-%dT%H:%M}" for start in starts_of(record)]
        paths = [re.search(rf'href="(/{code}/[^"?]*)\?date={slot}"', agenda) for slot in slots]
        assert all(paths), f"{code}: not all of {slots} in the agenda"
        html = read(paths[0][1])
        assert page.title in html
        assert [slot for slot in slots if f'datetime="{slot}' not in html] == []
        month = read(f"/{code}/events/", view="month", month=slots[0][:7])
        assert page.title in month.split("<table")[1]


TOMBSTONE = frozenset({"UID", "DTSTAMP", "DTSTART", "DTEND", "LAST-MODIFIED", "SEQUENCE", "STATUS"})
LIBRARY: list = []


@pytest.fixture
def _network(db, remembering):
    library = Library()
    LIBRARY[:] = [library, library.branch(), library.administrator(), WSGIHandler()]


@pytest.mark.usefixtures("_network")
def test_random_edits_keep_one_truth():
    run_state_machine_as_test(
        EditorsAtWork,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            derandomize=True,
            phases=(Phase.explicit, Phase.generate),
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.usefixtures("_network")
@pytest.mark.parametrize(("code", "into"), [("en", "uk"), ("uk", "mk"), ("ru", "en"), ("mk", "ru")])
def test_life_of_a_translation_keeps_one_truth(code, into):
    editors = EditorsAtWork()
    editors.begin(code, 2, into)
    editors.stop_translating()
    editors.publish_other_facts(day=9, hour=11, weeks=3)
    editors.hold()

    editors.turn_a_translation_back_into_an_alias()
    editors.hold()
    editors.publish_other_facts(day=4, hour=12, weeks=1)
    editors.hold()

    editors.turn_an_alias_into_a_page_of_its_own()
    editors.make_a_language_the_source()
    editors.publish_other_facts(day=12, hour=13, weeks=2)
    editors.hold()
    assert editors.source().locale.language_code == into

    editors.translate_sentence_by_sentence(code)
    editors.turn_a_translation_back_into_an_alias()
    editors.delete_the_source()
    editors.hold()
    assert editors.source().locale.language_code == code
