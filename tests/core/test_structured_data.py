"""Data blocks read back to what went in, and never leave their element."""

import json

from django.template import Context, Template
from django.test import RequestFactory
from django.utils.translation import gettext_lazy
from hypothesis import given
from hypothesis import strategies as st

from core.structured import without_blanks
from core.templatetags.structured_data import breadcrumb_data, json_ld

OPENING, CLOSING = '<script type="application/ld+json">', "</script>"


def _inside(shown: str) -> str:
    return shown.removeprefix(OPENING).removesuffix(CLOSING)


def test_data_can_not_close_the_element():
    shown = json_ld({"name": "</script><!-- & \u2028 «Їжак»"})

    assert shown == OPENING + r'{"name":"\u003c/script\u003e\u003c!-- \u0026 \u2028 «Їжак»"}' + CLOSING


def test_lazy_words_become_text():
    assert _inside(json_ld({"name": gettext_lazy("Monday")})) == '{"name":"Monday"}'


def test_nothing_is_shown_without_data():
    assert (json_ld(None), json_ld({})) == ("", "")


@given(st.dictionaries(st.text(), st.text() | st.lists(st.text()), min_size=1))
def test_data_read_back_are_the_same_without_any_markup(data):
    text = _inside(json_ld(data))

    assert (json.loads(text), set(text) & set("<>&\u2028\u2029")) == (data, set())


def test_breadcrumbs_end_at_the_page_itself():
    context = Context({"request": RequestFactory().get("/en/news/", headers={"host": "library.example"})})

    assert breadcrumb_data(context, [{"title": "Library", "path": "/en/"}], "News", "/en/news/") == {
        "@context": "https://schema.org",
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": 1, "name": "Library", "item": "http://library.example/en/"},
            {"@type": "ListItem", "position": 2, "name": "News", "item": "http://library.example/en/news/"},
        ],
    }


def test_first_page_has_no_breadcrumbs():
    template = Template(
        "{% load structured_data %}{% breadcrumb_data crumbs 'Library' '/en/' as trail %}{% json_ld trail %}"
    )

    assert template.render(Context({"crumbs": []})) == ""


def test_only_what_is_known_is_said():
    data = {
        "@type": "Event",
        "name": "Chess",
        "description": "",
        "isAccessibleForFree": False,
        "maximumAttendeeCapacity": 0,
        "image": None,
        "email": [],
        "location": [{"@type": "Place", "name": "", "address": {"@type": "PostalAddress", "postalCode": ""}}, ""],
        "organizer": {"@type": "Library", "name": "Mill", "url": ""},
    }

    assert without_blanks(data) == {
        "@type": "Event",
        "name": "Chess",
        "isAccessibleForFree": False,
        "maximumAttendeeCapacity": 0,
        "organizer": {"@type": "Library", "name": "Mill"},
    }
