"""Labels say in which language they are where it isn't the page's."""

from django.template import Context, Template
from django.utils import translation


def _shown(text: str, **context) -> str:
    return Template("{% load labels %}" + text).render(Context(context))


def test_label_in_the_shown_language_needs_no_mark():
    with translation.override("uk"):
        assert _shown("{% label value %}", value={"en": "Ramp", "uk": "Пандус"}) == "Пандус"


def test_label_in_another_language_is_marked_and_escaped():
    with translation.override("mk"):
        assert _shown("{% label value %}", value={"uk": "Пандус <1>"}) == '<span lang="uk">Пандус &lt;1&gt;</span>'


def test_label_without_words_shows_nothing():
    assert [_shown("{% label value %}", value=value) for value in ({}, None, {"uk": ""})] == ["", "", ""]


def test_label_as_plain_text_is_the_next_best():
    with translation.override("mk"):
        assert _shown("{{ value|label_in }}", value={"uk": "Пандус"}) == "Пандус"


def test_language_is_named_in_the_shown_language():
    assert _shown("{{ 'uk'|language_name }}") == "Ukrainian"
