"""Menu and footer as the editors order them: words per language, nothing that leads nowhere, nothing asked twice."""

import pytest
from django.db import connection
from django.template import Context
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from wagtail.models import Page, PageViewRestriction, Site

from core import navigation
from core.models import Navigation
from core.navigation import Column, Link, footer_for, left_out
from home.models import HomePage, PlainPage
from home.templatetags.sections import main_menu, section_path
from tests.factories.library import publish

pytestmark = pytest.mark.django_db


def entry(page=None, *, address="", **label):
    """Return what one entry holds."""
    return {"page": page, "address": address, "label": label}


def order(library, *entries, footer=()) -> Navigation:
    """Save the entries as the menu, and (heading, entries) as columns of the footer."""
    stored = Navigation.for_site(library.site)
    stored.menu = [("link", one) for one in entries]
    stored.footer = [("column", {"heading": heading, "links": links}) for heading, links in footer]
    stored.save()
    return Navigation.objects.get()


def plain(library, title, **fields) -> PlainPage:
    page = PlainPage(title=title, slug=title.lower(), **fields)
    return publish(Page.objects.get(pk=library.home.pk).add_child(instance=page))


def request(path="/en/"):
    return RequestFactory().get(path, headers={"host": "localhost"})


def menu(language="en", path=""):
    with translation.override(language):
        return main_menu(Context({"request": request(path or f"/{language}/")}))


def titles(language="en") -> list[str]:
    return [link.title for link in menu(language)]


def footer(language="en"):
    with translation.override(language):
        return footer_for(request(f"/{language}/"))


def test_menu_stands_in_the_order_of_the_editors(library):
    order(
        library, entry(library.news), entry(address="https://catalogue.example/", en="Catalogue"), entry(library.events)
    )

    assert menu(path="/en/events/chess/") == [
        Link("News", "/en/news/", "en", False),
        Link("Catalogue", "https://catalogue.example/", "en", False),
        Link("Events", "/en/events/", "en", False, here=False, inside=True),
    ]


def test_page_has_the_title_of_the_readers_language_unless_a_label_says_otherwise(library):
    library.translate(library.news, "uk", title="Новини")
    library.translate(library.events, "uk", title="Події")
    order(
        library,
        entry(library.news, en="All news"),
        entry(library.events, uk="Що відбувається"),
        entry(library.branches),
    )

    assert [(link.title, link.path, link.language, link.foreign) for link in menu("uk")] == [
        ("Новини", "/uk/news/", "uk", False),
        ("Що відбувається", "/uk/events/", "uk", False),
        ("Branches", "/uk/branches/", "en", True),
    ]
    assert titles("en") == ["All news", "Events", "Branches"]


def test_label_in_another_language_is_better_than_a_foreign_title(library):
    order(library, entry(library.news, uk="Новини мережі"))

    assert [(link.title, link.language, link.foreign) for link in menu("mk")] == [("Новини мережі", "uk", True)]


def test_home_page_is_not_around_everything(library):
    order(library, entry(library.home), entry(library.news))

    assert [(link.here, link.inside) for link in menu(path="/en/news/")] == [(False, False), (True, True)]
    assert menu(path="/en/")[0].here


def test_without_entries_the_sections_stand_there(library):
    assert titles() == ["Events", "Branches", "News"]
    order(library)
    assert titles() == ["Events", "Branches", "News"]
    assert footer() == ()


def test_sections_are_found_whatever_the_menu_holds(library):
    order(library, entry(library.news))

    assert section_path(Context({"request": request()}), "events") == "/en/events/"


def test_footer_has_columns_with_headings_per_language(library):
    library.translate(library.news, "uk", title="Новини")
    order(
        library,
        footer=[
            ({"en": "Library", "uk": "Бібліотека"}, [entry(library.news), entry(address="https://x.example/", en="X")]),
            ({"en": "Help"}, [entry(library.events)]),
        ],
    )

    assert footer("uk") == (
        Column(
            "Бібліотека",
            "uk",
            False,
            (Link("Новини", "/uk/news/", "uk", False), Link("X", "https://x.example/", "en", True)),
        ),
        Column("Help", "en", True, (Link("Events", "/uk/events/", "en", True),)),
    )


def _unpublish(page):
    page.unpublish()


def _make_private(page):
    PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)


def _delete(page):
    Page.objects.get(pk=page.pk).delete()


