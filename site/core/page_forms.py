"""The forms of pages in the admin."""

from __future__ import annotations

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _
from wagtail.admin.forms import WagtailAdminPageForm

from core import addresses
from core.localtime import YEARS
from core.models import Term, Thing


class PageForm(WagtailAdminPageForm):
    """The form of every page: tells in time that an address is taken in another language."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            # Left empty, it is made from the title by the rules of the page's language.
            self.fields["slug"].required = False

    def clean(self):
        cleaned = super().clean()
        slug = cleaned.get("slug")
        if slug and addresses.slug_is_taken(self.instance, self.parent_page, slug):
            self.add_error("slug", addresses.SLUG_TAKEN)
        for name in ("go_live_at", "expire_at"):
            moment = cleaned.get(name)
            if moment and moment.year not in YEARS:
                self.add_error(name, _("The year %(year)s is too far away.") % {"year": moment.year})
        return cleaned


class ThingPageForm(PageForm):
    """The form of a thing's page: it holds the plan on the source page only, and offers no retired terms."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk and not self.instance.is_source:
            self._drop_plan()
        for name, field in self.fields.items():
            if isinstance(field, forms.ModelMultipleChoiceField):
                self._offer_boxes(name, field)
            elif isinstance(field, forms.ModelChoiceField) and issubclass(field.queryset.model, Thing):
                field.queryset = field.queryset.select_related("source_page")

    def _drop_plan(self) -> None:
        record_model = self.instance.record_model
        for name in (*(field.name for field in record_model.fact_fields()), *record_model.fact_relations):
            self.fields.pop(name, None)

    def _offer_boxes(self, name: str, field: forms.ModelMultipleChoiceField) -> None:
        """Let terms and things be ticked; those retired stay where they are chosen already."""
        model = field.queryset.model
        if not issubclass(model, Term | Thing):
            return
        field.widget = forms.CheckboxSelectMultiple()
        if issubclass(model, Term):
            chosen = [term.pk for term in getattr(self.instance, name).all()] if self.instance.pk else []
            field.queryset = field.queryset.filter(Q(retired=False) | Q(pk__in=chosen))
        else:
            field.queryset = field.queryset.select_related("source_page")
