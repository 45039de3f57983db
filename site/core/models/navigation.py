"""What the menu and the footer of one network hold, in the order of its editors."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.fields import StreamField
from wagtail.models import Page

from core.link_blocks import MOST_COLUMNS, MOST_IN_MENU, ColumnBlock, LinkBlock
from core.navigation_panels import FillMenuPanel, LeftOutPanel


@register_setting(icon="list-ul", order=105)
class Navigation(BaseSiteSetting):
    """The menu and the footer; each that has no entries shows the sections of the site."""

    menu = StreamField(
        [("link", LinkBlock())],
        verbose_name=_("menu"),
        blank=True,
        collapsed=True,
        max_num=MOST_IN_MENU,
        help_text=_(
            "Without entries it shows the sections and the pages that are marked “Show in menus”, in the order of "
            "the page tree. Seven entries or fewer are taken in at a glance."
        ),
    )
    footer = StreamField(
        [("column", ColumnBlock())],
        verbose_name=_("columns of the footer"),
        blank=True,
        collapsed=True,
        max_num=MOST_COLUMNS,
        help_text=_(
            "Without columns the entries of the menu stand there. Contacts, feeds, display and languages are always "
            "in the footer."
        ),
    )
    # What each chosen page was, for when it is gone: {id: {"key": translation key, "title": title}}.
    known = models.JSONField(default=dict, editable=False)

    panels = [LeftOutPanel(), FillMenuPanel(), FieldPanel("menu"), FieldPanel("footer")]

    class Meta:
        verbose_name = _("menu and footer")

    def save(self, *args, **kwargs):
        self.known = self._known_pages()
        super().save(*args, **kwargs)

    def raw_links(self) -> Iterator[tuple[int, dict]]:
        """Yield each entry as it is stored, with the number of its column of the footer; the menu's number is 0."""
        for block in self.menu.raw_data:
            yield 0, block["value"]
        for number, block in enumerate(self.footer.raw_data, 1):
            for item in block["value"]["links"]:
                yield number, item["value"]

    def _known_pages(self) -> dict[str, dict[str, str]]:
        chosen = {str(link["page"]) for _number, link in self.raw_links() if link.get("page")}
        found = Page.objects.filter(pk__in=chosen).values_list("pk", "translation_key", "title")
        now = {str(pk): {"key": str(key), "title": title} for pk, key, title in found}
        return {pk: self.known[pk] for pk in chosen & set(self.known)} | now
