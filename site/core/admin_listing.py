"""Lists of things in the admin: one row per thing that the user may edit, whatever its languages."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Prefetch, Q
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_filters import ChoiceFilter
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import BaseColumn, ButtonsColumnMixin, Column, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.base import ViewSet
from wagtail.admin.widgets.button import ListingButton
from wagtail.models import WorkflowState
from wagtail.permissions import page_permission_policy

from core.admin_languages import language_states
from core.admin_places import AddThingView
from core.date_words import clock_words, date_words
from core.models import Thing
from core.pages import ThingPage

MAY_WORK = ("add", "change", "publish")


def edit_url(page: ThingPage, next_url: str) -> str:
    """Return the address of a page's form that leads back to the list."""
    return f"{reverse('wagtailadmin_pages:edit', args=[page.pk])}?{urlencode({'next': next_url})}"


class ThingTitleColumn(ButtonsColumnMixin, TitleColumn):
    """The title, leading to the form, with the row's buttons below it."""

    def get_link_url(self, instance, parent_context):
        return edit_url(instance, parent_context["request"].path)

    def get_buttons(self, instance, parent_context):
        return [
            ListingButton(button["label"], button["url"], attrs=button.get("attrs"), priority=number)
            for number, button in enumerate(instance.listing_buttons)
        ]


class StatusColumn(BaseColumn):
    """What readers see of the thing, in one word."""

    cell_template_name = "core/admin/cells/status.html"


class LanguagesColumn(BaseColumn):
    """The languages of the thing as short codes: there, outdated, draft, missing."""

    cell_template_name = "core/admin/cells/languages.html"


class ThingFilterSet(WagtailFilterSet):
    """Narrows a list by status and shows another language's pages; everything else is for the kind of thing to add."""

    status = ChoiceFilter(
        label=_("Status"),
        choices=[("live", _("published")), ("changed", _("published, with changes")), ("draft", _("not published"))],
        method="by_status",
        empty_label=_("Any"),
    )
    language = ChoiceFilter(
        label=_("Words in"),
        choices=list(settings.ALL_LANGUAGES.items()),
        method="unchanged",
        empty_label=_("the language in which they were written"),
    )

    class Meta:
        fields = []

    def by_status(self, pages, _name, value):
        """Keep the pages in a state of publication."""
        model = pages.model
        wanted = {
            "live": model.objects.filter(live=True),
            "changed": model.objects.filter(live=True, has_unpublished_changes=True),
            "draft": model.objects.filter(live=False),
        }
        return narrowed(pages, wanted[value]) if value in wanted else pages

    def unchanged(self, pages, _name, _value):
        """Leave the pages as they are: the list itself begins with another language's."""
        return pages


def narrowed(pages, wanted):
    """Keep the wanted pages; by their ids, because a search knows few other fields."""
    return pages.filter(pk__in=wanted.values("pk"))


