"""Wiring into Wagtail's admin."""

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.viewsets.base import ViewSetGroup

from branches.admin_terms import DistrictViewSet, FacilityViewSet, ServiceViewSet
from core.admin_terms import AudienceViewSet, TopicViewSet
from home import admin_checklist, admin_components, admin_menu

hooks.register("construct_homepage_panels", admin_checklist.add_panel)
hooks.register("register_reports_menu_item", admin_components.menu_item)


class TermsGroup(ViewSetGroup):
    """The terms of all rooms under one item of the menu."""

    menu_label = _("Terms")
    menu_icon = "tag"
    menu_order = 140
    items = (TopicViewSet, AudienceViewSet, FacilityViewSet, ServiceViewSet, DistrictViewSet)


@hooks.register("register_admin_viewset")
def terms():
    """Add the lists of terms."""
    return TermsGroup()


@hooks.register("register_admin_urls")
def admin_urls():
    """Add what the checklist does, the first entries of the menu, and the page of components."""
    return [*admin_checklist.urlpatterns, *admin_menu.urlpatterns, *admin_components.urlpatterns]
