"""A librarian writes in the admin; readers see it on the site and in the calendar, in every language, at once."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from urllib.request import urlopen

import pytest
from django.utils import timezone
from icalendar import Calendar

from tests.browser.calendar_program import Calendar as CalendarProgram
from tests.browser.people import Librarian, Visitor

pytestmark = pytest.mark.browser

PASSWORD = "reading-room"
# Each of the two processes of the web server keeps pages: asked so often, both have answered.
OFTEN = 4
STAMP = re.compile(r'datetime="([^"]{16})')


@pytest.fixture
def administrator(person) -> Librarian:
    """Return the administrator, who works in Ukrainian."""
    librarian = person(Librarian)
    librarian.sign_in("admin@library.example", PASSWORD)
    librarian.work_in("uk")
    return librarian


def feed_dates(reader: Visitor, language: str, title: str) -> list[dict]:
    """Return what the feed says of the event with this title."""
    answer = reader.page.request.get(f"{reader.site}/{language}/events/feed.ics")
    assert (answer.status, answer.headers["content-type"]) == (200, "text/calendar; charset=utf-8")
    found = [one for one in Calendar.from_ical(answer.body()).walk("VEVENT") if one["SUMMARY"] == title]
    return [
        {"uid": str(one["UID"]), "sequence": int(one["SEQUENCE"]), "start": one["DTSTART"].dt.replace(tzinfo=None)}
        for one in found
    ]


def shown_start(reader: Visitor, path: str) -> str:
    """Return the local start that an event's page shows."""
    reader.open(path)
    return reader.page.locator("dl.facts time").first.get_attribute("datetime")[:16]


def starts_seen(site: str, path: str, title: str = "") -> set[str]:
    """Return the local starts that a page shows, or those of its rows with a title, to somebody who asks often.

    Each time over a connection of its own, so that one process after the other answers.
    """
    seen = set()
    for _time in range(OFTEN):
        with urlopen(site + path) as answer:
            html = answer.read().decode()
        # A leaf of the calendar has a day alone.
        found = [(STAMP.search(piece), piece) for piece in re.split(r"<li|<dl", html)]
        starts = [stamp[1] for stamp, piece in found if stamp and title in piece]
        seen.update(starts[: None if title else 1])
    return seen


def listed_starts(program: CalendarProgram, first: date, title: str) -> list[str]:
    """Return when a calendar program shows an event in the ten days from a day on."""
    return [f"{day}T{start}" for day, start, name, _status in program.listed(first, 10) if name == title]


def path_of(reader: Visitor, title: str, *, day: date) -> str:
    """Return the address, without its language, of the event that the agenda of a day shows."""
    reader.open(f"/uk/events/?day={day}")
    reader.follow(title, within=".day >> nth=0")
    return reader.path.removeprefix("/uk/")


def test_sign_in_with_a_wrong_password_leads_nowhere(person):
    librarian = person(Librarian)
    librarian.open("/admin/")
    assert librarian.path == "/accounts/login/"
    librarian.page.locator("input[name=login]").fill("admin@library.example")
    librarian.page.locator("input[name=password]").fill("wrong-room")
    librarian.page.locator("input[name=password]").press("Enter")
    librarian.page.locator(".field-error, .errorlist, [role=alert]").first.wait_for()

    librarian.open("/admin/")
    assert librarian.path == "/accounts/login/"


def test_article_that_is_published_stands_in_every_language(administrator, visitor):
    title, lead = "Нова лавка під каштаном", "Її зробили читачі, і на ній можна читати до темряви."
    administrator.add("news", "Новини")
    administrator.fill(title=title, lead=lead)
    administrator.publish()
    assert administrator.complaints == []

    visitor.open("/uk/news/")
    visitor.follow(title, within="main")
    assert (visitor.heading, visitor.page.locator("main .lead").inner_text()) == (title, lead)
    assert visitor.page.locator("main .note").count() == 0
    path = visitor.path.removeprefix("/uk/")

    visitor.open("/mk/news/")
    visitor.follow(title, within="main")
    assert (visitor.path, visitor.language, visitor.heading) == (f"/mk/{path}", "mk", title)
    assert visitor.page.locator("main").get_attribute("lang") == "uk"
    assert "украински" in visitor.page.locator("main .note[lang=mk]").inner_text()
    assert visitor.complaints == []


