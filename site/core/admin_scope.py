"""Whose pages are named in the admin: choosers and reports tell nobody of drafts that are none of their business.

Rights hold by themselves when a page is opened; Wagtail's page chooser, its report of page types and the report of
wagtail-localize name the pages of the whole installation.
"""

from __future__ import annotations

from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.http import Http404, HttpRequest
from django.urls import path
from wagtail.admin.auth import require_admin_access
from wagtail.admin.views.reports.page_types_usage import PageTypesUsageReportView
from wagtail.models import Page, PageQuerySet
from wagtail.permissions import page_permission_policy
from wagtail.utils.urlpatterns import decorate_urlpatterns
from wagtail_localize.views.report import TranslationsReportView

from core.models import User


def named_for(user: User) -> PageQuerySet:
    """Return the pages whose titles the user may see: what is published, and what the explorer shows them anyway."""
    own = page_permission_policy.explorable_instances(user)
    return Page.objects.filter(Q(live=True) | Q(pk__in=own.values("pk")))


def limit_chooser(pages: PageQuerySet, request: HttpRequest) -> PageQuerySet:
    """Leave drafts of others out of the page chooser; for Wagtail's hook.

    Raises Http404 below a page that is itself one of them: its title would head the list.
    """
    named = named_for(request.user)
    above = request.resolver_match.kwargs.get("parent_page_id") if request.resolver_match else None
    if above and not named.filter(pk=above).exists():
        raise Http404
    # By their ids, because a search knows few other fields.
    return pages.filter(pk__in=named.values("pk"))


class ReportWithinRights(TranslationsReportView):
    """Shows the translations of pages of which the user may edit the source or the translation, the newest first."""

    def get_queryset(self):
        translations = super().get_queryset().order_by("-created_at", "-pk")
        if self.request.user.is_superuser:
            return translations
        editable = page_permission_policy.instances_user_has_any_permission_for(self.request.user, {"change"})
        concerned = Page.objects.filter(
            Q(locale=OuterRef("source__locale")) | Q(locale=OuterRef("target_locale")),
            pk__in=editable.values("pk"),
            translation_key=OuterRef("source__object_id"),
        )
        return translations.filter(Exists(concerned))


class PageTypesWithinRights(PageTypesUsageReportView):
    """Names as last edited what the explorer shows the user anyway; everybody may know how many pages there are."""

    def get_queryset(self):
        types = super().get_queryset()
        if self.request.user.is_superuser:
            return types
        asked = self.filters.form.cleaned_data
        pages = page_permission_policy.explorable_instances(self.request.user).filter(content_type=OuterRef("pk"))
        if asked.get("page_locale"):
            pages = pages.filter(locale__language_code=asked["page_locale"])
        if asked.get("site"):
            pages = pages.filter(path__startswith=asked["site"])
        last = pages.order_by(F("latest_revision_created_at").desc(nulls_last=True), "title", "-pk")
        return types.annotate(last_edited_page_id=Subquery(last.values("pk")[:1]))


# The same addresses as those of wagtail-localize, found before them.
urlpatterns = [
    path("localize/reports/translations/", ReportWithinRights.as_view()),
    path("localize/reports/translations/results/", ReportWithinRights.as_view(results_only=True)),
]

# Wagtail's own reports come before all that hooks add, so these go before the whole admin.
urlpatterns_before_wagtail = decorate_urlpatterns(
    [
        path("reports/page-types-usage/", PageTypesWithinRights.as_view()),
        path("reports/page-types-usage/results/", PageTypesWithinRights.as_view(results_only=True)),
    ],
    require_admin_access,
)
