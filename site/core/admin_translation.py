"""Who may have a page translated: wagtail-localize asks only for one permission for the whole installation.

Translating writes into the tree of the other language, so it takes the rights that writing there by hand would take.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.core.exceptions import PermissionDenied
from django.urls import path
from wagtail.models import Locale, Page
from wagtail_localize.views.submit_translations import SubmitPageTranslationView
from wagtail_localize.views.update_translations import UpdateTranslationsView

from core.models import User


def may_translate_into(user: User, page: Page, locale: Locale) -> bool:
    """Return whether the user may write the page's words in another language."""
    there = page.get_translation_or_none(locale)
    if there is not None:
        return there.permissions_for_user(user).can_edit()
    for parent in page.get_ancestors().order_by("-depth"):
        above = parent.get_translation_or_none(locale)
        if above is not None:
            # What is missing in between would be made along the way, so the right to add has to begin there.
            return above.permissions_for_user(user).can_add_subpage()
    return user.is_superuser


def locales_for(user: User, page: Page) -> list[Locale]:
    """Return the other languages into which the user may translate the page."""
    others = Locale.objects.exclude(pk=page.locale_id)
    return [locale for locale in others if may_translate_into(user, page, locale)]


class SubmitWithinRights(SubmitPageTranslationView):
    """Asks into which languages a page is to be translated, of those in which the editor may write."""

    def dispatch(self, request, *args, **kwargs):
        if not locales_for(request.user, self.get_object()):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_form(self):
        form = super().get_form()
        allowed = [locale.pk for locale in locales_for(self.request.user, self.object)]
        form.fields["locales"].queryset = form.fields["locales"].queryset.filter(pk__in=allowed)
        return form


class UpdateWithinRights(UpdateTranslationsView):
    """Brings translations in step with their source, where the editor may write in all of them."""

    def dispatch(self, request, *args, **kwargs):
        if any(not page.permissions_for_user(request.user).can_edit() for page in self._pages()):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form):
        pages = list(self._pages())
        if form.cleaned_data["publish_translations"] and any(
            not page.permissions_for_user(self.request.user).can_publish() for page in pages
        ):
            raise PermissionDenied
        return super().form_valid(form)

    def _pages(self) -> Iterator[Page]:
        source = self.get_object()
        instance = source.get_source_instance()
        if isinstance(instance, Page):
            yield instance
            for translation in source.translations.filter(enabled=True):
                yield translation.get_target_instance()


# The same addresses as those of wagtail-localize, found before them.
urlpatterns = [
    path("localize/submit/page/<int:page_id>/", SubmitWithinRights.as_view()),
    path("localize/update/<int:translation_source_id>/", UpdateWithinRights.as_view()),
]
