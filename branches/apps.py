"""The branches room's wiring."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BranchesConfig(AppConfig):
    """Branches: where the library is and when it is open."""

    name = "branches"
    verbose_name = _("Branches")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from branches.models import Facility, Service
        from core.wiring import drop_pages_with

        drop_pages_with(Facility, Service)
