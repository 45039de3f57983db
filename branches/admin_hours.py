"""Asks about opening hours that may be a slip, once they are stored."""

from __future__ import annotations

from django.http import HttpRequest
from wagtail.admin import messages
from wagtail.models import Page

from branches.domain.branches import opening_hours_of
from branches.models import BranchPage
from branches.opening_hours.problems import Level, problems
from branches.page_forms import problem_words


def ask_about_hours(request: HttpRequest, page: Page) -> None:
    """Ask the editor of a branch that was just saved; for Wagtail's hooks."""
    # Drafts that save themselves while somebody types would ask again and again.
    if not isinstance(page, BranchPage) or not page.is_source or not request.accepts("text/html"):
        return
    for problem in problems(opening_hours_of(page)):
        if problem.level == Level.QUESTION:
            messages.warning(request, problem_words(problem))
