"""Pictures in templates: all sizes of a whole gallery in one query."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import template
from django.db.models import prefetch_related_objects

register = template.Library()


@register.simple_tag
def with_renditions(pictures: Iterable[Any]) -> list[Any]:
    """Return the values of picture blocks, the stored sizes of their images read in one query."""
    values = [getattr(picture, "value", picture) for picture in pictures]
    prefetch_related_objects([value["image"] for value in values if value["image"]], "renditions")
    return values
