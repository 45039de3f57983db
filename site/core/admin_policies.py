"""Who decides about rights on what stands in the admin."""

from django.db.models import Model
from wagtail import permissions
from wagtail.permission_policies.base import BasePermissionPolicy


def decide(model: type[Model], policy: BasePermissionPolicy) -> None:
    """Let a policy decide about rows of a model: Wagtail 8 keeps a list of policies, 7.4 asks the viewset."""
    if hasattr(permissions, "register_permission_policy"):
        permissions.register_permission_policy(model, policy, exact_class=True)
