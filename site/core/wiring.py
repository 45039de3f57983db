"""Which hook calls what."""

from django.apps import apps
from django.db.models import Model
from django.db.models.signals import m2m_changed, post_delete, post_migrate, post_save, pre_delete
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Locale, PageViewRestriction, Site
from wagtail.signals import page_published, page_unpublished, post_page_move

from core import signals
from core.models import Audience, LibraryDocument, LibraryImage, Navigation, Network, Notice, Topic

PUBLIC_MODELS = (
    Audience, LibraryDocument, LibraryImage, Locale, Navigation, Network, Notice, Redirect, Site, Topic,
)  # fmt: skip


def connect() -> None:
    """Connect the publish hooks once."""
    page_published.connect(signals.on_page_published, dispatch_uid="core.published")
    page_unpublished.connect(signals.on_page_unpublished, dispatch_uid="core.unpublished")
    post_page_move.connect(signals.on_page_moved, dispatch_uid="core.moved")
    post_save.connect(signals.on_page_saved, dispatch_uid="core.page_saved")
    pre_delete.connect(signals.before_page_deleted, dispatch_uid="core.deleted")
    post_delete.connect(signals.after_page_deleted, dispatch_uid="core.page_gone")
    post_save.connect(signals.on_restricted, sender=PageViewRestriction, dispatch_uid="core.restricted")
    post_delete.connect(signals.on_opened, sender=PageViewRestriction, dispatch_uid="core.opened")
    groups = PageViewRestriction.groups.through
    m2m_changed.connect(signals.on_restriction_groups, sender=groups, dispatch_uid="core.restriction_groups")
    pre_delete.connect(signals.before_picture_deleted, sender=LibraryImage, dispatch_uid="core.picture_deleted")
    post_save.connect(signals.on_picture_changed, sender=LibraryImage, dispatch_uid="core.picture_changed")
    # After deletion the instance has no key any more.
    pre_delete.connect(signals.on_picture_changed, sender=LibraryImage, dispatch_uid="core.picture_gone")
    drop_pages_with(*PUBLIC_MODELS)
    post_save.connect(signals.on_locale_saved, sender=Locale, dispatch_uid="core.locale")
    post_save.connect(signals.on_network_saved, sender=Network, dispatch_uid="core.network")
    post_migrate.connect(signals.on_migrated, sender=apps.get_app_config("core"), dispatch_uid="core.migrated")


def drop_pages_with(*models: type[Model]) -> None:
    """Let a change of any object of these models drop the pages that readers were kept."""
    for model in models:
        post_save.connect(signals.on_public_change, sender=model, dispatch_uid=f"{model._meta.label}.saved")
        post_delete.connect(signals.on_public_change, sender=model, dispatch_uid=f"{model._meta.label}.gone")
