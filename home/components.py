"""Every component of the pages in each of its states, with examples in place of what a library would write."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from wagtail.blocks import StreamValue

from branches.opening_hours.state import OpenState
from branches.opening_words import state_words
from core import notices
from core.blocks import BodyBlock
from core.enums import NoticeLevel, ShareService
from core.localtime import to_local
from core.models import Topic
from core.page_words import Words
from core.share_links import share_links
from events.dates import ListedDate
from events.enums import OccurrenceState
from events.listing import Row
from news.listing import ArticleRow
from news.models import Article

ZONE = ZoneInfo("Europe/Kyiv")
KEYS = ("foreign", "first", "second", "third")
# What stands in the head of a page, around all of it, or only ever inside of another component.
NOT_SHOWN = {
    "alternates.html",
    "article_tile.html",
    "error_frame.html",
    "gallery.html",
    "gallery_picture.html",
    "language_list.html",
    "menu_fold.html",
    "notice_mark.html",
    "open_graph.html",
    "open_graph_picture.html",
    "preview_checks.html",
    "style_sheets.html",
}


@dataclass(frozen=True)
class State:
    """A component in one state: its name in words, and what the template is given."""

    name: str
    context: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Component:
    """A template in `templates/components` and the states that it has."""

    file: str
    states: tuple[State, ...]

    @property
    def template(self) -> str:
        """The template's name."""
        return f"components/{self.file}"

    @property
    def name(self) -> str:
        """Its name in code."""
        return self.file.removesuffix(".html")

    @property
    def is_entry(self) -> bool:
        """Whether it only stands in a list."""
        return self.name.endswith("_row")


def all_components(now: datetime | None = None) -> list[Component]:
    """Return the components by name."""
    now = now or timezone.now()
    found = [*_of_events(now), *_of_news(now), *_of_branches(now), *_of_frame()]
    return sorted(found, key=lambda component: component.file)


# --- Events -----------------------------------------------------------------------------------------------------------


def _of_events(now: datetime) -> Iterator[Component]:
    usual = _event(now)
    later = _event(now, moved=True)
    yield Component(
        "event_row.html",
        (
            State(_("as planned"), {"row": usual, "with_leaf": True}),
            State(_("below the heading of its day"), {"row": usual}),
            State(_("moved"), {"row": later, "with_leaf": True}),
            State(pgettext("event", "cancelled"), {"row": _event(now, cancelled=True), "with_leaf": True}),
            State(pgettext("event", "postponed"), {"row": _event(now, postponed=True), "with_leaf": True}),
            State(_("over several weeks"), {"row": _event(now, days=40), "with_leaf": True, "with_day": True}),
            State(_("in another language"), {"row": _event(now, foreign=True), "with_leaf": True}),
        ),
    )
    yield Component("event_list.html", _empty_one_many("rows", [usual, later, _event(now, cancelled=True)]))
    reason = {get_language(): _("The speaker is ill.")}
    yield Component(
        "event_state.html",
        (
            State(pgettext("event", "cancelled"), {"cancelled": True, "reason": reason}),
            State(pgettext("event", "postponed"), {"postponed": True}),
            State(_("moved"), {"moved": True}),
        ),
    )
    yield Component("calendar_feed.html", (State("", {"text": _("Subscribe to the calendar"), "query": ""}),))


