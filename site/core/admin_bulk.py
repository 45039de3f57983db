"""Publishing several pages at once: what is incomplete stops no other, and its editor is told what it lacks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.admin.views.pages.bulk_actions.publish import PublishBulkAction
from wagtail.models import Page

from core.models import User


class PublishCompleteBulkAction(PublishBulkAction):
    """Publishes the latest draft of each page that is complete."""

    refused: list[tuple[Page, ValidationError]]

    def get_execution_context(self):
        self.refused = []
        return super().get_execution_context() | {"refused": self.refused}

    @classmethod
    def execute_action(cls, objects, include_descendants=False, user=None, refused=None, **kwargs):
        refused = [] if refused is None else refused
        published = [page for page in objects if _is_published(page, user, refused)]
        below = _drafts_below(published, user) if include_descendants else []
        return len(published), sum(_is_published(page, user, refused) for page in below)

    def get_success_message(self, num_parent_objects, num_child_objects):
        if num_parent_objects + num_child_objects == 0:
            return None
        return super().get_success_message(num_parent_objects, num_child_objects)

    def form_valid(self, form):
        response = super().form_valid(form)
        for page, error in self.refused:
            sentence = _("“%(page)s” is not published. %(problems)s") % {
                "page": page.get_admin_display_title(),
                "problems": " ".join(_problems(page, error)),
            }
            button = messages.button(reverse("wagtailadmin_pages:edit", args=[page.pk]), _("Edit"))
            messages.error(self.request, sentence, buttons=[button])
        return response


def _is_published(page: Page, user: User | None, refused: list) -> bool:
    """Publish the latest draft of a page; if it lacks something, keep what that is and return False."""
    try:
        with transaction.atomic():
            revision = page.get_latest_revision() or page.specific.save_revision(user=user)
            if why := revision.as_object().why_wait():
                raise ValidationError(why)
            revision.publish(user=user)
    except ValidationError as error:
        refused.append((page, error))
        return False
    return True


def _drafts_below(pages: Iterable[Page], user: User | None) -> Iterator[Page]:
    """Yield what was never published, or was hidden, below the pages, as far as the user may publish it."""
    for page in pages:
        for draft in page.get_descendants().not_live().specific():
            if user is None or draft.permissions_for_user(user).can_publish():
                yield draft


def _problems(page: Page, error: ValidationError) -> Iterator[str]:
    """Yield what a page lacks, with the names of the fields as in the form."""
    fields = page.specific_class._meta
    by_field = error.message_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.messages}
    for name, texts in by_field.items():
        words = " ".join(texts)
        yield words if name == NON_FIELD_ERRORS else f"{capfirst(str(fields.get_field(name).verbose_name))}: {words}"
