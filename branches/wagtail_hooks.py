"""Wiring into Wagtail's admin."""

from wagtail import hooks
from wagtail.admin.telepath import register

from branches.admin_hours import ask_about_hours
from branches.admin_listing import BranchViewSet
from branches.admin_rights import refuse_deletion, refuse_deletions
from branches.hours_field import HoursWidget
from core.admin_widgets import TextInputsAdapter

hooks.register("after_create_page", ask_about_hours)
hooks.register("after_edit_page", ask_about_hours)
hooks.register("before_delete_page", refuse_deletion)
hooks.register("before_bulk_action", refuse_deletions)
register(TextInputsAdapter(), HoursWidget)


@hooks.register("register_admin_viewset")
def branches():
    """Add the list of branches."""
    return BranchViewSet()
