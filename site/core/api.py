"""What all answers of the JSON API have in common: for anyone, read only, in one of the site's languages, paged."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

from django.conf import settings
from django.core.exceptions import BadRequest, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import translation
from django.utils.translation import gettext as _
from drf_spectacular.renderers import OpenApiJsonRenderer2
from drf_spectacular.utils import OpenApiParameter, extend_schema
from drf_spectacular.views import SpectacularJSONAPIView
from rest_framework import exceptions, pagination, renderers, serializers
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.response import Response
from rest_framework.views import APIView, exception_handler

from core.sites import languages_of, network_for

VERSION = "1"
LARGEST_PAGE = 200
METHODS = "GET, HEAD, OPTIONS"

LANGUAGE = OpenApiParameter(
    "language",
    str,
    enum=list(settings.SITE_LANGUAGES),
    description="Language of the words, one that the site has; else its first one.",
)


class JsonOnly(BaseContentNegotiation):
    """Answers with JSON whatever was asked for: there is nothing else."""

    def select_parser(self, request, parsers):
        return parsers[0] if parsers else None

    def select_renderer(self, request, renderers, format_suffix=None):
        return renderers[0], renderers[0].media_type


class Unescaped(renderers.JSONRenderer):
    """Writes JSON in UTF-8, as short as it can be, whatever was asked for."""

    def get_indent(self, accepted_media_type, renderer_context):
        return None


class ErrorSerializer(serializers.Serializer):
    """What went wrong, in words."""

    detail = serializers.CharField(help_text="What is wrong, in the language of the answer.")


class TermSerializer(serializers.Serializer):
    """A term, such as an audience, a topic or a facility."""

    key = serializers.CharField(help_text="Never changes.")
    name = serializers.CharField()


class Pages(pagination.CursorPagination):
    """Pages by a cursor: none is lost and none comes twice when something is added meanwhile."""

    page_size_query_param = "limit"
    page_size = 50
    max_page_size = LARGEST_PAGE
    cursor_query_description = "Where the page begins, from `next` or `previous` of another page."
    page_size_query_description = f"How many on a page, 1 to {LARGEST_PAGE}; else 50."

    def paginate_queryset(self, queryset, request, view=None):
        try:
            return super().paginate_queryset(queryset, request, view)
        except (exceptions.NotFound, ValidationError, ValueError):
            # A position that no page ever named.
            raise BadRequest(_("There is no such page. Begin with the first one.")) from None

    def decode_cursor(self, request):
        cursor = super().decode_cursor(request)
        asked = request.query_params.get(self.cursor_query_param)
        # What is no base64 at all would else be taken for the first page.
        if cursor is not None and [asked] != parse_qs(urlsplit(self.encode_cursor(cursor)).query).get("cursor"):
            raise exceptions.NotFound
        return cursor

    def get_page_size(self, request):
        text = request.query_params.get("limit")
        if text is None:
            return self.page_size
        if not (text.isascii() and text.isdigit() and 1 <= int(text) <= LARGEST_PAGE):
            raise BadRequest(_("A page holds 1 to %(most)d entries.") % {"most": LARGEST_PAGE})
        return int(text)

    def get_schema_operation_parameters(self, view):
        found = super().get_schema_operation_parameters(view)
        for parameter in found:
            if parameter["name"] == "limit":
                parameter["schema"] = {"type": "integer", "minimum": 1, "maximum": LARGEST_PAGE}
        return found


class PublicView(APIView):
    """A view that anyone may read from anywhere, and that knows no cookie.

    A parameter that it does not know is an error: a mistyped filter must not answer with everything.
    """

    http_method_names = ["get", "head", "options"]
    authentication_classes: list = []
    permission_classes: list = []
    renderer_classes = [Unescaped]
    content_negotiation_class = JsonOnly
    pagination_class: type[Pages]
    params: frozenset[str] = frozenset()

    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        # What the page cache and the site are told is told to Django's request, not to the one around it.
        self.asked: HttpRequest = request._request
        translation.activate(asked_language(self.asked))
        for name, value in parse_qsl(self.asked.META.get("QUERY_STRING", ""), keep_blank_values=True):
            if name not in self.params | {"language"}:
                raise BadRequest(_("There is no parameter “%(name)s”.") % {"name": name[:60]})
            if not value:
                raise BadRequest(_("The parameter “%(name)s” is empty.") % {"name": name})

    def page_of(self, queryset: QuerySet) -> list:
        """Return the rows of the asked page."""
        self.pages = self.pagination_class()
        return self.pages.paginate_queryset(queryset, self.request, view=self)

    def answer(self, data: list) -> Response:
        """Return the answer with the asked page and the addresses of its neighbours."""
        return self.pages.get_paginated_response(data)

    def get_exception_handler(self):
        return in_words

    def handle_exception(self, exc):
        if isinstance(exc, BadRequest):
            exc = exceptions.ValidationError({"detail": str(exc)})
        return super().handle_exception(exc)

    def finalize_response(self, request, response, *args, **kwargs):
        response = super().finalize_response(request, response, *args, **kwargs)
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Content-Language"] = translation.get_language()
        if request.method == "OPTIONS":
            response.headers["Access-Control-Allow-Methods"] = METHODS
            response.headers["Access-Control-Allow-Headers"] = "*"
            response.headers["Access-Control-Max-Age"] = "86400"
        return response

    def options(self, request, *args, **kwargs):
        """Answer what browsers ask before they read from another site."""
        return Response(status=204)


def asked_language(request: HttpRequest) -> str:
    """Return the language in which to answer, the site's first where none is asked for; raise for one it hasn't."""
    codes = languages_of(network_for(request).site)
    code = request.GET.get("language", codes[0])
    if code not in codes:
        raise BadRequest(_("This site has no such language. It has: %(codes)s.") % {"codes": ", ".join(codes)})
    return code


def in_words(exc: Exception, context: dict[str, Any]) -> Response | None:
    """Answer an error as one sentence under `detail`."""
    response = exception_handler(exc, context)
    if response is not None and isinstance(response.data, dict) and isinstance(response.data.get("detail"), list):
        response.data = {"detail": " ".join(map(str, response.data["detail"]))}
    return response


class Description(SpectacularJSONAPIView):
    """The API described for programs, in OpenAPI 3.1."""

    renderer_classes = [OpenApiJsonRenderer2]
    authentication_classes: list = []
    permission_classes: list = []
    content_negotiation_class = JsonOnly
    http_method_names = ["get", "head", "options"]

    @extend_schema(exclude=True)
    def get(self, request, *args, **kwargs):
        """Answer with the description."""
        response = super().get(request, *args, **kwargs)
        response.headers["Access-Control-Allow-Origin"] = "*"
        return response
