"""The core room's wiring."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    """Connects publish hooks and system checks."""

    name = "core"
    verbose_name = _("Library")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from core import checks, wiring  # noqa: F401

        wiring.connect()
