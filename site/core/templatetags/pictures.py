"""Pictures in templates: the right size for each screen, all sizes of a whole list in one query.

    {% photograph facts.image "whole" alt=page.image_alt first=True %}
    {% with_photographs rows "article.image" "card" as rows %} ... {% photograph row.article.image "card" %}

The shapes stand in `core.picture_sizes`. A picture that may not be shown any more is as if there were none, which
`{% if image|on_show %}` asks where there is something around it.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from functools import reduce
from typing import Any

from django import template
from django.forms.utils import flatatt
from django.http import HttpRequest
from django.template import Context
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from core.domain.pictures import read_sizes, size_filter
from core.models import LibraryImage, Rendition
from core.page_cache import limit
from core.picture_sizes import AVIF, SHAPES, WEBP, Shape
from core.templatetags.page_links import request_of

register = template.Library()
log = logging.getLogger(__name__)

NOTHING = SafeString("")


@register.filter
def on_show(image: LibraryImage | None) -> LibraryImage | None:
    """Return the picture if there is one and readers may see it."""
    return image if image and image.may_be_shown() else None


@register.simple_tag
def with_renditions(pictures: Iterable[Any]) -> list[Any]:
    """Return the values of the picture blocks that are on show, the sizes of their images read in one query."""
    values = [getattr(picture, "value", picture) for picture in pictures]
    shown = [value for value in values if on_show(value["image"])]
    read_sizes(value["image"] for value in shown)
    return shown


@register.simple_tag
def with_photographs(rows: Iterable[Any], path: str, shape: str) -> list[Any]:
    """Return the rows, the sizes of the pictures that stand at a path of attributes in each read in one query."""
    rows = list(rows)
    read_sizes((reduce(_attribute, path.split("."), row) for row in rows), SHAPES[shape])
    return rows


@register.simple_tag(takes_context=True)
def photograph(
    context: Context,
    image: LibraryImage | None,
    shape: str,
    *,
    alt: str = "",
    decorative: bool = False,
    first: bool = False,
    sizes: str = "",
    css: str = "",
) -> SafeString:
    """Show a picture in a shape; nothing where there is none, where it may not be shown or where its file is lost.

    `alt` are the page's own words for it; without them the picture's own in the shown language are taken, unless it is
    `decorative`. `first` is for the one picture that is seen at once. `sizes` says how wide it is on the screen.
    """
    if (image := _shown(image, request_of(context))) is None:
        return NOTHING
    try:
        return _picture(image, SHAPES[shape], _words(image, alt, decorative), first=first, sizes=sizes, css=css)
    except (OSError, Rendition.DoesNotExist):
        log.exception("The picture %s can't be shown.", image.pk)
        return NOTHING


def _attribute(thing: Any, name: str) -> Any:
    return getattr(thing, name, None)


def _shown(image: LibraryImage | None, request: HttpRequest | None) -> LibraryImage | None:
    """Return the picture with its sizes read, if it may be shown; let the page be kept only as long as that holds."""
    if not on_show(image):
        return None
    if request is not None:
        limit(request, image.shown_before)
    if image._get_prefetched_renditions() is None:
        read_sizes([image])
    return image


def _words(image: LibraryImage, alt: str, decorative: bool) -> dict[str, str]:
    """Return the attributes that tell what the picture shows, and in which language where the page can't know it."""
    if decorative:
        return {"alt": ""}
    if alt or not image.default_alt_text:
        return {"alt": alt}
    return {"alt": image.default_alt_text, "lang": image.alt_language}


def _picture(
    image: LibraryImage, shape: Shape, words: dict[str, str], *, first: bool, sizes: str, css: str
) -> SafeString:
    measures = {"width": image.width, "height": image.height}
    webp = [size_filter(spec) for spec in shape.specs(WEBP, **measures)]
    plain = size_filter(shape.fallback(**measures))
    made = image.get_renditions(*webp, plain)
    fallback, largest = made[plain.spec], made[webp[-1].spec]
    sources = [("image/webp", [made[each.spec] for each in webp])]
    avif = [size_filter(spec) for spec in shape.specs(AVIF, **measures)]
    smaller = image.find_existing_renditions(*avif)
    if len(smaller) == len(avif):
        sources.insert(0, ("image/avif", [smaller[each] for each in avif]))
    attributes = {
        "src": fallback.url,
        "width": str(largest.width),
        "height": str(largest.height),
        **words,
        "class": css or None,
        "loading": None if first else "lazy",
        "fetchpriority": "high" if first else None,
        "decoding": "async",
    }
    return format_html(
        "<picture>{}<img{}></picture>",
        format_html_join("", "<source{}>", ((_source(*each, sizes or shape.sizes),) for each in sources)),
        flatatt({name: value for name, value in attributes.items() if value is not None}),
    )


def _source(kind: str, renditions: list[Rendition], sizes: str) -> SafeString:
    srcset = ", ".join(f"{each.url} {each.width}w" for each in renditions)
    return flatatt({"type": kind, "srcset": srcset, "sizes": sizes})
