"""The list of branches in the admin, and the branches as choices of other lists and forms."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column

from branches.listing import address_of
from branches.models import Branch, BranchPage
from core.admin_listing import ThingIndexView, ThingViewSet
from core.page_words import words_for


def branch_titles(branches: Iterable[Branch]) -> dict[int, str]:
    """Return the name of each branch by its id, in the admin's language where there is one; one query."""
    found = list(branches)
    words = words_for(found, BranchPage, language=get_language() or "", hidden=True)
    return {branch.pk: words[branch.pk].title if branch.pk in words else branch.key for branch in found}


def branch_choices() -> list[tuple[str, str]]:
    """Return (public key, name) of each branch, in the order of the names."""
    branches = list(Branch.objects.order_by())
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
