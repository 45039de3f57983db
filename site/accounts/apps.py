"""Wiring of the accounts room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Signing in, and what people may do with their own account."""

    name = "accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        from allauth.mfa.signals import authenticator_added

        from accounts import jobs  # noqa: F401
        from accounts.second_factor import remember_new_factor

        authenticator_added.connect(remember_new_factor, dispatch_uid="accounts.remember_new_factor")
