"""The events room's wiring."""

from django.apps import AppConfig
from django.db.models.signals import post_save, pre_delete
from django.utils.translation import gettext_lazy as _


class EventsConfig(AppConfig):
    """Events: what happens when, and where."""

    name = "events"
    verbose_name = _("Events")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from wagtail.models import Site
        from wagtail.signals import page_slug_changed, post_page_move

        from branches.domain.branches import branch_changed_hooks
        from branches.domain.closures import closure_entered_hooks
        from core.days_off_panel import days_off_reach_hooks
        from core.health import staff_parts
        from core.models import LibraryImage, Network
        from core.models.terms import key_taken_hooks
        from events import checks, jobs, sharing, signals  # noqa: F401
        from events.closures import dates_touched
        from events.days_off_reach import dates_follow
        from events.domain.keys import TERMS, is_taken
        from events.domain.publishing import branch_changed
        from events.models import CalendarSource
        from events.sources.reading import broken_in_words

        staff_parts["calendars"] = broken_in_words
        branch_changed_hooks.append(branch_changed)
        closure_entered_hooks.append(dates_touched)
        days_off_reach_hooks.append(dates_follow)
        key_taken_hooks.append(is_taken)
        sharing.register_kinds()
        for model in TERMS.values():
            name = model.__name__
            post_save.connect(signals.on_term_saved, sender=model, dispatch_uid=f"events.saved.{name}")
            pre_delete.connect(signals.before_term_deleted, sender=model, dispatch_uid=f"events.gone.{name}")
        post_save.connect(signals.on_network_saved, sender=Network, dispatch_uid="events.network")
        post_save.connect(signals.on_site_saved, sender=Site, dispatch_uid="events.site")
        post_save.connect(signals.on_image_changed, sender=LibraryImage, dispatch_uid="events.image")
        pre_delete.connect(signals.on_image_changed, sender=LibraryImage, dispatch_uid="events.image_gone")
        pre_delete.connect(signals.before_source_deleted, sender=CalendarSource, dispatch_uid="events.source_gone")
        page_slug_changed.connect(signals.on_address_changed, dispatch_uid="events.slug")
        post_page_move.connect(signals.on_address_changed, dispatch_uid="events.moved")
