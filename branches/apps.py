"""The branches room's wiring."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BranchesConfig(AppConfig):
    """Branches: where the library is and when it is open."""

    name = "branches"
    verbose_name = _("Branches")
    default_auto_field = "django.db.models.BigAutoField"
