"""What follows from Wagtail's publish hooks; connected in apps.py, always inside the publishing transaction."""

from core import addresses, structure
from core.domain import privacy, things
from core.generations import bump
from core.pages import BasePage, ThingPage


def on_page_published(sender, instance, **_kwargs):
    """Share the address, fill the languages, project the plan, drop cached pages."""
    if not issubclass(sender, BasePage):
        bump(None)
        return
    page = instance
    if not page.alias_of_id:
        if page.owns_slug:
            addresses.share_slug(page)
        if isinstance(page, ThingPage):
            things.page_published(page)
        if page.in_every_language:
            structure.fill_languages(page)
    bump(None)


def on_page_unpublished(sender, instance, **_kwargs):
    """Hide the thing with its source, drop cached pages."""
    page = instance.specific
    if isinstance(page, ThingPage):
        things.page_unpublished(page)
    bump(None)


def before_page_deleted(sender, instance, **_kwargs):
    """Hand a thing's plan to another language before its source goes."""
    if issubclass(sender, ThingPage):
        things.hand_over(instance)
    bump(None)


def after_page_deleted(sender, instance, **_kwargs):
    """Let the thing that stays know that it has lost the words of a language."""
    if issubclass(sender, ThingPage):
        record = sender.record_model.objects.filter(translation_key=instance.translation_key).first()
        if record is not None and not instance.alias_of_id:
            instance.words_published(record)


def on_page_moved(sender, instance, **_kwargs):
    """Let the things below follow to their new place, drop cached pages."""
    privacy.tell_things(instance)
    bump(None)


def on_restricted(sender, instance, **_kwargs):
    """Hold a restriction in every language."""
    privacy.restricted(instance)
    bump(None)


def on_opened(sender, instance, origin=None, **_kwargs):
    """Lift a restriction in every language; one that goes with its page stays on the others."""
    if sender in (type(origin), getattr(origin, "model", None)):
        privacy.opened(instance)
    bump(None)


def on_restriction_groups(sender, instance, action, reverse, **_kwargs):
    """Let the same groups in, whatever the language."""
    if action.startswith("post_") and not reverse:
        privacy.groups_changed(instance)
        bump(None)


def on_public_change(sender, **_kwargs):
    """Drop cached pages after a change of settings, terms, redirects, images or documents."""
    bump(None)
