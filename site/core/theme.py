"""What gives pages and the admin a network's accent: style sheets and icons, each kept for ever under its colour."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from core import accent, icon
from core.accent import AdminShades, Palette, Shades
from core.addresses import start_of
from core.labels import label_in
from core.memory import per_generation
from core.models import Network
from core.sites import network_for

CSS = "text/css; charset=utf-8"
# What Apple's phones, and the home screens and first pictures of the others, ask for.
ICON_SIZES = (180, 192, 512)
A_YEAR = 365 * 24 * 60 * 60
DARK = "@media (prefers-color-scheme: dark)"
STRONG = 'html[data-contrast="high"]'


@per_generation
def known_accents() -> frozenset[str]:
    """Return the accents that are in use: nobody can have those of others drawn."""
    chosen = Network.objects.exclude(accent="").values_list("accent", flat=True)
    return frozenset([accent.DEFAULT, *chosen])


def of_a_colour(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let an answer be kept for ever under its colour; 404 for a colour that no network has."""

    @require_safe
    @cache_control(public=True, max_age=A_YEAR, immutable=True)
    @wraps(view)
    def answer(request: HttpRequest, colour: str, **kwargs) -> HttpResponse:
        if f"#{colour}" not in known_accents():
            raise Http404
        return view(request, colour, **kwargs)

    return answer


@of_a_colour
def style_sheet(request: HttpRequest, colour: str) -> HttpResponse:
    """Return the shades of an accent as custom properties."""
    return HttpResponse(css_of(accent.palette(colour)), content_type=CSS)


@of_a_colour
def admin_style_sheet(request: HttpRequest, colour: str) -> HttpResponse:
    """Return the shades of an accent as the custom properties of Wagtail's admin, for its light and its dark look."""
    return HttpResponse(admin_css_of(accent.admin_shades(colour)), content_type=CSS)


@of_a_colour
def icon_svg(request: HttpRequest, colour: str) -> HttpResponse:
    """Return the icon of the site as SVG."""
    return HttpResponse(icon.svg(colour), content_type="image/svg+xml")


@of_a_colour
def icon_png(request: HttpRequest, colour: str, size: int) -> HttpResponse:
    """Return the icon of the site as PNG, in a size that some system asks for."""
    if size not in ICON_SIZES:
        raise Http404
    return HttpResponse(icon.png(colour, size), content_type="image/png")


@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """Return what a phone needs to know that keeps the site among its programs."""
    network, language = network_for(request), get_language() or settings.LANGUAGE_CODE
    colour, name = colour_of(network), label_in(network.name) or request.get_host()
    icons = [
        {"src": reverse("icon_png", args=[colour, size]), "sizes": f"{size}x{size}", "type": "image/png"}
        for size in ICON_SIZES
    ]
    known = {
        "name": name,
        "short_name": name,
        "lang": language,
        "start_url": start_of(language),
        "display": "minimal-ui",
        "background_color": accent.PAPER,
        "theme_color": f"#{colour}",
        "icons": icons,
    }
    return JsonResponse(known, content_type="application/manifest+json", json_dumps_params={"ensure_ascii": False})


def css_of(found: Palette) -> str:
    """Return a palette as CSS, in the layer of the tokens that it replaces."""
    rules = (
        _rule(":root", found.light),
        f"{DARK} {{ {_rule(':root', found.dark)} }}",
        _rule(STRONG, found.light_strong),
        f"{DARK} {{ {_rule(STRONG, found.dark_strong)} }}",
    )
    return "@layer tokens {\n" + "\n".join(rules) + "\n}\n"


def _rule(selector: str, shades: Shades) -> str:
    return (
        f"{selector} {{ --accent: {shades.accent}; --on-accent: {shades.on_accent}; "
        f"--accent-hover: {shades.hover}; --accent-tint: {shades.tint}; }}"
    )


def admin_css_of(shades: AdminShades) -> str:
    """Return the shades as CSS; the names are those of Wagtail's admin."""
    values = {
        "primary": shades.menu,
        "primary-200": shades.menu_active,
        "secondary": shades.button,
        "secondary-50": shades.faint,
        "secondary-75": shades.dark_hover,
        "secondary-100": shades.dark_link,
        "secondary-400": shades.hover,
        "secondary-600": shades.pressed,
    }
    rules = " ".join(f"--w-color-{name}: {value};" for name, value in values.items())
    return f":root {{ {rules} }}\n"


def colour_of(network: Network) -> str:
    """Return a network's accent as it stands in addresses."""
    return (network.accent or accent.DEFAULT).removeprefix("#")


def address_of(network: Network) -> str:
    """Return where the network's style sheet is; empty where it has the accent that pages have by themselves."""
    if network.accent in ("", accent.DEFAULT):
        return ""
    return reverse("theme", args=[network.accent.removeprefix("#")])
