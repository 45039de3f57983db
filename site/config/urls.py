"""Which address leads where."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path, re_path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from accounts import views as accounts_views
from core import admin_scope, display, health, media, routing, sharing_views, theme, views
from events import urls as events_urls
from home import urls as home_urls
from news import urls as news_urls

urlpatterns = [
    path("", views.front_door, name="front_door"),
    path("api/", include("config.api_urls")),
    path("healthz", health.healthz, name="healthz"),
    path("theme/<slug:colour>.css", theme.style_sheet, name="theme"),
    path("theme/<slug:colour>/admin.css", theme.admin_style_sheet, name="admin_theme"),
    path("theme/<slug:colour>/icon.svg", theme.icon_svg, name="icon_svg"),
    path("theme/<slug:colour>/icon-<int:size>.png", theme.icon_png, name="icon_png"),
    path("accounts/", include("accounts.urls")),
    # One door for signing in: Wagtail's own forms lead to it.
    path("admin/login/", accounts_views.admin_gate),
    path("admin/password_reset/", accounts_views.password_reset_gate),
    re_path(r"^admin/password_reset/.*$", accounts_views.password_reset_gate),
    path("admin/", include(admin_scope.urlpatterns_before_wagtail)),
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    *home_urls.site_urlpatterns,
]

if getattr(settings, "SERVE_MEDIA", settings.DEBUG):
    urlpatterns += [path("media/<path:path>", media.serve_media)]

urlpatterns += i18n_patterns(
    path("_util/login/", accounts_views.page_gate),
    *(route for route in wagtail_urls.urlpatterns if route.name != "wagtail_serve"),
    path("display/", display.change, name="display"),
    path("shared/<slug:kind>/<str:name>", sharing_views.picture, name="shared_picture"),
    path("manifest.webmanifest", theme.manifest, name="manifest"),
    *events_urls.urlpatterns,
    *news_urls.urlpatterns,
    *home_urls.urlpatterns,
    re_path(wagtail_urls.serve_pattern, routing.serve, name="wagtail_serve"),
)

handler400 = views.bad_request
handler403 = views.permission_denied
handler404 = views.page_not_found
handler429 = accounts_views.too_many_requests
handler500 = views.server_error
