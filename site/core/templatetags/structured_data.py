"""schema.org data inside of pages: data blocks that no browser executes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.core.serializers.json import DjangoJSONEncoder
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from core.templatetags.page_links import absolute

register = template.Library()

# What could end the element, or a line in old parsers, stands as an escape that JSON reads back.
ESCAPES = {ord(character): f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"}


@register.simple_tag
def json_ld(data: Mapping[str, Any] | None) -> SafeString | str:
    """Show data as JSON-LD; nothing where there is none."""
    if not data:
        return ""
    text = json.dumps(data, cls=DjangoJSONEncoder, ensure_ascii=False, separators=(",", ":")).translate(ESCAPES)
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(text))


@register.simple_tag(takes_context=True)
def breadcrumb_data(
    context: Context, breadcrumbs: Iterable[Mapping[str, str]], title: str, path: str
) -> dict[str, Any]:
    """Return the way to a page, itself at the end, as schema.org BreadcrumbList; nothing for a page at the top."""
    steps = [(crumb["title"], crumb["path"]) for crumb in breadcrumbs or ()]
    if not steps:
        return {}
    items = [
        {"@type": "ListItem", "position": number, "name": name, "item": absolute(context, address)}
        for number, (name, address) in enumerate([*steps, (title, path)], start=1)
    ]
    return {"@context": "https://schema.org", "@type": "BreadcrumbList", "itemListElement": items}
