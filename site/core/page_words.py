"""The words of pages and things in a language, and what a template needs to know about them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Q
from django.utils.translation import get_language, get_language_info
from wagtail.models import Page

from core import addresses
from core.models import Thing

if TYPE_CHECKING:
    from django.http import HttpRequest

    from core.pages import BasePage


@dataclass(frozen=True)
class Alternate:
    """The page in one language, whether translated or shown in another one's words."""

    code: str
    name: str
    path: str
    translated: bool
    current: bool


def context(page: BasePage, request: HttpRequest) -> dict:
    """Return what the frame of every page shows: languages, canonical path, whether the words are foreign here."""
    shown = get_language() or page.locale.language_code
    language = page.words_language
    return {
        "words_language": language,
        "words_language_name": get_language_info(language)["name_translated"],
        "words_are_foreign": language != shown,
        "canonical_path": addresses.path_in(page, language),
        "alternates": alternates(page, request, shown),
        "facts": getattr(page, "facts", None),
        "breadcrumbs": breadcrumbs(page, request),
    }


def alternates(page: BasePage, request: HttpRequest, shown: str) -> list[Alternate]:
    """Return the page in each of the site's languages, in the site's order."""
    from core.sites import network_for

    own = Page.objects.filter(translation_key=page.translation_key, live=True, alias_of=None)
    translated = set(own.values_list("locale__language_code", flat=True))
    codes = [code for code in network_for(request).language_codes if code in settings.SITE_LANGUAGES]
    return [
        Alternate(
            code=code,
            name=get_language_info(code)["name_local"],
            path=addresses.path_in(page, code),
            translated=code in translated,
            current=code == shown,
        )
        for code in codes
    ]


def breadcrumbs(page: BasePage, request: HttpRequest) -> list[dict[str, str]]:
    """Return the pages above this one, the home page first, in the shown language where they exist in it."""
    shown = get_language()
    above = list(
        page.get_ancestors()
        .filter(depth__gt=1)
        .order_by("depth")
        .only("id", "translation_key", "title", "url_path", "depth")
    )
    keys = [ancestor.translation_key for ancestor in above]
    here = Page.objects.filter(translation_key__in=keys, locale__language_code=shown, live=True)
    titles = dict(here.values_list("translation_key", "title"))
    return [
        {"title": titles.get(ancestor.translation_key, ancestor.title), "path": addresses.path_in(ancestor, shown)}
        for ancestor in above
    ]


@dataclass(frozen=True)
class Words:
    """A thing's page in the best language there is, and the path at which the asked language finds it."""

    page: Page
    path: str
    language: str
    foreign: bool

    @property
    def title(self) -> str:
        """The page's title."""
        return self.page.title


def words_for(
    things: Sequence[Thing], model: type[Page], *, language: str, only: Iterable[str] = (), hidden: bool = False
) -> dict[int, Words]:
    """Return each public thing's words by its id: in the language, else its source's; two queries for any number.

    `only` names the fields of the page model that will be shown, beside the title and the address; `hidden` also takes
    a source's words that are not live, for what must still be named after it was unpublished.
    """
    keys = {thing.translation_key: thing for thing in things if thing.translation_key}
    sources = {thing.source_page_id for thing in keys.values()}
    pages = (
        model.objects.filter(Q(live=True) | Q(pk__in=sources if hidden else ()))
        .filter(translation_key__in=list(keys), alias_of=None)
        .select_related("locale")
        .only("title", "url_path", "translation_key", "locale", "alias_of", "depth", "path", "slug", *only)
    )
    best: dict[int, Words] = {}
    for page in pages:
        thing = keys[page.translation_key]
        code = page.locale.language_code
        if code == language or (page.pk in sources and thing.pk not in best):
            best[thing.pk] = Words(page, addresses.path_in(page, language), code, code != language)
    return best
