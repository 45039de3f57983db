"""Makes the demo network small or large; runs inside of Django, on a data folder of its own.

What is added is made of copies of the demo's own pages, dates and texts, so that each row weighs what a real one does.
"""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from itertools import cycle, islice, repeat
from typing import Any
from urllib.parse import quote, urlencode
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.models import Count, Model
from django.utils import timezone
from wagtail.models import Page

from core.addresses import path_in
from core.localtime import to_utc
from core.models import Thing
from core.pages import BasePage
from events.domain.feed_texts import uid_of
from events.models import Event, EventPage, Occurrence, OccurrenceText
from home.demo.pages import indexing_later
from news.models import Article, ArticlePage

DATES_PER_EVENT = 50
BATCH = 2000


# --- The pages that are measured --------------------------------------------------------------------------------------


def measured_event() -> Any:
    """Return the event with the most dates to come, of those at a branch."""
    return Event.objects.get(pk=_most_frequent("event", event__branch__isnull=False))


def filters_of(event: Event) -> str:
    """Return the filters of all kinds that let the event through, as they stand in addresses."""
    found = {
        "branch": event.branch.key,
        "audience": [term.key for term in event.audiences.all()],
        "topic": [term.key for term in event.topics.all()],
        "held_in": event.held_in,
        "format": event.format,
        "free": "1" if event.is_free else [],
        "age": event.age_from or 30,
    }
    return urlencode(found, doseq=True)


def longest_word(event: Event) -> str:
    """Return the longest word of the event's English title, as it stands in addresses."""
    title = EventPage.objects.get(translation_key=event.translation_key, locale__language_code="en").title
    return quote(max(title.split(), key=len))


def measured_audience() -> str:
    """Return the key of the audience for which there is most to come."""
    return _most_frequent("event__audiences__key", event__audiences__isnull=False)


def _most_frequent(what: str, **conditions: bool) -> Any:
    coming = Occurrence.objects.public().upcoming(timezone.now()).filter(**conditions)
    return Counter(coming.values_list(what, flat=True)).most_common(1)[0][0]


def measured_article() -> Any:
    """Return the newest article that has a topic and a branch."""
    return Article.objects.public().filter(topics__isnull=False, branches__isnull=False).latest("published_at")


def paths() -> dict[str, str]:
    """Return the address of each page that is measured, by the name under which the table lists it."""
    event, article, audience = measured_event(), measured_article(), measured_audience()
    things = {"event": event, "branch": event.branch, "article": article}
    calendar = "/en/events/"
    return {
        "home": "/en/",
        "agenda": calendar,
        "week": f"{calendar}?view=week",
        "month": f"{calendar}?view=month",
        "past": f"{calendar}?view=past",
        **{name: path_in(thing.source_page, "en") for name, thing in things.items()},
        "news": "/en/news/",
        "agenda of a branch": f"{calendar}?branch={event.branch.key}",
        "agenda of an audience": f"{calendar}?audience={audience}",
        "agenda by many filters": f"{calendar}?{filters_of(event)}",
        "agenda with a word": f"{calendar}?text={longest_word(event)}",
        "dates as JSON": "/api/v1/occurrences/?language=en",
        "feed": f"{calendar}feed.ics",
    }


# --- Ten rows ---------------------------------------------------------------------------------------------------------


def measured_branch(*, dates: int) -> Any:
    """Return the measured event's branch, after moving events there until so many dates stand in its feed."""
    branch = measured_event().branch
    told = Occurrence.objects.filter(texts__language="en")
    missing = dates - told.filter(branch=branch).count()
    others = told.exclude(branch=branch).values_list("event").annotate(number=Count("pk")).order_by("event")
    moved = []
    for event, number in others:
        if missing <= 0:
            break
        moved.append(event)
        missing -= number
    Event.objects.filter(pk__in=moved).update(branch=branch)
    Occurrence.objects.filter(event__in=moved).update(branch=branch, planned_branch=branch)
    return branch


