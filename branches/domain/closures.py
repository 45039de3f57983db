"""Emergency closures: an operation on a branch, in force at once and over by itself; no publication undoes it.

Each function runs in one transaction of its own and is written into the log with who did it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from branches.domain.branches import words_changed
from core.generations import bump

if TYPE_CHECKING:
    from branches.models import Branch
    from core.labels import Label
    from core.models import User


@dataclass(frozen=True)
class Touched:
    """What a closure touches, in a sentence, and where that is decided."""

    sentence: str
    label: str
    url: str


# The hook of this room: a higher one registers for "a closure of this branch was entered": what does it touch?
closure_entered_hooks: list[Callable[[Branch], Touched | None]] = []

CLOSE, REOPEN = "branches.close", "branches.reopen"


class ClosureError(ValueError):
    """A closure that can't be made; `message` says why in the reader's language."""

    def __init__(self, message):
        super().__init__(str(message))
        self.message = message


def touched_by_closures(branch: Branch) -> list[Touched]:
    """Return what the closures of a branch touch in higher rooms."""
    return [touched for hook in closure_entered_hooks if (touched := hook(branch)) is not None]


def close_branch(branch: Branch, *, until: datetime, reason: Label | None = None, user: User | None = None) -> Branch:
    """Close all kinds of hours of a branch from now until an aware moment; raise ClosureError where that is over."""
    if until <= timezone.now():
        raise ClosureError(_("This moment is over already."))
    return _set(branch, until, reason or {}, action=CLOSE, user=user)


def reopen_branch(branch: Branch, *, user: User | None = None) -> Branch:
    """End a closure now: the usual hours hold again."""
    return _set(branch, None, {}, action=REOPEN, user=user)


def _set(branch: Branch, until: datetime | None, reason: Label, *, action: str, user: User | None) -> Branch:
    with transaction.atomic():
        branch = type(branch).objects.select_for_update(no_key=True).get(pk=branch.pk)
        branch.closed_until, branch.closed_reason = until, reason
        branch.save(update_fields=["closed_until", "closed_reason", "changed_at"])
        page = branch.source_page
        if page is not None:
            data = {"until": until.isoformat() if until else None, "reason": reason}
            log(instance=page.specific, action=action, user=user, data=data)
        words_changed(branch)
        bump(branch.site_id)
    return branch
