"""The language of account pages, whose addresses name none."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

View = Callable[..., HttpResponse]


def in_language_of_origin(view: View) -> View:
    """Wrap a view so that it speaks the language of the page to which the visitor will return.

    The language is kept in Django's language cookie for the steps that follow. Without such a page the browser decides.
    """

    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        code = _language_of(request.POST.get("next") or request.GET.get("next", ""))
        if not code:
            return view(request, *args, **kwargs)
        translation.activate(code)
        request.LANGUAGE_CODE = code
        response = view(request, *args, **kwargs)
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, code, samesite="Lax", secure=request.is_secure(), httponly=True
        )
        return response

    return wrapper


def _language_of(path: str) -> str:
    """Return the language that a path of this site begins with, or nothing."""
    code = path[1:].split("/", 1)[0]
    return code if path.startswith("/") and code in settings.SITE_LANGUAGES else ""
