import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.slugs import SLUG_LENGTH, slugify_words, unique_slug


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Київ", "kyiv"),
        ("Згурський", "zghurskyi"),
        ("Розгін і Згорани", "rozghin-i-zghorany"),
        ("Єнакієве", "yenakiieve"),
        ("Їжакевич із Кадиївки", "yizhakevych-iz-kadyivky"),
        ("Йосипівка, Стрий", "yosypivka-stryi"),
        ("Юрій Крюківка", "yurii-kriukivka"),
        ("Яготин — Ічня", "yahotyn-ichnia"),
        ("Знам'янка", "znamianka"),
        ("Знам’янка", "znamianka"),
        ("Ґалаґан", "galagan"),
        ("Гоща, Щербухи", "hoshcha-shcherbukhy"),
        ("Івано-Франківськ", "ivano-frankivsk"),
        ("Ново-Яворівське", "novo-yavorivske"),
        ("ЧИТАЙ — КИЇВ!", "chytai-kyiv"),
        ("И\u0306ти до Києва", "yty-do-kyieva"),  # й typed as two characters
        ("за\u0301мок", "zamok"),  # a stress mark
        ("Рік ёлки", "rik-elky"),  # a Russian letter among Ukrainian ones
    ],
)
def test_slug_of_ukrainian_follows_resolution_55(text, slug):
    assert slugify_words(text, "uk") == slug


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("«Щука»", "shchuka"),
        ("Съезд читателей", "sezd-chitateley"),
        ("Ёлка для всех", "elka-dlya-vsekh"),
        ("Цирк, чай, шум, жук", "tsirk-chay-shum-zhuk"),
        ("Этот новый год", "etot-novyy-god"),
        ("Юбилей: мышь и объявление", "yubiley-mysh-i-obyavlenie"),
        ("Библиотека № 5", "biblioteka-no-5"),
    ],
)
def test_slug_of_russian_looks_like_in_english_papers(text, slug):
    assert slugify_words(text, "ru") == slug


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Ѓорѓи Ќосев", "gjorgji-kjosev"),
        ("Љубов и Њива", "ljubov-i-njiva"),
        ("Џвездан и ѕвезда", "dzhvezdan-i-dzvezda"),
        ("Цветанка чита", "cvetanka-chita"),
        ("Жар, шума, храна, јазик", "zhar-shuma-hrana-jazik"),
        ("'Рж и леб", "rzh-i-leb"),
        ("Г\u0301орче", "gjorche"),  # ѓ typed as two characters
    ],
)
def test_slug_of_macedonian_keeps_its_own_letters(text, slug):
    assert slugify_words(text, "mk") == slug


@pytest.mark.parametrize(
    ("text", "language", "slug"),
    [
        ("The reader's café", "en", "the-readers-cafe"),
        ("The reader’s café", "en-gb", "the-readers-cafe"),
        ("Київ", "uk-UA", "kyiv"),
        ("snake_case and 10% off", "en", "snake-case-and-10-off"),
        ("Straße Łódź", "de", "strasse-lodz"),
        ("Щука", "en", "shchuka"),
        ("読書", "ja", "dushu"),
        ("نادي 2026", "ar", "ndy-2026"),
    ],
)
def test_slug_of_other_letters_falls_back_to_anyascii(text, language, slug):
    assert slugify_words(text, language) == slug


@pytest.mark.parametrize("text", ["", "   ", "😀🎉", "—…!", "ь", "\x00", "\ud800"])
def test_slug_of_text_without_letters_is_page(text):
    assert slugify_words(text, "uk") == "page"


@pytest.mark.parametrize(("text", "slug"), [("2026", "page-2026"), ("12-05", "page-12-05"), ("٣", "page-3")])
def test_slug_of_digits_gets_a_word_before(text, slug):
    assert slugify_words(text, "en") == slug


def test_slug_of_long_text_ends_with_a_whole_word():
    text = "Зустріч читацького клубу сучасної української літератури у центральній бібліотеці"
    assert slugify_words(text, "uk") == "zustrich-chytatskoho-klubu-suchasnoi-ukrainskoi-literatury-u"


def test_slug_of_one_long_word_is_cut():
    assert slugify_words("ш" * 100, "ru") == "sh" * 30


def test_slug_of_number_before_a_long_word_is_no_number():
    assert slugify_words("2026 " + "a" * 60, "en") == "page-2026"


def test_slug_of_long_number_is_no_number():
    assert slugify_words("1" * 80, "en") == "page"


@given(st.text(max_size=120), st.sampled_from(["uk", "ru", "mk", "en", "zh-hans", ""]))
def test_slug_of_any_text_is_a_slug_and_its_own_slug(text, language):
    slug = slugify_words(text, language)
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug)
    assert len(slug) <= SLUG_LENGTH
    assert re.search("[a-z]", slug)
    assert slugify_words(slug, language) == slug


def test_unique_slug_when_free_is_the_base():
    assert unique_slug("chess-club", {"chess"}) == "chess-club"


def test_unique_slug_when_taken_counts_from_two():
    assert unique_slug("chess", {"chess", "chess-2", "chess-4"}) == "chess-3"


def test_unique_slug_asks_a_question_for_each_candidate():
    asked = []

    def is_taken(slug):
        asked.append(slug)
        return len(asked) < 3

    assert unique_slug("chess", is_taken) == "chess-3"
    assert asked == ["chess", "chess-2", "chess-3"]


def test_unique_slug_avoids_reserved_words():
    assert unique_slug("feed", {"feed-2"}, reserved={"feed", "feed-3"}) == "feed-4"


@pytest.mark.parametrize(
    ("base", "slug"),
    [("a" * 60, "a" * 58 + "-2"), ("a" * 57 + "-bb", "a" * 57 + "-2")],
)
def test_unique_slug_of_long_base_keeps_within_the_length(base, slug):
    assert unique_slug(base, {base}) == slug
