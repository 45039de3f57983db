"""Wiring into Wagtail's admin."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail import hooks

from accounts.domain.addresses import vouch_for_address
from core.models import User


@hooks.register("after_create_user")
@hooks.register("after_edit_user")
def keep_address_in_step(request: HttpRequest, user: User) -> None:
    """Count the address that an administrator entered as proven, and forget the one that it replaces."""
    vouch_for_address(user)


@hooks.register("register_account_menu_item")
def sign_in_settings(request: HttpRequest) -> dict[str, str]:
    """Lead from the account page of the admin to what Wagtail no longer manages."""
    return {
        "url": reverse("account_change_password"),
        "label": _("Password and second factor"),
        "help_text": _("Change how you sign in, and see where you are signed in."),
    }
