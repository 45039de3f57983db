"""No language ever has a hole: what is missing in one is shown in the words that there are, and says so."""

import pytest
from wagtail.models import Page

from branches.models import BranchPage
from home.models import PlainPage
from tests.factories.library import publish, revise


def _get(client, path):
    response = client.get(path)
    return response, response.content.decode()


def test_untranslated_event_is_shown_under_every_language(library, client):
    library.event(title="Chess club")

    for code in ("uk", "ru", "mk"):
        response, html = _get(client, f"/{code}/events/chess-club/")
        assert response.status_code == 200
        assert f'<html lang="{code}"' in html
        assert 'rel="canonical" href="http://testserver/en/events/chess-club/"' in html
        assert "Chess club" in html


@pytest.mark.parametrize("first", ["en", "uk", "ru", "mk"])
def test_event_written_first_in_any_language_is_found_in_all(library, client, first):
    library.event(language=first, title="Шах", slug="chess")

    assert [client.get(f"/{code}/events/chess/").status_code for code in ("en", "uk", "ru", "mk")] == [200] * 4


def test_translation_is_shown_where_there_is_one(library, client):
    page = library.event(title="Chess club")
    library.translate(page, "uk", title="Шаховий клуб")

    _response, html = _get(client, "/uk/events/chess-club/")

    assert "Шаховий клуб" in html
    assert "Chess club" not in html


def test_draft_translation_does_not_make_a_hole(library, client):
    page = library.event(title="Chess club")
    there = page.copy_for_translation(library.locales["uk"])
    assert not there.live

    response, html = _get(client, "/uk/events/chess-club/")

    assert (response.status_code, "Chess club" in html) == (200, True)


def test_nested_plain_page_is_found_below_an_untranslated_parent(library, client):
    about = publish(Page.objects.get(pk=library.home.pk).add_child(instance=PlainPage(title="About")))
    publish(Page.objects.get(pk=about.pk).add_child(instance=PlainPage(title="History")))

    response, html = _get(client, "/mk/about/history/")

    assert (response.status_code, "History" in html) == (200, True)


def test_structural_pages_exist_in_every_language(library):
    page = library.branch()

    pages = BranchPage.objects.filter(translation_key=page.translation_key)

    assert {other.locale.language_code for other in pages} == {"en", "uk", "ru", "mk"}
    assert {other.slug for other in pages} == {"central"}
    assert [other.alias_of_id for other in pages.exclude(pk=page.pk)] == [page.pk] * 3


def test_event_below_a_branch_is_found_in_every_language(library, client):
    branch = library.branch()
    library.event(parent=branch, title="Chess club")

    assert client.get("/mk/branches/central/chess-club/").status_code == 200


def test_unpublished_event_is_gone_in_every_language(library, client):
    page = library.event()
    library.translate(page, "uk", title="Шаховий клуб")
    page.unpublish()

    assert [client.get(f"/{code}/events/chess-club/").status_code for code in ("en", "uk", "mk")] == [404] * 3


def test_cyrillic_title_makes_an_ascii_slug(library):
    page = library.event(language="uk", title="Згурські вечори")

    assert page.slug == "zghurski-vechory"


def test_slug_is_one_for_all_languages_and_follows_the_source(library, client):
    page = library.event()
    other = library.translate(page, "uk", title="Шаховий клуб")

    revise(page, slug="chess")

    assert Page.objects.get(pk=other.pk).slug == "chess"
    assert client.get("/uk/events/chess/").status_code == 200
    assert client.get("/uk/events/chess-club/")["Location"] == "/uk/events/chess/"


def test_two_events_with_one_title_get_two_slugs_across_languages(library):
    library.event(title="Шах")
    other = library.event(language="uk", title="Шах")

    assert other.slug != "shakh" or Page.objects.filter(slug="shakh").count() == 1


def test_private_page_stays_private_in_other_languages(library, client):
    from wagtail.models import PageViewRestriction

    page = library.event()
    PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)

    response = client.get("/uk/events/chess-club/")

    assert response.status_code == 302
    assert "login" in response["Location"]


def test_front_door_leads_to_the_first_language(library, client):
    response = client.get("/", headers={"accept-language": "mk"})

    assert (response.status_code, response["Location"]) == (302, "/en/")


def test_front_door_follows_the_browser_where_the_network_wants_it(library, client):
    from core.models import Network

    Network.objects.update_or_create(site=library.site, defaults={"negotiates_language": True})

    response = client.get("/", headers={"accept-language": "mk"})

    assert (response["Location"], response["Vary"]) == ("/mk/", "Accept-Language")
