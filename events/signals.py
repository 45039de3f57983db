"""What events take notice of when it changes in other rooms; connected in apps.py."""

from events.domain import publishing
from events.domain.feed_texts import raise_feed_version
from events.models import Event
from events.sources.taking import let_go


def on_term_saved(sender, instance, created, raw=False, **_kwargs):
    """Bring a new name of a term into the feeds."""
    if not created and not raw:
        publishing.term_changed(instance)


def before_term_deleted(sender, instance, **_kwargs):
    """Keep the key of a term answering."""
    publishing.term_deleted(instance)


def on_network_saved(sender, instance, raw=False, **_kwargs):
    """Bring a network's new name, languages or zone into its feeds."""
    if not raw:
        publishing.mark_stale(Event.objects.filter(site=instance.site_id))
        raise_feed_version(instance.site_id)


def on_site_saved(sender, instance, created, raw=False, **_kwargs):
    """Bring a site's new address into its feeds."""
    if not created and not raw:
        publishing.mark_stale(Event.objects.filter(site=instance))


def on_image_changed(sender, instance, **_kwargs):
    """Bring a new crop or file of a picture into the feeds, or take out a picture that is about to be deleted."""
    publishing.mark_stale(Event.objects.filter(image=instance))


def on_address_changed(sender, instance, **_kwargs):
    """Bring new addresses of event pages into the feeds: their own, and those of pages above them."""
    publishing.addresses_changed(instance)


def before_source_deleted(sender, instance, **_kwargs):
    """Let the events of a calendar of others leave lists and feeds before it goes."""
    let_go(instance)
