"""The gates that lead Wagtail's own sign-in forms to the one door, and the door for one-time links."""

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from allauth.decorators import rate_limit
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.access import may_enter_admin
from accounts.adapter import SIGN_IN_LINK, display_name
from accounts.domain.sign_in_links import LinkRefusedError, read_token, spend_token
from accounts.second_factor import has_second_factor


@never_cache
def admin_gate(request: HttpRequest) -> HttpResponse:
    """Stand where Wagtail's admin has its sign-in form: let staff pass, refuse visitors, lead strangers to the door."""
    wanted = _safe_next(request) or reverse("wagtailadmin_home")
    if may_enter_admin(request.user):
        return HttpResponseRedirect(wanted)
    if request.user.is_authenticated:
        raise PermissionDenied
    return _to_the_door(wanted)


@never_cache
def page_gate(request: HttpRequest) -> HttpResponse:
    """Stand where Wagtail has its sign-in form for private pages.

    Wagtail sends here whoever may not read a page. Somebody signed in would go round in a circle: they are refused.
    """
    wanted = _safe_next(request)
    if not request.user.is_authenticated:
        return _to_the_door(wanted or f"/{get_language()}/")
    if wanted:
        raise PermissionDenied
    return redirect(settings.LOGIN_REDIRECT_URL)


@never_cache
def password_reset_gate(request: HttpRequest) -> HttpResponse:
    """Stand where Wagtail's admin resets passwords: lead to the one place where that is done."""
    return redirect("account_reset_password")


def _safe_next(request: HttpRequest) -> str:
    """Return the address of this host to which the request wants to go on, or nothing."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    hosts = {request.get_host()}
    return wanted if url_has_allowed_host_and_scheme(wanted, hosts, require_https=request.is_secure()) else ""


def _to_the_door(wanted: str) -> HttpResponse:
    query = f"?{urlencode({'next': wanted})}" if wanted else ""
    return HttpResponseRedirect(resolve_url("account_login") + query)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@rate_limit(action="login")
def sign_in_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """Show whom a one-time link signs in; on POST do it, by all further steps that the account asks for."""
    try:
        if request.method == "POST":
            return _sign_in(request, token)
        user = read_token(token, now=timezone.now())
    except LinkRefusedError:
        return render(request, "accounts/sign_in_link--refused.html", status=410)
    return render(request, "accounts/sign_in_link.html", {"name": display_name(user)})


def _sign_in(request: HttpRequest, token: str) -> HttpResponse:
    user = spend_token(token, now=timezone.now())
    if request.user.is_authenticated:
        get_adapter().logout(request)
    # It counts as having shown the password, so that a forgotten one can be replaced and a second factor set up.
    record_authentication(request, user, method=SIGN_IN_LINK, reauthenticated=True)
    request.session.set_expiry(0)
    return perform_login(request, user, email=user.email)


@never_cache
@login_required
def second_factor(request: HttpRequest) -> HttpResponse:
    """Tell staff that the network asks for a second factor, and offer the kinds there are."""
    if has_second_factor(request.user):
        return redirect("mfa_index")
    return render(request, "accounts/second_factor.html")


def too_many_requests(request: HttpRequest) -> HttpResponse:
    """Answer 429 with a page that says to wait a little."""
    return render(request, "accounts/too_many_requests.html", status=429)
