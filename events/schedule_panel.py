"""The place in an event's form where what its plan makes is told while it is written."""

from __future__ import annotations

from django.urls import reverse
from django.utils.http import urlencode
from wagtail.admin.panels import Panel


class SchedulePanel(Panel):
    """Shows the dates that the fields around it make; a script asks for them, publishing asks in any case."""

    class BoundPanel(Panel.BoundPanel):
        """The panel on one event's form."""

        template_name = "events/admin/schedule_panel.html"

        def is_shown(self) -> bool:
            return super().is_shown() and (self.instance.pk is None or self.instance.is_source)

        def get_context_data(self, parent_context=None):
            return super().get_context_data(parent_context) | {"url": f"{reverse('schedule_preview')}?{self._where()}"}

        def _where(self) -> str:
            """Return the query that names the page, or the one below which it is to stand."""
            if self.instance.pk:
                return urlencode({"page": self.instance.pk})
            match = self.request.resolver_match if self.request else None
            return urlencode({"parent": match.kwargs["parent_page_id"]}) if match and match.kwargs else ""