def _event(
    now: datetime,
    *,
    moved: bool = False,
    cancelled: bool = False,
    postponed: bool = False,
    foreign: bool = False,
    days: int = 0,
) -> Row:
    start = to_local(now, ZONE).replace(hour=18, minute=0, second=0, microsecond=0) + timedelta(days=3)
    end = start + timedelta(days=days, minutes=90)
    # No real event has such a number, so lists remember nothing of these in its place.
    look = (moved, cancelled, postponed, foreign, bool(days))
    held = ListedDate(
        event_id=-1 - sum(2**place for place, is_so in enumerate(look) if is_so),
        branch_id=None,
        slot=start,
        local_start=start,
        local_end=end,
        zone=str(ZONE),
        all_day=bool(days),
        long_run=bool(days),
        starts_at=now,
        ends_at=now,
        place={},
        state=OccurrenceState.CANCELLED if cancelled else OccurrenceState.SCHEDULED,
        moved_start=start if moved else None,
        moved_branch_id=None,
        reason={get_language() or "": _("The speaker is ill.")} if cancelled else {},
        event_key=None,
        event_source=None,
        event_state="postponed" if postponed else "scheduled",
        event_filters=[],
    )
    words = _words(_("An evening with a new book"), foreign=foreign)
    return Row(held, held.event, words, _("Central library"), (_("Adults"),))


# --- News -------------------------------------------------------------------------------------------------------------


def _of_news(now: datetime) -> Iterator[Component]:
    rows = [_article(now - timedelta(days=number), key) for number, key in enumerate(KEYS[1:])]
    yield Component(
        "article_row.html",
        (
            State("", {"row": rows[0], "with_topics": True}),
            State(_("in another language"), {"row": _article(now, KEYS[0], foreign=True), "with_topics": True}),
        ),
    )
    yield Component("article_tiles.html", _empty_one_many("rows", rows))


def _article(now: datetime, key: str, *, foreign: bool = False) -> ArticleRow:
    article = Article(pk=-1 - KEYS.index(key), key=key, published_at=now)
    # As if they had been read.
    article._prefetched_objects_cache = {"topics": [Topic(key="reading", label={get_language() or "": _("Reading")})]}
    lead = _("They are quiet, warm and bright enough for the smallest print.")
    return ArticleRow(article, _words(_("The reading room has new lamps"), foreign=foreign, lead=lead))


# --- Branches ---------------------------------------------------------------------------------------------------------


def _of_branches(now: datetime) -> Iterator[Component]:
    soon = now + timedelta(hours=2)
    kinds = (
        (_("open"), OpenState(True, until=soon)),
        (_("closed"), OpenState(False, next_open=soon)),
        (_("closed for a reason"), OpenState(False, reason={get_language() or "": _("Public holiday")})),
        (_("hours not entered"), OpenState(False, is_known=False)),
    )
    states = [(name, state, state_words(state, now, ZONE)) for name, state in kinds]
    yield Component(
        "open_state.html",
        tuple(State(name, {"state": state, "sentence": sentence}) for name, state, sentence in states),
    )
    rows = [
        SimpleNamespace(
            words=_words(_("Central library")), state=state, sentence=sentence, address=_("1 Chestnut Street")
        )
        for _name, state, sentence in states
    ]
    yield Component("branch_list.html", _empty_one_many("branches", rows))


# --- What stands around ---------------------------------------------------------------------------------------------


