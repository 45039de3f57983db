"""What narrows a list, in words that a reader can take away again."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ActiveFilter:
    """A filter in force: its name in addresses, what it is called, and the key and name of what was asked for."""

    kind: str
    label: str
    key: str
    name: str
