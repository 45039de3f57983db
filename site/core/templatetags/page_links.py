"""Addresses in templates: absolute ones, the same page in other languages, pages under the shown language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.template import Context
from django.urls import translate_url
from django.utils.text import Truncator
from django.utils.translation import get_language, get_language_info
from wagtail.images import get_image_model
from wagtail.images.models import SourceImageIOError
from wagtail.models import Page

from core import addresses
from core.labels import label_in
from core.memory import per_generation
from core.models import Network
from core.page_words import Alternate
from core.picture_sizes import LOGO
from core.sites import network_for

register = template.Library()

# What the languages are called in Open Graph, which wants a country with each.
OPEN_GRAPH_LOCALES = {"en": "en_GB", "uk": "uk_UA", "ru": "ru_RU", "mk": "mk_MK"}
LONGEST_DESCRIPTION = 200
NAME_OF_THE_SOFTWARE = "Chitalnya"


@dataclass(frozen=True)
class LanguageLink:
    """Where the reader finds the same in another language."""

    code: str
    name: str
    path: str
    current: bool


def request_of(context: Context) -> HttpRequest | None:
    """Return the request that a template answers, also inside of blocks and of includes with `only`."""
    return getattr(context, "request", None) or context.get("request")


@register.simple_tag(takes_context=True)
def network_name(context: Context) -> str:
    """Return the name of the network in the active language."""
    request = request_of(context)
    return (label_in(network_for(request).name) if request else "") or NAME_OF_THE_SOFTWARE


@register.simple_tag(takes_context=True)
def network_tagline(context: Context) -> str:
    """Return the network's one sentence about itself in the active language."""
    request = request_of(context)
    return label_in(network_for(request).tagline) if request else ""


@register.simple_tag(takes_context=True)
def network_logo(context: Context) -> str:
    """Return the network's logo as an image without words, for the name stands beside it; nothing where it has none."""
    request = request_of(context)
    return logo_of(network_for(request)) if request else ""


def logo_of(network: Network) -> str:
    """Return a network's logo as an image without words; empty where it has none."""
    return _logo(network.logo_id) if network.logo_id else ""


@per_generation
def _logo(image_id: int) -> str:
    image = get_image_model().objects.filter(pk=image_id).first()
    try:
        return image.get_rendition(LOGO).img_tag({"alt": ""}) if image else ""
    except SourceImageIOError:
        # A file that is lost must not take every page, and the admin in which it is mended, with it.
        return ""


@register.simple_tag(takes_context=True)
def network_contacts(context: Context) -> dict[str, str]:
    """Return the network's address in the active language, its phone and its mail address; empty where not entered."""
    request = request_of(context)
    if request is None:
        return {}
    network = network_for(request)
    return {"address": label_in(network.address), "phone": network.phone, "email": network.email}


@register.simple_tag(takes_context=True)
def has_catalogue(context: Context) -> bool:
    """Return whether the network has a catalogue that can be searched from here."""
    request = request_of(context)
    return bool(request and network_for(request).catalogue_address)


@register.simple_tag(takes_context=True)
def absolute(context: Context, path: str) -> str:
    """Return the address with scheme and host of a path on this site."""
    request = request_of(context)
    return request.build_absolute_uri(path) if request else path


@register.simple_tag(takes_context=True)
def webcal(context: Context, path: str) -> str:
    """Return the address with which a calendar program subscribes to a feed."""
    return f"webcal://{urlsplit(absolute(context, path)).netloc}{path}"


@register.simple_tag(takes_context=True)
def address_without(context: Context, *names: str) -> str:
    """Return the shown address without some of its parameters."""
    request = request_of(context)
    if request is None:
        return "?"
    kept = request.GET.copy()
    for name in set(names) & set(kept):
        del kept[name]
    return f"{request.path}?{kept.urlencode()}" if kept else request.path


@register.simple_tag(takes_context=True)
def address_without_value(context: Context, name: str, value: str) -> str:
    """Return the first page of the shown address without one value of a parameter, or without the whole parameter.

    Several values may stand in one, with commas between them.
    """
    request = request_of(context)
    asked = ",".join(request.GET.getlist(name) if request else ()).split(",")
    others = [one for one in asked if one not in {"", value}]
    if request is None or not others or value not in asked:
        return address_without(context, name, "page")
    kept = request.GET.copy()
    kept.setlist(name, others)
    kept.pop("page", None)
    return f"{request.path}?{kept.urlencode()}"


@register.simple_tag(takes_context=True)
def query_of(context: Context, *names: str) -> str:
    """Return the query of the shown address with nothing but some of its parameters, empty without any."""
    request = request_of(context)
    query = {name: request.GET[name] for name in names if request.GET.get(name)} if request else {}
    return f"?{urlencode(query)}" if query else ""


@register.simple_tag
def path_in_language(page: Page) -> str:
    """Return the path at which a page is found under the shown language."""
    return addresses.path_in(page, get_language() or settings.LANGUAGE_CODE)


@register.simple_tag(takes_context=True)
def language_links(context: Context) -> list[LanguageLink]:
    """Return what is shown here in each of the site's languages; the first page of a language where that can't be."""
    request, alternates = request_of(context), context.get("alternates")
    if alternates:
        query = _kept_query(request)
        return [LanguageLink(one.code, one.name, one.path + query, one.current) for one in alternates]
    shown = get_language()
    codes = network_for(request).language_codes if request else settings.SITE_LANGUAGES
    return [
        LanguageLink(code, get_language_info(code)["name_local"], _same_view(request, code), code == shown)
        for code in codes
        if code in settings.SITE_LANGUAGES
    ]


def _kept_query(request: HttpRequest | None) -> str:
    """Return the part of the query that means the same in every language: month, filters, page."""
    query = request.GET.copy() if request else None
    for name in set(query or ()) - settings.PAGE_CACHE_PARAMS:
        del query[name]
    return f"?{query.urlencode()}" if query else ""


def _same_view(request: HttpRequest | None, code: str) -> str:
    home = f"/{code}/"
    here = request.get_full_path() if request else ""
    if not here.startswith(f"/{get_language()}/"):
        return home
    there = translate_url(here, code)
    return there if there.startswith(home) else home


@register.simple_tag
def first_translated(alternates: Iterable[Alternate] | None) -> Alternate | None:
    """Return the page in the first of the site's languages that it is translated to: what others are led to."""
    return next((one for one in alternates or () if one.translated), None)


@register.simple_tag
def open_graph_locale(code: str) -> str:
    """Return a language as Open Graph names it."""
    return OPEN_GRAPH_LOCALES.get(code, code)


@register.simple_tag
def description_of(page: Page | None) -> str:
    """Return one or two sentences about a page, from what it has."""
    names = ("search_description", "lead", "statement", "intro")
    texts = (getattr(page, name, "") for name in names)
    return Truncator(" ".join(next(filter(None, texts), "").split())).chars(LONGEST_DESCRIPTION)


@register.filter
def host(address: str) -> str:
    """Return the host of an address, to say where a link leads."""
    return (urlsplit(address).hostname or "").removeprefix("www.")
