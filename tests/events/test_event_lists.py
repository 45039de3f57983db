"""Events in templates of other rooms, and the filters of the calendar in words."""

from datetime import datetime, time, timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.db import connection
from django.template import Context
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from core import generations
from core.active_filters import ActiveFilter
from core.models import Audience, Topic
from core.page_words import Words
from events.calendar import MOST_SOON
from events.dates import ListedDate
from events.domain import operations
from events.enums import EventState, OccurrenceState
from events.filters import EventFilter
from events.listing import Row, next_rows
from events.models import Occurrence
from events.templatetags.event_lists import (
    active_filters,
    branch_events,
    calendar_path,
    event_row,
    has_dates,
    month_entries,
    soon_days,
    upcoming_days,
)
from tests.factories.library import soon

pytestmark = pytest.mark.django_db


@pytest.fixture
def remembering(monkeypatch):
    """Let what every page shows be remembered, as it is outside of a test's transaction."""
    monkeypatch.setattr("core.memory.connection", SimpleNamespace(in_atomic_block=False))


def _context() -> Context:
    return Context({"request": RequestFactory().get("/en/", headers={"host": "localhost"})})


def _titles(rows) -> list[str]:
    return [row.words.title for row in rows]


def _days(days) -> list[tuple]:
    return [(day, _titles(rows)) for day, rows in days]


def test_entry_of_a_list_is_put_together_once_for_each_look_and_language(library, remembering, monkeypatch):
    page = library.event(title="Chess", slug="chess", starts_on=soon(3))
    library.translate(page, "uk", title="Шахи")
    generations.store().advance()
    row = next_rows(_context()["request"], 1)[0]
    plain = event_row(_context(), row)
    monkeypatch.setattr("events.templatetags.event_lists.render_to_string", lambda *_args: pytest.fail("made again"))

    assert event_row(_context(), row) == plain

    monkeypatch.undo()
    with translation.override("uk"):
        ukrainian = event_row(_context(), next_rows(_context()["request"], 1)[0])
    assert ("Chess" in plain, "Шахи" in ukrainian) == (True, True)
    assert event_row(_context(), row, with_day=True) != plain


def test_entry_follows_what_befell_its_date(library, remembering):
    library.event(title="Chess", starts_on=soon(3))
    generations.store().advance()
    before = event_row(_context(), next_rows(_context()["request"], 1)[0])

    operations.cancel_occurrence(Occurrence.objects.get(), reason={"en": "Flu"})
    generations.store().advance()

    after = event_row(_context(), next_rows(_context()["request"], 1)[0])
    assert ("Flu" in before, "Flu" in after) == (False, True)


def test_first_page_shows_what_is_on_today_and_tomorrow(library):
    library.event(title="In three days", starts_on=soon(3))
    library.event(title="Tomorrow", starts_on=soon(1))
    library.event(title="Today", starts_on=soon(0), starts_at=time(23, 58), ends_at=time(23, 59))

    found = soon_days(_context())

    assert (_days(found.days), found.is_near) == ([(soon(0), ["Today"]), (soon(1), ["Tomorrow"])], True)
    assert _days(upcoming_days(_context(), 5)) == [(soon(3), ["In three days"])]


def test_first_page_leaves_out_nothing_of_two_full_days(library):
    for number in range(MOST_SOON + 1):
        library.event(title=f"Tomorrow {number}", starts_on=soon(1))
    library.event(title="The day after", starts_on=soon(2))

    near, to_come = soon_days(_context()).days, upcoming_days(_context(), 5)

    assert _days(near) == [(soon(1), [f"Tomorrow {number}" for number in range(MOST_SOON)])]
    assert _days(to_come) == [(soon(1), [f"Tomorrow {MOST_SOON}"]), (soon(2), ["The day after"])]


def test_first_page_shows_the_next_dates_where_nothing_is_near(library):
    for days in (9, 3, 5, 7):
        library.event(title=f"In {days} days", starts_on=soon(days))

    found = soon_days(_context())

    assert [rows for _day, rows in _days(found.days)] == [["In 3 days"], ["In 5 days"], ["In 7 days"]]
    assert not found.is_near


def test_first_page_of_a_network_without_events_says_so(library, client):
    assert soon_days(_context()).days == []
    assert "Наразі нічого не заплановано." in client.get("/uk/").content.decode()


def test_days_to_come_hold_no_more_dates_than_asked_for(library):
    for days in (2, 4, 6):
        library.event(title=f"In {days} days", starts_on=soon(days))

    assert [day for day, _rows in upcoming_days(_context(), 2)] == [soon(2), soon(4)]


def test_branch_lists_its_own_dates_only(library):
    mill, central = library.branch(key="mill").record, library.branch(key="central").record
    library.event(title="At the mill", starts_on=soon(1), branch=mill)
    library.event(title="In the centre", starts_on=soon(1), branch=central)
    library.event(title="Elsewhere", starts_on=soon(1))

    assert _titles(branch_events(_context(), mill)) == ["At the mill"]


