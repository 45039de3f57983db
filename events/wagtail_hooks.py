"""Wiring into Wagtail's admin."""

from wagtail import hooks
from wagtail.signals import init_new_page

from events import admin_health, admin_sources
from events.admin_listing import EventViewSet
from events.admin_operations import header_buttons
from events.admin_schedule import ask_about_schedule, fill_in_branch, tell_of_begun_dates

hooks.register("after_create_page", ask_about_schedule)
hooks.register("after_edit_page", ask_about_schedule)
hooks.register("after_edit_page", tell_of_begun_dates)
hooks.register("register_page_header_buttons", header_buttons)
hooks.register("register_reports_menu_item", admin_health.menu_item)
init_new_page.connect(fill_in_branch, dispatch_uid="events.new_page")


@hooks.register("register_admin_viewset")
def events():
    """Add the list of events and what can be done to them."""
    return EventViewSet()


@hooks.register("register_admin_viewset")
def calendars_of_others():
    """Add the list of calendars that others keep."""
    return admin_sources.SourceViewSet()


@hooks.register("register_admin_urls")
def admin_urls():
    """Add the report on feeds and what is done to calendars of others."""
    return [*admin_health.urlpatterns, *admin_sources.urlpatterns]
