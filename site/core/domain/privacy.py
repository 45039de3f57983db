"""Private pages: a restriction holds for a page in every language, and what it hides leaves lists and feeds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from wagtail.models import Page, PageViewRestriction


def is_private(page: Page) -> bool:
    """Return whether not everybody may see the page: it or a page above it is restricted."""
    return page.get_view_restrictions().exists()


def restricted(restriction: PageViewRestriction) -> None:
    """Restrict the page's translations alike, and tell the things below (also after the restriction has changed)."""
    for twin in _twins(restriction):
        _make_alike(twin, restriction)
    tell_things(restriction.page)


def opened(restriction: PageViewRestriction) -> None:
    """Open the page's translations as well, and tell the things below."""
    others = _translations(restriction.page)
    PageViewRestriction.objects.filter(page__in=others, restriction_type=restriction.restriction_type).delete()
    tell_things(restriction.page)


def groups_changed(restriction: PageViewRestriction) -> None:
    """Let the same groups see the page in every language."""
    wanted = set(restriction.groups.all())
    for twin in PageViewRestriction.objects.filter(page__in=_translations(restriction.page)):
        if set(twin.groups.all()) != wanted:
            twin.groups.set(wanted)


def take_over(page: Page) -> None:
    """Restrict a new translation as the pages are from which it comes."""
    known = PageViewRestriction.objects.filter(page__in=_translations(page))
    for restriction in {restriction.restriction_type: restriction for restriction in known}.values():
        _make_alike(PageViewRestriction(page=page), restriction)


def tell_things(page: Page) -> None:
    """Let the things at and below a page be public, or no longer, as their restrictions now say."""
    from core.domain import things

    for source in live_sources(page):
        things.page_published(source)


def live_sources(page: Page) -> Iterator[Page]:
    """Yield the published pages at and below a page that hold the plan of a thing."""
    from core.pages import ThingPage

    for below in page.get_descendants(inclusive=True).live().specific():
        if isinstance(below, ThingPage) and not below.alias_of_id and below.is_source and below.record is not None:
            yield below


def _translations(page: Page) -> Iterable[Page]:
    return Page.objects.filter(translation_key=page.translation_key).exclude(pk=page.pk)


def _twins(restriction: PageViewRestriction) -> Iterator[PageViewRestriction]:
    for page in _translations(restriction.page):
        yield PageViewRestriction.objects.filter(page=page).first() or PageViewRestriction(page=page)


def _make_alike(twin: PageViewRestriction, restriction: PageViewRestriction) -> None:
    wanted = (restriction.restriction_type, restriction.password)
    if twin.pk is None or (twin.restriction_type, twin.password) != wanted:
        twin.restriction_type, twin.password = wanted
        # Saving tells the things below, and meets its own twins alike.
        twin.save()
    if set(twin.groups.all()) != set(restriction.groups.all()):
        twin.groups.set(restriction.groups.all())
