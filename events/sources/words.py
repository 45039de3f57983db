"""What is wrong with somebody else's calendar, said to editors; and the words of its entries, shown to readers."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from core.labels import label_in
from core.page_words import Worded, Words, words_in
from events.sources.faults import Fault

EXPLANATIONS = {
    Fault.ADDRESS: _("This is no address of a calendar that may be read. Such an address begins with https://, "
                     "http:// or webcal:// and holds no password and no unusual port."),
    Fault.OWN_SITE: _("This address leads to this very site. Its own events are shown already."),
    Fault.NAME: _("There is no such site: its name was not found. Is the address spelt right?"),
    Fault.PRIVATE: _("The address leads into a private network, which is never read."),
    Fault.CONNECTION: _("The site could not be reached."),
    Fault.CERTIFICATE: _("The site's certificate is not valid, so nobody knows whose calendar it is."),
    Fault.TIMEOUT: _("The site took too long to answer."),
    Fault.REDIRECTS: _("The address leads to another one, and so on, too many times."),
    Fault.REFUSED: _("The site does not let us read the calendar. Is it shared with everybody?"),
    Fault.NOT_FOUND: _("There is no calendar at this address (any more). Ask its owner for the new address."),
    Fault.SERVER: _("The site has a fault of its own."),
    Fault.STATUS: _("The site gave an answer that is no calendar."),
    Fault.TOO_LARGE: _("The calendar is too large."),
    Fault.NOT_CALENDAR: _("What stands at this address is no calendar, maybe a web page. "
                          "Look for an address that ends in .ics."),
    Fault.ENCODING: _("The letters of the calendar can't be read: it is not in UTF-8."),
    Fault.TOO_COMPLICATED: _("The calendar took too long to work out: one of its rules repeats without end."),
    Fault.INTERNAL: _("Something went wrong here while it was read. Whoever runs this site finds more in the log."),
}  # fmt: skip


def explain(fault: Fault) -> str:
    """Return what is wrong in words of the active language."""
    return str(EXPLANATIONS[fault])


@dataclass(frozen=True, slots=True)
class ImportedPage:
    """What stands for the page of an event that has none here."""

    title: str
    lead: str


@dataclass(frozen=True, slots=True)
class ImportedWords(Words):
    """The words of an imported event in the one language that they have; `path` is an address elsewhere."""

    source: str = ""
    source_url: str = ""
    uid: UUID | None = None


def event_words(
    events: Sequence[Worded], *, languages: Collection[str], only: Iterable[str] = ()
) -> dict[str, dict[int, Words]]:
    """Return the words of public events by language and id, of pages and of calendars of others; two queries."""
    from events.models import EventPage

    found = words_in(events, EventPage, languages=languages, only=only)
    imported = [event.pk for event in events if event.translation_key is None]
    if imported:
        for row in _imported(imported):
            for language in languages:
                found[language][row["event"]] = _words(row, language)
    return found


def _imported(ids: list[int]) -> Iterable[dict[str, Any]]:
    from events.models import ImportedEntry

    columns = ("event", "title", "description", "url", "language", "source__name", "source__page_url",
               "event__occurrences__uid")  # fmt: skip
    return ImportedEntry.objects.filter(event__in=ids, source__isnull=False).values(*columns)


def _words(row: dict[str, Any], language: str) -> ImportedWords:
    name, url = label_in(row["source__name"], language), row["source__page_url"]
    return ImportedWords(
        page=ImportedPage(row["title"] or name, row["description"]),
        path=row["url"] or url,
        language=row["language"],
        foreign=row["language"] != language,
        source=name,
        source_url=url,
        uid=row["event__occurrences__uid"],
    )
