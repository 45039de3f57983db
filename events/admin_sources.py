"""Calendars of others in the admin: a list that says which are broken, a form with what was read, reading on demand."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib.humanize.templatetags.humanize import naturaltime
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.timesince import timesince
from django.utils.translation import get_language, gettext_lazy, ngettext, pgettext, pgettext_lazy
from django.utils.translation import gettext as _
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, ObjectList, Panel
from wagtail.admin.ui.menus import MenuItem
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import Button
from wagtail.models import Site
from wagtail.permission_policies.base import BasePermissionPolicy
from wagtail.permission_policies.sites import SitePermissionPolicy
from wagtail.permissions import page_permission_policy

from branches.models import Branch
from core.admin_actions import ActionView
from core.models import Network, User
from events.models import CalendarSource
from events.sources.taking import coming_dates, mapping_changed

FIRST = 5


class SourcePolicy(BasePermissionPolicy):
    """Whoever may change the settings of a network may all with its sources; editors of a branch those held there."""

    networks = SitePermissionPolicy(Network)

    def sites(self, user: User) -> QuerySet[Site]:
        """Return the sites whose sources are all open to the user."""
        return self.networks.sites_user_has_any_permission_for(user, {"change"})

    def branches(self, user: User) -> QuerySet[Branch]:
        """Return the branches to which the user may tie a source."""
        pages = page_permission_policy.instances_user_has_any_permission_for(user, {"change"})
        return Branch.objects.filter(Q(site__in=self.sites(user)) | Q(source_page__in=pages.values("pk")))

    def user_has_any_permission(self, user, actions):
        return user.is_active and (self.sites(user).exists() or self.branches(user).exists())

    def user_has_permission(self, user, action):
        return self.user_has_any_permission(user, [action])

    def instances_user_has_any_permission_for(self, user, actions):
        return CalendarSource.objects.filter(Q(site__in=self.sites(user)) | Q(branch__in=self.branches(user)))

    def user_has_any_permission_for_instance(self, user, actions, instance):
        return self.instances_user_has_any_permission_for(user, actions).filter(pk=instance.pk).exists()

    def user_has_permission_for_instance(self, user, action, instance):
        return self.user_has_any_permission_for_instance(user, [action], instance)


policy = SourcePolicy(CalendarSource)


def state_words(source: CalendarSource) -> str:
    """Return in words how a source is."""
    if not source.active:
        return pgettext("state of a calendar", "Not shown")
    if source.fault:
        return source.explanation
    if source.next_read_at is None or source.next_read_at <= timezone.now() or source.read_at is None:
        return pgettext("state of a calendar", "Waits to be read")
    if source.is_alarming(timezone.now()):
        return pgettext("state of a calendar", "Not read for days: does the worker run?")
    return pgettext("state of a calendar", "Well")


def age_words(moment: datetime | None) -> str:
    """Return how long ago something was, in words."""
    if moment is None:
        return pgettext("calendar", "never")
    if timezone.now() - moment < timedelta(minutes=1):
        return pgettext("calendar", "just now")
    # Django's own words are inflected rightly; in Macedonian they lack days.
    if get_language() != "mk" and timezone.now() - moment < timedelta(days=1):
        return naturaltime(moment)
    return _("%(time)s ago") % {"time": timesince(moment, depth=1)}


class SourceForm(WagtailAdminModelForm):
    """Offers the sites and branches of whoever writes."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        whole = list(policy.sites(self.for_user))
        branches = policy.branches(self.for_user)
        self.is_of_branch = not whole
        sites = whole or list(Site.objects.filter(pk__in=branches.values("site")))
        self.fields["branch"].queryset = branches
        self.fields["branch"].required = self.is_of_branch
        self.fields["site"].queryset = Site.objects.filter(pk__in=[site.pk for site in sites])
        if self.instance.site_id is None and sites:
            site = next((one for one in sites if one.is_default_site), sites[0])
            self.instance.site, self.initial["site"] = site, site.pk
        if len(sites) <= 1:
            # Nothing to choose: the panel goes with its field.
            del self.fields["site"]
        self.fields["page_url"].assume_scheme = "https"

    def clean(self):
        cleaned = super().clean()
        branch, site = cleaned.get("branch"), cleaned.get("site") or self.instance.site
        if branch and branch.site_id != site.pk:
            self.add_error("branch", _("This branch belongs to another site."))
        return cleaned


class StatePanel(Panel):
    """Shows on the form of a source how the last reading went and what was read."""

    class BoundPanel(Panel.BoundPanel):
        """The panel on one source's form."""

        template_name = "events/admin/source_state.html"

        def is_shown(self) -> bool:
            return super().is_shown() and self.instance.pk is not None

        def get_context_data(self, parent_context=None):
            now, source = timezone.now(), self.instance
            dates = coming_dates(source, now)
            return super().get_context_data(parent_context) | {
                "source": source,
                "state": state_words(source),
                "is_alarming": source.is_alarming(now),
                "read": age_words(source.read_at),
                "tried": age_words(source.tried_at),
                "count": dates.count(),
                "dates": list(dates[:FIRST]),
            }


class Within:
    """Keeps everybody away from the sources that are none of their business."""

    def get_object(self, *args, **kwargs):
        source = super().get_object(*args, **kwargs)
        if not policy.user_has_permission_for_instance(self.request.user, "change", source):
            raise PermissionDenied
        return source


