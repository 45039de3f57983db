"""Tells whoever changes the days off, beside their list, how much follows from it."""

from collections.abc import Callable

from django.utils.functional import cached_property
from wagtail.admin.panels import Panel
from wagtail.models import Site

# Each returns a sentence on what of a site follows the days off, or nothing.
days_off_reach_hooks: list[Callable[[Site], str]] = []


class DaysOffReachPanel(Panel):
    """Says what of the site follows the list of days off; nothing where nothing does."""

    class BoundPanel(Panel.BoundPanel):
        """The panel on one network's form."""

        template_name = "core/panels/days_off_reach.html"

        @cached_property
        def sentences(self) -> list[str]:
            """What follows the list, in words."""
            return [said for tell in days_off_reach_hooks if (said := tell(self.instance.site))]

        def is_shown(self) -> bool:
            return super().is_shown() and bool(self.sentences)
