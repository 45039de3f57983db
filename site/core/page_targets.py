"""Where a link to a page leads under each language, and why it leads nowhere: what menu, footer and notices share."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page, PageViewRestriction, Site

from core import addresses
from core.sites import has_private_pages

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

DELETED = _("the page was deleted")
UNPUBLISHED = _("the page is not published")
NOT_YET = _("the page is not published yet")
PRIVATE = _("the page is private")
ELSEWHERE = _("the page belongs to another site")


@dataclass(frozen=True, slots=True)
class Target:
    """A page as a link shows it; `foreign` where its title is in another language than the one asked for."""

    title: str
    path: str
    language: str
    foreign: bool


class PageTargets:
    """The pages with these translation keys, as readers of a site find them: two queries for any number."""

    def __init__(self, site_id: int, keys: Collection[UUID]) -> None:
        self._pages: dict[UUID, list[Page]] = {}
        pages = Page.objects.filter(translation_key__in=keys) if keys else Page.objects.none()
        for page in pages.select_related("locale", "alias_of__locale").order_by("pk"):
            self._pages.setdefault(page.translation_key, []).append(page)
        self._homes = tuple(root.root_path for root in Site.get_site_root_paths() if root.site_id == site_id)
        restricted = PageViewRestriction.objects.values_list("page__path", flat=True)
        self._private = tuple(restricted) if keys and has_private_pages() else ()

    def target(self, key: UUID, language: str) -> Target | None:
        """Return where the link leads for readers of a language; None where it leads nowhere."""
        public = self._public(self._pages.get(key, ()))
        if not public:
            return None
        page = min(public, key=lambda one: distance(one, language))
        words = (page.alias_of or page).locale.language_code
        return Target(page.title, addresses.path_in(page, language), words, words != language)

    def fault(self, key: UUID) -> _StrPromise | str:
        """Return in words why the link leads nowhere; empty where it leads somewhere."""
        pages = self._pages.get(key, ())
        live = [page for page in pages if page.live]
        here = [page for page in live if self._is_here(page)]
        if not pages:
            return DELETED
        if not live:
            return UNPUBLISHED if any(page.first_published_at for page in pages) else NOT_YET
        if not here:
            return ELSEWHERE
        return "" if self._public(here) else PRIVATE

    def _public(self, pages: Iterable[Page]) -> list[Page]:
        return [page for page in pages if page.live and self._is_here(page) and not self._is_private(page)]

    def _is_here(self, page: Page) -> bool:
        return page.url_path.startswith(self._homes)

    def _is_private(self, page: Page) -> bool:
        return bool(self._private) and page.path.startswith(self._private)


def distance(page: Page, language: str) -> tuple[bool, bool, int]:
    """Return how far a page's words are from a language: its own translation first, then the languages in order."""
    code, order = page.locale.language_code, settings.SITE_LANGUAGES
    return code != language, page.alias_of_id is not None, order.index(code) if code in order else len(order)
