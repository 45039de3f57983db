"""The network's name, colour and mark in the admin."""

from __future__ import annotations

from dataclasses import dataclass

from django import template
from django.template import Context
from wagtail.models import Site

from core import theme
from core.labels import label_in
from core.sites import network_of
from core.templatetags.page_links import NAME_OF_THE_SOFTWARE, logo_of, request_of

register = template.Library()


@dataclass(frozen=True)
class Brand:
    """What the admin shows of a network; `logo` is empty where it has none."""

    name: str
    colour: str
    logo: str


@register.simple_tag(takes_context=True)
def brand(context: Context) -> Brand | None:
    """Return what the admin shows of the request's network; None as long as there is no site."""
    request = request_of(context)
    site = Site.find_for_request(request) if request else None
    if site is None:
        return None
    network = network_of(site)
    name = label_in(network.name) or site.site_name or NAME_OF_THE_SOFTWARE
    return Brand(name, theme.colour_of(network), logo_of(network))