@pytest.mark.parametrize(
    ("go", "fault"),
    [
        (_unpublish, "the page is not published"),
        (_make_private, "the page is private"),
        (_delete, "the page was deleted"),
    ],
    ids=["unpublished", "private", "deleted"],
)
def test_entry_to_a_page_that_is_gone_is_left_out_and_named(library, client, go, fault):
    page = plain(library, "Rules")
    stored = order(
        library, entry(library.news), entry(page), footer=[({"en": "Help"}, [entry(page, en="House rules")])]
    )

    go(page)

    stored = Navigation.objects.get(pk=stored.pk)
    assert (titles(), footer()) == (["News"], ())
    assert client.get("/en/").status_code == 200
    assert [(one.name, one.part, str(one.fault)) for one in left_out(stored)] == [
        ("Rules", "Menu", fault),
        ("House rules", "Help", fault),
    ]
    assert len(stored.menu) == 2


def test_entry_comes_back_with_its_page(library):
    page = plain(library, "Rules")
    order(library, entry(page), entry(library.news))
    page.unpublish()
    assert titles() == ["News"]

    publish(PlainPage.objects.get(pk=page.pk))

    assert titles() == ["Rules", "News"]


def test_page_below_a_private_one_is_left_out(library):
    above = plain(library, "Staff")
    below = publish(Page.objects.get(pk=above.pk).add_child(instance=PlainPage(title="Rota", slug="rota")))
    order(library, entry(below), entry(library.news))
    _make_private(above)

    assert titles() == ["News"]


def test_deleted_page_leads_to_its_translation(library):
    page = plain(library, "Rules")
    library.translate(page, "uk", title="Правила")
    order(library, entry(page))
    _delete(page)

    assert [(link.title, link.path, link.foreign) for link in menu("en")] == [("Правила", "/en/rules/", True)]
    assert left_out(Navigation.objects.get()) == []


def test_menu_of_gone_pages_only_is_as_good_as_none(library):
    page = plain(library, "Rules")
    order(library, entry(page))
    page.unpublish()

    assert titles() == ["Events", "Branches", "News"]


def test_page_of_another_site_is_left_out_and_named(library):
    home = Page.objects.get(depth=1).add_child(instance=HomePage(title="Other", slug="o", locale=library.locales["en"]))
    Site.objects.create(hostname="other.example", root_page=home)
    order(library, entry(publish(home)), entry(library.news))

    assert titles() == ["News"]
    assert [str(one.fault) for one in left_out(Navigation.objects.get())] == ["the page belongs to another site"]


def test_number_of_queries_does_not_grow_with_the_entries(library):
    pages = [plain(library, f"Page{number}") for number in range(3)]
    asked = []
    for some in (pages[:1], pages):
        order(library, *(entry(page) for page in some), footer=[({"en": "Help"}, [entry(page) for page in some])])
        titles()
        with CaptureQueriesContext(connection) as queries:
            shown = titles()
        asked.append((len(shown), len(queries)))

    assert asked[0][1] == asked[1][1]
    assert [count for count, _queries in asked] == [1, 3]


def test_nothing_is_asked_again_in_the_same_generation(library, remembering, client):
    order(library, entry(library.news), footer=[({"en": "Help"}, [entry(library.events)])])
    client.get("/en/news/")

    with CaptureQueriesContext(connection) as queries:
        html = client.get("/en/news/").content.decode()

    assert "core_navigation" not in " ".join(query["sql"] for query in queries)
    assert '<h2 id="footer-column-1">Help</h2>' in html


def test_saved_menu_is_seen_at_once(library, remembering, django_capture_on_commit_callbacks):
    order(library, entry(library.news))
    assert titles() == ["News"]

    with django_capture_on_commit_callbacks(execute=True):
        order(library, entry(library.events))

    assert titles() == ["Events"]


def test_page_shows_menu_and_footer_with_the_language_of_foreign_words(library, client):
    order(library, entry(library.news), footer=[({"en": "Help"}, [entry(address="https://x.example/", uk="Каталог")])])

    html = client.get("/uk/").content.decode()

    assert '<a href="/uk/news/" lang="en">News</a>' in html
    assert '<h2 id="footer-column-1" lang="en">Help</h2>' in html
    assert '<a href="https://x.example/">Каталог</a>' in html
    assert "footer-sections" not in html


def test_known_pages_are_only_those_that_are_chosen(library):
    order(library, entry(library.news), entry(library.events))
    stored = order(library, entry(library.events))

    assert list(stored.known) == [str(library.events.pk)]
    assert navigation.left_out(stored) == []
