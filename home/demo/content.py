"""The demo's news and events, dated relative to the day on which it is built."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from wagtail.models import Page

from branches.models import Branch
from core.localtime import to_utc
from core.models import Audience, Topic
from events.domain import operations
from events.enums import Repeat, Weekday
from events.models import Event, EventPage
from home.demo import texts
from home.demo.pages import Planter
from home.plain_text import body_blocks
from news.models import Article, ArticlePage

ZONE = ZoneInfo("Europe/Kyiv")


def make_articles(
    planter: Planter, news: dict[str, Page], branches: dict[str, dict[str, Page]], today: date
) -> Iterator[str]:
    """Add the articles, naming each as it is done."""
    topics = {term.key: term for term in Topic.objects.all()}
    for slug, data in texts.read_all("news").items():
        words = {
            code: {"title": text["title"], "lead": text["lead"], "body": body_blocks(text["body"])}
            for code, text in data["words"].items()
        }
        day = today - timedelta(days=data["days_ago"])
        at = to_utc(datetime.combine(day, time(9 + len(slug) % 7)), ZONE)
        facts = {"date": at, "pinned": data["pinned"]}
        relations = {"topics": [topics[key] for key in data["topics"]]}
        if data["branch"]:
            relations["branches"] = list(Branch.objects.filter(key=data["branch"]))
        parents = branches[data["branch"]] if data["branch"] else news
        source = planter.source_among(words, data["source"])
        if source:
            planter.plant(
                ArticlePage, parents, words, source=source, slug=slug, facts=facts, relations=relations, at=at
            )
            yield slug


def make_events(
    planter: Planter, events: dict[str, Page], branches: dict[str, dict[str, Page]], today: date
) -> Iterator[str]:
    """Add the events with what happened to their dates, naming each as it is done."""
    audiences = {term.key: term for term in Audience.objects.all()}
    topics = {term.key: term for term in Topic.objects.all()}
    by_key = {branch.key: branch for branch in Branch.objects.all()}
    for slug, data in texts.read_all("events").items():
        words = {
            code: {"title": text["title"], "lead": text["lead"], "body": body_blocks(text["body"])}
            for code, text in data["words"].items()
        }
        relations = {
            "audiences": [audiences[key] for key in data["audiences"]],
            "topics": [topics[key] for key in data["topics"]],
        }
        facts = schedule_facts(data["schedule"], today) | _other_facts(data, by_key)
        parents = branches[data["branch"]] if data["place"] == "branch" else events
        at = timezone.now() - timedelta(days=30)
        source = planter.source_among(words, data["source"])
        if source:
            planter.plant(EventPage, parents, words, source=source, slug=slug, facts=facts, relations=relations, at=at)
            _operate(Event.objects.get(key=slug), data.get("state", {}))
            yield slug


def tie_reports() -> None:
    """Tie the articles that report on an event to it."""
    for slug, data in texts.read_all("news").items():
        article = Article.objects.filter(key=slug).first()
        event = Event.objects.filter(key=data.get("report_on", "")).first()
        if article is not None and event is not None:
            facts = {"event": event, "related": event.source_page}
            Article.objects.filter(pk=article.pk).update(**facts)
            ArticlePage.objects.filter(pk=article.source_page_id).update(**facts)


def _other_facts(data: dict[str, Any], branches: dict[str, Branch]) -> dict[str, Any]:
    def label(name: str) -> dict[str, str]:
        return {code: text[name] for code, text in data["words"].items() if text.get(name)}

    online = data["format"] != "onsite"
    return {
        "branch": branches[data["branch"]] if data["format"] != "online" else None,
        "room": label("room"),
        "format": data["format"],
        "online_url": "https://example.org/join" if online else "",
        "held_in": data["held_in"],
        "is_free": data["free"],
        "price": label("price_note"),
        "capacity": data["capacity"] or None,
        "registration": "link" if data["registration"] == "link" else "none",
        "registration_url": data.get("registration_url", ""),
    }


def schedule_facts(plan: dict[str, Any], today: date) -> dict[str, Any]:
    """Return the plan's fields for a schedule whose days are counted from `today`."""
    first = _first_day(plan, today)
    facts: dict[str, Any] = {
        "starts_on": first,
        "starts_at": None if plan["all_day"] or plan["kind"] == "exhibition" else time.fromisoformat(plan["start"]),
        "ends_at": None if plan["all_day"] or plan["kind"] == "exhibition" else time.fromisoformat(plan["end"]),
        "repeat": _repeat(plan),
        "repeat_every": plan["interval"],
        "repeat_on": [day.upper() for day in plan["weekdays"]] if plan["kind"] == "weekly" else [],
        "added": [("date", {"date": today + timedelta(days=n), "starts": None, "ends": None, "place": {}}) for n in
                  [*plan["dates"], *plan["added"]]],
    }  # fmt: skip
    if plan["kind"] == "exhibition":
        facts |= {"long_run": True, "ends_on": today + timedelta(days=plan["last"])}
    elif facts["repeat"] and "last" in plan:
        facts["repeat_until"] = today + timedelta(days=plan["last"])
    if plan["excluded"]:
        facts["left_out"] = [("date", day) for day in _nearest(facts, plan, today)]
    return facts


def _repeat(plan: dict[str, Any]) -> str:
    if plan["kind"] == "monthly":
        if plan["monthday"]:
            return Repeat.MONTHLY_DAY
        return Repeat.MONTHLY_LAST if plan["ordinal"] < 0 else Repeat.MONTHLY_WEEKDAY
    return {"weekly": Repeat.WEEKLY, "daily": Repeat.DAILY, "yearly": Repeat.YEARLY}.get(plan["kind"], Repeat.NO)


def _first_day(plan: dict[str, Any], today: date) -> date:
    day = today + timedelta(days=plan["first"])
    while not _fits(plan, day):
        day += timedelta(days=1)
    return day


def _fits(plan: dict[str, Any], day: date) -> bool:
    weekdays = {Weekday.values.index(name.upper()) for name in plan["weekdays"]}
    if plan["kind"] == "weekly":
        return day.weekday() in weekdays
    if plan["kind"] != "monthly":
        return True
    if plan["monthday"]:
        return day.day == plan["monthday"]
    last = calendar.monthrange(day.year, day.month)[1]
    ordinal = -1 if plan["ordinal"] < 0 and day.day > last - 7 else (day.day - 1) // 7 + 1
    return day.weekday() in weekdays and ordinal == plan["ordinal"]


def _nearest(facts: dict[str, Any], plan: dict[str, Any], today: date) -> set[date]:
    from events.domain.plan import rule_of
    from events.models import EventPage

    page = EventPage(**{key: value for key, value in facts.items() if key != "added"})
    days = list(rule_of(page).dates(page.starts_on, until=page.repeat_until or today))
    wanted = [today + timedelta(days=offset) for offset in plan["excluded"]]
    return {min(days, key=lambda day: abs(day - want)) for want in wanted}


def _operate(event: Event, state: dict[str, Any]) -> None:
    reason = state.get("reason", {})
    if state.get("all_cancelled"):
        operations.cancel_event(event, reason=reason)
    coming = list(event.occurrences.filter(starts_at__gt=timezone.now()).order_by("starts_at")[:20])
    for number in state.get("cancelled", []):
        operations.cancel_occurrence(coming[number], reason=reason)
    for move in state.get("moved", []):
        row = coming[move["index"]]
        shift = timedelta(hours=move["hours"])
        operations.move_occurrence(row, start=row.local_start + shift, end=row.local_end + shift)
