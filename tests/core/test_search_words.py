"""Words of a search lose their endings, so that other forms of them are found."""

import pytest

from core.search_words import MOST_WORDS, beginnings_of, stem, words_of


def test_words_are_letters_and_digits_in_small_letters_each_once():
    assert words_of('  «Кобзар», КОБЗАР_1840 "C++" \x00 ') == ["кобзар", "1840", "c"]


def test_apostrophe_inside_of_a_word_is_always_the_same():
    assert words_of("п'єса п’єса пʼєса 'п’єса’ об’ є") == ["пʼєса", "об", "є"]


@pytest.mark.parametrize("query", ["", "  ", '"', "\x00", "***", "— _ …"])
def test_what_has_no_letter_has_no_words(query):
    assert beginnings_of(query) == []


def test_nobody_searches_for_more_than_a_dozen_words():
    assert len(words_of(" ".join(f"w{number}" for number in range(100)))) == MOST_WORDS


@pytest.mark.parametrize(
    "forms",
    [
        ["бібліотека", "бібліотеки", "бібліотекою", "бібліотеках"],
        ["библиотека", "библиотеке", "библиотекой", "библиотеками"],
        ["библиотеката", "библиотеките", "библиотеки"],
        ["настан", "настани", "настанот", "настаните"],
        ["шаховий", "шахового", "шахових"],
        ["book", "books"],
        ["story", "stories"],
    ],
)
def test_forms_of_a_word_have_a_common_beginning(forms):
    shortest = min((stem(form) for form in forms), key=len)

    assert all(form.startswith(shortest) for form in forms)
    assert {stem(form)[: len(shortest)] for form in forms} == {shortest}


@pytest.mark.parametrize("word", ["ліс", "вода", "мова", "кава", "а", "і"])
def test_short_words_stay_as_they_are(word):
    assert stem(word) == word
