"""Readable ASCII slugs, transliterated by the rules of the language that a text is written in."""

import unicodedata
from collections.abc import Callable, Container, Iterable, Iterator
from itertools import count, groupby

from anyascii import anyascii

SLUG_LENGTH = 60
FALLBACK_WORD = "page"

APOSTROPHES = dict.fromkeys(map(ord, "'`´ʹʼ‘’′＇"))
# Stress marks and other accents that an author puts above a letter; Cyrillic й, ї, ѓ and ќ are composed before.
ACCENTS = dict.fromkeys(range(0x0300, 0x0370))


def _table(pairs: str) -> dict[str, str]:
    return dict(pair.split("=") for pair in pairs.split())


# Cabinet of Ministers of Ukraine, resolution 55 of 27 January 2010. The soft sign and the apostrophe are not written.
UKRAINIAN = _table(
    "а=a б=b в=v г=h ґ=g д=d е=e є=ie ж=zh з=z и=y і=i ї=i й=i к=k л=l м=m н=n о=o п=p "
    "р=r с=s т=t у=u ф=f х=kh ц=ts ч=ch ш=sh щ=shch ь= ю=iu я=ia"
)
UKRAINIAN_INITIALS = _table("є=ye ї=yi й=y ю=yu я=ya")

# The usual English-looking scheme. The hard sign is not written (съезд: sezd), ё is e, because whether an author
# types the dots must not make another slug; й is y everywhere (новый: novyy).
RUSSIAN = _table(
    "а=a б=b в=v г=g д=d е=e ё=e ж=zh з=z и=i й=y к=k л=l м=m н=n о=o п=p р=r с=s т=t у=u "
    "ф=f х=kh ц=ts ч=ch ш=sh щ=shch ъ= ы=y ь= э=e ю=yu я=ya"
)

# As in Macedonian passports, ц is c (Цветанка: Cvetanka); џ is dzh, to go with zh, ch and sh.
MACEDONIAN = _table(
    "а=a б=b в=v г=g д=d ѓ=gj е=e ѐ=e ж=zh з=z ѕ=dz и=i ѝ=i ј=j к=k л=l љ=lj м=m н=n њ=nj о=o п=p "
    "р=r с=s т=t ќ=kj у=u ф=f х=h ц=c ч=ch џ=dzh ш=sh"
)

LETTERS = {"uk": UKRAINIAN, "ru": RUSSIAN, "mk": MACEDONIAN}
INITIALS = {"uk": UKRAINIAN_INITIALS}
CLUSTERS = {"uk": (("зг", "zgh"),)}


def slugify_words(text: str, language: str) -> str:
    """Return the words of a text as a slug: lower-case ASCII letters and digits, with hyphens between the words.

    `language` is a code such as "uk" or "en-gb"; it chooses the rules for its own letters, all other letters go by
    `anyascii`. The slug has 1 to 60 characters, ends with a whole word where the first one fits, and is never made
    of digits alone ("page-2026"). A text without letters or digits gives "page".
    """
    words = [slug for word in _words(text) if (slug := _transliterated(word, language.partition("-")[0].lower()))]
    slug = _joined(words)
    if slug.replace("-", "").isdigit():
        slug = _joined([FALLBACK_WORD, *words])
    return slug or FALLBACK_WORD


def unique_slug(
    base: str, taken: Container[str] | Callable[[str], bool], *, reserved: Container[str] = frozenset()
) -> str:
    """Return `base`, or the first of base-2, base-3 and so on that is neither taken nor reserved.

    `taken` is a collection of slugs or a question about one slug. The result keeps within 60 characters.
    """
    is_taken = taken if callable(taken) else taken.__contains__
    return next(slug for slug in _candidates(base) if slug not in reserved and not is_taken(slug))


def _candidates(base: str) -> Iterator[str]:
    yield base
    for number in count(2):
        ending = f"-{number}"
        yield base[: SLUG_LENGTH - len(ending)].rstrip("-") + ending


def _words(text: str) -> Iterator[str]:
    composed = unicodedata.normalize("NFKC", text.translate(APOSTROPHES)).translate(ACCENTS).lower()
    for is_word, characters in groupby(composed, key=lambda character: unicodedata.category(character)[0] in "LMN"):
        if is_word:
            yield "".join(characters)


def _transliterated(word: str, language: str) -> str:
    for cluster, letters in CLUSTERS.get(language, ()):
        word = word.replace(cluster, letters)
    first, rest = word[:1], word[1:]
    table = LETTERS.get(language, {})
    pieces = [INITIALS.get(language, {}).get(first) or _letter(first, table), *(_letter(each, table) for each in rest)]
    return "".join(pieces)


def _letter(letter: str, table: dict[str, str]) -> str:
    if letter in table:
        return table[letter]
    return "".join(each for each in anyascii(letter).lower() if each.isalnum())


def _joined(words: Iterable[str]) -> str:
    slug = ""
    for word in words:
        longer = f"{slug}-{word}" if slug else word[:SLUG_LENGTH]
        if len(longer) > SLUG_LENGTH:
            break
        slug = longer
    return slug
