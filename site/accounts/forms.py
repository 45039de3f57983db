"""Forms of allauth as the site shows them."""

import time

from allauth.account import forms as allauth_forms
from allauth.account.authentication import get_authentication_records
from allauth.account.fields import EmailField, PasswordField
from allauth.core import context
from allauth.mfa.webauthn import forms as webauthn_forms
from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from accounts.adapter import SIGN_IN_LINK

# For so long after a one-time link a new password may be chosen without the old, forgotten one.
FORGOTTEN_PASSWORD_SECONDS = 15 * 60


class LoginForm(allauth_forms.LoginForm):
    """Asks for the address and, of those who have one, the password; without it a code is mailed."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = EmailField(label=_("Mail address"))
        self.fields["login"].widget.attrs["autocomplete"] = "username"
        self.fields["password"] = PasswordField(
            label=_("Password"),
            required=False,
            autocomplete="current-password",
            help_text=_("No password, or forgotten? Leave this empty: we will mail you a code to sign in with."),
        )
        self.fields["remember"] = forms.BooleanField(
            label=_("Keep me signed in on this device"),
            required=False,
            help_text=_("Not on a computer that others use."),
        )
        self.order_fields(["login", "password", "remember"])

    def login(self, request: HttpRequest, redirect_url: str | None = None) -> HttpResponse:
        """Sign in or mail a code; either way the session ends with the browser unless it is to be remembered."""
        response = super().login(request, redirect_url=redirect_url)
        request.session.set_expiry(settings.SESSION_COOKIE_AGE if self.cleaned_data["remember"] else 0)
        return response


class ChangePasswordForm(allauth_forms.ChangePasswordForm):
    """Asks for the old password too, except of somebody who just came by a one-time link."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if came_by_link(context.request, now=time.time()):
            del self.fields["oldpassword"]


def came_by_link(request: HttpRequest, *, now: float) -> bool:
    """Return whether the session began with a one-time link a short while before `now` (seconds since the epoch)."""
    records = get_authentication_records(request, request.user)
    return any(
        record["method"] == SIGN_IN_LINK and now - record["at"] < FORGOTTEN_PASSWORD_SECONDS for record in records
    )


class AddKeyForm(webauthn_forms.AddWebAuthnForm):
    """Adds a security key or passkey, in words that say what it is for."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name of the key")
        self.fields["passwordless"].label = _("Use it as a passkey")
        self.fields["passwordless"].help_text = _(
            "Then you can sign in with this key alone; it asks for your fingerprint, face or PIN."
        )


class RenameKeyForm(webauthn_forms.EditWebAuthnForm):
    """Gives a security key another name."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name of the key")
