"""A query that finds nothing is compared with what there is, and with the same keys under another layout."""

import pytest

from core.spelling import in_other_layout, respelled

KNOWN = {"шаховий", "вечір", "казки", "бібліотека", "млин"}


@pytest.mark.parametrize(
    ("query", "meant"),
    [
        ("бібілотека", "бібліотека"),
        ("Шахвоий вечір", "шаховий вечір"),
        ("шаховй", ""),
        ("шаховий вечір", ""),
        ("казка", ""),
        ("казка літургія", ""),
        ("млн", ""),
        ("", ""),
    ],
)
def test_unknown_words_are_replaced_by_near_ones(query, meant):
    assert respelled(query, KNOWN) == meant


@pytest.mark.parametrize(
    ("query", "language", "meant"),
    [
        ("rfprb", "uk", "казки"),
        (",b,kbjntrf", "ru", "библиотека"),
        ("kniga", "mk", "книга"),
        ("казки", "uk", ""),
        ("казки X", "uk", ""),
        ("123", "uk", ""),
        ("books", "en", ""),
    ],
)
def test_keys_of_another_layout_are_read(query, language, meant):
    assert in_other_layout(query, language) == meant
