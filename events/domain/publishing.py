"""What follows from publishing, hiding and changing events; all in the transaction of whoever changed something."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from wagtail.models import Page, Revision

    from branches.models import Branch
    from core.models import Term
    from events.models import Event, EventPage


def plan_published(event: Event, confirmed: Mapping[str, Any] | None = None) -> None:
    """Merge the plan into the dates, as the editor confirmed it, and remember the filters that dates left."""
    from events.domain.confirming import kept_word
    from events.domain.filters import filters_by_row, remember_left_filters
    from events.domain.occurrences import merge_plan
    from events.domain.seats import follow_plan

    before = filters_by_row(event, stored=True)
    merge_plan(event, word=kept_word(event, confirmed))
    follow_plan(event, now=timezone.now())
    if event.waiting_revision is not None:
        event.waiting_revision = None
        event.save(update_fields=["waiting_revision"])
    remember_left_filters(event, before)


def why_wait(page: EventPage) -> str:
    """Return why a version must not be published without an editor: it does to dates what nobody has confirmed."""
    from events.domain.confirming import needs_word

    if not needs_word(page, now=timezone.now()):
        return ""
    return _("It moves dates or takes some away, and nobody has confirmed that yet.")


def publication_waits(page: EventPage, revision: Revision) -> None:
    """Note that a version waits, and write once to whoever made it."""
    from events.domain.waiting import tell_editor
    from events.models import Event, OperationLog

    event = Event.objects.select_for_update(no_key=True).get(translation_key=page.translation_key)
    if event.waiting_revision == revision.pk:
        return
    event.waiting_revision = revision.pk
    event.save(update_fields=["waiting_revision"])
    OperationLog.objects.create(event=event, action="waits", details={"revision": revision.pk}, user=revision.user)
    tell_editor(page, event, revision)


def dates_lag_behind(event: Event) -> bool:
    """Return whether the event's dates are not those that its plan makes."""
    from events.domain.begun import dates_differ

    return dates_differ(event, now=timezone.now())


def words_published(event: Event) -> None:
    """Bring the texts in feeds up to date with the event's words and dates."""
    from events.domain.feed_texts import render_texts

    render_texts(event)


def event_hidden(event: Event) -> None:
    """Turn the event's dates in feeds into tombstones without words."""
    words_published(event)


# --- What changes elsewhere: marked at once, brought up to date by the worker in small steps --------------------------


def mark_stale(events: QuerySet[Event]) -> None:
    """Let the worker bring the dates of the events and their texts in feeds up to date."""
    events.update(texts_stale=True)


def catch_up(event: Event, *, now: datetime) -> None:
    """Let dates, filters and texts follow what changed elsewhere: a zone, a branch, a term, a picture, a name."""
    from core.generations import bump
    from events.domain.feed_texts import render_texts
    from events.domain.filters import filters_by_row, remember_left_filters
    from events.domain.occurrences import follow_zone, merge_plan

    before = filters_by_row(event, stored=True)
    if event.is_public and event.skips_days_off and event.repeat and dates_lag_behind(event):
        # A day off was entered or taken back.
        merge_plan(event, now=now)
        bump(event.site_id)
    if follow_zone(event, now=now):
        bump(event.site_id)
    remember_left_filters(event, before)
    render_texts(event, now=now)


def branch_changed(branch: Branch) -> None:
    """Mark the events of a branch whose name, address or zone changed, or that was hidden or shown.

    Those that are over, too, as long as they stand in feeds: these tell of the branch what may be told now.
    """
    from events.domain.feed_texts import FEEDS_REACH_BACK, raise_feed_version
    from events.domain.keys import remember_key
    from events.models import Event, FilterKind

    if branch.is_public:
        remember_key(FilterKind.BRANCH, branch.key)
    here = Q(branch=branch) | Q(occurrences__branch=branch)
    told = Event.objects.filter(here, occurrences__ends_at__gt=timezone.now() - FEEDS_REACH_BACK)
    mark_stale(Event.objects.filter(pk__in=told.values("pk")))
    # Its name is also that of its own feed, events or not.
    raise_feed_version(branch.site_id)


def addresses_changed(page: Page) -> None:
    """Mark the events whose pages stand below one that has another address now, or are that page."""
    from events.models import Event, EventPage

    below = EventPage.objects.descendant_of(page, inclusive=True)
    mark_stale(Event.objects.filter(translation_key__in=below.values("translation_key")))


def term_changed(term: Term) -> None:
    """Mark the events of a term that was renamed; its name is also that of its own feed."""
    from events.domain.feed_texts import raise_all_feed_versions

    mark_stale(term.events.all())
    raise_all_feed_versions()


def term_deleted(term: Term) -> None:
    """Before a term goes: let its key answer for ever, and mark its events, which leave its feed with tombstones."""
    from events.domain.keys import KINDS, remember_key

    remember_key(KINDS[type(term)], term.key)
    term_changed(term)
