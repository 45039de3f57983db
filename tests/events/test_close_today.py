"""Closing for today: one form changes hours, notices, dates and feeds at once, ends by itself, and is taken back."""

from datetime import UTC, datetime, time, timedelta

import pytest
from django.contrib.messages import get_messages
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from branches.closure_reasons import REASONS, reason_choices, reason_label
from branches.models import Branch
from core.localtime import to_utc
from events.models import Occurrence, OperationLog
from tests.factories.editors import editor_of
from tests.factories.library import LANGUAGES

DAY = datetime(2030, 1, 8, tzinfo=UTC).date()
OPEN = {"v": 1, "kinds": {"staffed": {"week": [[["09:00", "20:00"]]] * 7}}, "exceptions": []}


@pytest.fixture
def clock(monkeypatch):
    """Return what sets the clock; it stands at 12:00 of the day of the events."""

    def at(hour, minute=0, days=0):
        local = datetime.combine(DAY + timedelta(days=days), time(hour, minute))
        moment = to_utc(local, Branch(zone="Europe/Kyiv").zoneinfo)
        monkeypatch.setattr(timezone, "now", lambda: moment)
        return moment

    at(12)
    return at


@pytest.fixture
def central(library, clock):
    return library.branch(hours=OPEN)


@pytest.fixture
def chess(library, central):
    """Return an event at 18:00 of the day."""
    return library.event(parent=central, starts_on=DAY, branch=central.record)


@pytest.fixture
def editor(central, client):
    user = editor_of(central)
    client.force_login(user)
    return user


def url(central, name="close_today"):
    return reverse(f"events:{name}", args=[central.record.pk])


def row():
    return Occurrence.objects.get()