def shrink() -> int:
    """Leave ten dates and ten articles, some of each kind that a page shows; return how many dates there are then."""
    event, article = measured_event(), measured_article()
    public, now = Occurrence.objects.public(), timezone.now()
    kept = _first(10, [
        *public.upcoming(now).filter(event=event)[:3],
        *public.upcoming(now).filter(branch=event.branch).exclude(event=event)[:2],
        *public.on_now(now)[:1],
        *public.over(now)[:2],
        *public.upcoming(now).exclude(branch=event.branch)[:10],
    ])  # fmt: skip
    articles = Article.objects.public().order_by("-published_at")
    kept_articles = _first(10, [article, *articles.filter(branches=event.branch)[:2], *articles[:10]])
    with transaction.atomic():
        Occurrence.objects.exclude(pk__in=kept).delete()
        Article.objects.exclude(pk__in=kept_articles).delete()
    return Occurrence.objects.count()


def _first(number: int, rows: Iterable[Any]) -> list[int]:
    return list(islice(dict.fromkeys(row.pk for row in rows), number))


# --- Thousands of rows ------------------------------------------------------------------------------------------------


def enlarge(*, dates: int, articles: int, apart: bool) -> int:
    """Add events until there are `dates` occurrences, and articles until there are so many; return the number of dates.

    `apart` puts the new dates out of sight: over twenty years until two months ago and the months from two months
    ahead on, so that what a list shows now is the same as before. Otherwise they lie in the window of the feeds, and
    get their texts.
    """
    missing = dates - Occurrence.objects.count()
    days = _days_apart() if apart else _days_in_feeds()
    with transaction.atomic(), indexing_later():
        events = _add_dates(missing, days)
        if not apart:
            _add_texts(Occurrence.objects.filter(event__in=events).only("uid").order_by("pk"))
        _add_articles(articles - Article.objects.count())
    return Occurrence.objects.count()


def _days_apart() -> list[date]:
    today = timezone.localdate()
    past = [today - timedelta(days=number) for number in range(62, 20 * 365)]
    coming = [today + timedelta(days=number) for number in range(62, 540)]
    return [day for pair in zip(past, coming * 16, strict=False) for day in pair]


def _days_in_feeds() -> list[date]:
    today = timezone.localdate()
    return [today + timedelta(days=number) for number in range(-330, 540)]


