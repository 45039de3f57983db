"""What narrows a list, in words that a reader can take away again."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ActiveFilter:
    """A filter in force: its name in addresses, what it is called, and the key and name of what was asked for.

    `splits` where several of its kind may be in force, so that taking one away leaves the others.
    """

    kind: str
    label: str
    key: str
    name: str
    splits: bool = False
