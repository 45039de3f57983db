"""Who counts as staff."""

from django.contrib.auth.models import AnonymousUser

from core.models import User


def may_enter_admin(user: User | AnonymousUser) -> bool:
    """Return whether somebody may open Wagtail's admin."""
    return user.has_perm("wagtailadmin.access_admin")
