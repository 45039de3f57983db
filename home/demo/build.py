"""Builds the demo network in one transaction, saying what it does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from wagtail.models import Page

from core.generations import bump
from home.demo import content, network, texts
from home.demo.pages import Planter, indexing_later, keep_first_revisions
from home.models import PlainPage

Say = Callable[[str], None]


class SiteHasContentError(Exception):
    """The site already has pages of its own."""


def build(today: date, say: Say) -> None:
    """Build the demo; raise SiteHasContentError where there is anything that it could harm."""
    if Page.objects.filter(depth__gt=2).exists():
        raise SiteHasContentError
    with transaction.atomic(), indexing_later():
        _build(Planter(list(settings.SITE_LANGUAGES)), today, say)
    say("Search index")
    call_command("rebuild_references_index", verbosity=0)
    call_command("update_index", verbosity=0)
    bump(None)


def _build(planter: Planter, today: date, say: Say) -> None:
    say("Home pages, mission, indexes")
    homes = network.make_site(planter)
    network.make_terms()
    indexes = network.make_indexes(planter, homes)
    mission = network.make_mission(planter, homes)
    plain = network.make_plain_pages(planter, homes)
    network.make_footer(planter, [*indexes.values(), mission], plain)
    say("Branches")
    branches = network.make_branches(planter, indexes["branches"], today)
    pages = {
        page.locale.language_code: page
        for page in PlainPage.objects.filter(slug="become-a-reader").select_related("locale")
    }
    network.fill_home_pages(planter, homes, pages)
    _count(say, "News", content.make_articles(planter, indexes["news"], branches, today), len(texts.read_all("news")))
    _count(
        say, "Events", content.make_events(planter, indexes["events"], branches, today), len(texts.read_all("events"))
    )
    content.tie_reports()
    say("People")
    network.make_people()
    keep_first_revisions()


def _count(say: Say, what: str, names, total: int) -> None:
    for number, _name in enumerate(names, start=1):
        if number % 15 == 0 or number == total:
            say(f"{what}: {number} of {total}")
