"""Wiring into Wagtail's admin."""

from wagtail import hooks
from wagtail.signals import init_new_page

from events import admin_close_today, admin_closed_dates
from events.admin_closed_dates import warn_of_closed_days
from events.admin_listing import EventViewSet
from events.admin_operations import header_buttons
from events.admin_schedule import ask_about_schedule, fill_in_branch, tell_of_begun_dates

hooks.register("after_create_page", ask_about_schedule)
hooks.register("after_edit_page", ask_about_schedule)
hooks.register("after_edit_page", tell_of_begun_dates)
hooks.register("after_create_page", warn_of_closed_days)
hooks.register("after_edit_page", warn_of_closed_days)
hooks.register("register_page_header_buttons", header_buttons)
hooks.register("register_page_header_buttons", admin_close_today.header_buttons)
hooks.register("register_page_header_buttons", admin_closed_dates.header_buttons)
hooks.register("construct_homepage_panels", admin_close_today.add_panel)
init_new_page.connect(fill_in_branch, dispatch_uid="events.new_page")


@hooks.register("register_admin_viewset")
def events():
    """Add the list of events and what can be done to them."""
    return EventViewSet()
