"""A private page is private in every language, and what it tells of stands in no list and no feed."""

import pytest
from django.contrib.auth.models import Group
from django.test import TestCase
from wagtail.models import Page, PageViewRestriction

from core.models import User
from events.models import Event, EventPage
from tests.factories.library import revise, soon

pytestmark = pytest.mark.services
LOGIN = PageViewRestriction.LOGIN
EVENT_PATHS = ("/en/events/chess/", "/uk/events/chess/", "/mk/events/chess/")
PLACES = ("/en/events/", "/uk/events/", "/en/search/?q=chess", "/sitemap.xml", "/en/")


@pytest.fixture
def club(library):
    """Return the source page of an event with words in English and Ukrainian."""
    page = library.event(title="Chess evening", slug="chess", starts_on=soon(5))
    library.translate(page, "uk", title="Шаховий вечір")
    return page


def _restrict(page, kind=LOGIN, **values) -> PageViewRestriction:
    with TestCase.captureOnCommitCallbacks(execute=True):
        return PageViewRestriction.objects.create(page=Page.objects.get(pk=page.pk), restriction_type=kind, **values)


def _statuses(client) -> list[int]:
    return [client.get(path).status_code for path in EVENT_PATHS]


def test_private_page_asks_for_sign_in_in_every_language(client, club):
    assert _statuses(client) == [200, 200, 200]

    _restrict(club)

    assert _statuses(client) == [302, 302, 302]


def test_page_restricted_on_a_translation_is_private_at_the_source(client, club, library):
    _restrict(library.in_language(club, "uk"))

    assert _statuses(client) == [302, 302, 302]


def test_private_event_stands_in_no_list_and_leaves_the_feed(client, club):
    places = [client.get(path).content.decode() for path in PLACES]
    assert ["chess" in text for text in places[:4]] == [True] * 4
    assert b"STATUS:CONFIRMED" in client.get("/en/events/feed.ics").content

    _restrict(club)

    assert [("/chess/" in client.get(path).content.decode()) for path in PLACES] == [False] * 5
    feed = client.get("/en/events/feed.ics").content
    assert (b"STATUS:CANCELLED" in feed, b"STATUS:CONFIRMED" in feed) == (True, False)


def test_whoever_may_see_a_private_page_sees_it(client, club):
    _restrict(club)
    client.force_login(User.objects.create_user("reader@library.example", "secret"))

    assert _statuses(client) == [200, 200, 200]


def test_publishing_a_private_event_does_not_make_it_public(client, club):
    _restrict(club)

    revise(club, starts_on=soon(9))

    assert not Event.objects.get().is_public
    assert "/chess/" not in client.get("/en/events/").content.decode()


def test_opened_page_is_public_again_in_every_language(client, club):
    restriction = _restrict(club)

    with TestCase.captureOnCommitCallbacks(execute=True):
        restriction.delete()

    assert _statuses(client) == [200, 200, 200]
    assert "/chess/" in client.get("/uk/events/").content.decode()
    assert b"STATUS:CONFIRMED" in client.get("/en/events/feed.ics").content


def test_deleting_one_language_of_a_private_page_opens_no_other(client, club, library):
    _restrict(club)

    with TestCase.captureOnCommitCallbacks(execute=True):
        library.in_language(club, "uk").delete()

    assert _statuses(client) == [302, 302, 302]


def test_private_branch_hides_what_stands_below_it(client, library):
    branch = library.branch()
    library.event(parent=branch, title="Chess evening", slug="chess", starts_on=soon(5))
    assert "/chess/" in client.get("/uk/events/").content.decode()

    _restrict(branch)

    assert "/chess/" not in client.get("/uk/events/").content.decode()
    assert client.get("/mk/branches/central/chess/").status_code == 302


def test_translation_of_a_private_page_is_private_from_the_start(client, library, club):
    _restrict(club)

    page = library.translate(club, "mk", title="Шаховска вечер")

    assert PageViewRestriction.objects.filter(page=page, restriction_type=LOGIN).exists()
    assert client.get("/mk/events/chess/").status_code == 302


def test_groups_and_passwords_are_the_same_in_every_language(library, club):
    restriction = _restrict(club, PageViewRestriction.PASSWORD, password="tea")
    friends = Group.objects.create(name="Friends")

    restriction.restriction_type = PageViewRestriction.GROUPS
    restriction.save()
    restriction.groups.set([friends])

    twin = PageViewRestriction.objects.get(page=library.in_language(club, "uk"))
    assert (twin.restriction_type, list(twin.groups.all())) == (PageViewRestriction.GROUPS, [friends])


def test_password_is_the_same_in_every_language(library, club):
    restriction = _restrict(club, PageViewRestriction.PASSWORD, password="tea")

    restriction.password = "coffee"
    restriction.save()

    assert set(PageViewRestriction.objects.values_list("password", flat=True)) == {"coffee"}


def test_page_moved_below_a_private_one_is_no_longer_public(client, library, club):
    branch = library.branch()
    _restrict(branch)

    with TestCase.captureOnCommitCallbacks(execute=True):
        Page.objects.get(pk=club.pk).move(Page.objects.get(pk=branch.pk), pos="last-child")

    assert not Event.objects.get().is_public
    assert EventPage.objects.filter(live=True).count() == 2
