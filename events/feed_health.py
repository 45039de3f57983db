"""Whether feeds keep their promises, and what else staff should look at: the calendar's own check-up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django.utils import timezone, translation

from branches.domain.branches import opening_hours_of
from branches.listing import branch_choices
from branches.models import Branch
from branches.opening_hours import problems
from core.localtime import start_of_day, to_local
from core.models import Audience, Job, Topic
from core.sites import languages_of, network_for, visible_site_ids
from events import feeds
from events.domain.feed_texts import uid_of
from events.enums import OccurrenceState
from events.feed_rules import Expected, FeedRule, broken_by, repeated, zones_without_description
from events.filters import EventFilter
from events.models import CalendarSource, Event, Occurrence, OccurrenceText
from events.sources.reading import broken_sources

# So many texts are read in a second or two; the rest of a larger calendar is looked at in part.
MOST_TEXTS = 20_000
MOST_NAMED = 20


@dataclass
class Finding:
    """A rule and where it is broken: how often, and the first few events by id and name."""

    rule: FeedRule
    count: int = 0
    events: dict[int, str] = field(default_factory=dict)

    def note(self, event_id: int, name: str) -> None:
        """Count one more text that breaks the rule."""
        self.count += 1
        if len(self.events) < MOST_NAMED:
            self.events[event_id] = name


@dataclass(frozen=True)
class HoursFinding:
    """A branch and what is impossible or doubtful about its hours."""

    branch: Branch
    name: str
    problems: list[str]


@dataclass(frozen=True)
class CheckUp:
    """What was looked at and what was found."""

    findings: list[Finding]
    texts: int
    is_partial: bool
    feeds: int
    waiting: int
    rendered_at: datetime | None
    hours: list[HoursFinding]
    sources: list[CalendarSource] = field(default_factory=list)

    @property
    def is_well(self) -> bool:
        """Whether nothing is to be mended."""
        return not any(finding.count for finding in self.findings) and not (self.hours or self.sources)


def check_up(request: HttpRequest) -> CheckUp:
    """Look at every text in the feeds of the request's site, at every feed, and at the hours of its branches."""
    network = network_for(request)
    sites, now = visible_site_ids(request), timezone.now()
    since = feeds.window_start(to_local(now, ZoneInfo(network.zone)).date())
    findings = {rule: Finding(rule) for rule in FeedRule}
    begin = start_of_day(since, ZoneInfo(network.zone))
    seen = _try_texts(sites, begin, findings)
    _try_presence(sites, begin, languages_of(network.site), findings[FeedRule.THERE])
    tried = 0
    for language, filters in all_feeds(request):
        with translation.override(language):
            body = feeds.assemble(request, filters, sites, since).decode()
        tried += 1
        for zone in sorted(zones_without_description(body)):
            findings[FeedRule.ZONES].note(0, zone)
    job = Job.objects.filter(name="feed-texts").values_list("last_finished", flat=True).first()
    return CheckUp(
        findings=list(findings.values()),
        texts=min(seen, MOST_TEXTS),
        is_partial=seen > MOST_TEXTS,
        feeds=tried,
        waiting=Event.objects.filter(site__in=sites, texts_stale=True).count(),
        rendered_at=job,
        hours=list(_doubtful_hours(request)),
        sources=[source for source in broken_sources(now) if source.site_id in sites],
    )


def all_feeds(request: HttpRequest) -> Iterator[tuple[str, EventFilter]]:
    """Yield each feed that readers are offered: the whole one in each language, each branch and term in the first."""
    codes = languages_of(network_for(request).site)
    yield from ((code, EventFilter()) for code in codes)
    sites = tuple(visible_site_ids(request))
    for key, _name in branch_choices(sites, codes[0]):
        yield codes[0], EventFilter(branch=(key,))
    for kind, model in (("audience", Audience), ("topic", Topic)):
        for key in model.objects.for_sites(sites).values_list("key", flat=True):
            yield codes[0], EventFilter(**{kind: (key,)})
    yield from ((codes[0], EventFilter(held_in=(code,))) for code in codes)


def _try_texts(sites: list[int], begin: datetime, findings: dict[FeedRule, Finding]) -> int:
    """Try the rules on the texts, which all feeds are made of; return how many there are, one more than were read."""
    rows = (
        OccurrenceText.objects.filter(occurrence__event__site__in=sites, occurrence__ends_at__gte=begin)
        .select_related("occurrence__event")
        .defer("occurrence__event__left_out", "occurrence__event__added")
        .order_by("-occurrence__starts_at", "pk")
    )
    uids: dict[str, list[str]] = {}
    seen = 0
    for row in islice(rows.iterator(1000), MOST_TEXTS + 1):
        seen += 1
        if seen > MOST_TEXTS:
            break
        date_, event = row.occurrence, row.occurrence.event
        for rule in broken_by(row.text, expected_of(date_, event)):
            findings[rule].note(event.pk, event.key)
        uids.setdefault(row.language, []).append(uid_of(date_))
    for found in uids.values():
        for uid in repeated(found):
            findings[FeedRule.ALONE].note(0, uid)
    return seen


def expected_of(row: Occurrence, event: Event) -> Expected:
    """Return what the text of a date must say."""
    is_off = not event.is_public or row.state != OccurrenceState.SCHEDULED
    return Expected(uid_of(row), row.local_start, row.local_end, row.zone, row.all_day, is_off)


def _try_presence(sites: list[int], begin: datetime, languages: list[str], finding: Finding) -> None:
    """Look for dates that readers see and a feed does not tell of, but for what the worker is about to render."""
    dates = Occurrence.objects.public_on(sites).filter(ends_at__gte=begin, event__texts_stale=False)
    for language in languages:
        told = OccurrenceText.objects.filter(language=language).values("occurrence")
        for event_id, key in dates.exclude(pk__in=told).values_list("event_id", "event__key")[:MOST_TEXTS]:
            finding.note(event_id, key)


def _doubtful_hours(request: HttpRequest) -> Iterator[HoursFinding]:
    sites = visible_site_ids(request)
    names = dict(branch_choices(tuple(sites), translation.get_language() or ""))
    for branch in Branch.objects.public().on(sites).select_related("source_page"):
        found = [str(problem.message) for problem in problems(opening_hours_of(branch))]
        if found:
            yield HoursFinding(branch, names.get(branch.key, branch.key), found)
