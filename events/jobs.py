"""The jobs of the events room."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from time import monotonic, sleep

from django.db import connection, transaction
from django.utils.translation import gettext as _

from core.worker import JobError, register_job
from events.domain.feed_texts import render_texts
from events.domain.occurrences import events_out_of_step, merge_plan
from events.domain.plan import expansion_due
from events.domain.publishing import catch_up, mark_stale
from events.models import Event
from events.sources.reading import read_due
from events.sources.taking import sweep

log = logging.getLogger(__name__)

SMALL_STEP = 200
# So long at most others get to write before the next event is worked on.
LONGEST_PAUSE = 0.25


@register_job("feed-texts", every=timedelta(seconds=5))
def render_stale_texts(now: datetime) -> str:
    """Bring the events up to date that a change elsewhere touched, in small steps."""
    stale = Event.objects.filter(texts_stale=True).order_by("pk")
    done, problems = _each(stale, lambda event: catch_up(event, now=now), most=SMALL_STEP)
    return _reported(_("Events rendered: %(count)d.") % {"count": done}, problems)


@register_job("days-off", every=timedelta(days=1))
def follow_days_off(now: datetime) -> str:
    """Let events that leave days off out follow holidays that a new release of the library knows."""
    from events.domain.publishing import dates_lag_behind

    leaving = Event.objects.filter(is_public=True, skips_days_off=True, texts_stale=False).exclude(repeat="")
    changed = [event.pk for event in leaving.iterator() if dates_lag_behind(event)]
    mark_stale(Event.objects.filter(pk__in=changed))
    return _("Events whose days off have changed: %(count)d.") % {"count": len(changed)}


@register_job("expand", every=timedelta(hours=12))
def expand_open_rules(now: datetime) -> str:
    """Keep open-ended rules expanded for the coming eighteen months at least."""

    def expand(event: Event) -> None:
        merge_plan(event, now=now)
        render_texts(event, now=now)

    due = Event.objects.filter(is_public=True, expanded_until__lt=expansion_due(now.date())).order_by("pk")
    done, problems = _each(due, expand)
    return _reported(_("Events expanded: %(count)d.") % {"count": done}, problems)


@register_job("zone-data", every=timedelta(days=1))
def follow_zone_data(now: datetime) -> str:
    """Find coming dates whose zone has got other rules since they were written; their events are brought up to date."""
    found = events_out_of_step(now)
    mark_stale(Event.objects.filter(pk__in=found))
    return _("Events in zones with new rules: %(count)d.") % {"count": len(found)}


@register_job("calendars", every=timedelta(minutes=1))
def read_calendars_of_others(now: datetime) -> str:
    """Read the calendars of others that are due; what is wrong with one is told to its editors and is no fault here."""
    well, broken = read_due(now)
    return _("Calendars read: %(count)d, broken: %(broken)d.") % {"count": well, "broken": broken}


@register_job("calendars-sweep", every=timedelta(days=1))
def sweep_calendars_of_others(now: datetime) -> str:
    """Delete what stood in calendars that are gone, once no feed tells of it any more."""
    return _("Rows deleted: %(count)d.") % {"count": sweep(now)}


def _each(events, act: Callable[[Event], None], *, most: int | None = None) -> tuple[int, list[str]]:
    """Do something to each event in a transaction of its own, until it went well with `most`.

    Return with how many it did, and what went wrong with the others: one bad event stops no other. Between two, others
    have as much time to write: where a database knows one writer only, whoever waits gets no turn otherwise.
    """
    done, problems, pause = 0, [], 0.0
    for pk, key in list(events.values_list("pk", "key")):
        if done == most:
            break
        sleep(pause)
        started = monotonic()
        try:
            with transaction.atomic():
                act(Event.objects.select_for_update(no_key=True).get(pk=pk))
        except Exception as error:
            log.exception("The event %s could not be brought up to date.", key)
            problems.append(f"{key}: {type(error).__name__}: {error}")
        else:
            done += 1
        pause = min(monotonic() - started, LONGEST_PAUSE) if connection.vendor == "sqlite" else 0
    return done, problems


def _reported(report: str, problems: list[str]) -> str:
    if problems:
        raise JobError(report, problems=problems)
    return report
