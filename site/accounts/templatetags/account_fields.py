"""How forms of the accounts room show their fields."""

from django import template
from django.forms.boundfield import BoundField
from django.utils.safestring import SafeString

register = template.Library()


@register.filter
def without_placeholder(field: BoundField) -> SafeString:
    """Return the field's input without a placeholder, which vanishes when needed; codes get the keyboard of digits."""
    attrs: dict[str, str | bool] = {"placeholder": False}
    if field.name == "code":
        attrs |= {"inputmode": "numeric", "autocapitalize": "off", "spellcheck": "false"}
    return field.as_widget(attrs=attrs)


@register.filter
def is_checkbox(field: BoundField) -> bool:
    """Return whether the label belongs behind the input."""
    return field.widget_type == "checkbox"
