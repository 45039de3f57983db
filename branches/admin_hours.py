"""Asks about opening hours that may be a slip, once they are stored."""

from __future__ import annotations

from django.http import HttpRequest
from wagtail.admin import messages
from wagtail.models import Page

from branches.models import BranchPage
from branches.opening_hours.problems import Level
from branches.page_forms import hours_problems


def ask_about_hours(request: HttpRequest, page: Page) -> None:
    """Ask the editor of a branch that was just saved; for Wagtail's hooks."""
    # Drafts that save themselves while somebody types would ask again and again.
    if not isinstance(page, BranchPage) or not page.is_source or not request.accepts("text/html"):
        return
    for _field, words in hours_problems(page, Level.QUESTION):
        messages.warning(request, words)
