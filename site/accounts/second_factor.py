"""The second factor of staff: who has one, whether a session has passed it, where to go for it."""

from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode

from core.models import User

# Recovery codes alone are no factor: they only stand in for one.
FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


def has_second_factor(user: User | AnonymousUser) -> bool:
    """Return whether an authenticator app or a security key is set up."""
    return is_mfa_enabled(user, FACTORS)


def passed_second_factor(request: HttpRequest) -> bool:
    """Return whether the person of this session has shown a second factor in this session."""
    return any(record.get("method") == "mfa" for record in get_authentication_records(request, request.user))


def way_to_second_factor(user: User, *, then: str) -> str:
    """Return the address where a second factor is shown, or set up where there is none; `then` is where it leads."""
    if is_mfa_enabled(user, [Authenticator.Type.TOTP]):
        name = "mfa_reauthenticate"
    elif is_mfa_enabled(user, [Authenticator.Type.WEBAUTHN]):
        name = "mfa_reauthenticate_webauthn"
    else:
        name = "accounts_second_factor"
    return f"{reverse(name)}?{urlencode({'next': then})}"


def remember_new_factor(request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    """Count a factor that was just set up as shown: setting it up needed a valid code or a touch of the key."""
    if authenticator.type in FACTORS:
        record_authentication(request, user, method="mfa", id=authenticator.pk, type=authenticator.type)
