"""What follows from Wagtail's publish hooks; connected in apps.py, always inside the publishing transaction."""

from functools import partial

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, transaction
from wagtail.models import Page, Site

from core import addresses, sharing, structure
from core.domain import pictures, privacy, things
from core.generations import bump
from core.health import is_migrated
from core.pages import BasePage, ThingPage


@transaction.atomic
def on_page_published(sender, instance, **_kwargs):
    """Share the address, fill the languages, project the plan, drop cached pages."""
    page = instance
    if not page.live:
        # Wagtail sends this for a page that is only scheduled, too; it even takes one without a live revision down.
        on_page_unpublished(sender, page)
        return
    if isinstance(page, BasePage) and not page.alias_of_id:
        if page.owns_slug:
            addresses.share_slug(page)
        if page.in_every_language:
            structure.fill_languages(page)
        if isinstance(page, ThingPage):
            things.page_published(page)
    bump(None)


@transaction.atomic
def on_page_unpublished(sender, instance, **_kwargs):
    """Hide the thing with its source, drop cached pages."""
    page = instance.specific
    if isinstance(page, ThingPage):
        things.page_unpublished(page)
    bump(None)


@transaction.atomic
def before_page_deleted(sender, instance, **_kwargs):
    """Hand a thing's plan to another language before its source goes."""
    if issubclass(sender, ThingPage):
        things.hand_over(instance)
    bump(None)


@transaction.atomic
def after_page_deleted(sender, instance, **_kwargs):
    """Let the thing that stays know that it has lost the words of a language."""
    if issubclass(sender, ThingPage):
        record = sender.record_model.objects.filter(translation_key=instance.translation_key).first()
        if record is not None and not instance.alias_of_id:
            instance.words_published(record)


def on_page_saved(sender, instance, created, update_fields, **_kwargs):
    """Keep records right when Wagtail turns a page into an alias, or an alias into a page of its own."""
    if created or not issubclass(sender, Page) or not {"alias_of", "alias_of_id"} & set(update_fields or ()):
        return
    page = instance.specific
    if isinstance(page, ThingPage):
        with transaction.atomic():
            things.alias_changed(page)
        bump(None)


@transaction.atomic
def on_page_moved(sender, instance, **_kwargs):
    """Let the translations and the things below follow to their new place, drop cached pages."""
    structure.move_translations(instance)
    privacy.tell_things(instance)
    bump(None)


@transaction.atomic
def on_restricted(sender, instance, **_kwargs):
    """Hold a restriction in every language."""
    privacy.restricted(instance)
    bump(None)


@transaction.atomic
def on_opened(sender, instance, origin=None, **_kwargs):
    """Lift a restriction in every language; one that goes with its page stays on the others."""
    if sender in (type(origin), getattr(origin, "model", None)):
        privacy.opened(instance)
    bump(None)


@transaction.atomic
def on_restriction_groups(sender, instance, action, reverse, **_kwargs):
    """Let the same groups in, whatever the language."""
    if action.startswith("post_") and not reverse:
        privacy.groups_changed(instance)
        bump(None)


@transaction.atomic
def on_locale_saved(sender, instance, raw=False, **_kwargs):
    """Fill a language that the installation now has, in the networks that offer it."""
    if not raw:
        for site in Site.objects.all():
            structure.fill_site(site)
        bump(None)


@transaction.atomic
def on_network_saved(sender, instance, raw=False, **_kwargs):
    """Fill the languages that a network now offers."""
    if not raw:
        structure.fill_site(instance.site)
        bump(None)


def on_migrated(sender, using, **_kwargs):
    """Have a locale for each language of the installation as soon as the database is complete."""
    if using == DEFAULT_DB_ALIAS and is_migrated():
        structure.ensure_locales(settings.SITE_LANGUAGES)


@transaction.atomic
def before_picture_deleted(sender, instance, **_kwargs):
    """Take a picture out of the blocks that hold it, live and in drafts, whoever deletes it."""
    pictures.before_deletion(instance)


def on_picture_changed(sender, instance, **_kwargs):
    """Delete the kept pictures of pages that show a photograph which was changed, has expired or is gone."""
    transaction.on_commit(partial(sharing.forget, instance.pk), robust=True)


def on_public_change(sender, **_kwargs):
    """Drop cached pages after a change of settings, terms, redirects, images or documents."""
    bump(None)
