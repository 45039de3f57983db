"""Branches in templates: which are open now, and their contacts."""

from __future__ import annotations

from django import template
from django.template import Context
from django.utils.formats import get_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from branches.blocks import ContactKind
from branches.listing import OpenBranch, address_of, open_states
from branches.models import BranchFacts
from core.templatetags.page_links import request_of

register = template.Library()

MAP = "https://www.openstreetmap.org/"


@register.simple_tag(takes_context=True)
def open_branches(context: Context) -> list[OpenBranch]:
    """Return all public branches with what is open now, central library first."""
    request = request_of(context)
    return open_states(request) if request else []


@register.filter
def contact_label(kind: str) -> str:
    """Return whom a phone or a mail address reaches; nothing where it is the general one."""
    return "" if kind in {"", ContactKind.GENERAL} else str(ContactKind(kind).label)


@register.filter
def telephone(number: str) -> str:
    """Return a phone number as an address: digits and the plus sign alone (RFC 3966)."""
    return "tel:" + "".join(character for character in number if character.isascii() and character in "+0123456789")


@register.filter
def postal_address(facts: BranchFacts | None) -> str:
    """Return a branch's address in the active language, in one line."""
    return address_of(facts) if facts else ""


@register.filter
def map_address(facts: BranchFacts) -> str:
    """Return the address of a map with a mark at the branch; nothing where its place is not known."""
    if facts.latitude is None or facts.longitude is None:
        return ""
    return f"{MAP}?mlat={facts.latitude}&mlon={facts.longitude}#map=18/{facts.latitude}/{facts.longitude}"


@register.simple_tag
def decimal_sign() -> str:
    """Return what stands between the whole and the tenths of a number in the active language."""
    return get_format("DECIMAL_SEPARATOR")


@register.filter
def place_attributes(facts: BranchFacts) -> SafeString:
    """Return the attributes by which the page's scripts know where a branch is; none where nobody entered it."""
    if facts.latitude is None or facts.longitude is None:
        return mark_safe("")
    return format_html(' data-latitude="{}" data-longitude="{}"', str(facts.latitude), str(facts.longitude))
