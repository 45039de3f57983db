"""The tree is the same in every language: structural pages exist in all, pages move together."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import reduce
from operator import or_
from uuid import UUID

from django.db.models import Q
from wagtail.models import Locale, Page, Site, get_page_models

from core.pages import BasePage
from core.sites import languages_of, site_of


def fill_languages(page: BasePage) -> list[Page]:
    """Make the aliases of a structural page that are missing in the languages of its site; return the new ones."""
    codes = languages_of(site_of(page))
    there = set(page.get_translations(inclusive=True).values_list("locale_id", flat=True))
    missing = [locale for locale in Locale.objects.filter(language_code__in=codes) if locale.pk not in there]
    made = [page.copy_for_translation(locale, copy_parents=True, alias=True) for locale in missing]
    if made:
        page.languages_filled()
    return made


def fill_site(site: Site) -> list[Page]:
    """Make what a site lacks of its live structural pages in its languages, from the top down; return the new ones.

    The number of queries grows with what is missing, not with what is there.
    """
    places = _structural_places(site)
    if not places:
        return []
    codes = languages_of(site)
    locales = set(Locale.objects.filter(language_code__in=codes).values_list("pk", flat=True))
    lacking = [key for key, there in places.items() if not locales <= there]
    return [new for page in _live_sources(lacking) for new in fill_languages(page)]


def _structural_places(site: Site) -> dict[UUID, set[int]]:
    """Return the ids of the locales in which each structural page of a site exists, by its translation key."""
    models = [model for model in get_page_models() if issubclass(model, BasePage) and model.in_every_language]
    roots = site.root_page.get_translations(inclusive=True).values_list("path", flat=True)
    below = reduce(or_, (Q(path__startswith=path) for path in roots))
    places = defaultdict(set)
    for key, locale in Page.objects.type(*models).filter(below).values_list("translation_key", "locale_id"):
        places[key].add(locale)
    return places


def _live_sources(keys: Iterable[UUID]) -> Iterator[BasePage]:
    """Yield the live page of each key that has the words from which other languages begin, parents first."""
    found = Page.objects.live().filter(translation_key__in=keys, alias_of=None).order_by("depth", "pk")
    pages: dict[UUID, list[BasePage]] = defaultdict(list)
    for page in found.specific():
        pages[page.translation_key].append(page)
    for ones in pages.values():
        yield next((page for page in ones if page.owns_slug), ones[0])


def ensure_locales(codes: list[str]) -> list[Locale]:
    """Return the locales of the languages, made where they are missing."""
    return [Locale.objects.get_or_create(language_code=code)[0] for code in codes]


def move_translations(page: Page) -> None:
    """Move the page's translations to where the page now stands, as far as that place exists in their language."""
    parent = page.get_parent()
    for other in page.get_translations():
        there = parent.get_translation_or_none(other.locale)
        if there is not None and not other.is_child_of(there):
            # Moving tells of itself, and finds all others in their place by then.
            other.specific.move(Page.objects.get(pk=there.pk), pos="last-child")
