"""A thing exists once: its plan comes from the source page, whatever happens to the others."""

from datetime import date, time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from wagtail.actions.convert_alias import ConvertAliasPageAction
from wagtail.models import GroupPagePermission, Page, Revision, Site

from branches.models import Branch, BranchPage
from core.domain import things
from core.jobs import compare_things
from core.models import Network
from core.scheduled_publishing import publish_due
from core.worker import JobError
from events.enums import EventState
from events.models import Event, EventPage
from tests.factories.library import LANGUAGES, publish, revise, soon

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


def test_make_source_leaves_a_clean_page_clean(library):
    page = library.event()
    there = library.translate(page, "uk", title="Шаховий клуб")

    things.make_source(EventPage.objects.get(pk=there.pk))

    there = EventPage.objects.get(pk=there.pk)
    assert (there.live, there.has_unpublished_changes) == (True, False)


def test_make_source_of_a_live_page_shows_a_thing_that_was_hidden_with_its_source(library, client):
    page = library.event(slug="chess", starts_on=soon(5))
    EventPage.objects.get(pk=page.pk).unpublish()
    there = library.translate(page, "uk", title="Шаховий клуб")

    things.make_source(EventPage.objects.get(pk=there.pk))

    assert things.drift(_event(page)) == []
    assert _event(page).is_public
    assert "Шаховий клуб" in client.get("/en/events/").content.decode()


def test_make_source_of_a_page_with_a_draft_lets_other_languages_show_its_words(library, client):
    page = library.event(slug="chess", starts_on=soon(5))
    there = EventPage.objects.get(pk=library.translate(page, "uk", title="Шаховий клуб").pk)
    there.title = "Чернетка"
    there.save_revision()

    things.make_source(EventPage.objects.get(pk=there.pk))

    there = EventPage.objects.get(pk=there.pk)
    assert (there.title, there.has_unpublished_changes) == ("Шаховий клуб", True)
    assert "SUMMARY;LANGUAGE=uk:Шаховий клуб" in client.get("/ru/events/feed.ics").content.decode()


def test_record_changed_behind_is_found_and_repaired(library):
    page = library.event()
    Event.objects.update(starts_on=date(2040, 1, 1), is_public=False)

    found = list(things.all_drift())
    things.repair(_event(page))

    assert [(record.pk, names) for record, names in found] == [(_event(page).pk, ["is_public", "starts_on"])]
    assert list(things.all_drift()) == []


def test_repair_undoes_nothing_that_was_done_since_the_record_was_found(library):
    page = library.event()
    Event.objects.update(starts_on=date(2040, 1, 1))
    ((found, _names),) = things.all_drift()
    Event.objects.update(state=EventState.CANCELLED, state_reason={"en": "Flood"})

    things.repair(found)

    event = _event(page)
    assert (event.starts_on, event.state, event.state_reason) == (page.starts_on, EventState.CANCELLED, {"en": "Flood"})


def test_repair_leaves_a_record_alone_that_agrees_again(library, monkeypatch):
    page = library.event()
    Event.objects.update(starts_on=date(2040, 1, 1))
    ((found, _names),) = things.all_drift()
    Event.objects.update(starts_on=page.starts_on)
    changed_at = _event(page).changed_at

    things.repair(found)

    assert _event(page).changed_at == changed_at


def test_record_of_another_site_than_its_source_is_found_and_repaired(library):
    page = library.event()
    other = Site.objects.create(hostname="other.example", root_page=Page.objects.get(depth=1))
    Event.objects.update(site=other)

    assert [names for _record, names in things.all_drift()] == [["site"]]

    things.repair(_event(page))

    assert _event(page).site == library.site
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


def test_scheduled_first_publication_shows_nothing_before_its_time(library, client):
    page = library.event(publish_it=False, title="Surprise", starts_on=soon(20))
    page.go_live_at = timezone.now() + timedelta(days=3)
    page.save_revision().publish()

    assert not Event.objects.get().is_public
    assert "Surprise" not in client.get("/en/events/feed.ics").content.decode()
    assert client.get("/en/events/surprise/").status_code == 404


def test_scheduled_branch_is_found_in_no_language_before_its_time_and_in_all_then(library, client, monkeypatch):
    branch = Page.objects.get(pk=library.branches.pk).add_child(
        instance=BranchPage(title="Mill", slug="mill", live=False)
    )
    branch.go_live_at = timezone.now() + timedelta(days=3)
    branch.save_revision().publish()
    before = [client.get(f"/{code}/branches/mill/").status_code for code in LANGUAGES]

    later = timezone.now() + timedelta(days=4)
    monkeypatch.setattr(timezone, "now", lambda: later)
    publish_due(later)

    assert before == [404] * 4
    assert [client.get(f"/{code}/branches/mill/").status_code for code in LANGUAGES] == [200] * 4


