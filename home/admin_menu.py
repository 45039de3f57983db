"""The first entries of a menu that has none: what it shows by itself, to be put in another order."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from wagtail.admin import messages
from wagtail.log_actions import log
from wagtail.models import Page, Site

from core.link_blocks import MOST_IN_MENU
from core.models import Navigation
from core.sites import network_of
from home.templatetags.sections import sections_of


@require_POST
def fill(request: HttpRequest, site_id: int) -> HttpResponse:
    """Write down the sections of a site as entries of its menu, where it has none yet."""
    site = get_object_or_404(Site, pk=site_id)
    if not Navigation.get_permission_policy().user_has_permission_for_instance(request.user, "change", site):
        raise PermissionDenied
    with transaction.atomic():
        stored = Navigation.for_site(site)
        if not stored.menu:
            ids = [section.page_id for section in sections_of(site, network_of(site).default_language)]
            pages = Page.objects.in_bulk(ids[:MOST_IN_MENU])
            stored.menu = [("link", {"page": pages[pk], "address": "", "label": {}}) for pk in ids if pk in pages]
            stored.save()
            log(instance=stored, action="wagtail.edit", user=request.user, content_changed=True)
    messages.success(request, _("The menu has these entries now: put them in your order, then save."))
    return redirect("wagtailsettings:edit", "core", "navigation", site.pk)


urlpatterns = [path("menu/<int:site_id>/fill/", fill, name="fill_menu")]
