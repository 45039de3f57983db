"""The branches room's wiring."""

from django.apps import AppConfig
from django.db.models.signals import post_save
from django.utils.translation import gettext_lazy as _


class BranchesConfig(AppConfig):
    """Branches: where the library is and when it is open."""

    name = "branches"
    verbose_name = _("Branches")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from branches.closure_notices import closure_notices
        from branches.domain.branches import on_branch_saved
        from branches.models import Branch, District, Facility, Service
        from core.notices import posted_hooks
        from core.wiring import drop_pages_with

        posted_hooks.append(closure_notices)
        post_save.connect(on_branch_saved, sender=Branch, dispatch_uid="branches.saved")
        drop_pages_with(District, Facility, Service)
