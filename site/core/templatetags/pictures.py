"""Pictures in templates: all sizes of a whole gallery in one query."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import template
from django.db.models import prefetch_related_objects

register = template.Library()


@register.simple_tag
def with_renditions(pictures: Iterable[Any]) -> list[Any]:
    """Return the picture blocks with the stored sizes of their images read in one query."""
    found = list(pictures)
    values = [getattr(picture, "value", picture) for picture in found]
    prefetch_related_objects([value["image"] for value in values if value["image"]], "renditions")
    return found
