"""The list of branches in the admin, and the branches as choices of other lists and forms."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column

from branches.listing import address_of
from branches.models import Branch, BranchPage
from core.admin_listing import ThingIndexView, ThingViewSet
from core.memory import per_generation
from core.page_words import words_for


def branch_titles(branches: Iterable[Branch]) -> dict[int, str]:
    """Return the name of each branch by its id, in the admin's language where there is one; one query."""
    found = list(branches)
    words = words_for(found, BranchPage, language=get_language() or "", hidden=True)
    return {branch.pk: words[branch.pk].title if branch.pk in words else branch.key for branch in found}


@per_generation
def known_branches(language: str) -> list[tuple[str, str]]:
    """Return (public key, name in a language) of each branch that is or was public, in the order of the names.

    One that is hidden again stays, so that a form in which it is chosen doesn't lose it.
    """
    once_public = Q(is_public=True) | Q(source_page__first_published_at__isnull=False)
    with override(language):
        return _choices(Branch.objects.filter(once_public).order_by())


def branch_choices() -> list[tuple[str, str]]:
    """Return (public key, name) of each branch, in the order of the names."""
    return _choices(Branch.objects.order_by())


def _choices(branches: Iterable[Branch]) -> list[tuple[str, str]]:
    branches = list(branches)
    titles = branch_titles(branches)
    return sorted(((branch.key, titles[branch.pk]) for branch in branches), key=lambda choice: choice[1].casefold())


class BranchIndexView(ThingIndexView):
    """The branches that the user may edit."""

    default_ordering = "title"

    def own_columns(self):
        return [
            Column("listing_address", label=_("Address")),
            Column("listing_kind", label=_("Kind")),
        ]

    def describe(self, pages):
        for page in pages:
            page.listing_address = address_of(page)
            page.listing_kind = str(BranchPage._meta.get_field("is_central").verbose_name) if page.is_central else ""


class BranchViewSet(ThingViewSet):
    """Branches as an item of the main menu."""

    model = BranchPage
    name = "branches"
    icon = "site"
    menu_label = _("Branches")
    menu_order = 130
    index_view_class = BranchIndexView
