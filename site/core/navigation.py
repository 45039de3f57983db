"""The menu and the footer as readers of a language see them, asked of the database once per generation."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from wagtail.models import Site

from core.addresses import start_of
from core.labels import Label, label_in, label_language
from core.memory import per_generation
from core.models import Navigation
from core.page_targets import DELETED, PageTargets, Target

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


@dataclass(frozen=True)
class Link:
    """An entry as readers see it; `foreign` where its words are in another language than the page around it."""

    title: str
    path: str
    language: str
    foreign: bool
    here: bool = False
    inside: bool = False


@dataclass(frozen=True)
class Column:
    """A column of the footer, with the entries that lead somewhere."""

    heading: str
    language: str
    foreign: bool
    links: tuple[Link, ...]


@dataclass(frozen=True)
class LeftOut:
    """An entry that readers don't see: what it is called, in which part it stands, and why it is left out."""

    name: str
    part: str
    fault: _StrPromise | str


def menu_for(request: HttpRequest) -> list[Link]:
    """Return the menu's entries in the shown language; none where the editors made none that leads anywhere."""
    menu, _footer = _navigation_for(request)
    return [_placed(link, request.path) for link in menu]


def footer_for(request: HttpRequest) -> tuple[Column, ...]:
    """Return the columns of the footer in the shown language."""
    return _navigation_for(request)[1]


def _navigation_for(request: HttpRequest) -> tuple[tuple[Link, ...], tuple[Column, ...]]:
    site = Site.find_for_request(request)
    return _navigation(site.pk, get_language() or settings.LANGUAGE_CODE) if site else ((), ())


def _placed(link: Link, path: str) -> Link:
    # Everything is below the home page, which says nothing.
    is_home = link.path == start_of(get_language() or settings.LANGUAGE_CODE)
    here = path == link.path
    return replace(link, here=here, inside=here or (path.startswith(link.path) and not is_home))


@per_generation
def _navigation(site_id: int, language: str) -> tuple[tuple[Link, ...], tuple[Column, ...]]:
    stored = Navigation.objects.filter(site=site_id).first()
    if stored is None:
        return (), ()
    parts: dict[int, list[Link]] = {}
    targets = _targets_of(stored)
    for number, raw in stored.raw_links():
        if link := _link(raw, targets, _key_of(stored, raw), language):
            parts.setdefault(number, []).append(link)
    headings = [block["value"]["heading"] for block in stored.footer.raw_data]
    columns = [_column(label, parts[number], language) for number, label in enumerate(headings, 1) if number in parts]
    return tuple(parts.get(0, ())), tuple(columns)


def _column(heading: Label, links: Iterable[Link], language: str) -> Column:
    words = label_language(heading, language)
    return Column(label_in(heading, language), words, words != language, tuple(links))


def _link(raw: dict, targets: PageTargets, key: UUID | None, language: str) -> Link | None:
    label: Label = raw.get("label") or {}
    if not raw.get("page"):
        address = raw.get("address") or ""
        words = label_language(label, language)
        return Link(label_in(label, language), address, words, words != language) if address and label else None
    target = targets.target(key, language) if key else None
    return _page_link(label, target, language) if target else None


def _page_link(label: Label, target: Target, language: str) -> Link:
    """Name a page: by the label in this language, else by its own title here, else by whatever label there is."""
    if label.get(language) or (target.foreign and label):
        words = label_language(label, language)
        return Link(label_in(label, language), target.path, words, words != language)
    return Link(target.title, target.path, target.language, target.foreign)


def _key_of(stored: Navigation, raw: dict) -> UUID | None:
    known = stored.known.get(str(raw.get("page")))
    return UUID(known["key"]) if known else None


def _targets_of(stored: Navigation) -> PageTargets:
    return PageTargets(stored.site_id, {UUID(known["key"]) for known in stored.known.values()})


def left_out(stored: Navigation) -> list[LeftOut]:
    """Return the entries of a stored menu and footer that lead nowhere."""
    targets = _targets_of(stored)
    parts = [_("Menu"), *(label_in(block["value"]["heading"]) for block in stored.footer.raw_data)]
    found = []
    for number, raw in stored.raw_links():
        key = _key_of(stored, raw)
        fault = "" if not raw.get("page") else targets.fault(key) if key else DELETED
        if fault:
            title = stored.known.get(str(raw["page"]), {}).get("title", "")
            found.append(LeftOut(label_in(raw.get("label")) or title or "?", parts[number], fault))
    return found
