"""How a reader wants the pages to look: large type, strong contrast; a cookie of theirs, known to nobody else."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

COOKIE = "display"
LARGE, CONTRAST = "large", "contrast"
# What the cookie may say; the page cache keeps a copy of each page for each.
VALUES = frozenset({LARGE, CONTRAST, f"{LARGE}-{CONTRAST}"})
A_YEAR = 365 * 24 * 60 * 60


class DisplayForm(forms.Form):
    """What the reader chooses."""

    large = forms.BooleanField(required=False, label=_("Large type"))
    contrast = forms.BooleanField(required=False, label=_("Strong contrast"))


def chosen(request: HttpRequest) -> frozenset[str]:
    """Return what the reader has switched on."""
    value = request.COOKIES.get(COOKIE, "")
    return frozenset(value.split("-")) if value in VALUES else frozenset()


# Without a token: it changes nothing but how pages look to whoever sends it, and the token's cookie would keep the
# reader from ready-made pages ever after.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest) -> HttpResponse:
    """Show what can be chosen; keep the choice and lead back."""
    if request.method != "POST":
        form = DisplayForm(initial=dict.fromkeys(chosen(request), True))
        return render(request, "core/display.html", {"form": form, "next": _next(request, request.GET.get("next"))})
    wanted = [name for name in (LARGE, CONTRAST) if request.POST.get(name)]
    answer = HttpResponseRedirect(_next(request, request.POST.get("next")))
    if wanted:
        answer.set_cookie(
            COOKIE, "-".join(wanted), max_age=A_YEAR, httponly=True, samesite="Lax", secure=request.is_secure()
        )
    else:
        answer.delete_cookie(COOKIE, samesite="Lax")
    return answer


def _next(request: HttpRequest, address: str | None) -> str:
    """Return where the reader came from, if that is a page of this site; else the home page."""
    if address and address.startswith("/") and url_has_allowed_host_and_scheme(address, allowed_hosts=None):
        return address
    return reverse("wagtail_serve", args=[""])
