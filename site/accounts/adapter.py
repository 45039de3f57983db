"""How the site bends allauth: where people land, what counts as a proven address, what mails are called."""

from datetime import timedelta
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.account.models import EmailAddress
from allauth.core import context as allauth_context
from django.conf import settings
from django.core.mail import EmailMessage
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language

from accounts.access import may_enter_admin
from accounts.domain.addresses import vouch_for_address
from core.labels import label_in
from core.models import User
from core.sites import network_for

SIGN_IN_LINK = "sign_in_link"


def display_name(user: User) -> str:
    """Return what the site calls a person to their face: the name, else the mail address."""
    return user.get_full_name() or user.email


def network_name(request: HttpRequest) -> str:
    """Return the network's name in the current language, else the host name."""
    return label_in(network_for(request).name) or request.get_host()


class AccountAdapter(DefaultAccountAdapter):
    """allauth's rules with those of the site."""

    def new_user(self, request: HttpRequest) -> User:
        """Return an unsaved visitor who is addressed in the language in which they signed up."""
        user = super().new_user(request)
        language = get_language() or ""
        user.language = language if language in settings.SITE_LANGUAGES else ""
        return user

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Lead staff to the admin and visitors to the site, where no address was asked for."""
        if may_enter_admin(request.user):
            return reverse("wagtailadmin_home")
        return super().get_login_redirect_url(request)

    def get_email_verification_redirect_url(self, email_address: EmailAddress) -> str:
        """Lead back to the page of the address where somebody changed it."""
        return reverse("account_email") if self.request.user.is_authenticated else reverse("account_login")

    def pre_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse | None:
        """Refuse inactive accounts; count an address as proven that an administrator or a mailed code vouches for."""
        response = super().pre_login(request, user, **kwargs)
        if response is None and _is_vouched_for(request, user, kwargs["email"] or ""):
            vouch_for_address(user)
        return response

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send a mail that knows the network's name and where to sign in."""
        request = allauth_context.request
        door = request.build_absolute_uri(reverse("account_login"))
        super().send_mail(template_prefix, email, {"network_name": network_name(request), "login_url": door, **context})

    def render_mail(
        self, template_prefix: str, email: str, context: dict[str, Any], headers: Any = None
    ) -> EmailMessage:
        """Return the mail; one with a code is of no use once the code isn't."""
        message = super().render_mail(template_prefix, email, context, headers)
        if "code" in context:
            message.expires_at = timezone.now() + timedelta(seconds=settings.ACCOUNT_LOGIN_TIMEOUT)
        return message

    def format_email_subject(self, subject: str) -> str:
        """Put the network's name before the subject."""
        return f"{network_name(allauth_context.request)}: {subject}"


def _is_vouched_for(request: HttpRequest, user: User, email: str) -> bool:
    """Return whether this sign-in needs no mail to prove the account's address.

    Staff are made by administrators, so their password is enough: a mail server that is down must not keep them out.
    A code proves the address to which it was sent; a one-time link was handed over by whoever runs the site.
    """
    records = get_authentication_records(request, user)
    method = records[-1]["method"] if records else ""
    if method == "code":
        return email.lower() == user.email.lower()
    return method == SIGN_IN_LINK or (method == "password" and may_enter_admin(user))
