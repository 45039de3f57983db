"""What somebody may have meant to type: a word that is nearly the same, or the same keys under another layout."""

from __future__ import annotations

from collections.abc import Collection
from difflib import get_close_matches

from core.search_words import stem, words_of

LIKENESS = 0.75
SHORTEST_MISTAKEN = 4
MOST_MISTAKEN = 4
KEYS = "qwertyuiop[]asdfghjkl;'zxcvbnm,."
LAYOUTS = {
    "uk": str.maketrans(KEYS, "йцукенгшщзхїфівапролджєячсмитьбю"),
    "ru": str.maketrans(KEYS, "йцукенгшщзхъфывапролджэячсмитьбю"),
    # Macedonian keys say nearly what they do in Latin script, so this also helps those who write without Cyrillic.
    "mk": str.maketrans(KEYS[:-2], "љњертѕуиопшѓасдфгхјклчќзџцвбнм"),
}


def in_other_layout(query: str, language: str) -> str:
    """Return a query of Latin letters as the same keys give it in a language's layout; empty where that can't be."""
    text = query.casefold()
    layout = LAYOUTS.get(language)
    is_latin = any("a" <= letter <= "z" for letter in text) and not any("Ѐ" <= letter <= "ӿ" for letter in text)
    if layout is None or not is_latin:
        return ""
    return " ".join(words_of(text.translate(layout)))


def respelled(query: str, known: Collection[str]) -> str:
    """Return a query whose unknown words were replaced by the known ones nearest to them.

    Empty where nothing is unknown, or where one word has no near one. `known` are whole words in small letters.
    """
    words = words_of(query)
    mistaken = {word for word in words if not _is_known(word, known)}
    if not 0 < len(mistaken) <= MOST_MISTAKEN:
        return ""
    replaced = [_nearest(word, known) if word in mistaken else word for word in words]
    return " ".join(replaced) if all(replaced) else ""


def _is_known(word: str, known: Collection[str]) -> bool:
    beginning = stem(word)
    return word in known or any(one.startswith(beginning) for one in known)


def _nearest(word: str, known: Collection[str]) -> str:
    if len(word) < SHORTEST_MISTAKEN:
        return ""
    # Hardly anybody mistakes the first letter, and comparing takes long.
    alike = [one for one in known if one[0] == word[0] and abs(len(one) - len(word)) <= 2]
    return next(iter(get_close_matches(word, alike, n=1, cutoff=LIKENESS)), "")