class SourceIndexView(generic.IndexView):
    """The sources that the user may change, broken ones first."""

    def get_base_queryset(self):
        now = timezone.now()
        announced = Q(entries__event__occurrences__ends_at__gt=now, entries__event__is_public=True)
        announced &= ~Q(entries__event__occurrences__state="withdrawn")
        found = policy.instances_user_has_any_permission_for(self.request.user, {"change"})
        return found.annotate(coming=Count("entries", filter=announced)).order_by("-failures", "pk")

    def get_list_more_buttons(self, instance):
        buttons = super().get_list_more_buttons(instance)
        if instance.active:
            url = reverse("read_source", args=[instance.pk])
            buttons.append(MenuItem(_("Read it now"), url=url, icon_name="download", priority=5))
        return buttons


class SourceCreateView(generic.CreateView):
    """Adds a source; the worker reads it within a minute."""

    def get_success_message(self, instance):
        return _("“%(name)s” is added. Within a minute or two it is read, and its events stand in all lists.") % {
            "name": instance
        }


class SourceEditView(Within, generic.EditView):
    """Changes a source; what was read of it is sorted in anew at once."""

    def save_instance(self):
        source = super().save_instance()
        if self.form.changed_data:
            mapping_changed(source, now=timezone.now())
        return source

    @cached_property
    def header_more_buttons(self):
        buttons = super().header_more_buttons
        if self.object.active:
            url = reverse("read_source", args=[self.object.pk])
            buttons.append(Button(_("Read it now"), url=url, icon_name="download", priority=5))
        return buttons


class SourceDeleteView(Within, generic.DeleteView):
    """Deletes a source and takes its events out of all lists."""

    @property
    def confirmation_message(self):
        count = coming_dates(self.object, timezone.now()).count()
        sentence = ngettext(
            "Shall “%(name)s” be deleted? %(count)d coming date disappears from all lists, and what is over from the"
            " archive. Phones that follow our calendar show it as cancelled.",
            "Shall “%(name)s” be deleted? %(count)d coming dates disappear from all lists, and what is over from the"
            " archive. Phones that follow our calendar show them as cancelled.",
            count,
        )
        return sentence % {"name": self.object, "count": count}


class SourceHistoryView(Within, generic.HistoryView):
    """Who changed a source."""


class SourceUsageView(Within, generic.UsageView):
    """What refers to a source."""


class ReadView(ActionView):
    """Asks the worker to read a source at once."""

    header_icon = "download"
    page_title = gettext_lazy("Read it now")
    submit_label = gettext_lazy("Read it now")

    def setup(self, request, *args, pk: int, **kwargs):
        super().setup(request, *args, pk=pk, **kwargs)
        self.source = get_object_or_404(CalendarSource, pk=pk)

    def dispatch(self, request, *args, **kwargs):
        if not policy.user_has_permission_for_instance(request.user, "change", self.source):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self):
        return str(self.source)

    def home_url(self):
        return reverse("calendar_sources:edit", args=[self.source.pk])

    def explanation(self):
        return [_("Calendars are read every hour. You can have this one read within a minute instead.")]

    @transaction.atomic
    def perform(self, form):
        CalendarSource.objects.filter(pk=self.source.pk).update(next_read_at=timezone.now())

    def success(self):
        return _("The calendar is read within a minute. Open this page again to see how it went.")


class SourceViewSet(ModelViewSet):
    """Calendars of others as an item of the main menu."""

    model = CalendarSource
    name = "calendar_sources"
    icon = "calendar-alt"
    menu_label = gettext_lazy("Calendars of others")
    menu_order = 115
    add_to_admin_menu = True
    copy_view_enabled = False
    inspect_view_enabled = False
    index_view_class = SourceIndexView
    add_view_class = SourceCreateView
    edit_view_class = SourceEditView
    delete_view_class = SourceDeleteView
    history_view_class = SourceHistoryView
    usage_view_class = SourceUsageView
    list_display = [
        "__str__",
        Column("state", label=gettext_lazy("Status"), accessor=state_words),
        Column("coming", label=pgettext_lazy("dates", "Coming dates")),
        Column("read", label=pgettext_lazy("calendar", "Last read"), accessor=lambda source: age_words(source.read_at)),
    ]

    @property
    def permission_policy(self):
        return policy

    def get_permissions_to_register(self):
        from django.contrib.auth.models import Permission

        return Permission.objects.none()

    def get_edit_handler(self):
        panels = [
            StatePanel(),
            FieldPanel("name"),
            FieldPanel("address"),
            FieldPanel("page_url"),
            FieldPanel("language"),
            MultiFieldPanel(
                [FieldPanel("branch"), FieldPanel("place")], heading=pgettext_lazy("calendar of others", "Place")
            ),
            MultiFieldPanel(
                [FieldPanel("audiences"), FieldPanel("topics")],
                heading=pgettext_lazy("calendar of others", "Where its events are found"),
            ),
            FieldPanel("active"),
            FieldPanel("site"),
        ]
        return ObjectList(panels, base_form_class=SourceForm).bind_to_model(self.model)


urlpatterns = [path("calendar-sources/read/<int:pk>/", ReadView.as_view(), name="read_source")]
