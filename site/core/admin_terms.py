"""Terms in the admin: labels in the reader's language, keys that fill themselves, no deletion of what is used."""

from __future__ import annotations

from django.conf import settings
from django.contrib.admin.utils import quote
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import ObjectList
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet

from core.labels import Label
from core.models import Audience, Term, Topic
from core.slugs import slugify_words, unique_slug


def is_used(term: Term) -> bool:
    """Return whether any page or thing has the term."""
    relations = [
        field
        for field in term._meta.get_fields(include_hidden=True)
        if field.auto_created and not field.concrete and field.many_to_many
    ]
    return any(
        relation.related_model._default_manager.filter(**{relation.field.name: term}).exists() for relation in relations
    )


class TermForm(WagtailAdminModelForm):
    """Makes the key from the label where nobody entered one; a key that exists stays as it is."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["key"].required = False
        self.fields["key"].disabled = self.instance.pk is not None

    def clean(self):
        cleaned = super().clean()
        label = cleaned.get("label")
        if label and not cleaned.get("key") and "key" not in self.errors:
            cleaned["key"] = self._key_from(label)
        return cleaned

    def _key_from(self, label: Label) -> str:
        language = next(code for code in (*settings.SITE_LANGUAGES, *label) if label.get(code))
        return unique_slug(slugify_words(label[language], language), type(self.instance).key_is_taken)


class TermDeleteView(generic.DeleteView):
    """Deletes what nobody uses; everything else can be retired."""

    def dispatch(self, request, *args, **kwargs):
        if not self.user_has_permission("delete") or not is_used(self.object):
            return super().dispatch(request, *args, **kwargs)
        sentence = _(
            "“%(term)s” is in use and can't be deleted. Retire it instead: then it is no longer offered, "
            "and old links still answer."
        )
        messages.error(request, sentence % {"term": self.object})
        return redirect(self.edit_url_name, quote(self.object.pk))


class TermViewSet(ModelViewSet):
    """One kind of terms as an item of the menu."""

    icon = "tag"
    list_filter = ["retired"]
    list_per_page = 100
    ordering = ["order", "key"]
    delete_view_class = TermDeleteView
    copy_view_enabled = False

    list_display = [
        "__str__",
        Column("key", label=gettext_lazy("Key"), sort_key="key"),
        Column("order", label=gettext_lazy("Order"), sort_key="order"),
        BooleanColumn("retired", label=gettext_lazy("Retired"), sort_key="retired"),
    ]

    def get_edit_handler(self):
        return ObjectList(self.model.panels, base_form_class=TermForm).bind_to_model(self.model)


class TopicViewSet(TermViewSet):
    """Topics."""

    model = Topic
    name = "topics"


class AudienceViewSet(TermViewSet):
    """Audiences."""

    model = Audience
    name = "audiences"
    icon = "group"
