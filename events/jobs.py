"""The jobs of the events room."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from core.worker import register_job
from events.domain.feed_texts import render_texts
from events.domain.occurrences import merge_plan
from events.domain.plan import HORIZON
from events.models import Event

SMALL_STEP = 20


@register_job("feed-texts", every=timedelta(seconds=5))
def render_stale_texts(now: datetime) -> str:
    """Render the feed texts of events that a change elsewhere touched, in small steps."""
    count = 0
    for pk in Event.objects.filter(texts_stale=True).order_by("pk").values_list("pk", flat=True)[:SMALL_STEP]:
        with transaction.atomic():
            render_texts(Event.objects.select_for_update().get(pk=pk), now=now)
        count += 1
    return _("Events rendered: %(count)d.") % {"count": count}


@register_job("expand", every=timedelta(hours=12))
def expand_open_rules(now: datetime) -> str:
    """Keep open-ended rules expanded for the coming eighteen months."""
    due = (now + HORIZON - timedelta(days=30)).date()
    count = 0
    for pk in Event.objects.filter(is_public=True, expanded_until__lt=due).values_list("pk", flat=True):
        with transaction.atomic():
            event = Event.objects.select_for_update().get(pk=pk)
            merge_plan(event, now=now)
            render_texts(event, now=now)
        count += 1
    return _("Events expanded: %(count)d.") % {"count": count}
