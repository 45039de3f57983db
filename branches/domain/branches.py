"""What happens to branches: their hours as one value, their rights, what follows from a change."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from branches.opening_hours import Closure, DatedException, HoursError, HoursKind, OpeningHours, parse_day

if TYPE_CHECKING:
    from branches.models import Branch, BranchFacts

# The hook of this room: a higher one registers for "name, address, zone or hours of a branch changed, or whether
# readers may know of it".
branch_changed_hooks: list[Callable[[Branch], None]] = []


def opening_hours_of(facts: BranchFacts) -> OpeningHours:
    """Return the week and its exceptions as one value; what can't be read counts as not entered."""
    try:
        hours = OpeningHours.from_json(facts.hours or {"v": 1, "kinds": {}, "exceptions": []})
    except HoursError:
        hours = OpeningHours()
    exceptions = tuple(_exception(value) for _number, value in dated_exceptions(facts))
    return OpeningHours(kinds=hours.kinds, exceptions=exceptions)


def dated_exceptions(facts: BranchFacts) -> list[tuple[int, Mapping]]:
    """Return what was entered as exceptions with its place in the form, from 0; a draft's without a day is left out."""
    return [(number, block.value) for number, block in enumerate(facts.exceptions) if block.value["first"]]


def _exception(value) -> DatedException:
    return DatedException(
        first=value["first"],
        last=value["last"] or value["first"],
        kind=HoursKind(value["kind"]) if value["kind"] else None,
        hours=parse_day(value["hours"] or ""),
        reason=value["reason"] or {},
    )


def closure_of(branch: BranchFacts) -> Closure | None:
    """Return the emergency closure in force, or the last one; None where there never was any."""
    until = getattr(branch, "closed_until", None)
    return Closure(until=until, reason=branch.closed_reason) if until else None


def after_projection(branch: Branch) -> None:
    """Give the branch its group, and let higher rooms follow."""
    from branches.domain.rights import ensure_group

    ensure_group(branch)
    words_changed(branch)


def languages_filled(branch: Branch) -> None:
    """Let the branch's group into its pages in further languages."""
    from branches.domain.rights import ensure_group

    ensure_group(branch)


def on_branch_saved(sender, instance: Branch, **_kwargs) -> None:
    """Let higher rooms follow when a branch is hidden, by whatever way; one that is shown was projected."""
    if not instance.is_public:
        words_changed(instance)


def words_changed(branch: Branch) -> None:
    """Let higher rooms follow a change of the branch's name, address or hours."""
    for hook in branch_changed_hooks:
        hook(branch)
