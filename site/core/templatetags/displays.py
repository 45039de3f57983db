"""How the reader wants pages to look, in templates."""

from django import template
from django.utils.safestring import SafeString, mark_safe

from core import display, theme
from core.sites import network_for

register = template.Library()

# Nothing of what a reader sends gets into these.
ATTRIBUTES = {display.LARGE: ' data-type="large"', display.CONTRAST: ' data-contrast="high"'}


@register.simple_tag(takes_context=True)
def display_attributes(context: template.Context) -> SafeString:
    """Return the attributes of the html element for large type and strong contrast."""
    request = context.get("request")
    wanted = display.chosen(request) if request is not None else ()
    return mark_safe("".join(text for name, text in ATTRIBUTES.items() if name in wanted))


@register.simple_tag(takes_context=True)
def theme_address(context: template.Context) -> str:
    """Return the style sheet with the network's accent; empty where it has the accent of all pages."""
    request = context.get("request")
    return theme.address_of(network_for(request)) if request is not None else ""


@register.simple_tag(takes_context=True)
def theme_colour(context: template.Context) -> str:
    """Return the network's accent as it stands in the addresses of its icons; empty where no network is known."""
    request = context.get("request")
    return theme.colour_of(network_for(request)) if request is not None else ""
