"""What a plan's rows become: new events, or dates that are there already and may differ."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, time

from django.utils.translation import gettext as _
from wagtail.permissions import page_permission_policy

from branches.models import Branch, BranchPage
from core.labels import label_in
from core.models import Audience, Topic, User
from events.domain.plan import check_plan, schedule_of
from events.models import Event, EventPage, Occurrence
from events.plan_import.rows import COLUMNS, Names, Row, grouped, plain_title, row_key
from events.recurrence import RuleError
from events.schedule import ScheduleError, expand


@dataclass
class Places:
    """The branches below which somebody may add events in a language, by the id of the branch."""

    language: str
    parents: dict[int, BranchPage]
    publishable: set[int]
    branches: dict[int, Branch]

    @classmethod
    def of(cls, user: User, language: str) -> Places:
        """Return the places of a user; a fixed number of queries."""
        pages = BranchPage.objects.filter(locale__language_code=language)
        may_add = page_permission_policy.instances_user_has_permission_for(user, "add").values("pk")
        may_publish = page_permission_policy.instances_user_has_permission_for(user, "publish").values("pk")
        publishable = set(pages.filter(pk__in=may_publish).values_list("pk", flat=True))
        found = {page.translation_key: page for page in pages.filter(pk__in=may_add)}
        branches = {branch.pk: branch for branch in Branch.objects.filter(translation_key__in=found)}
        parents = {pk: found[branch.translation_key] for pk, branch in branches.items()}
        return cls(language, parents, {pk for pk, page in parents.items() if page.pk in publishable}, branches)

    def names(self) -> Names:
        """Return the branches by key and by their titles in every language."""
        keys = {branch.translation_key: branch for branch in self.branches.values()}
        names = {branch.pk: {branch.key} for branch in keys.values()}
        for key, title in BranchPage.objects.filter(translation_key__in=keys).values_list("translation_key", "title"):
            names[keys[key].pk].add(title)
        return Names(names)


def term_names(model: type[Audience] | type[Topic]) -> Names:
    """Return the terms that are offered, by key and by their labels in every language."""
    return Names({term.pk: {term.key, *term.label.values()} for term in model.objects.filter(retired=False)})


@dataclass
class Found:
    """What is there already of a plan: the draft of each event as it now stands, by a row's key."""

    pages: dict[tuple, EventPage] = field(default_factory=dict)


def find_existing(rows: list[Row], places: Places) -> Found:
    """Return the events of which the rows name a date, published or not."""
    found = Found()
    titles = {plain_title(row.title) for row in rows}
    days = [row.day for row in rows if row.day]
    if not days:
        return found
    named: dict = {}
    for key, title in EventPage.objects.filter(alias_of=None).values_list("translation_key", "title").iterator():
        if plain_title(title) in titles:
            named.setdefault(key, set()).add(plain_title(title))
    events = list(
        Event.objects.filter(translation_key__in=named, source_page__isnull=False).select_related(
            "source_page__latest_revision"
        )
    )
    since, until = datetime.combine(min(days), time.min), datetime.combine(max(days), time.max)
    dates: dict[int, list[Occurrence]] = {}
    for row in Occurrence.objects.announced().filter(event__in=events):
        if since <= row.slot <= until or since <= row.local_start <= until:
            dates.setdefault(row.event_id, []).append(row)
    keys = {branch.key: pk for pk, branch in places.branches.items()}
    for event in events:
        page = event.source_page
        draft = page.latest_revision.as_object() if page.latest_revision else page
        moments = {
            (branch, start, row.all_day)
            for row in dates.get(event.pk, [])
            for branch, start in ((row.branch_id, row.local_start), (row.planned_branch_id, row.slot))
        }
        moments |= set(_drafted(draft, keys, until))
        for branch, start, all_day in moments:
            for title in named[event.translation_key] | {plain_title(draft.title)}:
                found.pages[title, branch, start.date(), None if all_day else start.time()] = draft
    return found


