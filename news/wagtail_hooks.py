"""Wiring into Wagtail's admin."""

from wagtail import hooks
from wagtail.signals import init_new_page

from events.admin_afterwards import afterwards_hooks
from news import admin_reports
from news.admin_listing import ArticleViewSet
from news.admin_new_page import fill_in_branch

afterwards_hooks.append(admin_reports.report_buttons)
hooks.register("register_page_header_buttons", admin_reports.header_buttons)
init_new_page.connect(fill_in_branch, dispatch_uid="news.new_page")


@hooks.register("register_admin_viewset")
def news():
    """Add the list of news."""
    return ArticleViewSet()
