"""The tree is the same in every language: structural pages exist in all, pages move together."""

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


def move_translations(page: Page) -> None:
    """Move the page's translations to where the page now stands, as far as that place exists in their language."""
    parent = page.get_parent()
    for other in page.get_translations():
        there = parent.get_translation_or_none(other.locale)
        if there is not None and not other.is_child_of(there):
            # Moving tells of itself, and finds all others in their place by then.
            other.specific.move(Page.objects.get(pk=there.pk), pos="last-child")
