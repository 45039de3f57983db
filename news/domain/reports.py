"""Reports: articles that tell what became of an event, begun with the facts of the event."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.models import Page
from wagtail.permissions import page_permission_policy

from branches.models import BranchPage
from core.models import User
from core.sites import site_of
from events.domain.over import held_dates, ids_of_past
from events.models import Event
from news.models import Article, ArticlePage, NewsIndexPage
from news.report_words import lead_of, title_of


class NotOverError(ValueError):
    """An event of which nothing was held yet, or more is to come, has no report."""


@dataclass(frozen=True)
class Places:
    """The pages below which somebody may put an article: those of branches, and the index of news of each site."""

    branches: dict[tuple[UUID | None, int], Page]
    indexes: dict[tuple[int, int], Page]

    def for_report_on(self, event: Event) -> Page | None:
        """Return where a report belongs, in the language of the event: below its branch's page, else among the news."""
        if event.source_page is None:
            return None
        language = event.source_page.locale_id
        branch = self.branches.get((event.branch.translation_key, language)) if event.branch else None
        return branch or self.indexes.get((event.site_id, language))


def places_of(user: User) -> Places:
    """Return the places to which a user may add; the number of queries depends on no event."""
    kinds = ContentType.objects.get_for_models(BranchPage, NewsIndexPage)
    allowed = page_permission_policy.instances_user_has_any_permission_for(user, {"add"})
    pages = list(Page.objects.filter(pk__in=allowed.values("pk"), content_type__in=kinds.values()))
    branches = [page for page in pages if page.content_type_id == kinds[BranchPage].pk]
    indexes = [page for page in pages if page.content_type_id == kinds[NewsIndexPage].pk]
    return Places(
        branches={(page.translation_key, page.locale_id): page for page in branches},
        indexes={(site_of(page).pk, page.locale_id): page for page in indexes},
    )


def reports_on(events: Iterable[Event]) -> dict[int, Article]:
    """Return the first report on each event that has one, drafts included, by the event's id; one query."""
    reports = Article.objects.filter(event__in=[event.pk for event in events]).exclude(source_page=None)
    found: dict[int, Article] = {}
    for report in reports.select_related("source_page").order_by("pk"):
        if report.event_id is not None:
            found.setdefault(report.event_id, report)
    return found


def past_events(events: Iterable[Event], now: datetime) -> list[Event]:
    """Return the events that are over; one query."""
    known = list(events)
    over = ids_of_past([event.pk for event in known], now)
    return [event for event in known if event.pk in over]


def make_report(event: Event, *, parent: Page, user: User, now: datetime | None = None) -> ArticlePage:
    """Return the page of the report on an event: a new draft below `parent`, or the one that there is.

    Call it in a transaction: two people who ask at the same time get the same draft. Raises NotOverError.
    """
    now = now or timezone.now()
    event = (
        Event.objects.select_for_update(of=("self",), no_key=True)
        .select_related("source_page", "branch")
        .get(pk=event.pk)
    )
    report = reports_on([event]).get(event.pk)
    if report is not None and report.source_page is not None:
        return report.source_page.specific
    dates = held_dates(event.pk, now)
    if not dates or not past_events([event], now):
        raise NotOverError
    return _draft(event, parent, user, title=title_of(event), lead=lead_of(event, dates, timezone.localdate(now)))


def _draft(event: Event, parent: Page, user: User, *, title: str, lead: str) -> ArticlePage:
    page = ArticlePage(
        title=title,
        lead=lead,
        event=event,
        related=event.source_page,
        locale=parent.locale,
        owner=user,
        live=False,
        has_unpublished_changes=True,
    )
    page.topics = [topic for topic in event.topics.all() if not topic.retired]
    page.branches = [event.branch] if event.branch else []
    page = Page.objects.get(pk=parent.pk).add_child(instance=page)
    revision = page.save_revision(user=user, log_action=False)
    log(instance=page, action="wagtail.create", user=user, revision=revision, content_changed=True)
    return page
