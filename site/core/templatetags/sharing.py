"""What a page says of itself where it is shared: its picture, and the links with which readers share it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django import template
from django.http import HttpRequest
from django.template import Context
from django.utils.translation import gettext as _

from core import sharing
from core.card_drawing import WIDE
from core.models import LibraryImage
from core.share_links import ShareLink
from core.share_links import share_links as links_to
from core.sites import network_for
from core.templatetags.page_links import absolute, request_of

if TYPE_CHECKING:
    from core.pages import BasePage

register = template.Library()


@dataclass(frozen=True)
class PagePicture:
    """The PNG that stands for a page: its whole address, what it shows, its size."""

    address: str
    alt: str
    width: int = WIDE[0]
    height: int = WIDE[1]


@dataclass(frozen=True)
class Share:
    """The whole address of a page, and the services that take it."""

    address: str
    links: list[ShareLink]


@dataclass(frozen=True)
class Download:
    """A picture to take along."""

    name: str
    address: str


@register.simple_tag(takes_context=True)
def open_graph_picture(context: Context) -> PagePicture | None:
    """Return the picture of the shown page: its photograph, or a drawn card."""
    request, page = request_of(context), context.get("page")
    if request is None or page is None or _is_draft(request):
        return None
    image = sharing.first_shown(request, page.shared_images(context))
    card = sharing.card_of(page, context, request)
    path = sharing.address_of(sharing.KINDS[sharing.CARD], page, card, part=context.get("sharing_part", ""))
    # With a photograph the picture shows nothing else.
    alt = _words_for(page, context, image) if image is not None else card.words
    return PagePicture(address=absolute(context, path), alt=alt)


@register.simple_tag(takes_context=True)
def share_links(context: Context, title: str) -> Share | None:
    """Return the shown address with the services that the network chose; nothing for a draft."""
    request = request_of(context)
    if request is None or _is_draft(request):
        return None
    asked = f"?{urlencode({'date': request.GET['date']})}" if context.get("sharing_part") else ""
    address = request.build_absolute_uri(f"{request.path}{asked}")
    return Share(address, links_to(network_for(request).share_services, address=address, title=title))


@register.simple_tag(takes_context=True)
def event_pictures(context: Context) -> list[Download]:
    """Return the poster and the square picture of the shown event, as long as somebody can still come."""
    request, page = request_of(context), context.get("page")
    if request is None or page is None or _is_draft(request):
        return []
    names = {"poster": _("Poster (A4, PDF)"), "square": _("Square picture (PNG)")}
    found = []
    for kind, name in names.items():
        shown = sharing.KINDS[kind].shows(page, context, request)
        if shown is not None:
            path = sharing.address_of(sharing.KINDS[kind], page, shown, part=context.get("sharing_part", ""))
            found.append(Download(name, path))
    return found


def _words_for(page: BasePage, context: Context, image: LibraryImage) -> str:
    """Return what a photograph shows, in the page's own words if it is the one that they are about."""
    own = getattr(page, "image_alt", "") if getattr(context.get("facts"), "image", None) == image else ""
    return own or image.default_alt_text or page.title


def _is_draft(request: HttpRequest) -> bool:
    return bool(getattr(request, "is_preview", False))
