"""Wiring into Wagtail's admin."""

from django.templatetags.static import static
from django.utils.html import format_html
from wagtail import hooks

from core import (
    admin_bulk,
    admin_mail,
    admin_navigation,
    admin_notices,
    admin_pictures,
    admin_places,
    admin_policies,
    admin_scope,
    admin_source,
    admin_translation,
    admin_widgets,  # noqa: F401
    admin_words,
)
from core.models import Notice

admin_words.say()
admin_policies.decide(Notice, admin_notices.policy)


@hooks.register("register_admin_urls")
def admin_urls():
    """Add what is done to any page, and mail; what stands in for addresses of other apps comes before these."""
    urls = (admin_translation, admin_scope, admin_source, admin_mail, admin_notices, admin_pictures)
    return [pattern for module in urls for pattern in module.urlpatterns]


hooks.register("register_page_header_buttons", admin_source.header_buttons)
hooks.register("register_settings_menu_item", admin_mail.menu_item)
hooks.register("register_group_permission_panel", lambda: admin_notices.NoticeSitesForm)
hooks.register("construct_reports_menu", admin_words.name_translations_report)
hooks.register("construct_homepage_panels", admin_navigation.add_panel)
hooks.register("before_move_page", admin_places.refuse_move)
# Wagtail's own action of the same name comes first, and the last one counts.
hooks.register("register_bulk_action", admin_bulk.PublishCompleteBulkAction, order=1)
hooks.register("construct_page_chooser_queryset", admin_scope.limit_chooser)
hooks.register("register_log_actions", admin_pictures.register_log_actions)
# After Wagtail's own deletion, whose place it takes.
hooks.register("register_bulk_action", admin_pictures.RemoveEverywhereBulkAction, order=100)


@hooks.register("register_admin_viewset")
def notices():
    """Add the list of notices."""
    return admin_notices.NoticeViewSet()


@hooks.register("insert_global_admin_css")
def admin_css():
    """Lay out labels, opening hours and lists."""
    return format_html('<link rel="stylesheet" href="{}">', static("admin/css/editor.css"))
