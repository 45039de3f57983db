"""Structural pages exist in every language, also in those that a network comes to offer later."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import GroupPagePermission, Locale, Page

from branches.models import BranchPage
from core.models import Network
from home.models import PlainPage
from tests.factories.library import Library, publish

PATHS = ("", "branches/", "branches/central/", "events/", "news/")


def _pages(code: str) -> list[tuple[str, bool]]:
    """Return the paths below the home page in a language, and whether each follows another page."""
    pages = Page.objects.filter(locale__language_code=code, depth__gt=1).order_by("depth", "slug")
    return [("/".join(page.url_path.split("/")[2:]), page.alias_of_id is not None) for page in pages]


def _granted(code: str) -> set[tuple[str, str]]:
    grants = GroupPagePermission.objects.filter(page__locale__language_code=code, page__depth__gt=1)
    return set(grants.values_list("group__name", "permission__codename"))


def _offer(network: Network, *codes: str) -> None:
    network.languages = list(codes)
    network.save()


@pytest.fixture
def english(db):
    """Return a network that knows one language only, with a branch and pages that are not structural."""
    library = Library(languages=["en"])
    _offer(Network.for_site(library.site), "en")
    branch = library.branch()
    library.event(parent=branch)
    publish(Page.objects.get(pk=library.home.pk).add_child(instance=PlainPage(title="About")))
    return library


def test_migrating_makes_the_locales_of_the_installation(db):
    Locale.objects.exclude(language_code="en").delete()

    call_command("migrate", verbosity=0)

    assert set(Locale.objects.values_list("language_code", flat=True)) == {"en", "uk", "ru", "mk"}


def test_migrating_half_way_leaves_the_locales_alone(db, monkeypatch):
    Locale.objects.exclude(language_code="en").delete()
    monkeypatch.setattr("core.signals.is_migrated", lambda: False)

    call_command("migrate", verbosity=0)

    assert list(Locale.objects.values_list("language_code", flat=True)) == ["en"]


def _by_locale(library, client):
    _offer(Network.for_site(library.site), "en", "uk")
    assert _pages("uk") == []
    Locale.objects.create(language_code="uk")


def _by_network(library, client):
    Locale.objects.create(language_code="uk")
    assert _pages("uk") == []
    _offer(Network.for_site(library.site), "en", "uk")


def _in_the_admin(library, client):
    _offer(Network.for_site(library.site), "en", "uk")
    client.force_login(library.administrator())
    answer = client.post(reverse("wagtaillocales:add"), {"language_code": "uk"})
    assert answer.status_code == 302
    client.logout()


@pytest.mark.parametrize("add", [_by_locale, _by_network, _in_the_admin])
def test_language_that_comes_later_has_no_hole(english, client, add):
    add(english, client)

    assert _pages("uk") == [
        ("", True),
        ("branches/", True),
        ("events/", True),
        ("news/", True),
        ("branches/central/", True),
    ]
    assert [client.get(f"/uk/{path}").status_code for path in PATHS] == [200] * len(PATHS)


@pytest.mark.parametrize("add", [_by_locale, _by_network])
def test_editors_of_a_branch_may_write_in_a_language_that_comes_later(english, client, add):
    add(english, client)

    assert _granted("uk") == _granted("en") != set()


def test_language_that_comes_later_follows_the_source(english):
    english.locales["uk"] = Locale.objects.create(language_code="uk")
    _offer(Network.for_site(english.site), "en", "uk")
    source = english.branch(key="mill", language="uk", title="Млин")

    Locale.objects.create(language_code="mk")
    _offer(Network.for_site(english.site), "en", "uk", "mk")

    mill = BranchPage.objects.get(slug="mill", locale__language_code="mk")
    assert (mill.alias_of_id, mill.title) == (source.pk, "Млин")


def test_hidden_pages_stay_as_they_are(english):
    BranchPage.objects.get().unpublish()
    Locale.objects.create(language_code="uk")

    _offer(Network.for_site(english.site), "en", "uk")

    assert [path for path, _alias in _pages("uk")] == ["", "branches/", "events/", "news/"]


def test_language_that_is_not_offered_gets_no_pages(english):
    Locale.objects.create(language_code="uk")

    assert _pages("uk") == []


def test_network_with_nothing_but_the_welcome_page_stays_empty(db):
    before = Page.objects.count()

    Locale.objects.get_or_create(language_code="uk")

    assert (Page.objects.count(), Network.objects.count()) == (before, 0)


@pytest.mark.parametrize("save", [lambda network: network.save(), lambda _network: Locale.objects.first().save()])
def test_what_was_remembered_before_the_pages_came_is_dropped_after(library, monkeypatch, save):
    network = Network.for_site(library.site)
    happened = []
    monkeypatch.setattr("core.structure.fill_site", lambda _site: happened.append("filled"))
    monkeypatch.setattr("core.signals.bump", lambda _site: happened.append("dropped"))

    save(network)

    assert happened[-2:] == ["filled", "dropped"]


def test_saving_a_network_asks_no_more_for_more_branches(library, django_assert_num_queries):
    network = Network.for_site(library.site)
    library.branch(key="one")
    network.save()
    with CaptureQueriesContext(connection) as one:
        network.save()
    library.branch(key="two")
    library.branch(key="three")

    with django_assert_num_queries(len(one)):
        network.save()


def test_each_branch_costs_the_same_in_a_new_language(english):
    def cost(code: str) -> int:
        offered = Network.for_site(english.site).languages
        _offer(Network.for_site(english.site), *offered, code)
        with CaptureQueriesContext(connection) as asked:
            Locale.objects.create(language_code=code)
        return len(asked)

    first = cost("uk")
    english.branch(key="two")
    second = cost("ru")
    english.branch(key="three")

    assert (cost("mk") - second, second - first) == (second - first, second - first)
    assert second - first < 80
