"""The least that Django can do: a page of 12 kB from one view, no middleware, no database."""

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path

BODY = (b"<p>Hello, reader." + b"." * 43 + b"</p>") * 192

settings.configure(ALLOWED_HOSTS=["*"], MIDDLEWARE=[], ROOT_URLCONF=__name__, SECRET_KEY="measuring only")


def hello(_request: HttpRequest) -> HttpResponse:
    """Answer with the page."""
    return HttpResponse(BODY, headers={"Content-Length": str(len(BODY))})


urlpatterns = [path("", hello)]
application = get_wsgi_application()
