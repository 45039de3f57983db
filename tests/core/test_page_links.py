"""Addresses in templates lead to the same thing in every language."""

import pytest
from django.template import Context, RequestContext, Template
from django.test import RequestFactory
from django.utils import translation

from core.active_filters import ActiveFilter
from core.models import Network
from core.page_words import Alternate
from core.templatetags import page_links
from core.templatetags.page_links import LanguageLink

pytestmark = pytest.mark.django_db


def _request(path: str):
    return RequestFactory().get(path, headers={"host": "library.example"})


def _context(path: str, **values) -> Context:
    return Context(values | {"request": _request(path)})


def _alternate(code: str, *, translated=True, current=False) -> Alternate:
    return Alternate(code, code.upper(), f"/{code}/events/", translated, current)


def test_name_of_the_network_is_the_software_without_one(library):
    context = _context("/uk/")
    with translation.override("uk"):
        before = page_links.network_name(context)
        network = Network.for_site(library.site)
        network.name = {"en": "Library", "uk": "Бібліотека"}
        network.save()
        after = page_links.network_name(_context("/uk/"))

    assert (before, after, page_links.network_name(Context())) == ("Chitalnya", "Бібліотека", "Chitalnya")


def test_request_is_found_in_includes_that_pass_nothing_on():
    inner = Template("{% load page_links %}{% absolute '/en/' %}")
    outer = Template("{% include inner with nothing=1 only %}")

    assert outer.render(RequestContext(_request("/en/search/"), {"inner": inner})) == "http://library.example/en/"


def test_calendar_address_has_the_scheme_of_calendar_programs():
    assert page_links.webcal(_context("/en/search/"), "/en/events/feed.ics?branch=mill") == (
        "webcal://library.example/en/events/feed.ics?branch=mill"
    )


def test_address_loses_the_named_parameters_only():
    context = _context("/en/search/?q=a+b&page=2&branch=mill")

    assert (
        page_links.address_without(context, "page", "branch"),
        page_links.address_without(context, "page", "branch", "q"),
    ) == ("/en/search/?q=a+b", "/en/search/")


@pytest.mark.parametrize(
    ("asked", "left"),
    [
        ("?branch=mill&q=a", "?q=a"),
        ("?branch=mill&branch=oak&page=2", "?branch=oak"),
        ("?branch=oak,mill&branch=elm&page=2", "?branch=oak&branch=elm"),
        ("?branch=oak", "?branch=oak"),
    ],
)
def test_address_loses_one_value_of_several(asked, left):
    context = _context(f"/en/events/{asked}")

    one = ActiveFilter("branch", "Branch", "mill", "Mill", splits=True)

    assert page_links.address_without_filter(context, one) == f"/en/events/{left}"


def test_query_keeps_the_named_parameters_only():
    context = _context("/en/search/?topic=a%26b&page=2&branch=")

    assert (page_links.query_of(context, "topic", "branch"), page_links.query_of(context, "month")) == (
        "?topic=a%26b",
        "",
    )


def test_other_languages_of_a_page_keep_month_and_filters_but_nothing_unknown():
    alternates = [_alternate("en", current=True), _alternate("uk")]
    context = _context("/en/search/?view=month&month=2026-12&secret=1", alternates=alternates)

    assert page_links.language_links(context) == [
        LanguageLink("en", "EN", "/en/events/?view=month&month=2026-12", True),
        LanguageLink("uk", "UK", "/uk/events/?view=month&month=2026-12", False),
    ]


def test_other_languages_of_a_view_keep_the_search(library):
    with translation.override("uk"):
        links = page_links.language_links(_context("/uk/search/?q=%D0%BA%D0%BD%D0%B8%D0%B3%D0%B0"))

    assert [(link.code, link.path, link.current) for link in links] == [
        ("en", "/en/search/?q=%D0%BA%D0%BD%D0%B8%D0%B3%D0%B0", False),
        ("uk", "/uk/search/?q=%D0%BA%D0%BD%D0%B8%D0%B3%D0%B0", True),
        ("ru", "/ru/search/?q=%D0%BA%D0%BD%D0%B8%D0%B3%D0%B0", False),
        ("mk", "/mk/search/?q=%D0%BA%D0%BD%D0%B8%D0%B3%D0%B0", False),
    ]


def test_other_languages_of_an_address_without_one_are_the_first_pages(library):
    links = page_links.language_links(_context("/accounts/login/?next=/x/"))

    assert [link.path for link in links] == ["/en/", "/uk/", "/ru/", "/mk/"]


def test_default_alternate_is_the_first_that_is_translated():
    untranslated, translated = _alternate("en", translated=False), _alternate("uk")

    assert page_links.first_translated([untranslated, translated, _alternate("ru")]) == translated
    assert page_links.first_translated([untranslated]) is None


def test_page_of_one_language_has_an_address_under_every_other(library):
    with translation.override("mk"):
        assert page_links.path_in_language(library.event(slug="chess")) == "/mk/events/chess/"


def test_description_is_the_first_text_that_the_page_has(library):
    event = library.event(lead="Come\n and play.")
    event_with_own = library.event(title="Go", lead="Come.", search_description="Go for beginners.")

    assert (
        page_links.description_of(event),
        page_links.description_of(event_with_own),
        page_links.description_of(library.home),
        len(page_links.description_of(library.event(title="Long", lead="word " * 79))),
    ) == ("Come and play.", "Go for beginners.", "", 200)


def test_host_of_an_address_is_shown_without_www():
    addresses = ("https://www.example.org:8/x", "https://a.example.org", "nonsense")

    assert [page_links.host(address) for address in addresses] == ["example.org", "a.example.org", ""]
