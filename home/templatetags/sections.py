"""The site's sections: the children of the home page that matter, in the shown language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from django import template
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef
from django.http import HttpRequest
from django.template import Context
from django.utils.translation import get_language
from wagtail.models import Page, PageViewRestriction, Site

from branches.models import BranchIndexPage
from core import addresses
from core.memory import per_generation
from core.navigation import Link, menu_for
from core.page_targets import distance
from core.templatetags.page_links import request_of
from events.models import EventIndexPage
from home.models import MissionPage, PlainPage
from news.models import NewsIndexPage

register = template.Library()

# What can stand below a home page, by the name that templates ask for; a plain page has none, and stands in the menu
# only if its own switch says so.
KINDS = {
    "branches": BranchIndexPage,
    "events": EventIndexPage,
    "news": NewsIndexPage,
    "mission": MissionPage,
    "": PlainPage,
}


@dataclass(frozen=True)
class Section:
    """A section as the menu shows it; `kind` is empty for a plain page, `foreign` a title in another language."""

    page_id: int
    kind: str
    title: str
    path: str
    language: str
    foreign: bool
    here: bool = False
    inside: bool = False


def sections(request: HttpRequest) -> list[Section]:
    """Return the sections in the order of the page tree; asked of the database once per generation."""
    site = Site.find_for_request(request)
    if site is None:
        return []
    return [
        replace(section, here=request.path == section.path, inside=request.path.startswith(section.path))
        for section in sections_of(site, get_language() or settings.LANGUAGE_CODE)
    ]


@per_generation
def sections_of(site: Site, shown: str) -> tuple[Section, ...]:
    """Return a site's sections in the order of the page tree, in a language where there are words in it."""
    kinds = {ContentType.objects.get_for_model(model).pk: kind for kind, model in KINDS.items()}
    homes = {root.root_path for root in Site.get_site_root_paths() if root.site_id == site.pk}
    pages = (
        Page.objects.filter(content_type__in=kinds, depth=site.root_page.depth + 1, live=True)
        .annotate(is_private=Exists(PageViewRestriction.objects.filter(page=OuterRef("pk"))))
        .select_related("locale", "alias_of__locale")
        .order_by("path")
    )
    below = [page for page in pages if _home_path(page) in homes]
    found = [page for page in below if kinds[page.content_type_id] or page.show_in_menus]
    best = [page for page in _best(found, site, shown) if not page.is_private]
    return tuple(_section_of(page, kinds[page.content_type_id], shown) for page in best)


def _home_path(page: Page) -> str:
    """Return the path, as Wagtail stores it, of the home page below which a section stands."""
    return page.url_path[: -len(page.slug) - 1]


def _best(pages: Iterable[Page], site: Site, shown: str) -> list[Page]:
    """Return each section's page in the shown language, else in the first that has it, in the order of the tree."""
    groups: dict[object, list[Page]] = {}
    for page in pages:
        groups.setdefault(page.translation_key, []).append(page)

    def place(group: list[Page]) -> tuple[bool, str]:
        own = [page for page in group if page.path.startswith(site.root_page.path)]
        return not own, (own or group)[0].path

    return [min(group, key=lambda page: distance(page, shown)) for group in sorted(groups.values(), key=place)]


def _section_of(page: Page, kind: str, shown: str) -> Section:
    language = (page.alias_of or page).locale.language_code
    path = addresses.path_in(page, shown)
    return Section(page.pk, kind, page.title, path, language, foreign=language != shown)


@register.simple_tag(takes_context=True)
def main_menu(context: Context) -> list[Link] | list[Section]:
    """Return the menu as the editors made it, else the sections."""
    request = request_of(context)
    return (menu_for(request) or sections(request)) if request else []


def _section(context: Context, kind: str) -> Section | None:
    """Return the site's section of a kind, whatever stands in the menu."""
    request = request_of(context)
    return next((section for section in sections(request) if section.kind == kind), None) if request else None


@register.simple_tag(takes_context=True)
def section_path(context: Context, kind: str) -> str:
    """Return the path of a section ("events", "news", "branches", "mission"), empty where the site has none."""
    section = _section(context, kind)
    return section.path if section else ""


@dataclass(frozen=True)
class MissionWords:
    """The mission's statement, and where the rest of it is."""

    title: str
    statement: str
    path: str
    language: str
    foreign: bool


@register.simple_tag(takes_context=True)
def mission_words(context: Context) -> MissionWords | None:
    """Return the mission in the shown language or in the next best; None where the site has no mission page."""
    section = _section(context, "mission")
    if section is None:
        return None
    return MissionWords(section.title, _statement(section.page_id), section.path, section.language, section.foreign)


@per_generation
def _statement(page_id: int) -> str:
    return MissionPage.objects.values_list("statement", flat=True).get(pk=page_id)
