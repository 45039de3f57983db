"""What a closure of a branch touches in this room; for the hook of branches."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from branches.domain.closures import Touched
    from branches.models import Branch


def dates_touched(branch: Branch) -> Touched | None:
    """Return how many dates are planned while the branch is closed, and where that is decided; None for none."""
    from events.admin_closed_dates_warnings import touched_by

    return touched_by(branch)