class ThingIndexView(generic.IndexView):
    """The list of one kind of things; subclasses say what their columns show in `describe`."""

    permission_policy = page_permission_policy
    any_permission_required = MAY_WORK
    is_searchable = True
    paginate_by = 50
    default_ordering = "-latest_revision_created_at"
    base_filterset_class = ThingFilterSet
    filterset_class = ThingFilterSet

    def get_base_queryset(self):
        editable = page_permission_policy.instances_user_has_any_permission_for(self.request.user, {"change"})
        wanted = self.model.objects.filter(self.standing_for_things(), pk__in=editable.values("pk"), alias_of=None)
        states = WorkflowState.objects.active().select_related("current_task_state__task")
        return (
            narrowed(self.model.objects.all(), wanted)
            .select_related("locale")
            .annotate_approved_schedule()
            .prefetch_related(Prefetch("_specific_workflow_states", states, to_attr="_current_workflow_states"))
        )

    def standing_for_things(self) -> Q:
        """Return which page stands for a thing: its source, or the one in the asked language."""
        language = self.request.GET.get("language", "")
        if language in settings.ALL_LANGUAGES:
            return Q(locale__language_code=language)
        return Q(pk__in=self.model.record_model.objects.exclude(source_page=None).values("source_page"))

    def get_filterset_kwargs(self):
        return super().get_filterset_kwargs() | {"queryset": self.model.objects.all()}

    def order_queryset(self, queryset):
        # What is searched comes in the order of relevance: a search can't sort by what is annotated.
        return queryset if self.is_searching else super().order_queryset(queryset)

    @cached_property
    def is_explicitly_ordered(self):
        return not self.is_searching and "ordering" in self.request.GET

    def get_table(self, object_list):
        pages = list(object_list)
        self.prepare(pages)
        return super().get_table(pages)

    def prepare(self, pages: list[ThingPage]) -> None:
        """Give each page its record, its languages and what `describe` adds."""
        records = {record.translation_key: record for record in self.records(pages)}
        sources = {page.pk: page for page in pages}
        others = {record.source_page_id for record in records.values()} - sources.keys()
        sources |= self.model.objects.in_bulk([pk for pk in others if pk])
        ids = {record.source_page_id for record in records.values()}
        languages = language_states(
            self.model, records.values(), {pk: page for pk, page in sources.items() if pk in ids}
        )
        for page in pages:
            page.__dict__["record"] = records.get(page.translation_key)
            page.listing_languages = languages.get(page.translation_key, [])
            page.listing_status = self.status(page)
            page.listing_buttons = self.buttons(page)
        self.describe(pages)

    def records(self, pages: list[ThingPage]) -> Iterable[Thing]:
        """Return the things of the pages, with what `describe` needs of them."""
        keys = [page.translation_key for page in pages]
        return self.model.record_model.objects.filter(translation_key__in=keys).select_related("site")

    def describe(self, pages: list[ThingPage]) -> None:
        """Add what the columns of this kind of things show."""

    def status(self, page: ThingPage) -> dict[str, str]:
        """Return the word of the status column, and `primary` where readers see the thing as planned."""
        return {"text": page.status_string, "primary": "yes" if page.live else ""}

    def buttons(self, page: ThingPage) -> list[dict]:
        """Return the row's buttons as label, url and attributes."""
        if not page.live:
            return []
        view = {"label": gettext("View live"), "url": page.url, "attrs": {"target": "_blank", "rel": "noreferrer"}}
        return [view] if page.url else []

    @cached_property
    def columns(self):
        return [
            ThingTitleColumn("title", label=_("Title"), sort_key="title", accessor="get_admin_display_title"),
            *self.own_columns(),
            StatusColumn("status", label=_("Status"), sort_key="live"),
            LanguagesColumn("languages", label=_("Languages")),
            Column(
                "latest_revision_created_at",
                label=_("Changed"),
                sort_key="latest_revision_created_at",
                accessor=_changed,
            ),
        ]

    def own_columns(self) -> list[BaseColumn]:
        """Return the columns between title and status."""
        return []


def _changed(page: ThingPage) -> str:
    moment = page.latest_revision_created_at
    if moment is None:
        return ""
    local = timezone.localtime(moment)
    return f"{date_words(local.date(), today=timezone.localdate())}, {clock_words(local)}"


class ThingViewSet(ViewSet):
    """The list of one kind of things and the way to a new one, as an item of the main menu."""

    model: type[ThingPage]
    index_view_class = ThingIndexView
    add_view_class = AddThingView
    add_to_admin_menu = True

    def get_common_view_kwargs(self, **kwargs):
        return super().get_common_view_kwargs(
            model=self.model,
            header_icon=self.icon,
            page_title=self.menu_label,
            index_url_name=self.get_url_name("index"),
            add_url_name=self.get_url_name("add"),
            **kwargs,
        )

    def get_urlpatterns(self):
        results = self.get_url_name("index_results")
        view = {"index_results_url_name": results}
        return [
            path("", self.construct_view(self.index_view_class, **view), name="index"),
            path(
                "results/", self.construct_view(self.index_view_class, results_only=True, **view), name="index_results"
            ),
            path("add/", self.construct_view(self.add_view_class), name="add"),
        ]

    @cached_property
    def menu_item_class(self):
        base = super().menu_item_class

        def is_shown(_item, request):
            return page_permission_policy.user_has_any_permission(request.user, set(MAY_WORK))

        return type(base.__name__, (base,), {"is_shown": is_shown})
