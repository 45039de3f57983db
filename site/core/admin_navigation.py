"""Entries of menu and footer that lead nowhere, on the first page of the admin, for those who may change them."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from wagtail.admin.ui.components import Component

from core.models import Navigation
from core.navigation import LeftOut, left_out
from core.page_targets import NOT_YET


class LeftOutNotice(Component):
    """Names the entries and leads to the form in which they are changed."""

    name = "navigation"
    template_name = "core/admin/left_out.html"
    order = 60

    def __init__(self, stored: Navigation, entries: list[LeftOut]) -> None:
        self.stored, self.entries = stored, entries

    def get_context_data(self, parent_context):
        url = reverse("wagtailsettings:edit", args=["core", "navigation", self.stored.site_id])
        return {"entries": self.entries, "url": url}


def add_panel(request: HttpRequest, panels: list[Component]) -> None:
    """Say which entries readers don't see, site by site; for Wagtail's hook."""
    policy = Navigation.get_permission_policy()
    for stored in policy.instances_user_has_any_permission_for(request.user, ["change"]):
        # A page that was never published is awaited, not missed.
        if entries := [one for one in left_out(stored) if one.fault != NOT_YET]:
            panels.append(LeftOutNotice(stored, entries))