def _of_frame() -> Iterator[Component]:
    menu = [
        SimpleNamespace(path="#", title=title, foreign=False, language="", here=here, inside=inside)
        for title, here, inside in ((_("Events"), True, False), (_("News"), False, True), (_("Branches"), False, False))
    ]
    crumbs = [{"title": _("Library"), "path": "#"}, {"title": _("News"), "path": "#"}]
    page = SimpleNamespace(title=_("The reading room has new lamps"))
    active = [SimpleNamespace(kind="branch", label=_("branch"), name=_("Central library"))]
    contacts = {"address": _("1 Chestnut Street"), "phone": "+380 44 000 00 00", "email": "info@library.example"}
    languages = [
        SimpleNamespace(path="#", code=code, name=name, current=code == get_language())
        for code, name in (("uk", "українська"), ("mk", "македонски"), ("en", "English"))
    ]
    yield Component("main_menu.html", (State("", {"menu": menu}),))
    yield Component("footer_links.html", (State("", {"path": "/", "LANGUAGE_CODE": get_language()}),))
    yield Component("breadcrumbs.html", (State("", {"breadcrumbs": crumbs, "page": page, "language": get_language()}),))
    with_heading = State(_("with a heading"), {"languages": languages, "heading": True})
    yield Component("language_links.html", (State("", {"languages": languages}), with_heading))
    columns = [SimpleNamespace(heading=_("For readers"), foreign=False, links=menu)]
    yield Component("footer_columns.html", (State("", {"columns": columns}),))
    yield Component("notices.html", tuple(_notices()))
    yield Component("share.html", (State("", {"share": _share(page.title)}),))
    yield Component("foreign_note.html", (State("", {"name": languages[1].name}),))
    yield Component("network_contacts.html", (State("", {"contacts": contacts}),))
    yield Component(
        "search_form.html",
        (State(_("empty"), {"field": "sample-1"}), State(_("filled"), {"field": "sample-2", "query": _("lamps")})),
    )
    yield Component("active_filters.html", (State("", {"active": active}),))
    between = {"before": _("Newer"), "after": _("Older")}
    yield Component(
        "pager.html",
        (
            State(_("first page"), {"page_number": 1, "has_more": True} | between),
            State(_("in between"), {"page_number": 2, "has_more": True} | between),
            State(_("last page"), {"page_number": 3, "has_more": False} | between),
        ),
    )
    yield Component("cover.html", (State(_("without a picture"), {"key": "lamps", "topic": "reading"}),))
    yield Component("caption.html", (State("", {"caption": page.title, "author": "O. Koval", "licence": "CC BY 4.0"}),))
    yield Component("body.html", (State("", {"body": _body()}),))


def _notices() -> Iterator[State]:
    language = get_language() or ""
    words = notices.Words(_("The central library stays closed tomorrow: there is no electricity."), language)
    link = notices.Words(_("Branches"), language)
    for level in NoticeLevel:
        posted = notices.Posted(level, timezone.now(), None, words, "#", link)
        yield State(str(level.label), {"notices": [posted], "language": language})


def _share(title: str) -> dict[str, Any]:
    address = "https://library.example/lamps/"
    return {"links": share_links(ShareService.values, address=address, title=title), "address": address}


def _body() -> StreamValue:
    """Return a text with each block that needs neither picture nor document."""
    sentence = _("They are quiet, warm and bright enough for the smallest print.")
    answer = f"<p>{sentence}</p>"
    blocks = [
        ("text", f"<h2>{_('Headings')}</h2><p>{sentence}</p><ul><li>{sentence}</li><li>{sentence}</li></ul>"),
        ("quote", {"text": sentence, "source": "O. Koval"}),
        ("faq", {"heading": _("Questions"), "questions": [{"question": _("Is it free of charge?"), "answer": answer}]}),
        ("table", _table()),
        ("call_to_action", {"text": _("Become a reader"), "url": "https://library.example/", "note": sentence}),
        ("video", {"url": "https://video.example/1", "title": _("An evening with a new book"), "still": None}),
    ]
    return BodyBlock().to_python([{"type": name, "value": value} for name, value in blocks])


def _table() -> dict[str, Any]:
    data = [[_("Day"), _("Hours")], [_("Monday"), "10:00–19:00"], [_("Sunday"), _("Closed")]]
    return {"data": data, "first_row_is_table_header": True, "first_col_is_header": False, "table_caption": _("Hours")}


def _words(title: str, *, foreign: bool = False, **more: str) -> Words:
    language = get_language() or ""
    shown = next(code for code in ("en", "uk") if code != language) if foreign else language
    return Words(SimpleNamespace(title=title, **more), "#", shown, foreign)


def _empty_one_many(name: str, rows: Iterable[Any]) -> tuple[State, ...]:
    rows = list(rows)
    return (State(_("none"), {name: []}), State(_("one"), {name: rows[:1]}), State(_("several"), {name: rows}))
