"""Where a new thing goes: the parents under which its author may put it, each in the best language."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlencode
from uuid import UUID

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.models import Page
from wagtail.permissions import page_permission_policy

from core import addresses
from core.models import User
from core.pages import ThingPage
from core.sites import language_code_of


def places_for(user: User, model: type[ThingPage], language: str) -> list[Page]:
    """Return the pages under which the user may add one of the model: one for each place, network-wide ones first.

    Of a place that exists in several languages it is the page in `language`, else the one that was there first.
    """
    kinds = ContentType.objects.get_for_models(*model.allowed_parent_page_models(), for_concrete_models=False)
    allowed = page_permission_policy.instances_user_has_any_permission_for(user, {"add"})
    parents = Page.objects.filter(pk__in=allowed.values("pk"), content_type__in=[kind.pk for kind in kinds.values()])
    best = _best(parents.order_by("pk"), language)
    return sorted(best, key=lambda page: (page.depth, page.title.casefold()))


def _best(parents: Iterable[Page], language: str) -> Iterable[Page]:
    places: dict[UUID, Page] = {}
    for page in parents:
        kept = places.get(page.translation_key)
        if kept is None or _rank(page, language) < _rank(kept, language):
            places[page.translation_key] = page
    return places.values()


def _rank(page: Page, language: str) -> tuple[bool, bool]:
    return language_code_of(page.locale_id) != language, page.alias_of_id is not None


def refuse_move(request: HttpRequest, page: Page, destination: Page) -> HttpResponse | None:
    """Keep a page where it is that the user may not move, or whose address is taken there; for Wagtail's hook."""
    if not page.permissions_for_user(request.user).can_move_to(destination):
        raise PermissionDenied
    if not addresses.slug_is_taken(page, destination, page.slug):
        return None
    messages.error(request, addresses.SLUG_TAKEN)
    return redirect("wagtailadmin_explore", page.get_parent().pk)


def admin_language() -> str:
    """Return the language that the person at the admin reads, without its region."""
    return (get_language() or "").partition("-")[0]


class AddThingView(WagtailAdminTemplateMixin, TemplateView):
    """Leads to the form of a new page where there is one place for it; else lets the author choose, or says why not."""

    template_name = "core/admin/places.html"
    model: type[ThingPage] = ThingPage
    index_url_name = ""
    page_title = ""
    header_icon = ""
    places: list[Page] = []

    def get(self, request, *args, **kwargs):
        self.places = places_for(request.user, self.model, admin_language())
        if not self.is_choice():
            return redirect(self.form_url(self.places[0]))
        return super().get(request, *args, **kwargs)

    def is_choice(self) -> bool:
        """Return whether there is anything to choose; an author who may add nothing is told so."""
        return len(self.places) != 1

    def form_url(self, parent: Page) -> str:
        """Return the address of the form for a new page under a parent, which leads back to the list."""
        options = self.model._meta
        form = reverse("wagtailadmin_pages:add", args=[options.app_label, options.model_name, parent.pk])
        return f"{form}?{urlencode({'next': reverse(self.index_url_name)})}"

    def get_breadcrumbs_items(self):
        return [
            *self.breadcrumbs_items,
            {"url": reverse(self.index_url_name), "label": self.page_title},
            {"url": "", "label": _("Where to?")},
        ]

    def get_context_data(self, **kwargs):
        choices = [(page.title, self.form_url(page)) for page in self.places]
        return super().get_context_data(**kwargs) | {"choices": choices, "verbose_name": self.model.get_verbose_name()}
