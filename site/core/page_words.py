"""The words of pages and things in a language, and what a template needs to know about them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Q
from django.utils.translation import get_language, get_language_info
from wagtail.models import Page

from core import addresses
from core.memory import per_generation
from core.models import Thing
from core.sites import language_codes_by_locale, network_for

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
    language = page.words_language
    shown = get_language() or language
    return {
        "words_language": language,
        "words_language_name": get_language_info(language)["name_translated"],
        "words_are_foreign": language != shown,
        "canonical_path": addresses.path_in(page, language),
        "alternates": alternates(page, request, shown),
        "facts": getattr(page, "facts", None),
        "breadcrumbs": breadcrumbs(page.path[: -Page.steplen], shown),
    }


def alternates(page: BasePage, request: HttpRequest, shown: str) -> list[Alternate]:
    """Return the page in each of the site's languages, in the site's order."""
    own = Page.objects.filter(translation_key=page.translation_key, live=True, alias_of=None)
    by_locale = language_codes_by_locale()
    translated = {by_locale[pk] for pk in own.values_list("locale", flat=True)}
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


@per_generation
def breadcrumbs(parent_path: str, shown: str) -> list[dict[str, str]]:
    """Return the page at a tree path and those above it, the home page first, in the shown language if they exist."""
    paths = [parent_path[:end] for end in range(2 * Page.steplen, len(parent_path) + 1, Page.steplen)]
    above = list(Page.objects.filter(path__in=paths).order_by("depth").only("translation_key", "title", "url_path"))
    here = Page.objects.filter(
        translation_key__in=[page.translation_key for page in above], locale__language_code=shown, live=True
    )
    titles = dict(here.values_list("translation_key", "title"))
    return [
        {"title": titles.get(page.translation_key, page.title), "path": addresses.path_in(page, shown)}
        for page in above
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
    return words_in(things, model, languages=[language], only=only, hidden=hidden)[language]


def words_in(
    things: Sequence[Thing],
    model: type[Page],
    *,
    languages: Collection[str],
    only: Iterable[str] = (),
    hidden: bool = False,
) -> dict[str, dict[int, Words]]:
    """Return what `words_for` returns, by language; two queries for any number of languages, too."""
    keys = {thing.translation_key: thing for thing in things if thing.translation_key}
    sources = {thing.source_page_id for thing in keys.values()}
    codes = language_codes_by_locale()
    here = [pk for pk, code in codes.items() if code in languages]
    pages = (
        model.objects.filter(Q(live=True) | Q(pk__in=sources if hidden else ()))
        .filter(Q(locale__in=here) | Q(pk__in=sources), translation_key__in=list(keys), alias_of=None)
        .order_by()
        .only("title", "url_path", "translation_key", "locale", "alias_of", "depth", "path", "slug", *only)
    )
    best: dict[str, dict[int, Words]] = {language: {} for language in languages}
    for page in pages:
        thing, code = keys[page.translation_key], codes[page.locale_id]
        for language, found in best.items():
            if code == language or (page.pk in sources and thing.pk not in found):
                found[thing.pk] = Words(page, addresses.path_in(page, language), code, code != language)
    return best
