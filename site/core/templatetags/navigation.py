"""What stands around every page: the columns of the footer, and notices at the top."""

from __future__ import annotations

from django import template
from django.template import Context

from core.navigation import Column, footer_for
from core.notices import Posted, notices_for
from core.templatetags.page_links import request_of

register = template.Library()


@register.simple_tag(takes_context=True)
def footer_columns(context: Context) -> tuple[Column, ...]:
    """Return the columns that the editors made for the footer, in the shown language."""
    request = request_of(context)
    return footer_for(request) if request else ()


@register.simple_tag(takes_context=True)
def notices(context: Context) -> list[Posted]:
    """Return the notices that are up now, and limit how long the page may be kept."""
    request = request_of(context)
    return notices_for(request) if request else []
