"""A branch: the record that everything points to, and its pages."""

from zoneinfo import ZoneInfo

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.search import index

from branches.blocks import ContactsBlock, ExceptionsBlock, MailsBlock
from branches.domain import branches as domain
from branches.hours_field import HoursField
from branches.models.terms import Facility, Service
from branches.opening_hours import OpeningHours
from branches.page_forms import BranchPageForm
from core import sharing
from core.blocks import BodyBlock, GalleryBlock
from core.labels import LabelField
from core.models import Thing
from core.models.network import zone_choices, zone_default
from core.page_panels import FactsPanel
from core.pages import BasePage, ThingPage, words


class BranchFacts(models.Model):
    """The plan of a branch: where it is, how to reach it, when it is open."""

    street = LabelField(_("street and number"), max_length=160, blank=True)
    town = LabelField(_("town or village"), max_length=120, blank=True)
    postcode = models.CharField(_("postcode"), max_length=12, blank=True)
    latitude = models.DecimalField(
        _("latitude"),
        max_digits=8,
        decimal_places=5,
        null=True,
        blank=True,
        validators=[MinValueValidator(-90), MaxValueValidator(90)],
    )
    longitude = models.DecimalField(
        _("longitude"),
        max_digits=8,
        decimal_places=5,
        null=True,
        blank=True,
        validators=[MinValueValidator(-180), MaxValueValidator(180)],
    )
    phones = StreamField(ContactsBlock(), verbose_name=_("phones"), blank=True)
    mails = StreamField(MailsBlock(), verbose_name=_("mail addresses"), blank=True)
    hours = HoursField(_("opening hours"), blank=True)
    exceptions = StreamField(ExceptionsBlock(), verbose_name=_("other hours and closures"), blank=True)
    zone = models.CharField(_("time zone"), max_length=64, choices=zone_choices, default=zone_default)
    is_central = models.BooleanField(_("central library"), default=False)

    class Meta:
        abstract = True

    @property
    def zoneinfo(self) -> ZoneInfo:
        """The branch's time zone."""
        return ZoneInfo(self.zone)

    @cached_property
    def opening_hours(self) -> OpeningHours:
        """The week and its exceptions as one value."""
        return domain.opening_hours_of(self)


class Branch(BranchFacts, Thing):
    """A branch, once, whatever its pages say."""

    facts_model = BranchFacts
    fact_relations = ("facilities", "services")

    facilities = models.ManyToManyField(Facility, related_name="branches", editable=False)
    services = models.ManyToManyField(Service, related_name="branches", editable=False)
    # Operations: an emergency closes at once and ends by itself.
    closed_until = models.DateTimeField(_("closed until"), null=True, editable=False)
    closed_reason = LabelField(_("reason"), max_length=200, blank=True, editable=False)

    class Meta:
        verbose_name = _("branch")
        verbose_name_plural = _("branches")
        ordering = ("-is_central", "key")


class BranchIndexPage(BasePage):
    """The list of all branches."""

    in_every_language = True
    intro = models.TextField(_("introduction"), blank=True)

    translatable_fields = words("intro")
    content_panels = [*BasePage.content_panels, FieldPanel("intro")]
    search_fields = [*BasePage.search_fields, index.SearchField("intro")]
    parent_page_types = ["home.HomePage"]
    subpage_types = ["branches.BranchPage"]
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("list of branches")

    def get_context(self, request, *args, **kwargs):
        from branches.listing import index_context

        return super().get_context(request, *args, **kwargs) | index_context(request)

    def serve(self, request, *args, **kwargs):
        from branches.maps import allow_map, allow_position

        return allow_position(allow_map(super().serve(request, *args, **kwargs)))


class BranchPage(BranchFacts, ThingPage):
    """The words of a branch in one language; on the source page also its plan."""

    record_model = Branch
    base_form_class = BranchPageForm
    in_every_language = True

    lead = models.TextField(_("lead"), blank=True, max_length=400)
    body = StreamField(BodyBlock(), verbose_name=_("text"), blank=True)
    photos = StreamField(GalleryBlock(), verbose_name=_("photos"), blank=True)
    facilities = ParentalManyToManyField(Facility, verbose_name=_("facilities"), blank=True)
    services = ParentalManyToManyField(Service, verbose_name=_("services"), blank=True)

    translatable_fields = words("lead", "body", "photos")
    content_panels = [
        *ThingPage.content_panels,
        FieldPanel("lead"),
        FactsPanel(
            [
                MultiFieldPanel(
                    [
                        FieldPanel("street"),
                        FieldPanel("town"),
                        FieldRowPanel([FieldPanel("postcode"), FieldPanel("latitude"), FieldPanel("longitude")]),
                        FieldPanel("zone"),
                        FieldPanel("is_central"),
                    ],
                    heading=_("Place"),
                ),
                MultiFieldPanel([FieldPanel("phones"), FieldPanel("mails")], heading=_("Contacts")),
                MultiFieldPanel([FieldPanel("hours"), FieldPanel("exceptions")], heading=_("Opening hours")),
                MultiFieldPanel(
                    [FieldPanel("facilities"), FieldPanel("services")], heading=_("Facilities and services")
                ),
            ],
            heading=_("Facts, the same in every language"),
        ),
        FieldPanel("body"),
        FieldPanel("photos"),
    ]
    search_fields = [*ThingPage.search_fields, index.SearchField("lead"), index.SearchField("body")]
    parent_page_types = ["branches.BranchIndexPage"]
    subpage_types = ["events.EventPage", "news.ArticlePage", "home.PlainPage"]

    class Meta:
        verbose_name = _("branch")

    def languages_filled(self):
        domain.languages_filled(self.record)

    def projected(self, record):
        domain.after_projection(record)

    def words_published(self, record):
        domain.words_changed(record)

    def get_context(self, request, *args, **kwargs):
        from branches.listing import branch_context

        context = super().get_context(request, *args, **kwargs)
        return context | branch_context(self, context["facts"], request)

    def sharing_context(self, request, part):
        from branches.listing import address_of

        context = super().sharing_context(request, part)
        return context | {"address": address_of(context["facts"])}

    def shared_images(self, context):
        return [block.value["image"] for block in self.photos] + super().shared_images(context)

    def get_card(self, context, request):
        lines = tuple(filter(None, [context["address"]]))
        return sharing.plain_card(self, context, request, spines=context["facts"].key, lines=lines)

    def serve(self, request, *args, **kwargs):
        from branches.maps import allow_map

        return allow_map(super().serve(request, *args, **kwargs))