def _add_dates(number: int, days: Sequence[date]) -> list[Event]:
    events = _copies_of_things(Event, EventPage, -(-number // DATES_PER_EVENT))
    places = list(zip(range(number), cycle(days), strict=False))
    for turn, event in enumerate(events):
        zone = event.branch.zoneinfo if event.branch else ZoneInfo(settings.TIME_ZONE)
        pattern = Occurrence(event=event, branch=event.branch, zone=zone.key)
        own = places[turn * DATES_PER_EVENT : (turn + 1) * DATES_PER_EVENT]
        _insert(pattern, (_moments(day, place, zone) for place, day in own))
    return events


def _moments(day: date, place: int, zone: ZoneInfo) -> dict[str, Any]:
    start = datetime.combine(day, time(10 + place % 9, place // 9 % 60))
    end = start + timedelta(minutes=90)
    return {
        "uid": uuid4(),
        "starts_at": to_utc(start, zone),
        "ends_at": to_utc(end, zone),
        **dict.fromkeys(("slot", "planned_start", "local_start"), start),
        **dict.fromkeys(("planned_end", "local_end"), end),
    }


def _add_texts(rows: Iterable[Occurrence]) -> None:
    """Give each date the texts of one of the demo's dates, under its own UID."""
    patterns: dict[str, list[tuple[str, str]]] = {}
    for one in OccurrenceText.objects.select_related("occurrence").order_by("pk"):
        patterns.setdefault(one.language, []).append((one.text, uid_of(one.occurrence)))
    for code, texts in patterns.items():
        pairs = zip(rows, cycle(texts), strict=False)
        _insert(
            OccurrenceText(language=code, modified_at=timezone.now()),
            ({"occurrence_id": row.pk, "text": text.replace(uid, uid_of(row))} for row, (text, uid) in pairs),
        )


def _insert(pattern: Model, changes: Iterable[dict[str, Any]]) -> None:
    """Write the pattern with each of the changes as a row; `bulk_create` would take several times as long."""
    database, meta = connections[DEFAULT_DB_ALIAS], pattern._meta
    fields = {field.attname: field for field in meta.concrete_fields if not field.primary_key}

    def prepared(values: dict[str, Any]) -> dict[str, Any]:
        return {name: fields[name].get_db_prep_save(value, database) for name, value in values.items()}

    changed = [prepared(values) for values in changes]
    same = {name: field.pre_save(pattern, True) for name, field in fields.items() if changed and name not in changed[0]}
    row = dict.fromkeys(fields) | prepared(same)
    columns = ", ".join(database.ops.quote_name(field.column or "") for field in fields.values())
    marks = ", ".join(["%s"] * len(fields))
    with database.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {meta.db_table} ({columns}) VALUES ({marks})", [[*(row | one).values()] for one in changed]
        )


def _add_articles(number: int) -> None:
    latest = timezone.now()
    moments = [{"published_at": latest - timedelta(hours=6 * place)} for place in range(number)]
    _copies_of_things(Article, ArticlePage, number, moments)


def _copies_of_things(
    model: type[Thing], page_model: type[BasePage], number: int, changes: Iterable[dict[str, Any]] = repeat({})
) -> list[Any]:
    """Add copies of the things of a kind in turn, each with one English page and its terms, with some changes."""
    patterns = list(model.objects.public().filter(source_page__isnull=False))
    pages = {page.translation_key: page for page in page_model.objects.filter(locale__language_code="en")}
    patterns = [pattern for pattern in patterns if pattern.translation_key in pages]
    chosen = [patterns[place % len(patterns)] for place in range(number)]
    added = _copies_of_pages([pages[pattern.translation_key] for pattern in chosen])
    things = [_copy_of_thing(*one) for one in zip(chosen, added, changes, strict=False)]
    model.objects.bulk_create(things, batch_size=500)
    for name in model.fact_relations:
        _copy_terms(model, name, chosen, things)
    return things


def _copy_of_thing(pattern: Any, page: Page, changes: dict[str, Any]) -> Any:
    thing = copy.copy(pattern)
    thing._state = copy.copy(pattern._state)
    thing._state.adding = True
    thing.pk = thing.id = None
    thing.key, thing.translation_key, thing.source_page = page.slug, page.translation_key, page
    thing.__dict__ |= changes
    return thing


def _copy_terms(model: type[Thing], name: str, patterns: Sequence[Any], things: Sequence[Any]) -> None:
    through = getattr(model, name).through
    own, other = (field.attname for field in through._meta.fields if field.remote_field)
    terms: dict[int, list[int]] = {}
    for thing_id, term_id in through.objects.values_list(own, other):
        terms.setdefault(thing_id, []).append(term_id)
    through.objects.bulk_create(
        [
            through(**{own: thing.pk, other: term})
            for pattern, thing in zip(patterns, things, strict=True)
            for term in terms.get(pattern.pk, ())
        ],
        batch_size=BATCH,
    )


def _copies_of_pages(patterns: Sequence[BasePage]) -> list[Page]:
    """Add a copy of each page beside it: first the rows that all pages have, then those of their own type."""
    next_free = {parent.path: _FreePlaces(parent) for parent in {page.get_parent() for page in patterns}}
    rows = [next_free[page.path[: -Page.steplen]].place(page) for page in patterns]
    Page.objects.bulk_create(rows, batch_size=500)
    for pattern, row in zip(patterns, rows, strict=True):
        words = copy.copy(pattern)
        words.__dict__ |= {field.attname: getattr(row, field.attname) for field in Page._meta.concrete_fields}
        words.page_ptr_id = row.pk
        words.save_base(raw=True, force_insert=True)
    for free in next_free.values():
        Page.objects.filter(pk=free.parent.pk).update(numchild=free.number)
    return rows


class _FreePlaces:
    """The places behind the last child of a page."""

    def __init__(self, parent: Page) -> None:
        self.parent, self.number = parent, parent.numchild
        self.step = Page._str2int(parent.get_last_child().path[-Page.steplen :])

    def place(self, pattern: BasePage) -> Page:
        """Return an unsaved row for a copy of a page at the next place."""
        self.number, self.step = self.number + 1, self.step + 1
        path = Page._get_path(self.parent.path, self.parent.depth + 1, self.step)
        slug = f"copy-{path.lower()}"
        values = {field.attname: getattr(pattern, field.attname) for field in Page._meta.concrete_fields}
        values |= {"id": None, "path": path, "numchild": 0, "slug": slug, "url_path": f"{self.parent.url_path}{slug}/"}
        values |= {"translation_key": uuid4(), "latest_revision_id": None, "live_revision_id": None}
        return Page(**values)
