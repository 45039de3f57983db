"""Translating with wagtail-localize in the admin: words move, facts and addresses never do."""

from datetime import date, time

from django.urls import reverse

from core.domain import things
from events.models import Event, EventPage
from tests.factories.editors import editor_of
from tests.factories.library import publish, revise
from tests.factories.translations import keep_translated, save


def _translated(library, page, code="uk"):
    return EventPage.objects.get(translation_key=page.translation_key, locale=library.locales[code])


def _facts():
    event = Event.objects.get()
    return event.starts_on, event.starts_at, event.source_page_id


def test_translation_gets_words_and_no_say_about_facts(library):
    page = library.event()

    keep_translated(library, page, "uk", "Шаховий клуб")

    there = _translated(library, page)
    assert (there.title, there.slug, there.live) == ("Шаховий клуб", "chess-club", True)
    assert _facts() == (date(2030, 1, 8), time(18), page.pk)
    assert things.drift(Event.objects.get()) == []


def test_publishing_an_old_translation_again_brings_no_old_facts_back(library):
    page = library.event()
    translation = keep_translated(library, page, "uk", "Шаховий клуб")
    revise(page, starts_on=date(2030, 3, 1), starts_at=time(17))

    save(translation)

    assert _facts() == (date(2030, 3, 1), time(17), page.pk)
    assert things.drift(Event.objects.get()) == []


def test_bringing_a_translation_in_step_leaves_the_facts_of_the_draft_out(library):
    page = library.event()
    translation = keep_translated(library, page, "uk", "Шаховий клуб")
    draft = EventPage.objects.get(pk=page.pk)
    draft.starts_on = date(2031, 1, 1)
    draft.save_revision()

    translation.source.update_from_db()
    save(translation)

    assert _facts() == (date(2030, 1, 8), time(18), page.pk)


def test_slug_of_the_translation_follows_the_source(library):
    page = library.event()
    translation = keep_translated(library, page, "uk", "Шаховий клуб")

    revise(page, slug="chess")
    save(translation)

    assert (_translated(library, page).slug, EventPage.objects.get(pk=page.pk).slug) == ("chess", "chess")


def test_editor_of_translations_shows_the_facts(library, client):
    page = library.event()
    keep_translated(library, page, "uk", "Шаховий клуб")
    client.force_login(library.administrator())

    html = client.get(reverse("wagtailadmin_pages:edit", args=[_translated(library, page).pk])).content.decode()

    assert "js-translation-editor" in html
    assert "They are changed on the page “Chess club”." in html
    assert "8 January 2030" in html
    assert reverse("make_source", args=[_translated(library, page).pk]) in html


def test_editor_of_translations_shows_no_facts_of_what_has_none(library, client):
    from home.models import PlainPage

    page = library.home.add_child(instance=PlainPage(title="About", slug="about"))
    publish(page)
    keep_translated(library, PlainPage.objects.get(), "uk", "Про нас")
    client.force_login(library.administrator())
    there = PlainPage.objects.get(locale=library.locales["uk"])

    html = client.get(reverse("wagtailadmin_pages:edit", args=[there.pk])).content.decode()

    assert "js-translation-editor" in html
    assert "c-translated-facts" not in html


def test_editor_brings_own_translations_in_step(library, client):
    branch = library.branch()
    page = library.event(parent=branch)
    translation = keep_translated(library, page, "uk", "Шаховий клуб")
    client.force_login(editor_of(branch))
    revise(page, lead="Come tonight.")
    url = reverse("wagtail_localize:update_translations", args=[translation.source_id])

    assert client.get(url).status_code == 200
    client.post(url, {"publish_translations": "on"})

    translation.source.refresh_from_db()
    assert "Come tonight." in translation.source.content_json


def test_who_may_not_publish_brings_nothing_in_step_in_public(library, client):
    from wagtail.models import GroupPagePermission

    branch = library.branch()
    page = library.event(parent=branch)
    translation = keep_translated(library, page, "uk", "Шаховий клуб")
    user = editor_of(branch)
    GroupPagePermission.objects.filter(permission__codename="publish_page").delete()
    client.force_login(user)
    revise(page, lead="Come tonight.")
    url = reverse("wagtail_localize:update_translations", args=[translation.source_id])

    response = client.post(url, {"publish_translations": "on"})

    assert response.url == reverse("wagtailadmin_home")
    translation.source.refresh_from_db()
    assert "Come tonight." not in translation.source.content_json


def test_editor_has_own_event_translated(library, client):
    branch = library.branch()
    page = library.event(parent=branch)
    client.force_login(editor_of(branch))

    client.post(
        reverse("wagtail_localize:submit_page_translation", args=[page.pk]), {"locales": [library.locales["mk"].pk]}
    )

    there = _translated(library, page, "mk")
    assert (there.live, there.get_parent().pk) == (False, library.in_language(branch, "mk").pk)
