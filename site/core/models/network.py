"""The settings of one network: its name, languages, time zone, and the networks that it gathers."""

from zoneinfo import available_timezones

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.fields import StreamField
from wagtail.models import Site

from core import accent
from core.catalogue import validate_start, validate_template
from core.day_off_blocks import DaysOffBlock
from core.days_off_panel import DaysOffReachPanel
from core.enums import ShareService
from core.fields import AccentField, ChoiceListField, TileAddressField
from core.labels import LabelField
from core.share_links import usual_services


def site_languages_default() -> list[str]:
    """Return the languages of the installation, the default first."""
    return list(settings.SITE_LANGUAGES)


def share_services_default() -> list[str]:
    """Return the services with which a network begins whose country isn't known."""
    return usual_services()


def zone_default() -> str:
    """Return the time zone of the installation."""
    return settings.TIME_ZONE


def zone_choices() -> list[tuple[str, str]]:
    """Return every time zone with a place name."""
    return [(name, name) for name in sorted(available_timezones()) if "/" in name]


@register_setting(icon="home", order=100)
class Network(BaseSiteSetting):
    """What a library network says about itself on every page."""

    name = LabelField(_("name of the network"), max_length=120, blank=True)
    tagline = LabelField(_("one sentence about it"), max_length=200, blank=True)
    languages = ChoiceListField(
        _("languages"),
        choices=settings.LANGUAGES,
        default=site_languages_default,
        help_text=_("Readers can choose between these."),
    )
    default_language = models.CharField(
        _("first language"), max_length=8, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE
    )
    logo = models.ForeignKey(
        settings.WAGTAILIMAGES_IMAGE_MODEL,
        verbose_name=_("logo"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Stands before the name at the top of each page."),
    )
    address = LabelField(_("postal address"), max_length=200, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    email = models.EmailField(_("email address"), blank=True)
    catalogue_address = models.CharField(
        _("address of a search in the catalogue"),
        max_length=500,
        blank=True,
        validators=[validate_template],
        help_text=_(
            "Search for anything in your catalogue, copy the address of the results, and write {query} in place of "
            "what you searched for, as in https://opac.example/search?q={query}. Then each page has a search box for "
            "the catalogue, too."
        ),
    )
    catalogue_start = models.CharField(
        _("first page of the catalogue"),
        max_length=500,
        blank=True,
        validators=[validate_start],
        help_text=_("Where those arrive who search for nothing. If empty: the address above, up to the search."),
    )
    accent = AccentField(
        _("colour"),
        default=accent.DEFAULT,
        help_text=_("The one strong colour of the pages. All others are derived from it."),
    )
    negotiates_language = models.BooleanField(
        _("the address without a language follows the browser's language"),
        default=False,
        help_text=_("Otherwise it leads to the first language."),
    )
    zone = models.CharField(_("time zone"), max_length=64, choices=zone_choices, default=zone_default)
    country = models.CharField(
        _("country code"),
        max_length=2,
        blank=True,
        help_text=_("Two letters, such as UA. Its public holidays are days off, as far as they are known."),
    )
    days_off = StreamField(
        DaysOffBlock(),
        verbose_name=_("own days off"),
        blank=True,
        help_text=_("Beside the public holidays of the country. Events that are not held on days off leave them out."),
    )
    members = models.ManyToManyField(
        Site,
        verbose_name=_("member networks"),
        blank=True,
        related_name="+",
        help_text=_("Their events and news appear here too."),
    )

    share_services = ChoiceListField(
        _("where pages can be shared"),
        choices=ShareService.choices,
        default=share_services_default,
        help_text=_("Links stand below events, articles and pages. VK is not allowed in Ukraine."),
    )

    map_tiles = TileAddressField(
        _("address of the map's tiles"),
        blank=True,
        help_text=_(
            "With {z}, {x} and {y} where the numbers of a tile stand, such as "
            "https://tiles.library.example/{z}/{x}/{y}.png. Empty: no map, only links to one."
        ),
    )
    map_credit = LabelField(
        _("whose map it is"),
        max_length=120,
        blank=True,
        help_text=_("Stands on the map, such as “© OpenStreetMap contributors”."),
    )
    map_credit_url = models.URLField(_("address behind it"), blank=True)

    checklist_shown = models.BooleanField(default=False, editable=False)

    panels = [
        FieldPanel("name"),
        FieldPanel("tagline"),
        FieldPanel("logo"),
        MultiFieldPanel([FieldPanel("address"), FieldPanel("phone"), FieldPanel("email")], heading=_("Contacts")),
        MultiFieldPanel([FieldPanel("catalogue_address"), FieldPanel("catalogue_start")], heading=_("Catalogue")),
        FieldPanel("accent"),
        MultiFieldPanel(
            [FieldPanel("languages"), FieldPanel("default_language"), FieldPanel("negotiates_language")],
            heading=_("Languages"),
        ),
        FieldPanel("share_services"),
        MultiFieldPanel([FieldPanel("zone"), FieldPanel("country"), FieldPanel("members")], heading=_("Place")),
        FieldPanel("days_off"),
        DaysOffReachPanel(),
        MultiFieldPanel(
            [FieldPanel("map_tiles"), FieldPanel("map_credit"), FieldPanel("map_credit_url")],
            heading=_("Map, shown when a reader asks for it"),
        ),
    ]

    class Meta:
        verbose_name = _("network")

    @property
    def language_codes(self) -> list[str]:
        """The site's languages, the first language first."""
        rest = [code for code in self.languages if code != self.default_language]
        return [self.default_language, *rest]
