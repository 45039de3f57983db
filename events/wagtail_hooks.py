"""Wiring into Wagtail's admin."""

from django.utils.html import format_html
from wagtail import hooks
from wagtail.admin.staticfiles import versioned_static
from wagtail.signals import init_new_page

from core import admin_policies
from events import (
    admin_calendar,
    admin_close_today_links,
    admin_closed_dates_warnings,
    admin_copying,
    admin_health,
    admin_preview,
    admin_sources,
)
from events.admin_confirm import ask_before_moderation, ask_before_publishing
from events.admin_listing import EventViewSet
from events.admin_operations import header_buttons
from events.admin_schedule import ask_about_schedule, fill_in_branch, tell_of_begun_dates
from events.models import CalendarSource

admin_policies.decide(CalendarSource, admin_sources.policy)
hooks.register("before_create_page", admin_calendar.remember_asked_day)
hooks.register("after_create_page", ask_about_schedule)
hooks.register("after_edit_page", ask_about_schedule)
hooks.register("after_edit_page", tell_of_begun_dates)
hooks.register("after_create_page", admin_closed_dates_warnings.warn_of_closed_days)
hooks.register("after_edit_page", admin_closed_dates_warnings.warn_of_closed_days)
hooks.register("register_page_header_buttons", admin_close_today_links.header_buttons)
hooks.register("register_page_header_buttons", admin_closed_dates_warnings.header_buttons)
hooks.register("construct_homepage_panels", admin_close_today_links.add_panel)
hooks.register("before_publish_page", ask_before_publishing)
hooks.register("after_edit_page", ask_before_moderation, order=10)
hooks.register("register_page_header_buttons", header_buttons)
hooks.register("register_page_header_buttons", admin_copying.header_buttons)
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
    """Add the report on feeds, and what tells the dates that a form makes."""
    return [*admin_health.urlpatterns, *admin_preview.urlpatterns, *admin_sources.urlpatterns]


@hooks.register("insert_editor_js")
def editor_js():
    """Let the form of an event tell its dates."""
    return format_html('<script type="module" src="{}"></script>', versioned_static("admin/js/schedule.js"))
