"""How the reader wants pages to look, in templates."""

from django import template
from django.utils.safestring import SafeString, mark_safe

from core import display

register = template.Library()

# Nothing of what a reader sends gets into these.
ATTRIBUTES = {display.LARGE: ' data-type="large"', display.CONTRAST: ' data-contrast="high"'}


@register.simple_tag(takes_context=True)
def display_attributes(context: template.Context) -> SafeString:
    """Return the attributes of the html element for large type and strong contrast."""
    request = context.get("request")
    wanted = display.chosen(request) if request is not None else ()
    return mark_safe("".join(text for name, text in ATTRIBUTES.items() if name in wanted))
