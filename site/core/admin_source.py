"""Makes another language the source of a thing: from then on the facts are changed on its page."""

from __future__ import annotations

from collections.abc import Iterator

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.widgets.button import Button
from wagtail.models import Page

from core.admin_actions import ActionView
from core.domain import things
from core.models import User
from core.pages import ThingPage


def may_make_source(user: User, page: ThingPage) -> bool:
    """Return whether the user may publish both this page and the present source."""
    present = page.record.source_page if page.record else None
    return all(_may_publish(user, each) for each in (page, present) if each is not None)


def _may_publish(user: User, page: Page) -> bool:
    permissions = page.permissions_for_user(user)
    return permissions.can_edit() and permissions.can_publish()


def can_become_source(page: Page) -> bool:
    """Return whether the page has words of its own and isn't the source yet."""
    return isinstance(page, ThingPage) and not page.alias_of_id and page.record is not None and not page.is_source


def header_buttons(page: Page, user: User, next_url: str | None = None, view_name: str = "") -> Iterator[Button]:
    """Yield the button on the form of a translation."""
    if view_name == "edit" and can_become_source(page) and may_make_source(user, page):
        yield Button(_("Make this language the source"), make_source_url(page), icon_name="globe", priority=65)


def make_source_url(page: Page) -> str:
    """Return the address of the question."""
    return reverse("make_source", args=[page.pk])


class MakeSourceView(ActionView):
    """Asks, then lets the page hold the facts."""

    page_title = gettext_lazy("Make this language the source")
    header_icon = "globe"
    submit_label = gettext_lazy("Yes, make it the source")

    def setup(self, request: HttpRequest, page_id: int):
        super().setup(request, page_id)
        self.page = get_object_or_404(Page, pk=page_id).specific

    def dispatch(self, request, *args, **kwargs):
        if not isinstance(self.page, ThingPage) or self.page.alias_of_id or self.page.record is None:
            raise Http404
        if not may_make_source(request.user, self.page):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self):
        return self.page.get_admin_display_title()

    def explanation(self):
        language = self.page.locale.get_display_name()
        return [
            _("From now on the facts are changed on this page (%(language)s). They stay as they are.")
            % {"language": language},
            _("If this page is kept in step with the source sentence by sentence, that ends: it is written by hand."),
        ]

    def perform(self, form):
        things.make_source(self.page, user=self.request.user)

    def success(self):
        return _("“%(title)s” is the source now.") % {"title": self.page.get_admin_display_title()}

    def home_url(self):
        return reverse("wagtailadmin_pages:edit", args=[self.page.pk])


urlpatterns = [path("pages/<int:page_id>/make-source/", MakeSourceView.as_view(), name="make_source")]
