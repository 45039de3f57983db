"""Pages that belong to no page type: errors, the address without a language, health."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from core.middleware import language_of_path


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


def _error(request: HttpRequest, status: int) -> HttpResponse:
    """Render an error page in the visitor's language; plain and free of queries, so that it can't fail itself."""
    code = language_of_path(request.path_info)
    with translation.override(code):
        html = render_to_string(
            f"{status}.html", {"LANGUAGE_CODE": code, "home_path": f"/{code}/", "codes": settings.SITE_LANGUAGES}
        )
    response = HttpResponse(html, status=status)
    response.headers["Content-Language"] = code
    response.headers["Cache-Control"] = "no-store"
    return response


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
    """Answer 500 with a page that needs neither database nor templates of a page type."""
    return _error(request, 500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer 403 when a form was sent too late or from elsewhere."""
    return _error(request, 403)
