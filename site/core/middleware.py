"""Small middleware: malformed requests, the language of the address, the admin's content security policy."""

from urllib.parse import unquote_to_bytes

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.middleware.locale import LocaleMiddleware
from django.utils import translation

LONGEST_QUERY = 8192


class BadRequestMiddleware:
    """Answers 400 to what no page can mean: NUL or broken UTF-8 in path or query, a query of many kilobytes."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not is_sound(request.META.get("QUERY_STRING", ""), request.path_info):
            from core.views import bad_request

            with translation.override(language_of_path(request.path_info)):
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


def language_of_path(path: str) -> str:
    """Return the language code that an address begins with, else the first language."""
    code = path.lstrip("/").split("/", 1)[0]
    return code if code in settings.SITE_LANGUAGES else settings.LANGUAGE_CODE


class SiteLanguageMiddleware(LocaleMiddleware):
    """Takes the language from the address; elsewhere from the signed-in person or the browser, never by redirect."""

    def process_request(self, request):
        code = request.path_info.lstrip("/").split("/", 1)[0]
        if code in settings.SITE_LANGUAGES:
            translation.activate(code)
        else:
            translation.activate(translation.get_language_from_request(request))
        request.LANGUAGE_CODE = translation.get_language()

    def process_response(self, request, response):
        if "Content-Language" not in response.headers:
            response.headers["Content-Language"] = translation.get_language()
        return response


class AdminPolicyMiddleware:
    """Gives Wagtail's admin the policy that its inline scripts need; the public site keeps the strict one."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path_info.startswith("/admin/"):
            response._csp_replace = settings.ADMIN_CONTENT_SECURITY_POLICY
        return response
