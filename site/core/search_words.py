"""The words of a search: what readers type, cut down to how the words begin, so that other forms are found too."""

from __future__ import annotations

import re
import unicodedata

# The marks that stand for the apostrophe inside of a word. The index takes the last one for a letter and ends a word
# at the others, so words that have one are searched both ways.
APOSTROPHES = "'’ʼ"
LETTER = "ʼ"
WORD = re.compile(rf"[^\W_{LETTER}]+(?:[{APOSTROPHES}][^\W_{LETTER}]+)*")
# Words from this length on are found by their beginning; shorter ones only as they are.
SHORTEST_BEGINNING = 3
# So much of a word stays at least when its ending is taken off.
SHORTEST_STEM = 4
MOST_WORDS = 12
# Endings of nouns and adjectives in Ukrainian, Russian, Macedonian (with its articles) and English.
_ENDINGS = """
    ами ями ові еві єві ого его ому ему ої ою ею єю ій ий ый ой ая яя ое ее ие ия ии ією ией ів їв ов ев єв ам ям
    ах ях ом ем єм им ім їм ым их іх їх ых ую юю ию ей ата ите ото ета от та то те
    а я у ю о е є и і ї ы ь й s ies
"""
ENDINGS = sorted(_ENDINGS.split(), key=len, reverse=True)


def words_of(query: str) -> list[str]:
    """Return the words of a query in small letters, each once, at most a dozen; none where there is no letter.

    An apostrophe inside of a word is the letter that looks like one (ʼ), whatever was typed.
    """
    found = WORD.findall(unicodedata.normalize("NFC", query).casefold())
    return list(dict.fromkeys(re.sub(f"[{APOSTROPHES}]", LETTER, word) for word in found))[:MOST_WORDS]


def stem(word: str) -> str:
    """Return a word without its ending, if enough of it is left to mean something."""
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= SHORTEST_STEM:
            return word.removesuffix(ending)
    return word


def beginnings_of(query: str) -> list[str]:
    """Return how each word of a query begins in all of its forms."""
    return list(dict.fromkeys(stem(word) for word in words_of(query)))
