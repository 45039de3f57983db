"""Pictures in the admin: uploads one after the other, what is lacking, removal from wherever they are shown."""

from __future__ import annotations

import django_filters
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.images.models import Image
from wagtail.images.views import images, multiple
from wagtail.images.views.bulk_actions import DeleteBulkAction
from wagtail.models import Page
from wagtail.permission_policies.collections import CollectionOwnershipPermissionPolicy

from core.admin_actions import ActionView
from core.domain import pictures
from core.enums import Consent
from core.models import LibraryImage

# The same rule as Wagtail's own, which has another place in each of its versions.
permission_policy = CollectionOwnershipPermissionPolicy(
    LibraryImage, auth_model=Image, owner_field_name="uploaded_by_user"
)


def lacking(kind: str) -> Q:
    """Return the condition on pictures of which something is lacking, or that expired."""
    return {
        "alt": Q(alt={}, description=""),
        "author": Q(author=""),
        "consent": Q(consent=Consent.NOT_ASKED),
        "expired": Q(shown_until__lt=timezone.localdate()),
    }[kind]


class PictureFilterSet(images.ImagesFilterSet):
    """Finds the pictures with which something is to be done."""

    lacks = django_filters.ChoiceFilter(
        label=gettext_lazy("To do"),
        method="with_lack",
        empty_label=gettext_lazy("All"),
        choices=[
            ("alt", gettext_lazy("Nobody said what it shows")),
            ("author", gettext_lazy("The author is missing")),
            ("consent", gettext_lazy("Those shown were not asked yet")),
            ("expired", gettext_lazy("Its last day is over")),
        ],
    )

    def with_lack(self, queryset: QuerySet, _name: str, value: str) -> QuerySet:
        """Keep those of which something is lacking; by their keys alone, since the search knows no other columns."""
        return queryset.filter(pk__in=LibraryImage.objects.filter(lacking(value)).values("pk"))


class PictureIndexView(images.IndexView):
    """Wagtail's list of pictures, with what is lacking."""

    filterset_class = PictureFilterSet


class PictureEditView(images.EditView):
    """Wagtail's form of a picture; deleting it is removing it everywhere."""

    delete_item_label = gettext_lazy("Remove this picture everywhere")


class AddPicturesView(multiple.AddView):
    """Takes pictures one after the other; the database is locked only while one is stored, not while it is decoded."""

    own_transaction = True

    def save_object(self, form):
        with transaction.atomic():
            return super().save_object(form)


class RemovePictureView(ActionView):
    """Shows where a picture is, and takes it from there after a yes."""

    template_name = "core/admin/remove_picture.html"
    page_title = gettext_lazy("Remove this picture everywhere")
    header_icon = "bin"
    submit_label = gettext_lazy("Yes, remove it everywhere")
    is_serious = True

    def setup(self, request: HttpRequest, image_id: int):
        super().setup(request, image_id=image_id)
        self.image = get_object_or_404(LibraryImage, pk=image_id)

    def dispatch(self, request, *args, **kwargs):
        if not permission_policy.user_has_permission_for_instance(request.user, "delete", self.image):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self):
        return [
            *super().get_breadcrumbs_items(),
            {"url": self.home_url(), "label": capfirst(LibraryImage._meta.verbose_name_plural)},
            {"url": reverse("wagtailimages:edit", args=[self.image.pk]), "label": self.image.title},
            {"url": "", "label": self.get_page_title()},
        ]

    def explanation(self):
        return [
            _("It disappears from these pages at once, in all languages, and from their drafts and older versions."),
            _("Its file and all its sizes are deleted; links to them stop working. This can't be undone."),
        ]

    def get_context_data(self, **kwargs):
        finder = AdminURLFinder(self.request.user)
        uses = [_told(use, finder) for use in pictures.uses_of(self.image)]
        return super().get_context_data(**kwargs) | {"image": self.image, "subject": self.image.title, "uses": uses}

    def perform(self, form):
        self.uses = pictures.remove_everywhere(self.image, user=self.request.user)

    def success(self):
        return _("“%(title)s” was removed everywhere.") % {"title": self.image.title}

    def home_url(self):
        return reverse("wagtailimages:index")


def _told(use: pictures.Use, finder: AdminURLFinder) -> dict[str, object]:
    """Return what the list of uses tells of one; what the person may not edit has no link."""
    holder = use.holder
    is_page = isinstance(holder, Page)
    return {
        "title": holder.get_admin_display_title() if is_page else str(holder),
        "kind": holder._meta.verbose_name,
        "language": holder.locale.get_display_name() if is_page else "",
        "url": finder.get_edit_url(holder),
        "in_draft": use.in_draft,
    }


class RemoveEverywhereBulkAction(DeleteBulkAction):
    """Removes several pictures everywhere; in the place of Wagtail's own deletion."""

    display_name = gettext_lazy("Remove everywhere")
    aria_label = gettext_lazy("Remove the selected pictures everywhere")

    def get_execution_context(self):
        return super().get_execution_context() | {"user": self.request.user}

    @classmethod
    def execute_action(cls, objects, user=None, **kwargs):
        for image in objects:
            pictures.remove_everywhere(image, user=user)
        return len(objects), 0

    def get_success_message(self, num_parent_objects, num_child_objects):
        return ngettext(
            "%(count)d picture was removed everywhere.",
            "%(count)d pictures were removed everywhere.",
            num_parent_objects,
        ) % {"count": num_parent_objects}


def register_log_actions(actions) -> None:
    """Name what the log tells of pictures."""
    actions.register_action(
        pictures.REMOVED_EVERYWHERE, gettext_lazy("Remove everywhere"), gettext_lazy("Removed everywhere")
    )
    actions.register_action(
        pictures.REMOVED_FROM_PAGE, gettext_lazy("Remove a picture"), gettext_lazy("A picture was removed everywhere")
    )


# Before Wagtail's own, under the same names.
urlpatterns = [
    path("images/", PictureIndexView.as_view()),
    path("images/results/", PictureIndexView.as_view(results_only=True)),
    path("images/<int:image_id>/", PictureEditView.as_view()),
    path("images/<int:image_id>/delete/", RemovePictureView.as_view()),
    path("images/multiple/add/", AddPicturesView.as_view()),
]
