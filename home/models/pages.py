"""The home page, the mission, and plain pages."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.search import index

from core import sharing
from core.blocks import BodyBlock
from core.labels import label_in
from core.pages import BasePage, words
from core.sites import network_for
from home.blocks import AudiencesBlock, GoalsBlock, HomeBlock, PrinciplesBlock, ResultsBlock


class HomePage(BasePage):
    """The first page of a network in one language."""

    in_every_language = True
    lead = models.TextField(_("lead"), blank=True, max_length=400)
    body = StreamField(HomeBlock(), verbose_name=_("content"), blank=True)

    translatable_fields = words("lead", "body")
    content_panels = [*BasePage.content_panels, FieldPanel("lead"), FieldPanel("body")]
    search_fields = [*BasePage.search_fields, index.SearchField("lead"), index.SearchField("body")]
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = [
        "branches.BranchIndexPage",
        "events.EventIndexPage",
        "news.NewsIndexPage",
        "home.MissionPage",
        "home.PlainPage",
    ]

    class Meta:
        verbose_name = _("home page")

    def get_card(self, context, request):
        lines = tuple(filter(None, [label_in(network_for(request).tagline)]))
        return sharing.plain_card(self, context, request, lines=lines)


class MissionPage(BasePage):
    """What the library is for, as parts that other pages can show."""

    statement = models.TextField(_("statement"), help_text=_("The mission in one or two sentences."))
    introduction = StreamField(BodyBlock(), verbose_name=_("introduction"), blank=True)
    principles = StreamField(PrinciplesBlock(), verbose_name=_("principles"), blank=True)
    goals = StreamField(GoalsBlock(), verbose_name=_("goals and tasks"), blank=True)
    audiences = StreamField(AudiencesBlock(), verbose_name=_("audiences"), blank=True)
    results = StreamField(ResultsBlock(), verbose_name=_("expected results"), blank=True)

    translatable_fields = words("statement", "introduction", "principles", "goals", "audiences", "results")
    content_panels = [
        *BasePage.content_panels,
        FieldPanel("statement"),
        FieldPanel("introduction"),
        FieldPanel("principles"),
        FieldPanel("goals"),
        FieldPanel("audiences"),
        FieldPanel("results"),
    ]
    search_fields = [
        *BasePage.search_fields,
        index.SearchField("statement"),
        index.SearchField("introduction"),
        index.SearchField("principles"),
        index.SearchField("goals"),
    ]
    parent_page_types = ["home.HomePage"]
    subpage_types = ["home.PlainPage"]

    class Meta:
        verbose_name = _("mission")


class PlainPage(BasePage):
    """A page of text: about the library, rules, history, help."""

    lead = models.TextField(_("lead"), blank=True, max_length=400)
    body = StreamField(BodyBlock(), verbose_name=_("text"), blank=True)

    translatable_fields = words("lead", "body")
    content_panels = [*BasePage.content_panels, FieldPanel("lead"), FieldPanel("body")]
    promote_panels = [*BasePage.promote_panels, FieldPanel("show_in_menus")]
    search_fields = [*BasePage.search_fields, index.SearchField("lead"), index.SearchField("body")]
    parent_page_types = ["home.HomePage", "home.MissionPage", "home.PlainPage", "branches.BranchPage"]
    subpage_types = ["home.PlainPage"]

    class Meta:
        verbose_name = _("page")
