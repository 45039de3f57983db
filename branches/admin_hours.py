"""Asks about opening hours that may be a slip, once they are stored."""

from __future__ import annotations

from django.http import HttpRequest
from wagtail.admin import messages
from wagtail.models import Page

from branches.domain.closures import touched_by_closures
from branches.models import Branch, BranchPage
from branches.opening_hours.problems import Level
from branches.page_forms import hours_problems


def ask_about_hours(request: HttpRequest, page: Page) -> None:
    """Ask the editor of a branch that was just saved; for Wagtail's hooks."""
    # Drafts that save themselves while somebody types would ask again and again.
    if not isinstance(page, BranchPage) or not page.is_source or not request.accepts("text/html"):
        return
    for _field, words in hours_problems(page, Level.QUESTION):
        messages.warning(request, words)


def tell_what_closures_touch(request: HttpRequest, page: Page) -> None:
    """Lead who has just published a branch to what its closures touch; for Wagtail's hooks."""
    if not isinstance(page, BranchPage) or not page.is_source or "action-publish" not in request.POST:
        return
    branch = Branch.objects.filter(pk=page.record.pk, is_public=True).first()
    if branch is not None:
        lead_to_touched(request, branch)


def lead_to_touched(request: HttpRequest, branch: Branch) -> None:
    """Say with a button what the closures of a branch touch."""
    for touched in touched_by_closures(branch):
        messages.warning(request, touched.sentence, buttons=[messages.button(touched.url, touched.label)])
