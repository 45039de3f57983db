"""Notices in the admin: a list that says which are up, a form by the network's clock, an end with one click."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from wagtail.admin import messages
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.menus import MenuItem
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets import AdminDateTimeInput
from wagtail.admin.widgets.button import Button
from wagtail.contrib.settings.forms import SitePermissionForm
from wagtail.log_actions import log
from wagtail.models import Site
from wagtail.permission_policies.sites import SitePermissionPolicy

from core.admin_actions import ActionView
from core.date_words import clock_words, date_words
from core.localtime import to_local
from core.models import Notice
from core.notices import zone_of
from core.page_targets import DELETED, PageTargets

MAY = {"change"}


class NoticePolicy(SitePermissionPolicy):
    """Whoever may change the notices of a site may also put up, copy and delete them there."""

    def user_has_any_permission(self, user, actions):
        return super().user_has_any_permission(user, MAY)

    def user_has_any_permission_for_instance(self, user, actions, instance):
        return super().user_has_any_permission_for_instance(user, MAY, instance)

    def sites_user_has_any_permission_for(self, user, actions):
        return super().sites_user_has_any_permission_for(user, MAY)


policy = NoticePolicy(Notice)


class NoticeSitesForm(SitePermissionForm):
    """The sites on which a group may put up notices, in the form of the group."""

    settings_model = Notice
    icon = "warning"


def permissions() -> QuerySet[Permission]:
    """Return the right to notices on all sites, for the form of a group."""
    return Permission.objects.filter(content_type__app_label="core", codename="change_notice")


def local_now(site: Site) -> datetime:
    """Return what the clock of a site shows, to the minute."""
    return to_local(timezone.now(), zone_of(site)).replace(second=0, microsecond=0)


def moment_words(local: datetime | None) -> str:
    """Return a local moment in words; empty for none."""
    return f"{date_words(local.date())}, {clock_words(local)}" if local else ""


def state_words(notice: Notice) -> str:
    """Return whether readers see a notice now."""
    begins, ends = notice.moments(zone_of(notice.site))
    now = timezone.now()
    if ends is not None and ends <= now:
        return pgettext("state of a notice", "Over")
    if begins > now:
        return pgettext("state of a notice", "Not yet")
    return pgettext("state of a notice", "Shown now")


class NoticeForm(WagtailAdminModelForm):
    """Offers the sites of whoever writes; a new notice begins now unless somebody says otherwise."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        sites = list(policy.sites_user_has_any_permission_for(self.for_user, MAY))
        site = next((one for one in sites if one.is_default_site), sites[0])
        self.fields["site"].queryset = Site.objects.filter(pk__in=[one.pk for one in sites])
        if self.instance.site_id is None:
            self.instance.site = site
            self.initial["site"] = site.pk
        if not self.instance.begins:
            self.initial["begins"] = local_now(site)
        if len(sites) == 1:
            # Nothing to choose: the panel goes with its field.
            del self.fields["site"]
        self.fields["address"].assume_scheme = "https"

    def clean(self):
        cleaned = super().clean()
        site, ends = cleaned.get("site") or self.instance.site, cleaned.get("ends")
        if ends and ends <= local_now(site) and {"ends", "begins"} & set(self.changed_data):
            self.add_error("ends", _("This moment is over already."))
        return cleaned


class Within:
    """Keeps everybody away from the notices of sites that are none of their business."""

    def get_object(self, *args, **kwargs):
        notice = super().get_object(*args, **kwargs)
        if not policy.user_has_permission_for_instance(self.request.user, "change", notice):
            raise PermissionDenied
        return notice


def fault_of_link(notice: Notice) -> str:
    """Return in words why the link of a notice leads nowhere; empty where it leads somewhere, or there is none."""
    if notice.page is not None:
        key = notice.page.translation_key
        return str(PageTargets(notice.site_id, {key}).fault(key))
    return str(DELETED) if notice.link_text and not notice.address else ""


class Warned:
    """Says after saving that nobody said when the notice ends, or that its link leads nowhere."""

    def save_instance(self):
        notice = super().save_instance()
        warn_of_link(self.request, notice)
        if notice.ends is None:
            messages.warning(self.request, _("This notice has no end: readers see it until somebody takes it down."))
        return notice


def warn_of_link(request: HttpRequest, notice: Notice) -> None:
    """Say to the editor why readers do not see the link."""
    if fault := fault_of_link(notice):
        messages.warning(request, _("Readers don't see the link of this notice: %(fault)s.") % {"fault": fault})


