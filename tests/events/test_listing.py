"""The page of one event: how it repeats, where it is held, and what it says to whom."""

import re
from datetime import date, datetime, time, timedelta

import pytest
from django.test import RequestFactory
from wagtail.models import Page, PageViewRestriction, Site

from branches.models import Branch, BranchPage
from core.models import User
from events.domain import operations
from events.listing import event_context, repetition_of
from events.models import Event, EventPage, Occurrence
from tests.factories.library import soon

pytestmark = pytest.mark.django_db


def _main(client, path: str) -> str:
    return client.get(path).content.decode().split("<main")[1].split("</main>")[0]


def _text(client, path: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", "", _main(client, path)))


# --- Repetition -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Every second Tuesday, 18:00–19:30, until 5 March 2030"),
        ("uk", "Раз на два тижні у вівторок, 18:00–19:30, до 5 березня 2030 включно"),
        ("ru", "Раз в две недели по вторникам, 18:00–19:30, до 5 марта 2030 включительно"),
        ("mk", "Секој втор вторник, 18:00–19:30, заклучно со 5 март 2030"),
    ],
)
def test_event_page_says_how_it_repeats_in_the_language_of_the_page(library, client, language, words):
    library.event(slug="chess", repeat="weekly", repeat_every=2, repeat_until=date(2030, 3, 5))

    assert words in _text(client, f"/{language}/events/chess/")


def test_event_of_one_date_says_nothing_of_repetition(library):
    library.event()

    assert repetition_of(Event.objects.get()) == ""


def test_preview_of_a_draft_that_contradicts_itself_says_nothing_of_repetition(library):
    page = library.event(publish_it=False, repeat="weekly", long_run=True)

    assert (repetition_of(page), repetition_of(EventPage())) == ("", "")


def test_preview_of_a_draft_without_a_first_day_has_no_dates(library):
    page = library.event(publish_it=False, starts_on=None)
    page.in_preview = True

    assert event_context(page, page, RequestFactory().get("/"))["dates"] == []


# --- Place ------------------------------------------------------------------------------------------------------------


def test_event_at_a_hidden_branch_does_not_name_it(library, client):
    page = library.branch(title="The secret branch", street={"en": "1 Hidden Lane"})
    library.event(slug="chess", branch=Branch.objects.get(), starts_on=soon(5))

    BranchPage.objects.get(pk=page.pk).unpublish()

    html = client.get("/en/events/chess/").content.decode()
    assert ("secret" in html, "Hidden Lane" in html, "The place is not known yet." in html) == (False, False, True)


def test_event_at_a_private_branch_does_not_name_it(library, client):
    page = library.branch(title="The secret branch", street={"en": "1 Hidden Lane"})
    library.event(slug="chess", branch=Branch.objects.get(), starts_on=soon(5))

    PageViewRestriction.objects.create(page=Page.objects.get(pk=page.pk), restriction_type="login")

    html = client.get("/en/events/chess/").content.decode()
    assert ("secret" in html, "Hidden Lane" in html) == (False, False)


def test_branch_of_a_network_that_is_not_shown_here_has_its_name_all_the_same(library, client):
    library.branch(title="Guest library")
    library.event(slug="chess", branch=Branch.objects.get(), starts_on=soon(5))
    elsewhere = Site.objects.create(hostname="elsewhere", root_page=library.home)

    Branch.objects.update(site=elsewhere)

    assert "Guest library" in _text(client, "/en/events/chess/")


def test_date_moved_to_a_branch_shows_the_branch(library, client):
    library.branch()
    library.event(slug="chess", place={"en": "Town hall"}, starts_on=soon(5))
    row = Occurrence.objects.get()
    assert "Town hall" in _text(client, "/en/events/chess/")

    operations.move_occurrence(row, start=row.local_start, end=row.local_end, branch=Branch.objects.get())

    for path in ("/en/events/chess/", "/en/events/"):
        text = _text(client, path)
        assert ("Central Library" in text, "Town hall" in text) == (True, False)


# --- Private pages ----------------------------------------------------------------------------------------------------


def test_whoever_may_see_a_private_event_sees_its_dates_but_no_feed(library, client):
    page = library.event(slug="chess", starts_on=soon(5), starts_at=time(17), repeat="weekly", repeat_count=2)
    PageViewRestriction.objects.create(page=Page.objects.get(pk=page.pk), restriction_type="login")
    client.force_login(User.objects.create_user("reader@library.example", "secret"))
    second = datetime.combine(soon(5) + timedelta(days=7), time(17))

    html = _main(client, f"/en/events/chess/?date={second:%Y-%m-%dT%H:%M}")

    assert (f'datetime="{second:%Y-%m-%dT%H:%M}' in html, ".ics" in html) == (True, False)
