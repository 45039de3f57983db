"""Structural pages exist in every language: as aliases of their source until somebody translates them."""

from wagtail.models import Locale, Page

from core.sites import languages_of, site_of


def fill_languages(page: Page) -> list[Page]:
    """Make the aliases of a structural page that are missing in the languages of its site; return the new ones."""
    codes = languages_of(site_of(page))
    there = set(page.get_translations(inclusive=True).values_list("locale_id", flat=True))
    missing = [locale for locale in Locale.objects.filter(language_code__in=codes) if locale.pk not in there]
    return [page.copy_for_translation(locale, copy_parents=True, alias=True) for locale in missing]


def ensure_locales(codes: list[str]) -> list[Locale]:
    """Return the locales of the languages, made where they are missing."""
    return [Locale.objects.get_or_create(language_code=code)[0] for code in codes]
