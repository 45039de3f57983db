"""What leads to closing a branch for today: a button on its form, a panel on the first page, a list to choose from."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.admin.ui.components import Component
from wagtail.admin.widgets.button import Button
from wagtail.models import Page

from branches.admin_closing import may_close
from branches.admin_listing import branch_titles
from branches.models import Branch, BranchPage
from core.models import User
from events.admin_close_today_moments import is_closed, until_words


def closable(user: User) -> list[Branch]:
    """Return the public branches that the user may close."""
    found = Branch.objects.public().select_related("source_page")
    return [branch for branch in found if may_close(user, branch.source_page)]


def header_buttons(page: Page, user: User, next_url: str | None = None, view_name: str = "") -> Iterator[Button]:
    """Yield the button on a branch's form that closes it for today, or opens it again."""
    if view_name != "edit" or not isinstance(page, BranchPage) or page.record is None:
        return
    branch = page.record
    if branch.is_public and may_close(user, branch.source_page):
        label = _("Reopen now") if is_closed(branch) else _("Close today")
        yield Button(label, action_url(branch), icon_name="lock", priority=4)


def action_url(branch: Branch) -> str:
    """Return the address at which a branch is closed or, where it is closed now, opened again."""
    return reverse("events:reopen" if is_closed(branch) else "events:close_today", args=[branch.pk])


def choices_of(branches: list[Branch]) -> list[tuple[str, str, str]]:
    """Return name, address of the form and until when it is closed for each branch, in the order of the names."""
    titles = branch_titles(branches)
    rows = [
        (titles[one.pk], action_url(one), until_words(one.closed_until, one) if is_closed(one) else "")
        for one in branches
    ]
    return sorted(rows, key=lambda row: row[0].casefold())


class CloseTodayPanel(Component):
    """Leads from the first page of the admin to closing for today."""

    name = "close_today"
    template_name = "events/admin/close_panel.html"
    order = 40

    def __init__(self, branches: list[Branch]) -> None:
        self.branches = branches

    def get_context_data(self, parent_context):
        return {
            "closed": [row for row in choices_of(self.branches) if row[2]],
            "list_url": reverse("events:closed_days"),
        }


def add_panel(request: HttpRequest, panels: list[Component]) -> None:
    """Add the way to closing for those who may close a branch; for Wagtail's hook."""
    if branches := closable(request.user):
        panels.append(CloseTodayPanel(branches))
