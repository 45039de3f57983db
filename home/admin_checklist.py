"""The list of what is left to do on a new site, on the first page of the admin, for its administrators."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from wagtail.admin import messages
from wagtail.admin.ui.components import Component

from core.generations import bump
from core.models import Network
from home.checklist import tasks_of


class ChecklistPanel(Component):
    """Shows each task with the places where it is done, and a button to hide the list when nothing is left."""

    name = "checklist"
    template_name = "home/admin/checklist.html"
    order = 50

    def __init__(self, network: Network) -> None:
        self.network = network

    def get_context_data(self, parent_context):
        tasks = tasks_of(self.network)
        done = sum(task.done for task in tasks)
        return {
            "tasks": tasks,
            "done": done,
            "total": len(tasks),
            "finished": done == len(tasks),
            "network": self.network,
            "csrf_token": parent_context.get("csrf_token"),
        }


def shown_network() -> Network | None:
    """Return the network whose list is shown."""
    return Network.objects.filter(checklist_shown=True).select_related("site__root_page").order_by("pk").first()


def add_panel(request: HttpRequest, panels: list[Component]) -> None:
    """Add the list for administrators; for Wagtail's hook."""
    network = shown_network() if request.user.is_superuser else None
    if network is not None:
        panels.append(ChecklistPanel(network))


@require_POST
def hide(request: HttpRequest) -> HttpResponse:
    """Hide the list for good when all is done."""
    if not request.user.is_superuser:
        raise PermissionDenied
    network = shown_network()
    if network is not None and all(task.done for task in tasks_of(network)):
        network.checklist_shown = False
        network.save(update_fields=["checklist_shown"])
        bump(None)
        messages.success(request, _("The list is hidden. Everything on it can still be changed where it was done."))
    elif network is not None:
        messages.error(request, _("Something on the list is still to be done."))
    return redirect("wagtailadmin_home")


urlpatterns = [path("checklist/hide/", hide, name="hide_checklist")]
