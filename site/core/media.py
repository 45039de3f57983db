"""What editors uploaded, for readers: pictures and their sizes; documents have a door of their own."""

import posixpath

from django.conf import settings
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.static import serve

# Wagtail keeps here what waits for its form: it is nobody's yet.
WAITING = "wagtail_uploads"


def serve_media(request: HttpRequest, path: str) -> HttpResponseBase:
    """Answer with a file of the media folder; 404 for what waits for its form, however the path is spelt."""
    if posixpath.normpath(path).lstrip("/").split("/")[0] == WAITING:
        raise Http404
    return serve(request, path, document_root=settings.MEDIA_ROOT)
