"""Says on an event's form that a version waits until somebody has said what becomes of its dates."""

from __future__ import annotations

from django.urls import reverse
from wagtail.admin.panels import Panel


class WaitingPanel(Panel):
    """Leads from the form of an event to the question that holds its publication back."""

    class BoundPanel(Panel.BoundPanel):
        """The panel on one event's form."""

        template_name = "events/admin/waiting.html"

        def is_shown(self) -> bool:
            return super().is_shown() and bool(self.url)

        @property
        def url(self) -> str:
            """The address of the question; empty where nothing waits."""
            page = self.instance
            record = page.record if page.pk else None
            if record is None or record.waiting_revision is None or not page.is_source:
                return ""
            if record.waiting_revision != page.latest_revision_id:
                return ""
            return reverse("events:confirm", args=[record.pk, record.waiting_revision])

        def get_context_data(self, parent_context=None):
            return super().get_context_data(parent_context) | {"url": self.url}
