"""Wiring into Wagtail's admin."""

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.telepath import register

from branches import admin_closing
from branches.admin_hours import ask_about_hours, tell_what_closures_touch
from branches.admin_listing import BranchViewSet
from branches.admin_rights import refuse_deletion, refuse_deletions
from branches.domain.closures import CLOSE, REOPEN
from branches.hours_field import HoursWidget
from core.admin_widgets import TextInputsAdapter

hooks.register("after_create_page", ask_about_hours)
hooks.register("after_edit_page", ask_about_hours)
hooks.register("after_create_page", tell_what_closures_touch)
hooks.register("after_edit_page", tell_what_closures_touch)
hooks.register("register_page_header_buttons", admin_closing.header_buttons)
hooks.register("before_delete_page", refuse_deletion)
hooks.register("before_bulk_action", refuse_deletions)
register(TextInputsAdapter(), HoursWidget)


@hooks.register("register_admin_urls")
def admin_urls():
    """Add closing in an emergency."""
    return admin_closing.urlpatterns


@hooks.register("register_log_actions")
def log_actions(actions):
    """Name what the log of a branch's page holds beside what is done to any page."""
    actions.register_action(CLOSE, _("Close now"), _("Closed in an emergency"))
    actions.register_action(REOPEN, _("Open again"), _("Opened again after a closure"))


@hooks.register("register_admin_viewset")
def branches():
    """Add the list of branches."""
    return BranchViewSet()
