"""Where the blocks of a page hold pictures, and what is left of their stored values without one of them.

Works on values as they are stored (lists and dicts of JSON), so that drafts, old revisions and translations are treated
like what is live, and nothing is asked of the database.
"""

from __future__ import annotations

from typing import Any

from wagtail.blocks import Block, ListBlock, StreamBlock, StructBlock
from wagtail.images.blocks import ImageChooserBlock

REMOVED = object()


def without_picture(block: StreamBlock, value: list[Any], pk: int) -> list[Any]:
    """Return the stored value of a stream without a picture; blocks that are nothing without it go, too."""
    kept = _without(block, value, pk)
    return [] if kept is REMOVED else kept


def holds_pictures(block: Block) -> bool:
    """Return whether a picture can be chosen somewhere in the block."""
    return bool(names_of_pictures(block))


def names_of_pictures(block: Block, name: str = "") -> set[str]:
    """Return the names under which pictures are chosen in the block."""
    if isinstance(block, ImageChooserBlock):
        return {name}
    if isinstance(block, ListBlock):
        return names_of_pictures(block.child_block, "item")
    if isinstance(block, StreamBlock | StructBlock):
        return {found for key, child in block.child_blocks.items() for found in names_of_pictures(child, key)}
    return set()


def _without(block: Block, value: Any, pk: int) -> Any:
    if isinstance(block, ImageChooserBlock):
        return REMOVED if value == pk else value
    if isinstance(block, StructBlock) and isinstance(value, dict):
        return _struct_without(block, value, pk)
    if isinstance(block, ListBlock) and isinstance(value, list):
        return _list_without(block, value, pk)
    if isinstance(block, StreamBlock) and isinstance(value, list):
        return _stream_without(block, value, pk)
    return value


def _struct_without(block: StructBlock, value: dict[str, Any], pk: int) -> Any:
    kept = dict(value)
    for name, child in block.child_blocks.items():
        if name not in value:
            continue
        kept[name] = _without(child, value[name], pk)
        if kept[name] is REMOVED:
            if child.required or not isinstance(child, ImageChooserBlock | StreamBlock):
                return REMOVED
            kept[name] = [] if isinstance(child, StreamBlock) else None
    return kept


def _list_without(block: ListBlock, value: list[Any], pk: int) -> Any:
    kept = [each for item in value if (each := _item_without(block.child_block, item, pk)) is not REMOVED]
    too_few = len(kept) < len(value) and len(kept) < (block.meta.min_num or 0)
    return REMOVED if too_few else kept


def _stream_without(block: StreamBlock, value: list[Any], pk: int) -> Any:
    kept = []
    for item in value:
        child = block.child_blocks.get(item.get("type")) if isinstance(item, dict) else None
        each = item if child is None else _item_without(child, item, pk)
        if each is not REMOVED:
            kept.append(each)
    return REMOVED if value and not kept else kept


def _item_without(block: Block, item: Any, pk: int) -> Any:
    """Treat an item with its kind and id, or, as older values of lists have it, the bare value."""
    if not (isinstance(item, dict) and {"type", "value"} <= item.keys()):
        return _without(block, item, pk)
    kept = _without(block, item["value"], pk)
    return REMOVED if kept is REMOVED else item | {"value": kept}
