"""Panels of page forms: the plan, editable on the source page only; elsewhere as text that says where it is changed."""

from django.utils.html import format_html
from wagtail.admin.panels import FieldPanel, MultiFieldPanel


class FactsPanel(MultiFieldPanel):
    """Shows the plan's fields on the source page; elsewhere the facts as text, with a link to the source."""

    template_name = "wagtailadmin/panels/multi_field_panel.html"

    class BoundPanel(MultiFieldPanel.BoundPanel):
        """The panel on one page's form."""

        @property
        def is_editable(self) -> bool:
            """Whether this page is the source, or new."""
            return self.instance.pk is None or self.instance.is_source

        @property
        def template_name(self):
            return self.panel.template_name if self.is_editable else "core/panels/facts.html"

        def is_shown(self) -> bool:
            return super().is_shown() if self.is_editable else self.instance.record is not None

        def get_context_data(self, parent_context=None):
            context = super().get_context_data(parent_context)
            if not self.is_editable:
                from core.fact_list import facts_of

                record = self.instance.record
                context |= {"facts": facts_of(record), "source": record.source_page, "record": record}
            return context

        def __str__(self):
            return format_html("{}", self.heading)


class ShownFactPanel(FieldPanel):
    """Shows a fact that an action sets, as text, where there is one."""

    def __init__(self, field_name: str, **kwargs):
        super().__init__(field_name, **kwargs | {"read_only": True})

    class BoundPanel(FieldPanel.BoundPanel):
        """The panel on one page's form."""

        def is_shown(self) -> bool:
            return super().is_shown() and getattr(self.instance, f"{self.field_name}_id") is not None