def told(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def close(client, central, **data):
    ids = [str(pk) for pk in Occurrence.objects.values_list("pk", flat=True)]
    return client.post(url(central), {"until": "today", "why": "power", "dates": ids, "seen": ""} | data)


def reader():
    from django.test import Client

    return Client()


def test_form_offers_closing_time_next_opening_and_ticks_what_begins_before(client, editor, central, chess):
    form = client.get(url(central)).context["form"]

    assert [label for _key, label in form.fields["until"].choices] == [
        "closing time today: 8 January, 20:00",
        "the next opening: 9 January, 09:00",
        "another moment",
    ]
    assert (form.initial["until"], form.initial["dates"]) == ("today", [str(row().pk)])


def test_date_after_the_closure_and_one_that_runs_are_not_ticked(library, client, editor, central, chess, clock):
    library.event(parent=central, slug="next", starts_on=DAY + timedelta(days=1), branch=central.record)
    clock(18, 30)

    form = client.get(url(central)).context["form"]

    assert (len(form.fields["dates"].choices), form.initial["dates"]) == (2, [])


def test_after_closing_time_only_the_next_opening_is_offered(client, editor, central, clock):
    clock(21)

    form = client.get(url(central)).context["form"]

    assert [key for key, _label in form.fields["until"].choices] == ["tomorrow", "moment"]


def test_one_submission_reaches_pages_notices_feeds_and_dates(client, editor, central, chess):
    cache.clear()
    anonymous = reader()
    paths = ["/en/branches/central/", "/en/", f"/en/branches/central/{chess.slug}/"]
    before = [anonymous.get(path).content.decode() for path in paths]
    assert not any("There is no electricity" in html for html in before)

    response = close(client, central)

    assert "Dates cancelled: 1." in told(response)[0]
    after = [anonymous.get(path).content.decode() for path in paths]
    assert all("Central Library: closed until 8 January, 20:00. There is no electricity." in html for html in after)
    assert "is-closed" in after[0]
    assert "EventCancelled" in after[2]
    feed = anonymous.get("/en/events/feed.ics?branch=central").content.decode()
    assert "STATUS:CANCELLED" in feed
    assert row().reason == reason_label("power")


def test_reason_is_read_in_every_language(client, editor, central, chess):
    close(client, central)

    shown = {code: reader().get(f"/{code}/branches/central/").content.decode() for code in LANGUAGES}

    assert {code: reason_label("power")[code] in html for code, html in shown.items()} == dict.fromkeys(LANGUAGES, True)
    assert len(set(reason_label("power").values())) == 4


@pytest.mark.parametrize("key", REASONS)
def test_every_ready_sentence_differs_by_language(key):
    assert len(set(reason_label(key).values())) == len(LANGUAGES)
    assert key in dict(reason_choices())


def test_closure_ends_by_itself_and_dates_stay_cancelled(client, editor, central, chess, clock):
    close(client, central, until="tomorrow")
    clock(9, 1, days=1)

    html = reader().get("/en/branches/central/").content.decode()

    assert ("is-open" in html, "There is no electricity" in html) == (True, False)
    assert row().state == "cancelled"


def test_kept_page_is_not_shown_beyond_the_closure(client, editor, central, chess, clock):
    close(client, central)
    anonymous = reader()
    assert "closed until" in anonymous.get("/en/").content.decode()
    clock(20, 1)

    assert "closed until" not in anonymous.get("/en/").content.decode()


def test_unticked_date_takes_place_and_leads_to_the_list(client, editor, central, chess):
    response = close(client, central, dates=[])

    assert row().state == "scheduled"
    assert any("1 date is planned" in message for message in told(response))


def test_own_words_are_needed_where_they_are_chosen(client, editor, central):
    response = close(client, central, why="own")

    assert "Say why in at least one language." in response.content.decode()
    close(client, central, why="own", reason_en="A wedding")
    assert Branch.objects.get().closed_reason == {"en": "A wedding"}


@pytest.mark.parametrize(
    "data",
    [
        {"until": "moment"},
        {"until": "moment", "day": "2030-01-08", "time": "09:00"},
        {"until": "moment", "day": "9999-12-31", "time": "09:00"},
        {"until": "moment", "day": "x", "time": "y"},
        {"until": "never"},
        {"why": "because"},
        {"dates": ["999999"]},
        {"seen": "2030-13-45"},
    ],
)
def test_what_can_not_be_is_refused_with_words(client, editor, central, chess, data):
    response = close(client, central, **data)

    closed = Branch.objects.get().closed_until is not None
    assert (response.status_code, closed) == ((302, True) if "seen" in data else (200, False))


def test_another_moment_is_taken_by_the_clock_of_the_branch(client, editor, central):
    close(client, central, until="moment", day="2030-01-08", time="15:30")

    assert Branch.objects.get().closed_until == datetime(2030, 1, 8, 13, 30, tzinfo=UTC)


def test_second_person_does_not_write_over_the_first(client, editor, central, chess):
    close(client, central)

    response = close(client, central, until="tomorrow", why="water", dates=[])

    assert "Somebody else has closed or reopened" in response.content.decode()
    branch = Branch.objects.get()
    assert branch.closed_reason == reason_label("power")
    close(client, central, until="tomorrow", why="water", dates=[], seen=branch.closed_until.isoformat())
    assert Branch.objects.get().closed_reason == reason_label("water")


def test_date_that_somebody_cancelled_meanwhile_is_cancelled_once(central, chess):
    from events.domain.closed_dates import close_today

    held = row()
    user = editor_of(central)
    until = timezone.now() + timedelta(hours=3)
    close_today(central.record, until=until, reason={"en": "Flood"}, cancel=[held], seen=None, user=user)
    sequence = row().sequence
    _branch, number = close_today(
        central.record, until=until, reason={"en": "Other"}, cancel=[held], seen=until, user=user
    )

    assert (number, row().sequence, row().reason) == (0, sequence, {"en": "Flood"})
    assert OperationLog.objects.filter(action="cancel").count() == 1


def test_reopening_asks_which_dates_take_place_after_all(client, editor, central, chess):
    close(client, central)

    form = client.get(url(central, "reopen")).context["form"]
    assert [key for key, _label in form.fields["dates"].choices] == [str(row().pk)]
    assert Branch.objects.get().closed_until is not None

    client.post(url(central, "reopen"), {"dates": [str(row().pk)]})

    assert (Branch.objects.get().closed_until, row().state, row().reason) == (None, "scheduled", {})
    feed = reader().get("/en/events/feed.ics?branch=central").content.decode()
    assert "STATUS:CANCELLED" not in feed


def test_reopening_leaves_dates_that_are_not_ticked_or_were_cancelled_by_hand(library, client, editor, central, chess):
    from events.domain.operations import cancel_occurrence

    cancel_occurrence(row())
    close(client, central, dates=[])

    assert "dates" not in client.get(url(central, "reopen")).context["form"].fields
    client.post(url(central, "reopen"), {})
    assert (Branch.objects.get().closed_until, row().state) == (None, "cancelled")


def test_only_who_may_publish_the_branch_closes_it(library, client, central, chess):
    client.force_login(editor_of(library.branch(key="north", title="North", hours=OPEN)))

    assert [client.get(url(central, name)).status_code for name in ("close_today", "reopen")] == [302, 302]
    close(client, central)

    assert (Branch.objects.get(key="central").closed_until, row().state) == (None, "scheduled")


def test_network_wide_event_stays_when_a_branch_editor_closes(library, client, editor, central):
    library.event(slug="fair", starts_on=DAY, branch=central.record)

    response = close(client, central)

    assert "dates" not in client.get(url(central)).context["form"].fields
    assert row().state == "scheduled"
    assert response.status_code in (200, 302)


def test_person_with_one_branch_is_not_asked_which(library, client, editor, central):
    assert client.get(reverse("events:close_which")).url == url(central)

    client.force_login(library.administrator())
    library.branch(key="north", title="North", hours=OPEN)
    choices = client.get(reverse("events:close_which")).context["choices"]
    assert [title for title, _url, _until in choices] == ["Central Library", "North"]


def test_first_page_of_the_admin_leads_to_closing(client, editor, central):
    html = client.get("/admin/").content.decode()
    assert reverse("events:close_which") in html

    close(client, central)
    assert url(central, "reopen") in client.get("/admin/").content.decode()


def test_branches_closed_for_one_reason_share_a_notice(library, central):
    from branches.domain.closures import close_branch

    until = timezone.now() + timedelta(hours=2)
    for key in ("north", "south"):
        close_branch(library.branch(key=key, title=key.title()).record, until=until, reason=reason_label("power"))

    html = reader().get("/en/").content.decode()

    assert "North, South: closed until 8 January, 14:00." in html
