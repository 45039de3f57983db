"""Which dates people have registered for: a higher room knows, this one asks before it pairs or drops any."""

from __future__ import annotations

from collections.abc import Callable, Collection

# The hook of this room: a higher one registers for "on which of these occurrences has somebody a seat?" and answers
# with their ids.
registered_hooks: list[Callable[[Collection[int]], set[int]]] = []


def with_registrations(occurrence_ids: Collection[int]) -> set[int]:
    """Return the ids of the occurrences that somebody has registered for."""
    found: set[int] = set()
    for hook in registered_hooks:
        found |= hook(occurrence_ids)
    return found
