"""What the editors of a branch may not do with the page of their own branch."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.models import Page

from branches.models import BranchPage
from core.models import User


def may_delete_branch(user: User, page: Page) -> bool:
    """Return whether the user may delete the page of a branch: whoever may add one to the list of branches may."""
    return user.is_superuser or page.get_parent().permissions_for_user(user).can_add_subpage()


def refuse_deletion(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Keep the page of a branch that its own editors would delete; for Wagtail's hook."""
    if not issubclass(page.specific_class, BranchPage) or may_delete_branch(request.user, page):
        return None
    sentence = _("“%(branch)s” is not deleted: only those who look after the list of branches can delete a branch.")
    messages.error(request, sentence % {"branch": page.get_admin_display_title()})
    return redirect("wagtailadmin_explore", page.pk)


def refuse_deletions(request: HttpRequest, action_type: str, pages: Iterable[Page], _action) -> HttpResponse | None:
    """Keep all pages if one of them is that of a branch which may not be deleted; for Wagtail's hook."""
    if action_type != "delete":
        return None
    refusals = (refuse_deletion(request, page) for page in pages if isinstance(page, Page))
    return next((refusal for refusal in refusals if refusal), None)
