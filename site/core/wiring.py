"""Which hook calls what."""

from django.db.models.signals import post_delete, post_save, pre_delete
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Locale, PageViewRestriction, Site
from wagtail.signals import page_published, page_unpublished, post_page_move

from core import signals
from core.models import Audience, LibraryDocument, LibraryImage, Network, Topic

PUBLIC_MODELS = (Audience, LibraryDocument, LibraryImage, Locale, Network, PageViewRestriction, Redirect, Site, Topic)


def connect() -> None:
    """Connect the publish hooks once."""
    page_published.connect(signals.on_page_published, dispatch_uid="core.published")
    page_unpublished.connect(signals.on_page_unpublished, dispatch_uid="core.unpublished")
    post_page_move.connect(signals.on_page_moved, dispatch_uid="core.moved")
    pre_delete.connect(signals.before_page_deleted, dispatch_uid="core.deleted")
    post_delete.connect(signals.after_page_deleted, dispatch_uid="core.page_gone")
    for model in PUBLIC_MODELS:
        post_save.connect(signals.on_public_change, sender=model, dispatch_uid=f"core.saved.{model.__name__}")
        post_delete.connect(signals.on_public_change, sender=model, dispatch_uid=f"core.gone.{model.__name__}")
