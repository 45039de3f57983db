"""The passage in which a word stands is cut between words, and what was found is marked, whatever else stands there."""

import pytest

from core.excerpts import LONGEST, marked, passage, pattern_of

FILLER = "Слова та слова. " * 40


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Казки та казкарі, переказ", "<mark>Казки</mark> та <mark>казкарі</mark>, переказ"),
        ("КАЗКА", "<mark>КАЗКА</mark>"),
        ("<b>казка</b> & 'казка'", "&lt;b&gt;<mark>казка</mark>&lt;/b&gt; &amp; &#x27;<mark>казка</mark>&#x27;"),
        ("Нічого", "Нічого"),
    ],
)
def test_words_that_begin_so_are_marked(text, expected):
    assert marked(text, pattern_of(["казк"])) == expected


def test_very_short_words_are_marked_only_whole():
    assert marked("До дому й додому", pattern_of(["до"])) == "<mark>До</mark> дому й додому"


def test_without_words_nothing_is_marked():
    assert (pattern_of([]), marked("a < b", None)) == (None, "a &lt; b")


def test_short_text_stays_whole():
    assert passage("Коротко \n і  ясно.", pattern_of(["ясно"])) == "Коротко і ясно."


def test_text_is_shown_from_its_beginning_where_the_word_stands_there():
    text = passage(f"Казка починається. {FILLER}", pattern_of(["казк"]))

    assert text.startswith("Казка починається. Слова")
    assert text.endswith(" …")
    assert len(text) <= LONGEST + 2


def test_passage_surrounds_a_word_deep_in_the_text():
    text = passage(f"{FILLER}Тут казка стоїть. {FILLER}", pattern_of(["казк"]))

    assert text.startswith("… ")
    assert text.endswith(" …")
    assert "Тут казка стоїть." in text
    assert set(text[2:-2].replace(".", "").split()) == {"Слова", "слова", "та", "Тут", "казка", "стоїть"}


def test_one_endless_word_is_cut():
    assert passage("х" * 1000, None) == "х" * LONGEST + " …"
