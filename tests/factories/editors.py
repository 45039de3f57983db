"""Makes people who edit one branch."""

from __future__ import annotations

from branches.domain.rights import ensure_group
from core.models import User


def editor_of(*branch_pages, email: str = "") -> User:
    """Return somebody in the groups of the branches."""
    keys = "-".join(page.slug for page in branch_pages)
    user = User.objects.create_user(email or f"{keys or 'nobody'}@library.example", "secret")
    user.groups.set([ensure_group(page.record) for page in branch_pages])
    return user
