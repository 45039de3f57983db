"""Parts of the form of menu and footer that are no fields: what readers don't see, and a way to begin."""

from wagtail.admin.panels import Panel


class LeftOutPanel(Panel):
    """Names the entries that are left out, and why; nothing where there are none."""

    class BoundPanel(Panel.BoundPanel):
        """The panel on one form."""

        template_name = "core/panels/left_out.html"

        def is_shown(self) -> bool:
            return super().is_shown() and bool(self.entries)

        @property
        def entries(self) -> list:
            """The entries of the stored menu and footer that lead nowhere."""
            # This module is part of the models, which that one asks.
            from core.navigation import left_out

            return left_out(self.instance) if self.instance.pk else []

        def get_context_data(self, parent_context=None):
            return super().get_context_data(parent_context) | {"entries": self.entries}


class FillMenuPanel(Panel):
    """Offers to begin with what the menu shows by itself, as long as it has no entries."""

    class BoundPanel(Panel.BoundPanel):
        """The panel on one form."""

        template_name = "core/panels/fill_menu.html"

        def is_shown(self) -> bool:
            return super().is_shown() and not self.instance.menu

        def get_context_data(self, parent_context=None):
            return super().get_context_data(parent_context) | {"site_id": self.instance.site_id}
