"""Fills in what is known of a new article."""

from __future__ import annotations

from wagtail.models import Page

from branches.models import BranchPage
from news.models import ArticlePage


def fill_in_branch(sender, page: Page, parent: Page, **_kwargs) -> None:
    """Let a new article below a branch be about it."""
    if isinstance(page, ArticlePage) and isinstance(parent.specific, BranchPage) and parent.specific.record:
        page.branches = [parent.specific.record]
