"""The events room's wiring."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EventsConfig(AppConfig):
    """Events: what happens when, and where."""

    name = "events"
    verbose_name = _("Events")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from branches.domain.branches import branch_changed_hooks
        from events import jobs  # noqa: F401
        from events.domain.publishing import branch_changed

        branch_changed_hooks.append(branch_changed)
