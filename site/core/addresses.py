"""Addresses of pages across languages: one slug per page, the same path behind every language's prefix."""

from collections.abc import Iterable
from typing import Protocol

from django.conf import settings
from django.db.models import Q
from django.urls import Resolver404, get_script_prefix, resolve
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page, Site
from wagtail.signals import page_slug_changed

from core.memory import per_generation

SLUG_TAKEN = _("Another page beside this one has this address, maybe in another language.")


def slug_is_taken(page: Page, parent: Page | None, slug: str) -> bool:
    """Return whether another page, in whatever language, stands under the same parent with this slug."""
    if parent is None or parent.is_root():
        return False
    if is_route(f"{relative_path(parent)}{slug}/"):
        return True
    others = Page.objects.filter(children_of(parent.get_translations(inclusive=True)), slug=slug)
    return others.exclude(translation_key=page.translation_key).exists()


def is_route(path: str) -> bool:
    """Return whether something else than a page answers at a path below a language."""
    try:
        # Routes below a language are found under the active one only.
        return resolve(f"/{get_language() or settings.LANGUAGE_CODE}/{path}").url_name != "wagtail_serve"
    except Resolver404:
        return False


def children_of(parents) -> Q:
    """Return the condition that a page is a child of one of the parents (one query for the parents)."""
    condition = Q(pk__in=[])
    for path, depth in parents.values_list("path", "depth"):
        condition |= Q(path__startswith=path, depth=depth + 1)
    return condition


def children_in_other_languages(page: Page, slug: str) -> list[Page]:
    """Return the children with this slug of the page's translations, in the order in which languages stand in."""
    parents = page.get_translations().filter(depth__gt=1)
    pages = Page.objects.filter(children_of(parents), slug=slug, alias_of=None).select_related("locale")
    return sorted(pages, key=lambda child: (language_rank(child.locale.language_code), child.pk))


def language_rank(code: str) -> int:
    """Return the place of a language among those of the installation; one that is offered no more comes last."""
    order = settings.SITE_LANGUAGES
    return order.index(code) if code in order else len(order)


def share_slug(page: Page) -> None:
    """Give the page's slug to its translations, with the redirects that a changed address needs."""
    for other in page.get_translations().exclude(slug=page.slug).filter(depth__gt=2):
        before = other.specific
        after = type(before).objects.get(pk=before.pk)
        after.slug = page.slug
        after.save(clean=False)
        if before.live:
            page_slug_changed.send(sender=after.specific_class, instance=after, instance_before=before)


class Placed(Protocol):
    """What has a place in the tree: a page, or the values of one."""

    @property
    def url_path(self) -> str: ...


def path_in(page: Placed, language: str) -> str:
    """Return the address path at which the page is found under a language, translated or not."""
    return f"{start_of(language)}{relative_path(page)}"


def start_of(language: str) -> str:
    """Return what the address paths of all pages under a language begin with."""
    return f"{get_script_prefix()}{language}/"


def relative_path(page: Placed, roots: Iterable[str] | None = None) -> str:
    """Return the page's path below the root of its language (`events/chess/`, empty for the home page).

    Who asks for many pages gives the `root_paths()`, which are the same for all.
    """
    for root_path in root_paths() if roots is None else roots:
        if page.url_path.startswith(root_path):
            return page.url_path[len(root_path) :]
    return page.url_path.lstrip("/")


@per_generation
def root_paths() -> tuple[str, ...]:
    """Return the paths of the home pages of all sites and languages, the longest first."""
    return tuple(sorted({root[1] for root in Site.get_site_root_paths()}, key=len, reverse=True))