def test_event_that_is_translated_and_moved_is_true_everywhere_at_once(administrator, visitor, tmp_path):
    title, lead = "Вечір паперових корабликів", "Складаємо флот зі старих газет."
    english, english_lead = "An evening of paper boats", "We fold a fleet out of old newspapers."
    day = timezone.localdate() + timedelta(days=40)
    other_day = day + timedelta(days=5)

    # It is written in Ukrainian and published.
    administrator.add("events", "Події")
    administrator.fill(title=title, lead=lead, starts_on=str(day), starts_at="17:00", ends_at="18:30")
    administrator.page.locator("[name=branch]").select_option(label="Філія «Набережна»")
    administrator.publish()

    path = path_of(visitor, title, day=day)
    assert shown_start(visitor, f"/uk/{path}") == f"{day}T17:00"
    assert visitor.page.locator("dl.facts").get_by_role("link", name="Філія «Набережна»").count() == 1
    assert shown_start(visitor, f"/mk/{path}") == f"{day}T17:00"
    assert (visitor.language, visitor.heading) == ("mk", title)
    assert "украински" in visitor.page.locator("main .note[lang=mk]").inner_text()

    # It is translated to English; the translation shows the facts and where they are changed.
    administrator.edit("events", title)
    administrator.translate_into("англійська", {title: english, lead: english_lead})
    source = administrator.page.locator(".c-translated-facts a[href$='/edit/']").get_attribute("href")
    administrator.page.locator(".c-translated-facts summary").click()
    assert administrator.page.locator(".c-translated-facts dd", has_text="17:00").is_visible()

    assert shown_start(visitor, f"/en/{path}") == f"{day}T17:00"
    assert (visitor.language, visitor.heading) == ("en", english)
    assert visitor.page.locator("main .note").count() == 0
    before = {"en": feed_dates(visitor, "en", english), "uk": feed_dates(visitor, "uk", title)}
    assert before["en"] == before["uk"]
    assert [one["start"] for one in before["uk"]] == [datetime.fromisoformat(f"{day}T17:00")]

    # Somebody has subscribed to the calendar.
    program = CalendarProgram(tmp_path, f"{visitor.site}/uk/events/feed.ics")
    program.subscribe()
    assert listed_starts(program, day, title) == [f"{day}T17:00"]

    # Its date moves, while every page that shows it is kept in memory.
    names = {"uk": title, "mk": title, "en": english}
    for code, name in names.items():
        assert starts_seen(visitor.site, f"/{code}/{path}") == {f"{day}T17:00"}
        assert starts_seen(visitor.site, f"/{code}/events/?day={day}", name) == {f"{day}T17:00"}
    administrator.open(source)
    administrator.fill(starts_on=str(other_day))
    administrator.publish(asked=True)

    for code, name in names.items():
        assert starts_seen(visitor.site, f"/{code}/{path}") == {f"{other_day}T17:00"}
        assert starts_seen(visitor.site, f"/{code}/events/?day={day}", name) == {f"{other_day}T17:00"}
    expected = [before["uk"][0] | {"sequence": before["uk"][0]["sequence"] + 1}]
    expected[0]["start"] = datetime.fromisoformat(f"{other_day}T17:00")
    assert feed_dates(visitor, "uk", title) == feed_dates(visitor, "en", english) == expected
    program.refresh()
    assert listed_starts(program, day, title) == [f"{other_day}T17:00"]
    assert visitor.complaints == []
    assert administrator.complaints == []


def test_date_that_an_editor_cancels_is_shown_as_cancelled(person, visitor):
    librarian = person(Librarian)
    librarian.sign_in("central@library.example", PASSWORD)
    page, title = "/uk/branches/central/chytatske-kolo/", "Читацьке коло щочетверга"
    visitor.open(page)
    # The last of the dates shown is weeks away, out of reach of what other tests read.
    link = visitor.page.locator(".dates li:not(.is-off) .row-when a").last
    slot = link.locator("time").first.get_attribute("datetime")[:16]
    day = date.fromisoformat(slot[:10])
    before = [one for one in feed_dates(visitor, "uk", title) if one["start"] == datetime.fromisoformat(slot)]

    librarian.open("/admin/events/?q=Читацьке")
    librarian.page.locator("main table a[href$='/dates/']").first.click()
    label = day.strftime(f"{day.day} %B")
    librarian.page.locator("tr", has_text=label).locator("a[href$='/cancel/']").click()
    librarian.page.locator("[name=reason_uk]").fill("Того вечора фарбують залу.")
    librarian.page.locator(".c-action button[type=submit]").click()
    librarian.page.locator(".messages .success").wait_for()

    visitor.open(f"{page}?date={slot}")
    assert "Того вечора фарбують залу." in visitor.page.locator(".banner.state-cancelled").inner_text()
    visitor.open(f"/uk/events/?day={day}")
    row = visitor.page.locator(".day").first.locator(".event-row.is-off", has_text=title)
    assert "Скасовано: Того вечора фарбують залу." in row.inner_text()
    answer = visitor.page.request.get(f"{visitor.site}/uk/events/feed.ics")
    now = {str(one["UID"]): one for one in Calendar.from_ical(answer.body()).walk("VEVENT")}[before[0]["uid"]]
    assert (now["STATUS"], int(now["SEQUENCE"])) == ("CANCELLED", before[0]["sequence"] + 1)
    assert visitor.complaints == []
    assert librarian.complaints == []
