"""Keeps staff without a second factor out of the admin, where the network asks for one."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from accounts.access import may_enter_admin
from accounts.second_factor import passed_second_factor, way_to_second_factor


class SecondFactorMiddleware:
    """Leads staff who try the admin to their second factor first; does nothing unless STAFF_SECOND_FACTOR is on."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable, args: Any, kwargs: Any) -> HttpResponse | None:
        """Redirect to the second factor; refuse what a script asks for, since it could not follow."""
        if not (settings.STAFF_SECOND_FACTOR and is_admin_path(request.path)):
            return None
        user = request.user
        # Strangers and visitors meet the gates of the admin itself.
        if not user.is_authenticated or not may_enter_admin(user) or passed_second_factor(request):
            return None
        if request.headers.get("X-Requested-With") == "XMLHttpRequest":
            raise PermissionDenied
        then = request.get_full_path() if request.method == "GET" else reverse("wagtailadmin_home")
        return HttpResponseRedirect(way_to_second_factor(user, then=then))


def is_admin_path(path: str) -> bool:
    """Return whether an address belongs to the admin; signing out is open to everybody."""
    return path.startswith(reverse("wagtailadmin_home")) and path != reverse("wagtailadmin_logout")
