"""What the card for the door of a branch says, as values."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class DoorCard:
    """How to get a calendar into a phone; `narrowed` names what it holds, `address` is that of the code."""

    network: str
    accent: str
    language: str
    title: str
    narrowed: str
    steps: tuple[str, ...]
    address_label: str
    address: str
    feed_label: str
    feed: str
