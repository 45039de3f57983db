"""The page of the admin that shows every component of the public pages in each of its states."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem

from home.components import Component, State, all_components


def components(request: HttpRequest) -> HttpResponse:
    """Show them in the frame of the public site, as readers see them."""
    shown = [
        (component, [_shown(request, component, state) for state in component.states]) for component in all_components()
    ]
    return render(request, "home/admin/components.html", {"components": shown})


def _shown(request: HttpRequest, component: Component, state: State) -> tuple[str, str]:
    return state.name, render_to_string(component.template, dict(state.context), request)


def menu_item() -> MenuItem:
    """Return the way to it, among the reports."""
    return MenuItem(_("Components of the pages"), reverse("components"), icon_name="view", order=900)


urlpatterns = [path("components/", components, name="components")]
