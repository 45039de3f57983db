"""Small middleware: malformed requests, feeds without cookies, the language, the admin's transactions, policies."""

import logging
from collections.abc import Callable
from urllib.parse import unquote_to_bytes

from django.conf import settings
from django.core.exceptions import BadRequest
from django.db import DataError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.http.request import split_domain_port
from django.middleware.locale import LocaleMiddleware
from django.utils import translation
from django.utils.datastructures import MultiValueDictKeyError
from wagtail.models import Site

from core.page_keys import is_feed
from core.sites import languages_of, site_at

log = logging.getLogger(__name__)

ADMIN = "/admin/"
LONGEST_QUERY = 8192


class BadRequestMiddleware:
    """Answers 400 to what no page can mean: NUL or broken UTF-8 in path or query, a query of many kilobytes."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not is_sound(request.META.get("QUERY_STRING", ""), request.path_info):
            from core.views import bad_request

            return bad_request(request, BadRequest())
        return self.get_response(request)


def is_sound(query: str, path: str) -> bool:
    """Return whether a query string and a path can be read as text without control characters."""
    if len(query) > LONGEST_QUERY:
        return False
    try:
        text = unquote_to_bytes(query).decode()
    except UnicodeDecodeError:
        return False
    return "\x00" not in text and "\x00" not in path and "\ufffd" not in path


class FeedMiddleware:
    """Takes the cookies out of a request for a feed: it says the same to everybody, and sets none of its own."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if is_feed(request):
            request.META.pop("HTTP_COOKIE", None)
            request.COOKIES = {}
        return self.get_response(request)


class SiteLanguageMiddleware(LocaleMiddleware):
    """Takes the language from the address; elsewhere from the signed-in person or the browser, never by redirect."""

    def process_request(self, request):
        code = request.path_info.lstrip("/").split("/", 1)[0]
        if code in settings.SITE_LANGUAGES:
            translation.activate(code)
            # What Wagtail asks for with each request, remembered.
            request._wagtail_site = site_at(split_domain_port(request.get_host())[0], request.get_port())
            self._refuse_unless_offered(request, code)
        else:
            translation.activate(translation.get_language_from_request(request))
        request.LANGUAGE_CODE = translation.get_language()

    @staticmethod
    def _refuse_unless_offered(request: HttpRequest, code: str) -> None:
        """Raise Http404 for a language that this site does not offer; editors may still preview in it."""
        site = Site.find_for_request(request)
        if site is not None and code not in languages_of(site) and not getattr(request, "is_dummy", False):
            raise Http404

    def process_response(self, request, response):
        if "Content-Language" not in response.headers:
            response.headers["Content-Language"] = translation.get_language()
        return response


class AdminTransactionMiddleware:
    """Makes each POST in the admin one transaction: what fails half-way has not happened.

    Wagtail's own views save, publish and log in steps of their own. Reading stays without a transaction, which on
    SQLite would keep others from writing.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable, args: list, kwargs: dict) -> HttpResponse | None:
        # A view of our own that works for long before it stores anything makes its transaction by itself.
        makes_its_own = getattr(getattr(view, "view_class", None), "own_transaction", False)
        if request.method != "POST" or not request.path_info.startswith(ADMIN) or makes_its_own:
            return None
        try:
            return transaction.atomic(view)(request, *args, **kwargs)
        except Exception as exception:
            # Django asks `process_exception` only for views that it calls itself.
            if (refusal := refusal_of(request, exception)) is None:
                raise
            return refusal


class PermissionsPolicyMiddleware:
    """Lets no page ask the device where it is, but those that say so themselves."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", settings.PERMISSIONS_POLICY)
        return response


class AdminPolicyMiddleware:
    """Gives Wagtail's admin the policy that its inline scripts need; the public site keeps the strict one."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path_info.startswith(ADMIN):
            # A preview brings the policy of the public page that it imitates, which no frame may show.
            response.headers.pop("Content-Security-Policy", None)
            response._csp_replace = settings.ADMIN_CONTENT_SECURITY_POLICY
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return refusal_of(request, exception) if request.path_info.startswith(ADMIN) else None


def refusal_of(request: HttpRequest, exception: Exception) -> HttpResponse | None:
    """Return the 400 for what no form of the admin sends; Wagtail's views read some numbers without a look."""
    if not (request.method == "POST" or request.META.get("QUERY_STRING")) or not is_malformed(exception):
        return None
    from core.views import bad_request

    log.warning("Malformed input for %s", request.path_info, exc_info=exception)
    return bad_request(request, exception)


def is_malformed(exception: Exception) -> bool:
    """Return whether an error says that something was no number, was too large for one, or was not sent at all."""
    if isinstance(exception, ValueError):
        return any(words in str(exception) for words in ("expected a number but got", "invalid literal for int()"))
    return isinstance(exception, MultiValueDictKeyError | OverflowError | DataError)
