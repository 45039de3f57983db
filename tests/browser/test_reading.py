"""A newcomer reads the site in four languages, with a browser that lacks nothing and with one without scripts."""

from __future__ import annotations

import re

import pytest

pytestmark = pytest.mark.browser

LANGUAGES = {"en": "English", "uk": "Українська", "ru": "Русский", "mk": "Македонски"}
NETWORK = {
    "en": "Yasenove District Library",
    "uk": "Ясенівська районна бібліотека",
    "ru": "Ясеновская районная библиотека",
    "mk": "Јасеновска околиска библиотека",
}
MENU = {
    "en": ["Branches", "Events", "News", "Our mission"],
    "uk": ["Філії", "Події", "Новини", "Наша місія"],
    "ru": ["Филиалы", "Мероприятия", "Новости", "Наша миссия"],
    "mk": ["Подружници", "Настани", "Вести", "Нашата мисија"],
}
OPEN_SENTENCE = {
    "en": r"^(Open|Closed)\b",
    "uk": r"^(Відчинено|Зачинено)\b",
    "ru": r"^(Открыто|Закрыто)\b",
    "mk": r"^(Отворено|Затворено)\b",
}
CENTRAL = {
    "en": "Central Library",
    "uk": "Центральна бібліотека",
    "ru": "Центральная библиотека",
    "mk": "Централна библиотека",
}
CAT = {
    "en": "The cat by the mill has a name: Comma",
    "uk": "Кішка біля млина має ім’я: Кома",
    "ru": "У кошки возле мельницы есть имя: Запятая",
    "mk": "Мачката кај воденицата доби име: Запирка",
}
CIRCLE = {
    "en": "Thursday reading circle",
    "uk": "Читацьке коло щочетверга",
    "ru": "Читательский круг по четвергам",
    "mk": "Читателски круг во четврток",
}


@pytest.fixture(params=[True, False], ids=["with_scripts", "without_scripts"])
def newcomer(request, person):
    """Return somebody who has never been here."""
    return person(java_script_enabled=request.param)


def test_front_door_leads_to_the_default_language(newcomer):
    newcomer.open("/")

    assert (newcomer.path, newcomer.language, newcomer.heading) == ("/en/", "en", NETWORK["en"])
    assert newcomer.complaints == []


def test_switcher_leads_through_all_languages(newcomer):
    newcomer.open("/")
    seen = {}
    for code in ("uk", "ru", "mk", "en"):
        newcomer.follow(LANGUAGES[code], within="nav.languages")
        newcomer.page.wait_for_url(f"**/{code}/")
        seen[code] = (newcomer.language, newcomer.heading)

    assert seen == {code: (code, NETWORK[code]) for code in LANGUAGES}
    assert newcomer.complaints == []


@pytest.mark.parametrize(("scripts", "code"), [(True, "en"), (True, "uk"), (True, "ru"), (True, "mk"), (False, "uk")])
def test_newcomer_reads_on_from_the_home_page(person, scripts, code):
    newcomer = person(java_script_enabled=scripts)
    newcomer.open(f"/{code}/")
    menu = newcomer.page.locator(".main-menu a").all_inner_texts()
    assert menu[:4] == MENU[code]

    newcomer.follow(MENU[code][3], within=".main-menu")
    assert (newcomer.path, newcomer.language, newcomer.heading) == (f"/{code}/mission/", code, MENU[code][3])
    assert newcomer.page.locator(".goals > li").count() > 1

    newcomer.follow(MENU[code][0], within=".main-menu")
    newcomer.follow(CENTRAL[code], within="main")
    assert (newcomer.path, newcomer.language) == (f"/{code}/branches/central/", code)
    assert newcomer.heading == CENTRAL[code]
    assert re.search(OPEN_SENTENCE[code], newcomer.page.locator(".open-state").first.inner_text())
    week = newcomer.page.locator("table.week").first
    assert week.locator("tbody tr").count() == 7
    assert week.locator("tr[aria-current=date]").count() == 1

    newcomer.open(f"/{code}/branches/mill/kishka-bilia-mlyna/")
    assert (newcomer.language, newcomer.heading) == (code, CAT[code])

    newcomer.open(f"/{code}/branches/central/chytatske-kolo/")
    assert (newcomer.language, newcomer.heading) == (code, CIRCLE[code])
    assert newcomer.page.locator("dl.facts dt").count() <= 8
    assert newcomer.complaints == []


def test_switcher_keeps_the_event_that_is_read(newcomer):
    newcomer.open("/uk/branches/central/chytatske-kolo/")
    newcomer.follow(LANGUAGES["mk"], within="nav.languages")

    assert (newcomer.path, newcomer.heading) == ("/mk/branches/central/chytatske-kolo/", CIRCLE["mk"])
    assert newcomer.complaints == []


def test_agenda_and_month_lead_to_the_same_event(newcomer):
    newcomer.open("/uk/events/")
    link = newcomer.page.locator(".day .event-row:not(.is-off) h3 a").last
    title, address = link.inner_text(), link.get_attribute("href")
    newcomer.follow("Місяць", within="main")
    newcomer.page.wait_for_url("**view=month**")
    assert newcomer.heading == "Події"

    newcomer.open(address)
    assert (newcomer.language, newcomer.heading) == ("uk", title)
    assert newcomer.complaints == []
