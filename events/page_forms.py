"""The form of an event."""

from __future__ import annotations

from django.utils.translation import gettext as _

from core.page_forms import ThingPageForm


class EventPageForm(ThingPageForm):
    """Refuses to publish a template, in words at the field."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        asked = getattr(self.for_user, "asked_first_day", None)
        if asked and not self.instance.pk and "starts_on" in self.fields:
            self.initial["starts_on"] = asked

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("is_template") and not self.is_deferred_validation:
            self.add_error("is_template", _("A template is never published. Copy it to a date, or untick this."))
        return cleaned