def test_words_without_a_revision_come_back_with_the_source(library):
    page = library.event()
    there = library.translate(page, "uk", title="Шахи")
    EventPage.objects.filter(pk=there.pk).update(live_revision=None, latest_revision=None)
    Revision.objects.filter(object_id=str(there.pk)).delete()

    EventPage.objects.get(pk=page.pk).unpublish()
    publish(page)

    assert [(one.title, one.live) for one in EventPage.objects.order_by("pk")] == [("Chess club", True), ("Шахи", True)]


def test_new_source_of_a_hidden_thing_is_published_as_it_is_now(library):
    page = library.event(starts_on=date(2030, 1, 8))
    there = library.translate(page, "uk", title="Старе")
    revise(page, starts_on=date(2030, 2, 1))
    EventPage.objects.get(pk=page.pk).unpublish()
    things.make_source(EventPage.objects.get(pk=there.pk))

    draft = EventPage.objects.get(pk=there.pk).get_latest_revision_as_object()
    draft.title = "Нове"
    draft.save_revision().publish()

    assert (EventPage.objects.get(pk=there.pk).title, Event.objects.get().starts_on) == ("Нове", date(2030, 2, 1))


def test_alias_inherits_the_plan_of_a_structural_thing(library, client):
    branch = library.branch(title="Mill", key="mill")

    Page.objects.get(pk=branch.pk).delete()

    record = Branch.objects.get()
    assert (record.is_public, record.source_page.specific.title) == (True, "Mill")
    assert [client.get(f"/{code}/branches/mill/").status_code for code in LANGUAGES] == [200] * 4


def test_source_turned_into_an_alias_gives_the_plan_to_the_page_that_it_follows(library):
    page = library.event(starts_on=date(2030, 1, 8))
    there = library.translate(page, "uk", title="Шахи")
    things.make_source(EventPage.objects.get(pk=there.pk))
    alias = Page.objects.get(pk=there.pk)
    alias.alias_of_id = page.pk
    alias.save(update_fields=["alias_of_id"], clean=False)

    revise(page, starts_on=date(2030, 5, 5))

    assert (Event.objects.get().source_page_id, Event.objects.get().starts_on) == (page.pk, date(2030, 5, 5))


def test_converted_same_language_alias_is_a_thing_of_its_own(library, client):
    page = library.event(slug="chess", starts_on=soon(5))
    alias = page.create_alias(update_slug="again")

    ConvertAliasPageAction(alias, user=library.administrator()).execute(skip_permission_checks=True)

    assert Event.objects.count() == 2
    assert client.get("/en/events/again/").status_code == 200


def test_translations_move_with_their_source(library, client):
    branch = library.branch()
    page = library.event(title="Chess", slug="chess", starts_on=soon(5))
    library.translate(page, "uk", title="Шахи")

    Page.objects.get(pk=page.pk).move(Page.objects.get(pk=branch.pk), pos="last-child")

    assert "Шахи" in client.get("/uk/branches/central/chess/").content.decode()
    assert client.get("/uk/events/chess/").url == "/uk/branches/central/chess/"


def test_page_is_not_moved_to_an_address_that_is_taken_in_another_language(library, client):
    branch = library.branch()
    library.event(title="First", slug="same", parent=branch)
    page = library.event(title="Second", slug="same", language="uk")
    client.force_login(library.administrator())
    there = library.in_language(branch, "uk")

    answer = client.post(reverse("wagtailadmin_pages:move_confirm", args=[page.pk, there.pk]), follow=True)

    assert "Another page beside this one has this address" in answer.content.decode()
    assert Page.objects.get(pk=page.pk).get_parent().pk == library.in_language(library.events, "uk").pk


def test_languages_that_are_no_longer_offered_break_nothing(library, client, settings):
    page = library.event(title="Chess", slug="chess", starts_on=soon(4))
    library.translate(page, "ru", title="Шахматы")
    library.event(language="ru", title="Шашки", slug="checkers", starts_on=soon(4))
    settings.SITE_LANGUAGES = ["en", "uk"]

    assert [client.get(path).status_code for path in ("/en/events/", "/uk/events/checkers/", "/ru/events/")] == [
        200,
        200,
        404,
    ]
    Page.objects.get(pk=page.pk).delete()
    assert Event.objects.get(key="chess").source_page.locale.language_code == "ru"


def test_language_that_a_site_does_not_offer_is_not_found(library, client):
    Network.objects.update_or_create(site=library.site, defaults={"languages": ["en", "uk"]})

    assert [client.get(path).status_code for path in ("/uk/", "/mk/", "/mk/events/", "/mk/events/feed.ics")] == [
        200,
        404,
        404,
        404,
    ]


def test_branch_group_may_edit_in_every_language_from_the_first_publication(library):
    library.branch()

    pages = GroupPagePermission.objects.filter(group__name__startswith="central")
    assert set(pages.values_list("page__locale__language_code", flat=True)) == set(LANGUAGES)


def test_things_job_names_what_differs(library):
    library.event(title="Chess", slug="chess")
    assert compare_things(timezone.now()) == "All things agree with their sources."
    Event.objects.update(capacity=99)

    with pytest.raises(JobError) as raised:
        compare_things(timezone.now())

    assert str(raised.value) == "chess: capacity"
