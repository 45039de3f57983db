"""What a search page offers where it has nothing to show: what is coming, topics, another spelling."""

from __future__ import annotations

from django.db.models import Exists, OuterRef
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language
from wagtail.models import Site

from core.labels import label_in
from core.memory import per_generation
from core.models import Topic
from core.search_words import words_of
from core.sites import network_for, visible_site_ids
from core.spelling import in_other_layout, respelled
from events.listing import next_rows
from events.models import Event, Occurrence
from home.search_hits import hits_for
from home.sitemap import public_pages

EVENTS = 6
TOPICS = 12


def suggestions(request: HttpRequest, missed: str) -> dict:
    """Return what to show instead of results; `missed` is the query for which there is nothing at all."""
    return {
        "coming": next_rows(request, EVENTS),
        "topics": coming_topics(request),
        "meant": meant(request, missed) if missed else "",
    }


def coming_topics(request: HttpRequest) -> list[tuple[str, str]]:
    """Return the topics of coming events as key and name."""
    dates = Occurrence.objects.announced().filter(event=OuterRef("event"), ends_at__gt=timezone.now())
    public = Event.objects.public().on(visible_site_ids(request)).values("pk")
    about = Event.topics.through.objects.filter(Exists(dates), topic=OuterRef("pk"), event__in=public)
    topics = Topic.objects.filter(Exists(about), retired=False)[:TOPICS]
    return [(topic.key, label_in(topic.label)) for topic in topics]


def meant(request: HttpRequest, query: str) -> str:
    """Return what may have been meant by a query that finds nothing; empty unless that finds something."""
    language = get_language() or ""
    known = _title_words(network_for(request).site_id, language)
    for guess in (in_other_layout(query, language), respelled(query, known)):
        if guess and hits_for(request, guess):
            return guess
    return ""


@per_generation
def _title_words(site_id: int, language: str) -> frozenset[str]:
    """Return the words in the titles of the site's public pages in a language."""
    pages = public_pages(Site.objects.get(pk=site_id)).filter(locale__language_code=language)
    titles = pages.order_by().values_list("title", flat=True)
    return frozenset(word for title in titles for word in words_of(title))
