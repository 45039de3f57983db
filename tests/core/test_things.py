"""A thing exists once: its plan comes from the source page, whatever happens to the others."""

from datetime import date, time

import pytest
from wagtail.models import Page

from core.domain import things
from events.models import Event, EventPage
from tests.factories.library import publish, revise

pytestmark = pytest.mark.services


def _event(page) -> Event:
    return Event.objects.get(translation_key=page.translation_key)


def test_record_is_made_with_its_first_page(library):
    page = library.event(publish_it=False)

    record = _event(page)

    assert (record.source_page_id, record.key, record.is_public) == (page.pk, "chess-club", False)


def test_publishing_projects_the_plan(library):
    page = library.event(starts_on=date(2030, 2, 1))

    record = _event(page)

    assert (record.starts_on, record.starts_at, record.is_public) == (date(2030, 2, 1), time(18), True)
    assert things.drift(record) == []


def test_translation_never_projects(library):
    page = library.event()
    other = library.translate(page, "uk", title="Шаховий клуб")

    other.starts_on = date(2031, 5, 5)
    publish(other)

    assert _event(page).starts_on == date(2030, 1, 8)


def test_draft_of_source_changes_nothing(library):
    page = library.event()

    page.starts_on = date(2031, 5, 5)
    page.save_revision()

    assert _event(page).starts_on == date(2030, 1, 8)


def test_reverting_projects_the_old_plan(library):
    page = library.event()
    old = page.latest_revision
    revise(page, starts_on=date(2031, 5, 5))

    old.publish()

    assert _event(page).starts_on == date(2030, 1, 8)


def test_same_language_alias_shows_the_thing_but_has_none(library):
    page = library.event()
    branch = library.branch()

    alias = page.create_alias(parent=Page.objects.get(pk=branch.pk))

    assert Event.objects.count() == 1
    assert EventPage.objects.get(pk=alias.pk).record == _event(page)


def test_copy_is_a_thing_of_its_own(library):
    page = library.event()

    copy = page.copy(update_attrs={"slug": "other", "title": "Other"}, copy_revisions=False).specific

    assert {event.key for event in Event.objects.all()} == {"chess-club", "other"}
    assert copy.record.source_page_id == copy.pk


def test_unpublishing_the_source_hides_the_thing_and_publishing_shows_all_again(library):
    page = library.event()
    other = library.translate(page, "uk", title="Шаховий клуб")

    EventPage.objects.get(pk=page.pk).unpublish()

    assert not _event(page).is_public
    assert not EventPage.objects.get(pk=other.pk).live

    publish(EventPage.objects.get(pk=page.pk))

    assert _event(page).is_public
    assert EventPage.objects.get(pk=other.pk).live


def test_deleting_the_source_hands_the_plan_over(library):
    page = library.event()
    other = library.translate(page, "uk", title="Шаховий клуб")
    record = _event(page)

    Page.objects.get(pk=page.pk).delete()

    record.refresh_from_db()
    heir = EventPage.objects.get(pk=other.pk)
    assert (record.source_page_id, record.is_public) == (heir.pk, True)
    assert (heir.starts_on, heir.latest_revision.as_object().starts_on) == (date(2030, 1, 8), date(2030, 1, 8))


def test_deleting_the_last_page_keeps_the_record(library):
    page = library.event()
    record = _event(page)

    Page.objects.get(pk=page.pk).delete()

    record.refresh_from_db()
    assert (record.source_page_id, record.is_public) == (None, False)
    assert record.occurrences.count() == 1


def test_key_is_never_issued_again(library):
    page = library.event()
    Page.objects.get(pk=page.pk).delete()

    again = library.event()

    assert _event(again).key == "chess-club-2"


def test_make_source_takes_the_facts_along(library):
    page = library.event()
    other = library.translate(page, "uk", title="Шаховий клуб")
    revise(page, starts_on=date(2031, 5, 5))

    things.make_source(EventPage.objects.get(pk=other.pk))
    other = revise(EventPage.objects.get(pk=other.pk), starts_at=time(17))

    record = _event(page)
    assert (record.source_page_id, record.starts_on, record.starts_at) == (other.pk, date(2031, 5, 5), time(17))


def test_record_changed_behind_is_found_and_repaired(library):
    page = library.event()
    Event.objects.update(starts_on=date(2040, 1, 1), is_public=False)

    found = list(things.all_drift())
    things.repair(_event(page))

    assert [(record.pk, names) for record, names in found] == [(_event(page).pk, ["is_public", "starts_on"])]
    assert list(things.all_drift()) == []


def test_failing_projection_leaves_page_and_record_as_they_were(library, monkeypatch):
    page = library.event()

    def fail(*_args):
        raise RuntimeError("broken")

    monkeypatch.setattr("core.domain.things.copy_facts", fail)
    page.title, page.starts_on = "Other", date(2031, 5, 5)
    with pytest.raises(RuntimeError, match="broken"):
        page.save_revision().publish()

    assert EventPage.objects.get(pk=page.pk).title == "Chess club"
    assert _event(page).starts_on == date(2030, 1, 8)
