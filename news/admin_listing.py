"""The list of news in the admin, and the way from an event to a report."""

from __future__ import annotations

from django.db.models.functions import Coalesce
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters import ChoiceFilter
from wagtail.admin.ui.tables import Column

from branches.admin_listing import branch_choices, branch_titles
from branches.models import Branch
from core.admin_listing import ThingFilterSet, ThingIndexView, ThingViewSet, narrowed
from core.date_words import date_words
from news.admin_reports import MakeReportView
from news.models import ArticlePage


class ArticleFilterSet(ThingFilterSet):
    """Narrows the news also by branch."""

    branch = ChoiceFilter(label=_("Branch"), choices=branch_choices, method="by_branch", empty_label=_("Any"))

    def by_branch(self, pages, _name, value):
        """Keep the news of a branch, by its public key."""
        return narrowed(pages, ArticlePage.objects.filter(branches__key=value))


class ArticleIndexView(ThingIndexView):
    """The news that the user may edit, the newest first."""

    base_filterset_class = filterset_class = ArticleFilterSet
    default_ordering = "-date"

    def own_columns(self):
        return [
            Column("listing_date", label=_("Date"), sort_key="date"),
            Column("listing_branches", label=_("Branches")),
        ]

    def order_queryset(self, queryset):
        if self.is_searching or self.ordering not in ("date", "-date"):
            return super().order_queryset(queryset)
        day = Coalesce("date", "first_published_at", "latest_revision_created_at")
        return queryset.order_by(day.asc() if self.ordering == "date" else day.desc(nulls_first=True), "-pk")

    def describe(self, pages):
        chosen = _branches_of([page.record.source_page_id for page in pages if page.record])
        titles = branch_titles({branch.pk: branch for branches in chosen.values() for branch in branches}.values())
        for page in pages:
            moment = page.date or page.first_published_at
            page.listing_date = _day(moment) if moment else ""
            branches = chosen.get(page.record.source_page_id, []) if page.record else []
            page.listing_branches = ", ".join(sorted(titles[branch.pk] for branch in branches))


def _branches_of(source_ids: list[int]) -> dict[int, list[Branch]]:
    """Return the branches of articles by the id of their source pages, unpublished ones included; one query."""
    rows = ArticlePage.branches.through.objects.filter(articlepage__in=source_ids).select_related("branch")
    found: dict[int, list[Branch]] = {}
    for row in rows:
        found.setdefault(row.articlepage_id, []).append(row.branch)
    return found


def _day(moment) -> str:
    return date_words(timezone.localtime(moment).date(), today=timezone.localdate())


class ArticleViewSet(ThingViewSet):
    """News as an item of the main menu."""

    model = ArticlePage
    name = "news"
    icon = "doc-full-inverse"
    menu_label = _("News")
    menu_order = 120
    index_view_class = ArticleIndexView

    def get_urlpatterns(self):
        return [*super().get_urlpatterns(), path("report/<int:pk>/", MakeReportView.as_view(), name="report")]
