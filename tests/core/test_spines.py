"""Spines: the same for the same key for ever, another for another, and always a full shelf."""

import itertools

import pytest
from django.template import Context, Template
from hypothesis import given
from hypothesis import strategies as st

from core.spines import HUES, TINTS, hue_of, shelf


def test_shelf_of_a_key_stays_what_it_is():
    assert [(one.x, one.width, one.height, one.tint) for one in shelf("reading-aloud", width=40, height=100)] == [
        (one.x, one.width, one.height, one.tint) for one in shelf("reading-aloud", width=40, height=100)
    ]
    assert shelf("reading-aloud", width=150, height=100) != shelf("reading-aloud-2", width=150, height=100)


@given(key=st.text(max_size=80), width=st.integers(20, 400))
def test_shelf_is_full_and_no_book_is_higher_than_it(key, width):
    books = shelf(key, width=width, height=100)

    assert books[0].x == 0
    assert books[-1].x + books[-1].width >= width
    assert all(0 < book.height <= 100 and 0 <= book.tint < TINTS for book in books)
    assert all(0 < down < book.height for book in books for down in book.bands)
    assert all(one.tint != other.tint for one, other in itertools.pairwise(books))


def test_what_is_about_the_same_has_the_same_hue():
    assert hue_of("a", "children") == hue_of("b", "children")
    assert len({hue_of(f"key {number}") for number in range(100)}) == HUES


@pytest.mark.parametrize("key", ["<script>", '"onload="', "шахи", ""])
def test_nothing_of_a_key_gets_into_the_markup(key):
    html = Template('{% load spines %}{% spines key "" "wide" %}').render(Context({"key": key}))

    assert html.startswith('<svg class="spines hue-')
    assert set(html) <= set('<>/="- .0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ')
    assert "script" not in html
    assert "onload" not in html
