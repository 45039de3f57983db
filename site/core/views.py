"""Pages that belong to no page type: errors, the address without a language, health."""

import sys

from django.conf import settings
from django.db import Error as DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from core.page_keys import API

JSON_WORDS = {
    400: _("This address can't be read."),
    403: _("This is not allowed."),
    404: _("There is nothing at this address."),
    500: _("Something went wrong on our side."),
}
# Whose addresses name no language: there the browser and the cookie choose it.
PERSONAL = ("/accounts/", "/admin/")


@require_safe
def front_door(request: HttpRequest) -> HttpResponse:
    """Lead to the site's first language, or to the browser's where the network wants that."""
    from core.sites import languages_of, network_for

    network = network_for(request)
    codes = languages_of(network.site)
    code = codes[0]
    if network.negotiates_language:
        preferred = translation.get_language_from_request(request)
        code = preferred if preferred in codes else code
    response = HttpResponseRedirect(f"/{code}/")
    if network.negotiates_language:
        patch_vary_headers(response, ["Accept-Language"])
    return response


def _error(request: HttpRequest, status: int, *, ask_database: bool = True) -> HttpResponse:
    """Render an error page in the visitor's language; so plain that it can't fail itself."""
    codes = _offered_languages(request) if ask_database else settings.SITE_LANGUAGES
    code = _language_of_visitor(request, codes)
    if request.path_info.startswith(API):
        return _error_as_json(status, code)
    home = code if code in codes else codes[0]
    with translation.override(code):
        html = render_to_string(f"{status}.html", {"LANGUAGE_CODE": code, "home_path": f"/{home}/", "codes": codes})
    response = HttpResponse(html, status=status)
    response.headers["Content-Language"] = code
    response.headers["Cache-Control"] = "no-store"
    return response


def _error_as_json(status: int, code: str) -> HttpResponse:
    """Answer a program as the JSON API does where its views were never reached."""
    with translation.override(code):
        response = JsonResponse({"detail": str(JSON_WORDS[status])}, status=status)
    response.headers["Content-Language"] = code
    response.headers["Cache-Control"] = "no-store"
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def _offered_languages(request: HttpRequest) -> list[str]:
    """Return the languages of the request's network, those of the installation where nothing can be known of it."""
    from core.sites import languages_of, network_for

    try:
        return languages_of(network_for(request).site) or settings.SITE_LANGUAGES
    except Exception:
        return settings.SITE_LANGUAGES


def _language_of_visitor(request: HttpRequest, codes: list[str]) -> str:
    """Return the language of the address; where it names none, that of the network or of a person's own pages."""
    code = request.path_info.lstrip("/").split("/", 1)[0]
    if code in codes:
        return code
    if request.path_info.startswith(PERSONAL):
        # What happens before the language was chosen must not speak that of the request before.
        return getattr(request, "LANGUAGE_CODE", "") or translation.get_language_from_request(request)
    return codes[0]


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 400 with a page that says what to do."""
    return _error(request, 400)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 403 with a page that says what to do."""
    return _error(request, 403)


def page_not_found(request: HttpRequest, exception: Http404 | None = None) -> HttpResponse:
    """Answer 404 with a page that leads on."""
    return _error(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500 with a page that needs no template of a page type, and no database where that is what failed."""
    return _error(request, 500, ask_database=not isinstance(sys.exception(), DatabaseError))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer 403 when a form was sent too late or from elsewhere."""
    return _error(request, 403)
