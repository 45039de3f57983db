"""What is left to do on a site that was just started, and what of it is done: each in a query or two."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.contrib.contenttypes.models import ContentType
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.models import Page

from branches.models import Branch
from core.backup_stamp import last_backup
from core.models import Navigation, Network, OutboxMessage
from core.models.outbox import DeliveryState
from core.outbox import TEST_PURPOSE
from home.models import MissionPage, PlainPage
from home.starting.unanswered import questions_in

MOST_PAGES = 200


@dataclass(frozen=True)
class Place:
    """Where something is done."""

    label: str
    url: str


@dataclass(frozen=True)
class Task:
    """One line of the list; `places` are where the rest of it is done, the first where nothing is named."""

    title: str
    done: bool
    hint: str = ""
    places: list[Place] = field(default_factory=list)


def tasks_of(network: Network) -> list[Task]:
    """Return what a new network has to do, in the order in which it is best done."""
    settings = Place(_("Network settings"), reverse("wagtailsettings:edit", args=["core", "network", network.site_id]))
    return [
        Task(_("Logo"), network.logo_id is not None, _("It stands before the name on each page."), [settings]),
        Task(
            _("Contacts"),
            bool(network.address and (network.phone or network.email)),
            _("The address, and a phone or a mail address: they stand at the foot of each page."),
            [settings],
        ),
        _hours(network),
        _pages(network),
        _menu(network),
        _mail(),
        _backup(),
    ]


def _hours(network: Network) -> Task:
    branches = Branch.objects.public().on([network.site_id]).select_related("source_page")
    missing = [branch for branch in branches if not branch.opening_hours.kinds]
    places = [
        Place(branch.source_page.title, reverse("wagtailadmin_pages:edit", args=[branch.source_page_id]))
        for branch in missing
        if branch.source_page_id
    ]
    hint = _("Readers see which branch is open now; until then they read that the hours are not entered yet.")
    return Task(_("Opening hours of each branch"), not missing, hint, places)


def _pages(network: Network) -> Task:
    kinds = ContentType.objects.get_for_models(PlainPage, MissionPage).values()
    pages = (
        Page.objects.filter(content_type__in=list(kinds), latest_revision__isnull=False, alias_of=None)
        .select_related("latest_revision", "locale")
        .order_by("path")[:MOST_PAGES]
    )
    places = []
    for page in pages:
        if count := questions_in(page.latest_revision.content):
            words = ngettext("%(count)d question", "%(count)d questions", count) % {"count": count}
            label = f"{page.draft_title or page.title} ({page.locale.language_code}): {words}"
            places.append(Place(label, reverse("wagtailadmin_pages:edit", args=[page.pk])))
    hint = _(
        "They are drafts. Answer what stands in [brackets], or delete it, and publish; delete what you do without."
    )
    return Task(_("Pages that law and custom expect"), not places, hint, places)


def _menu(network: Network) -> Task:
    home = network.site.root_page
    stored = Navigation.objects.filter(site=network.site_id).first()
    in_menus = PlainPage.objects.descendant_of(home).live().filter(show_in_menus=True)
    form = Place(_("Menu and footer"), reverse("wagtailsettings:edit", args=["core", "navigation", network.site_id]))
    pages = Place(_("Pages below the home page"), reverse("wagtailadmin_explore", args=[home.pk]))
    hint = _(
        "The sections stand in it by themselves. Any other published page does where “Show in menus” is ticked; "
        "the order is that of the pages, or your own under “Menu and footer”."
    )
    return Task(_("Menu"), bool(stored and stored.menu) or in_menus.exists(), hint, [form, pages])


def _mail() -> Task:
    done = OutboxMessage.objects.filter(purpose=TEST_PURPOSE, state=DeliveryState.SENT).exists()
    place = Place(_("Mail page"), reverse("mail"))
    return Task(_("Mail"), done, _("Send a test to yourself and see whether it arrives."), [place])


def _backup() -> Task:
    hint = _("Whoever runs the machine types “make backup”, and lets it run every night: docs/deploy.md says how.")
    return Task(_("Backup"), last_backup() is not None, hint)
