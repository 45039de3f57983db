"""Every answer carries the headers that keep a browser from being talked into something, errors not less than pages."""

from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse

from core.models import LibraryDocument
from tests.factories.forms import form_of

pytestmark = pytest.mark.django_db
PUBLIC = {
    "base-uri 'none'",
    "default-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "img-src 'self' data:",
    "object-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
}
ADMIN = PUBLIC - {
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "img-src 'self' data:",
    "script-src 'self'",
    "style-src 'self'",
} | {
    "base-uri 'self'",
    "frame-ancestors 'self'",
    "img-src 'self' data: blob:",
    "script-src 'self' 'unsafe-inline'",
    "style-src 'self' 'unsafe-inline'",
    "worker-src 'self' blob:",
}  # fmt: skip
ANSWERS = [
    ("/", 302, PUBLIC),
    ("/en/", 200, PUBLIC),
    ("/en/events/", 200, PUBLIC),
    ("/en/events", 301, PUBLIC),
    ("/en/events/feed.ics", 200, PUBLIC),
    ("/en/news/feed.atom", 200, PUBLIC),
    ("/en/display/", 200, PUBLIC),
    ("/accounts/login/", 200, PUBLIC),
    ("/healthz", 200, PUBLIC),
    ("/sitemap.xml", 200, PUBLIC),
    ("/robots.txt", 200, PUBLIC),
    ("/static/css/site.css", 200, PUBLIC),
    ("/media/mill.txt", 200, PUBLIC),
    ("/media/nothing.txt", 404, PUBLIC),
    ("/en/nowhere/", 404, PUBLIC),
    ("/xx/", 404, PUBLIC),
    ("/en/events/?page=x", 400, PUBLIC),
    ("/en/?q=%00", 400, PUBLIC),
    ("/en/%00/", 400, PUBLIC),
    ("/en/?q=" + "a" * 10_000, 400, PUBLIC),
    ("/admin/", 302, ADMIN),
    ("/admin/?q=%00", 400, ADMIN),
]


def policy(response) -> set[str]:
    return set(response["Content-Security-Policy"].split("; "))


def others(response) -> dict[str, str | None]:
    names = (
        "X-Content-Type-Options",
        "Referrer-Policy",
        "Cross-Origin-Opener-Policy",
        "X-Frame-Options",
        "Permissions-Policy",
    )
    return {name: response.headers.get(name) for name in names}


OTHERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": "geolocation=()",
}


@pytest.mark.parametrize(("path", "status", "expected"), ANSWERS, ids=[path[:30] for path, *_rest in ANSWERS])
def test_answer_carries_the_security_headers(library, client, settings, path, status, expected):
    settings.WHITENOISE_USE_FINDERS = True
    Path(settings.MEDIA_ROOT).mkdir(parents=True, exist_ok=True)
    (Path(settings.MEDIA_ROOT) / "mill.txt").write_bytes(b"a mill")

    response = client.get(path)
    response.close()

    assert (response.status_code, policy(response), others(response)) == (status, expected, OTHERS)


def test_refused_form_carries_the_security_headers(library):
    response = Client(enforce_csrf_checks=True).post("/accounts/login/", {"login": "a@library.example"})

    assert (response.status_code, policy(response), others(response)) == (403, PUBLIC, OTHERS)


def test_failure_carries_the_security_headers(library, client, monkeypatch):
    def fail(*_args):
        raise RuntimeError("broken")

    monkeypatch.setattr("core.routing._direct", fail)
    client.raise_request_exception = False

    response = client.get("/en/")

    assert (response.status_code, policy(response), others(response)) == (500, PUBLIC, OTHERS)


def test_unknown_host_carries_the_security_headers(library, client, settings):
    settings.ALLOWED_HOSTS = ["library.example"]

    response = client.get("/en/", headers={"Host": "elsewhere.example"})

    assert (response.status_code, policy(response), others(response)) == (400, PUBLIC, OTHERS)


def test_admin_page_carries_the_security_headers(library, client):
    client.force_login(library.administrator())

    response = client.get("/admin/")

    assert (response.status_code, policy(response), others(response)) == (200, ADMIN, OTHERS)


def test_document_may_run_nothing(library, client):
    document = LibraryDocument.objects.create(title="Minutes", file=ContentFile(b"<script>", name="minutes.txt"))

    response = client.get(document.url)
    response.close()

    assert (response.status_code, policy(response), others(response)) == (200, {"default-src 'none'"}, OTHERS)


def test_preview_may_stand_in_a_frame_of_the_admin_and_nowhere_else(library, client):
    page = library.article()
    client.force_login(library.administrator())
    preview = reverse("wagtailadmin_pages:preview_on_edit", args=[page.pk])
    client.post(preview, form_of(page))

    response = client.get(preview)

    assert (response.status_code, policy(response), response["X-Frame-Options"]) == (200, ADMIN, "SAMEORIGIN")
