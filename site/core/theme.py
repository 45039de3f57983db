"""The style sheet that gives pages a network's accent: an address of its own for each colour, kept for ever."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from core import accent
from core.accent import Palette, Shades
from core.models import Network

A_YEAR = 365 * 24 * 60 * 60
DARK = "@media (prefers-color-scheme: dark)"
STRONG = 'html[data-contrast="high"]'


@require_safe
@cache_control(public=True, max_age=A_YEAR, immutable=True)
def style_sheet(request: HttpRequest, colour: str) -> HttpResponse:
    """Return the shades of an accent as custom properties; 404 for one that no network could have."""
    try:
        found = accent.palette(colour)
    except accent.AccentError:
        raise Http404 from None
    return HttpResponse(css_of(found), content_type="text/css; charset=utf-8")


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


def address_of(network: Network) -> str:
    """Return where the network's style sheet is; empty where it has the accent that pages have by themselves."""
    if network.accent in ("", accent.DEFAULT):
        return ""
    return reverse("theme", args=[network.accent.removeprefix("#")])
