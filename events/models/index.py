"""The events index: agenda and month grid of everything that is on."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.search import index

from core.pages import BasePage, words


class EventIndexPage(BasePage):
    """The calendar of the network; what it shows is a query, not its children."""

    in_every_language = True
    intro = models.TextField(_("introduction"), blank=True)

    translatable_fields = words("intro")
    content_panels = [*BasePage.content_panels, FieldPanel("intro")]
    search_fields = [*BasePage.search_fields, index.SearchField("intro")]
    parent_page_types = ["home.HomePage"]
    subpage_types = ["events.EventPage"]
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("calendar of events")

    def get_context(self, request, *args, **kwargs):
        from events.calendar import index_context

        return super().get_context(request, *args, **kwargs) | index_context(request)
