"""The menu shows the same sections in every language, in the order of the tree."""

import pytest
from django.db import connection
from django.template import Context
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from wagtail.models import Page, PageViewRestriction, Site

from home.models import HomePage, MissionPage, PlainPage
from home.templatetags.sections import MissionWords, main_menu, mission_words, section_path
from tests.factories.library import publish

pytestmark = pytest.mark.django_db


def _context(path: str) -> Context:
    return Context({"request": RequestFactory().get(path, headers={"host": "localhost"})})


def _add(library, page, parent=None):
    return publish(Page.objects.get(pk=(parent or library.home).pk).add_child(instance=page))


def _titles(path: str) -> list[str]:
    return [section.title for section in main_menu(_context(path))]


def test_menu_follows_the_tree_and_leaves_out_what_is_not_in_menus(library):
    _add(library, PlainPage(title="Rules", slug="rules"))
    _add(library, PlainPage(title="About", slug="about", show_in_menus=True))
    _add(library, MissionPage(title="Mission", slug="mission", statement="For all."))

    assert _titles("/en/") == ["Events", "Branches", "News", "About", "Mission"]


def test_menu_marks_the_section_that_is_shown_and_the_one_around(library):
    context = _context("/en/events/")

    assert [(section.kind, section.path, section.here, section.inside) for section in main_menu(context)] == [
        ("events", "/en/events/", True, True),
        ("branches", "/en/branches/", False, False),
        ("news", "/en/news/", False, False),
    ]
    assert [(section.here, section.inside) for section in main_menu(_context("/en/news/shelves/"))] == [
        (False, False),
        (False, False),
        (False, True),
    ]


def test_menu_has_the_words_of_the_language_where_there_are_any(library):
    library.translate(library.events, "uk", title="Події")
    _add(library, PlainPage(title="About", slug="about", show_in_menus=True))

    with translation.override("uk"):
        menu = main_menu(_context("/uk/"))

    assert [(section.title, section.path, section.language, section.foreign) for section in menu] == [
        ("Події", "/uk/events/", "uk", False),
        ("Branches", "/uk/branches/", "en", True),
        ("News", "/uk/news/", "en", True),
        ("About", "/uk/about/", "en", True),
    ]


def test_menu_leaves_out_what_is_not_public(library):
    PageViewRestriction.objects.create(page=library.events, restriction_type=PageViewRestriction.LOGIN)
    library.news.unpublish()

    assert _titles("/en/") == ["Branches"]


def test_menu_of_a_site_has_nothing_of_another(library):
    root = Page.objects.get(depth=1)
    home = root.add_child(instance=HomePage(title="Other", slug="other", locale=library.locales["en"]))
    Site.objects.create(hostname="other.example", root_page=home)
    publish(home)
    _add(library, PlainPage(title="Elsewhere", slug="elsewhere", show_in_menus=True), home)

    assert _titles("/en/") == ["Events", "Branches", "News"]


def test_menu_asks_the_same_number_of_queries_for_any_number_of_sections(library):
    _titles("/en/")
    asked = []
    for number in range(3):
        _add(library, PlainPage(title=f"Page {number}", slug=f"page-{number}", show_in_menus=True))
        with CaptureQueriesContext(connection) as queries:
            titles = _titles("/en/")
        asked.append((len(titles), len(queries)))

    # The site of the request, the menu that nobody ordered, and the sections.
    assert asked == [(4, 3), (5, 3), (6, 3)]


def test_section_has_a_path_under_the_shown_language_or_none(library):
    with translation.override("mk"):
        context = _context("/mk/")
        paths = [section_path(context, kind) for kind in ("events", "news", "mission")]

    assert paths == ["/mk/events/", "/mk/news/", ""]


def test_mission_is_shown_in_the_next_best_language(library):
    mission = _add(library, MissionPage(title="Mission", slug="mission", statement="For all."))
    library.translate(mission, "uk", title="Місія", statement="Для всіх.")

    with translation.override("uk"):
        own = mission_words(_context("/uk/"))
    with translation.override("mk"):
        foreign = mission_words(_context("/mk/"))

    assert (own, foreign) == (
        MissionWords("Місія", "Для всіх.", "/uk/mission/", "uk", False),
        MissionWords("Mission", "For all.", "/mk/mission/", "en", True),
    )


def test_there_is_no_mission_where_there_is_no_page(library):
    assert mission_words(_context("/en/")) is None