def _drafted(page: EventPage, keys: dict[str, int], until: datetime):
    if page.starts_on is None:
        return
    try:
        planned = expand(schedule_of(page), until=until.date())
    except (ScheduleError, RuleError):
        return
    for date_ in planned:
        yield keys.get(date_.branch) if date_.branch else page.branch_id, date_.start, page.all_day


def settle_fates(rows: list[Row], found: Found, places: Places) -> None:
    """Say of each row without errors whether it is new, there already, different, or twice in the plan."""
    seen: set[tuple] = set()
    for row in rows:
        if row.errors or not (row.day and row.branch):
            continue
        key = row_key(row)
        page = found.pages.get(key)
        if key in seen:
            row.fate = "twice"
        elif page is None:
            row.fate = "new"
        else:
            row.differences = [words for _name, words in _differences(row, page)]
            row.fate = "differs" if row.differences else "there"
        seen.add(key)
    for group in grouped([row for row in rows if row.fate == "new"]):
        errors = check_plan(build(group, places, {}, {}))
        for messages in errors.values():
            for cell in group[0].cells:
                if cell.column == "date":
                    cell.error = " ".join([cell.error, *messages[0].messages]).strip()
                    group[0].fate = ""


def _differences(row: Row, page: EventPage):
    """Yield (field, words) for what a row says otherwise than the event."""

    def said(name, old, new):
        return name, _("%(what)s: %(old)s → %(new)s") % {"what": COLUMNS[name], "old": old or "–", "new": new or "–"}

    if "seats" in row.given and row.seats != page.capacity:
        yield said("seats", page.capacity, row.seats)
    if row.ends and not page.repeat and not page.added and row.ends != page.ends_at:
        yield said("end", f"{page.ends_at:%H:%M}" if page.ends_at else "", f"{row.ends:%H:%M}")
    if "room" in row.given and row.room not in page.room.values():
        yield said("room", label_in(page.room), row.room)
    if "age" in row.given and row.ages != (page.age_from, page.age_to):
        yield said("age", _ages(page.age_from, page.age_to), _ages(*row.ages))
    if "price" in row.given and (
        bool(row.price) == page.is_free or (row.price and row.price not in page.price.values())
    ):
        yield said(
            "price", _("free of charge") if page.is_free else label_in(page.price), row.price or _("free of charge")
        )
    for name, ids in (("audience", row.audiences), ("topic", row.topics)):
        terms = list(getattr(page, f"{name}s").all())
        if name in row.given and {term.pk for term in terms} != set(ids):
            model = Audience if name == "audience" else Topic
            there = ", ".join(str(term) for term in terms)
            yield said(name, there, ", ".join(map(str, model.objects.filter(pk__in=ids))))


def _ages(first: int | None, last: int | None) -> str:
    return "–".join(str(age) for age in (first, last) if age is not None)


def build(group: list[Row], places: Places, audiences: dict[int, Audience], topics: dict[int, Topic]) -> EventPage:
    """Return an unsaved event out of rows that differ only in their dates."""
    row = group[0]
    page = EventPage(
        title=row.title,
        lead=row.text,
        live=False,
        locale=places.parents[row.branch].locale,
        branch=places.branches[row.branch],
        starts_on=row.day,
        starts_at=row.starts,
        ends_at=row.ends,
        added=[("date", _added(other, row)) for other in group[1:]],
    )
    page.audiences = [audiences[pk] for pk in row.audiences if pk in audiences]
    page.topics = [topics[pk] for pk in row.topics if pk in topics]
    fill(page, row, places.language)
    return page


def _added(row: Row, first: Row) -> dict:
    same = (row.starts, row.ends) == (first.starts, first.ends)
    return {
        "date": row.day,
        "starts": None if same else row.starts,
        "ends": None if same else row.ends,
        "branch": "",
        "place": {},
    }


def fill(page: EventPage, row: Row, language: str) -> None:
    """Give the event what the row says of it beside its dates and terms."""
    if "seats" in row.given:
        page.capacity = row.seats
    if "age" in row.given:
        page.age_from, page.age_to = row.ages
    if "room" in row.given:
        page.room = {language: row.room}
    if "price" in row.given:
        page.is_free, page.price = not row.price, {language: row.price} if row.price else {}
