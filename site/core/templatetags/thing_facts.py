"""The facts of a thing on pages of the admin where they can't be changed."""

from __future__ import annotations

from django import template
from django.template import Context
from wagtail.models import Page

from core.admin_source import can_become_source, make_source_url, may_make_source
from core.fact_list import facts_of
from core.pages import ThingPage

register = template.Library()


@register.inclusion_tag("core/admin/translated_facts.html", takes_context=True)
def facts_of_translation(context: Context, page: Page) -> dict:
    """Show the facts of the thing that a page translates, with the way to where they are changed."""
    if not isinstance(page, ThingPage) or page.is_source or page.record is None:
        return {"record": None}
    user = context["request"].user
    makes_source = can_become_source(page) and may_make_source(user, page)
    return {
        "record": page.record,
        "source": page.record.source_page,
        "facts": facts_of(page.record),
        "make_source_url": make_source_url(page) if makes_source else "",
    }