class NoticeIndexView(generic.IndexView):
    """The notices of the sites on which the user may put them up, the latest first."""

    def get_base_queryset(self):
        return policy.instances_user_has_any_permission_for(self.request.user, MAY).select_related("site")

    def get_list_more_buttons(self, instance):
        buttons = super().get_list_more_buttons(instance)
        if state_words(instance) == pgettext("state of a notice", "Shown now"):
            url = reverse("end_notice", args=[instance.pk])
            buttons.append(MenuItem(_("Take down now"), url=url, icon_name="no-view", priority=5))
        return buttons


class NoticeCreateView(Warned, generic.CreateView):
    """Puts up a notice."""


class NoticeCopyView(Within, Warned, generic.CopyView):
    """Puts up the words of an earlier notice again, from now on."""

    def get_initial_form_instance(self):
        notice = super().get_initial_form_instance()
        notice.begins, notice.ends = local_now(notice.site), None
        return notice


class NoticeEditView(Within, Warned, generic.EditView):
    """Changes a notice."""

    def get(self, request, *args, **kwargs):
        answer = super().get(request, *args, **kwargs)
        warn_of_link(request, self.object)
        return answer

    @cached_property
    def header_more_buttons(self):
        buttons = super().header_more_buttons
        if state_words(self.object) == pgettext("state of a notice", "Shown now"):
            url = reverse("end_notice", args=[self.object.pk])
            buttons.append(Button(_("Take down now"), url=url, icon_name="no-view", priority=5))
        return buttons


class NoticeDeleteView(Within, generic.DeleteView):
    """Deletes a notice."""


class NoticeHistoryView(Within, generic.HistoryView):
    """Who changed a notice."""


class NoticeUsageView(Within, generic.UsageView):
    """What refers to a notice."""


class EndView(ActionView):
    """Takes a notice down at once; it stays in the list."""

    header_icon = "no-view"
    page_title = gettext_lazy("Take down now")
    submit_label = gettext_lazy("Take it down")

    def setup(self, request, *args, pk: int, **kwargs):
        super().setup(request, *args, pk=pk, **kwargs)
        self.notice = get_object_or_404(Notice.objects.select_related("site"), pk=pk)

    def dispatch(self, request, *args, **kwargs):
        if not policy.user_has_permission_for_instance(request.user, "change", self.notice):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self):
        return str(self.notice)

    def home_url(self):
        return reverse("notices:index")

    def explanation(self):
        return [_("Readers of every language no longer see this notice. It stays in the list, to be copied next time.")]

    @transaction.atomic
    def perform(self, form):
        self.notice.ends = local_now(self.notice.site)
        self.notice.begins = min(self.notice.begins, self.notice.ends)
        self.notice.save(update_fields=["begins", "ends"])
        log(instance=self.notice, action="wagtail.edit", user=self.request.user, content_changed=True)

    def success(self):
        return _("The notice is taken down.")


def _column(name: str, label, value: Callable[[Notice], str], **kwargs) -> Column:
    return Column(name, label=label, accessor=value, **kwargs)


class NoticeViewSet(ModelViewSet):
    """Notices as an item of the main menu."""

    model = Notice
    name = "notices"
    icon = "warning"
    menu_order = 135
    add_to_admin_menu = True
    list_filter = ["level"]
    ordering = ["-begins", "-pk"]
    index_view_class = NoticeIndexView
    add_view_class = NoticeCreateView
    copy_view_class = NoticeCopyView
    edit_view_class = NoticeEditView
    delete_view_class = NoticeDeleteView
    history_view_class = NoticeHistoryView
    usage_view_class = NoticeUsageView
    list_display = [
        "__str__",
        _column("level", gettext_lazy("Level"), Notice.get_level_display, sort_key="level"),
        _column("state", gettext_lazy("Status"), state_words),
        _column("begins", gettext_lazy("From"), lambda notice: moment_words(notice.begins), sort_key="begins"),
        _column(
            "ends", gettext_lazy("Until"), lambda notice: moment_words(notice.ends) or _("no end"), sort_key="ends"
        ),
    ]

    @property
    def permission_policy(self):
        return policy

    def get_permissions_to_register(self):
        return permissions()

    def get_edit_handler(self):
        clock = AdminDateTimeInput()
        panels = [
            FieldPanel("level"),
            FieldPanel("text"),
            MultiFieldPanel(
                [FieldPanel("begins", widget=clock), FieldPanel("ends", widget=clock)], heading=gettext_lazy("Period")
            ),
            MultiFieldPanel(
                [FieldPanel("page"), FieldPanel("address"), FieldPanel("link_text")], heading=gettext_lazy("Link")
            ),
            FieldPanel("site"),
        ]
        return ObjectList(panels, base_form_class=NoticeForm).bind_to_model(self.model)


urlpatterns = [path("notices/end/<int:pk>/", EndView.as_view(), name="end_notice")]
