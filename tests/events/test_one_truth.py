"""One event, one truth: whatever editors do, every language shows the record's facts, and its own words."""

import re
from datetime import datetime, time, timedelta

import icalendar
import pytest
from django.test import Client, TestCase
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
from wagtail.models import Page

from events.models import Event, EventPage, Occurrence
from tests.factories.library import LANGUAGES, Library, publish, soon

HOURS = st.integers(8, 20)
DAYS = st.integers(2, 20)
CODES = st.sampled_from(("uk", "ru", "mk"))
TITLES = {"en": "Chess evening", "uk": "Шаховий вечір", "ru": "Шахматный вечер", "mk": "Шаховска вечер"}


class EditorsAtWork(RuleBasedStateMachine):
    """Random sequences of what editors do to the pages of one event."""

    @initialize()
    def begin(self):
        from events import feeds

        feeds.kept_feeds.clear()
        EventPage.objects.all().delete()
        Event.objects.all().delete()
        self.library = LIBRARY[0]
        self.client = Client()
        self.library.event(title=TITLES["en"], slug="chess", starts_on=soon(5))
        self.key = EventPage.objects.get().translation_key

    # --- What editors do ----------------------------------------------------------------------------------------------

    def source(self):
        record = Event.objects.get(translation_key=self.key)
        return EventPage.objects.filter(pk=record.source_page_id).first()

    def page(self, code):
        return EventPage.objects.filter(translation_key=self.key, locale__language_code=code).first()

    @rule(day=DAYS, hour=HOURS)
    @precondition(lambda self: self.source())
    def publish_other_facts(self, day, hour):
        page = self.source()
        page = page.get_latest_revision_as_object()
        page.starts_on, page.starts_at, page.ends_at = soon(day), time(hour), time(hour, 45)
        page.save_revision().publish()

    @rule(day=DAYS)
    @precondition(lambda self: self.source())
    def keep_a_draft(self, day):
        page = self.source().get_latest_revision_as_object()
        page.starts_on = soon(day)
        page.save_revision()

    @rule(number=st.integers(0, 5))
    @precondition(lambda self: self.source() and self.source().revisions.exists())
    def publish_an_old_revision(self, number):
        revisions = list(self.source().revisions.order_by("pk"))
        revisions[number % len(revisions)].publish()

    @rule(day=DAYS)
    @precondition(lambda self: self.source())
    def publish_on_schedule(self, day):
        from core.scheduled_publishing import publish_due

        page = self.source().get_latest_revision_as_object()
        page.starts_on, page.go_live_at = soon(day), timezone.now() + timedelta(hours=1)
        page.save_revision().publish()
        publish_due(timezone.now() + timedelta(hours=2))

    @rule(code=CODES, day=DAYS)
    @precondition(lambda self: self.source())
    def translate(self, code, day):
        if self.page(code) is None:
            page = self.source().copy_for_translation(self.library.locales[code])
        else:
            page = self.page(code)
        page.title = page.draft_title = TITLES[code]
        # What a translation's own columns say must never matter.
        page.starts_on = soon(day + 30)
        publish(page)

    @rule(code=CODES)
    @precondition(lambda self: self.source() and self.source().live)
    def translate_with_wagtail_localize(self, code):
        from wagtail_localize.models import StringTranslation, Translation, TranslationSource

        page = self.source()
        if page.locale.language_code == code:
            return
        source, _created = TranslationSource.update_or_create_from_instance(page)
        translation, _created = Translation.objects.get_or_create(
            source=source, target_locale=self.library.locales[code]
        )
        for segment in source.stringsegment_set.filter(context__path="title"):
            StringTranslation.objects.update_or_create(
                translation_of=segment.string,
                locale=self.library.locales[code],
                context=segment.context,
                defaults={"data": TITLES[code]},
            )
        with TestCase.captureOnCommitCallbacks(execute=True):
            translation.save_target()

    @rule(code=CODES)
    def unpublish_a_translation(self, code):
        page = self.page(code)
        if page and page.live:
            page.unpublish()

    @rule()
    @precondition(lambda self: self.source() and self.source().live)
    def unpublish_the_source(self):
        self.source().unpublish()

    @rule(code=CODES)
    def delete_a_page(self, code):
        if self.page(code):
            Page.objects.get(pk=self.page(code).pk).delete()

    @rule()
    @precondition(lambda self: self.source() and EventPage.objects.filter(translation_key=self.key).count() > 1)
    def delete_the_source(self):
        Page.objects.get(pk=self.source().pk).delete()

    @rule(code=CODES)
    def make_a_language_the_source(self, code):
        from core.domain.things import make_source

        if self.page(code) and self.page(code).live:
            make_source(self.page(code))

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

    @invariant()
    def record_says_what_its_live_source_says(self):
        from core.domain.things import drift

        record = Event.objects.get(translation_key=self.key)
        assert drift(record) == []

    @invariant()
    def dates_are_those_of_the_plan(self):
        record = Event.objects.get(translation_key=self.key)
        public = Occurrence.objects.public().filter(event=record)
        expected = [datetime.combine(record.starts_on, record.starts_at)] if record.is_public else []
        assert [row.local_start for row in public] == expected

    @invariant()
    def every_language_shows_the_facts_and_its_own_words(self):
        record = Event.objects.get(translation_key=self.key)
        source = self.source()
        for code in LANGUAGES:
            own = self.page(code)
            page = own if own and own.live else source
            self._page_list_month_and_feed_agree(record, code, page)

    def _page_list_month_and_feed_agree(self, record, code, page):
        feed = icalendar.Calendar.from_ical(self.client.get(f"/{code}/events/feed.ics").content)
        events = [event for event in feed.walk("VEVENT") if event["STATUS"] == "CONFIRMED"]
        mine = {str(row.uid) for row in record.occurrences.all()}
        shown = [event for event in events if str(event["UID"]).split("@")[0] in mine]
        agenda = self.client.get(f"/{code}/events/").content.decode()
        if not record.is_public:
            assert shown == []
            return
        start = datetime.combine(record.starts_on, record.starts_at)
        assert [(event["DTSTART"].dt.replace(tzinfo=None), str(event["SUMMARY"])) for event in shown] == [
            (start, page.title)
        ]
        slot = record.occurrences.public().get().slot_key
        path = re.search(rf'href="(/{code}/[^"?]*)\?date={slot}"', agenda)
        assert path, f"{code}: no {slot} in the agenda"
        html = self.client.get(path[1]).content.decode()
        assert page.title in html
        assert f'datetime="{start:%Y-%m-%dT%H:%M}' in html
        if code != page.locale.language_code:
            return
        month = self.client.get(f"/{code}/events/", {"view": "month", "month": f"{start:%Y-%m}"}).content.decode()
        assert page.title in month


LIBRARY: list = []


@pytest.mark.django_db
def test_random_edits_keep_one_truth():
    library = Library()
    LIBRARY[:] = [library, library.branch()]

    run_state_machine_as_test(
        EditorsAtWork,
        settings=settings(
            max_examples=6,
            stateful_step_count=9,
            deadline=None,
            derandomize=True,
            phases=(Phase.explicit, Phase.generate),
            suppress_health_check=list(HealthCheck),
        ),
    )
