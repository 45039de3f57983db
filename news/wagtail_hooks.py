"""Wiring into Wagtail's admin."""

from wagtail import hooks
from wagtail.signals import init_new_page

from news.admin_listing import ArticleViewSet
from news.admin_new_page import fill_in_branch

init_new_page.connect(fill_in_branch, dispatch_uid="news.new_page")


@hooks.register("register_admin_viewset")
def news():
    """Add the list of news."""
    return ArticleViewSet()