def test_nothing_is_listed_without_a_request_or_a_branch(library):
    assert (soon_days(Context()).days, upcoming_days(Context(), 3), branch_events(_context(), None)) == ([], [], [])


def test_number_of_queries_does_not_grow_with_the_dates(library, remembering):
    library.terms()
    branch = library.branch().record
    asked = []
    for number in range(3):
        library.event(
            title=f"Event {number}", starts_on=soon(1 + number), branch=branch, audiences=list(Audience.objects.all())
        )
        generations.store().advance()
        with CaptureQueriesContext(connection) as queries:
            rows = branch_events(_context(), branch)
        asked.append((len(rows), len(queries)))

    assert asked == [(number, asked[0][1]) for number in (1, 2, 3)]


def test_feed_has_the_language_of_the_page_and_its_filters():
    with translation.override("mk"):
        assert (calendar_path(), calendar_path("branch=mill")) == (
            "/mk/events/feed.ics",
            "/mk/events/feed.ics?branch=mill",
        )


def test_filters_are_named_as_they_are_offered(library, django_assert_num_queries):
    library.terms()
    filters = EventFilter(audience=("children",), held_in=("uk",))

    with django_assert_num_queries(0):
        active = active_filters(filters, {"audience": [("children", "Children")]})

    assert active == [
        ActiveFilter("audience", "audience", "children", "Children"),
        ActiveFilter("held_in", "held in", "uk", "Ukrainian"),
    ]


def test_filter_that_is_no_longer_offered_still_has_its_name(library):
    Topic.objects.create(key="reading", label={"en": "Reading"}, retired=True)

    assert active_filters(EventFilter(topic=("reading",)), {}) == [ActiveFilter("topic", "topic", "reading", "Reading")]


def test_month_is_empty_when_only_days_of_its_neighbours_have_dates():
    def week(rows, outside):
        return [{"rows": rows, "outside": outside}]

    weeks = [week(["a date"], True), week([], False)]

    assert (has_dates(weeks), has_dates([*weeks, week(["a date"], False)])) == (False, True)


def _row(*, title="Chess", foreign=False, event_state=EventState.SCHEDULED, **changes) -> Row:
    """Return a row of a list that was never read from a database: an evening in Kyiv."""
    start = datetime(2030, 5, 15, 18)
    values = {
        "event_id": 1,
        "branch_id": None,
        **dict.fromkeys(("slot", "local_start", "starts_at"), start),
        **dict.fromkeys(("local_end", "ends_at"), start + timedelta(minutes=90)),
        "zone": "Europe/Kyiv",
        "all_day": False,
        "long_run": False,
        "place": {},
        "state": OccurrenceState.SCHEDULED,
        "moved_start": None,
        "moved_branch_id": None,
        "reason": {},
        "event_key": uuid4(),
        "event_source": 1,
        "event_state": event_state,
        "event_filters": [],
    }
    date_ = ListedDate(**values | changes)
    words = Words(SimpleNamespace(title=title), "/en/events/chess/", "uk" if foreign else "en", foreign)
    return Row(date_, date_.event, words, "", (), start.date())


TIME = '<time datetime="2030-05-15T18:00+03:00">18:00</time>'
FOREIGN = '<a href="/en/events/chess/?date=2030-05-15T18:00" lang="uk">Chess</a>'
LINK = '<a href="/en/events/chess/?date=2030-05-15T18:00">Chess</a>'


@pytest.mark.parametrize(
    ("row", "entry"),
    [
        (_row(), f"<li>{TIME} {LINK}</li>"),
        (_row(all_day=True), f"<li> {LINK}</li>"),
        (_row().under(datetime(2030, 5, 16).date()), f"<li> {LINK}</li>"),
        (_row(foreign=True), f"<li>{TIME} {FOREIGN}</li>"),
        (_row(title="<Chess> & tea"), f"<li>{TIME} {LINK.replace('Chess', '&lt;Chess&gt; &amp; tea')}</li>"),
        (
            _row(state=OccurrenceState.CANCELLED),
            f'<li class="is-off">{TIME} {LINK} <small class="state">cancelled</small></li>',
        ),
        (
            _row(state=OccurrenceState.CANCELLED, event_state=EventState.POSTPONED),
            f'<li class="is-off">{TIME} {LINK} <small class="state">postponed</small></li>',
        ),
        (_row(moved_start=datetime(2030, 5, 15, 18)), f'<li>{TIME} {LINK} <small class="state">moved</small></li>'),
    ],
)
def test_entry_of_the_month_says_when_what_and_whether_it_is_off(row, entry):
    assert month_entries([row]) == f"<ul>{entry}</ul>"


def test_day_of_the_month_without_dates_has_no_list():
    assert month_entries([]) == ""
