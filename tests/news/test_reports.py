"""What became of an event: a report begins with its facts, and its page leads to what was published."""

from datetime import date

import pytest
from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import Page, PageViewRestriction

from core import generations
from core.domain import things
from core.models import Audience, Topic
from events.domain import operations
from events.models import Event, EventPage, Occurrence
from news.domain.reports import NotOverError, make_report, places_of
from news.models import Article, ArticlePage
from tests.factories.editors import editor_of
from tests.factories.forms import save_in_form
from tests.factories.library import publish, revise, soon

pytestmark = pytest.mark.django_db
EVENT = "/en/branches/central/chess-club/"


@pytest.fixture
def central(library):
    return library.branch()


@pytest.fixture
def north(library):
    return library.branch(key="north", title="North")


@pytest.fixture
def past(library, central):
    """Return the page of an event that was held at the central library on one evening."""
    library.terms()
    topics = list(Topic.objects.all())
    branch = central.record
    return library.event(
        parent=central, branch=branch, topics=topics, audiences=list(Audience.objects.all()), starts_on=soon(-3)
    )


def _report_url(page) -> str:
    return reverse("news:report", args=[page.record.pk])


def _make(client, page) -> ArticlePage:
    answer = client.post(_report_url(page))
    report = ArticlePage.objects.get()
    assert (answer.status_code, answer.url) == (302, reverse("wagtailadmin_pages:edit", args=[report.pk]))
    return report


def _said(answer) -> list[str]:
    return [str(one).strip() for one in answer.context["messages"]]


def _publish_report(event_page, **fields) -> ArticlePage:
    """Return a published report on an event, written by hand."""
    parent = event_page.get_parent()
    words = {"title": "A full house", "lead": "Forty came.", "event": event_page.record}
    return publish(Page.objects.get(pk=parent.pk).add_child(instance=ArticlePage(**words | fields)))


# --- Making the draft -------------------------------------------------------------------------------------------------


def test_report_is_a_draft_with_the_facts_of_the_event_below_its_branch(past, central, client):
    client.force_login(editor_of(central))

    report = _make(client, past)

    assert (report.title, report.live, report.get_parent().pk) == ("Chess club: how it was", False, central.pk)
    assert report.lead.startswith("Chess club. ")
    assert report.lead.endswith("18:00–19:30, Central Library. [How many people came, and what was it like?]")
    assert [topic.key for topic in report.topics.all()] == ["reading"]
    assert list(report.branches.all()) == [central.record]
    assert (report.event, report.related.pk, report.owner.email) == (past.record, past.pk, "central@library.example")
    assert report.record.event == past.record


def test_report_of_the_network_goes_among_the_news(library, client):
    page = library.event(starts_on=soon(-3))
    client.force_login(library.administrator())

    assert _make(client, page).get_parent().pk == library.news.pk


def test_report_is_in_the_language_in_which_the_event_was_written(library, client):
    branch = library.branch(language="uk", title="Стара пошта", street={"uk": "вул. Каштанова"})
    page = library.event(
        parent=branch, branch=branch.record, language="uk", title="Шаховий клуб", starts_on=date(2026, 1, 7)
    )
    client.force_login(library.administrator())

    report = _make(client, page)

    assert (report.locale.language_code, report.title) == ("uk", "Шаховий клуб: як це було")
    assert report.lead == (
        "Шаховий клуб. Середа, 7 січня, 18:00–19:30, Стара пошта. [Скільки людей прийшло і як усе було?]"
    )
    assert report.get_parent().pk == branch.pk


def test_report_on_a_series_says_from_when_until_when_and_how_many_times(library, client):
    page = library.event(starts_on=date(2026, 1, 7), repeat="weekly", repeat_count=4, place={"en": "In the park"})
    called_off = page.record.occurrences.order_by("starts_at")[1]
    operations.cancel_occurrence(called_off)
    client.force_login(library.administrator())

    lead = _make(client, page).lead

    assert lead.startswith("Chess club. 7 January – 28 January, 3 times, In the park. [")


def test_long_words_leave_room_for_the_question(library, client):
    page = library.event(title="Chess " * 40, starts_on=soon(-3), place={"en": "A hall " * 25})
    client.force_login(library.administrator())

    report = _make(client, page)

    assert report.lead.endswith("[How many people came, and what was it like?]")
    assert (len(report.lead) <= 400, len(report.title) <= 255) == (True, True)


def test_looking_changes_nothing(past, central, client):
    client.force_login(editor_of(central))

    answer = client.get(_report_url(past))

    assert (answer.status_code, ArticlePage.objects.count()) == (200, 0)
    assert "Its place: Central Library." in answer.content.decode()


@pytest.mark.parametrize("method", ["get", "post"])
def test_asking_again_opens_the_draft_that_there_is(past, central, client, method):
    client.force_login(editor_of(central))
    report = _make(client, past)

    answer = getattr(client, method)(_report_url(past))

    assert (answer.status_code, answer.url) == (302, reverse("wagtailadmin_pages:edit", args=[report.pk]))
    assert ArticlePage.objects.count() == 1


def test_two_who_ask_at_once_get_one_draft(past, central, library):
    people = [editor_of(central), library.administrator()]

    first, second = (make_report(past.record, parent=central, user=user) for user in people)

    assert (first.pk, ArticlePage.objects.count()) == (second.pk, 1)


def test_report_whose_page_was_deleted_can_be_made_anew(past, central, client):
    client.force_login(editor_of(central))
    Page.objects.get(pk=_make(client, past).pk).delete()

    assert _make(client, past).title == "Chess club: how it was"


def test_draft_can_be_published_with_its_form_and_keeps_its_event(past, central, client):
    client.force_login(editor_of(central))
    report = _make(client, past)

    answer = save_in_form(client, report, title="A full house", lead="Forty came.", publish=True)

    assert answer.status_code == 302
    article = Article.objects.get()
    assert (article.is_public, article.event, things.drift(article)) == (True, past.record, [])


def test_form_of_the_report_names_the_event(past, central, client):
    client.force_login(editor_of(central))
    report = _make(client, past)

    answer = client.get(reverse("wagtailadmin_pages:edit", args=[report.pk]))

    assert "Report on the event" in answer.content.decode()
    assert "event" not in answer.context["form"].fields


def test_form_of_any_other_article_does_not(library, client):
    client.force_login(library.administrator())
    page = library.article()

    assert "Report on the event" not in client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()


# --- What is over -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(("days", "fields"), [(2, {}), (-3, {"repeat": "weekly"})], ids=["coming", "series"])
def test_event_with_dates_to_come_has_no_report(library, client, method, days, fields):
    page = library.event(starts_on=soon(days), **fields)
    client.force_login(library.administrator())

    answer = getattr(client, method)(_report_url(page), follow=True)

    assert _said(answer) == ["This event is not over yet: there is nothing to report."]
    assert ArticlePage.objects.count() == 0


def test_event_that_was_called_off_has_no_report(past, central, library):
    operations.cancel_occurrence(Occurrence.objects.get())

    with pytest.raises(NotOverError):
        make_report(past.record, parent=central, user=library.administrator())


def test_unknown_event_is_not_found(library, client):
    client.force_login(library.administrator())

    assert client.get(reverse("news:report", args=[999])).status_code == 404


# --- Whose report -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["get", "post"])
def test_editor_of_another_branch_makes_no_report(past, north, client, method):
    client.force_login(editor_of(north))

    answer = getattr(client, method)(_report_url(past))

    assert (answer.status_code, answer.url, ArticlePage.objects.count()) == (302, "/admin/", 0)


def test_editor_of_a_branch_makes_none_of_the_network(library, central, client):
    page = library.event(starts_on=soon(-3))
    client.force_login(editor_of(central))

    assert (client.post(_report_url(page)).url, ArticlePage.objects.count()) == ("/admin/", 0)


def test_places_of_an_editor_are_those_of_the_own_branch(past, library, central, north):
    at_north = library.event(title="Draughts", parent=north, branch=north.record, starts_on=soon(-3))
    places = places_of(editor_of(central))

    assert places.for_report_on(past.record).pk == central.pk
    assert places.for_report_on(at_north.record) is None


def test_hidden_event_of_another_branch_is_nobody_elses_business(library, central, north, client):
    page = library.event(parent=north, branch=central.record, starts_on=soon(-3))
    EventPage.objects.get(pk=page.pk).unpublish()
    client.force_login(editor_of(central))

    assert (client.post(_report_url(page)).url, ArticlePage.objects.count()) == ("/admin/", 0)


def test_report_of_somebody_else_is_not_named(library, central, north, client):
    page = library.event(parent=north, branch=central.record, starts_on=soon(-3))
    _publish_report(page, title="Secret draft").unpublish()
    client.force_login(editor_of(central))

    answer = client.get(_report_url(page), follow=True)

    assert _said(answer) == ["Somebody else has begun a report on this event already."]
    assert "Secret draft" not in answer.content.decode()


def test_who_is_not_signed_in_is_asked_to(past, client):
    assert client.post(_report_url(past)).url.startswith("/admin/login/")


# --- Where it is offered ----------------------------------------------------------------------------------------------


def _buttons(client, path="/admin/events/") -> dict[str, list[str]]:
    pages = client.get(path).context["object_list"]
    return {page.title: [one["label"] for one in page.listing_buttons] for page in pages}


def test_list_of_events_offers_a_report_on_what_is_over(past, library, central, client):
    library.event(title="Draughts", parent=central, branch=central.record, starts_on=soon(3))
    client.force_login(editor_of(central))

    assert _buttons(client) == {
        "Draughts": ["Dates", "Copy", "View live"],
        "Chess club": ["Dates", "Copy", "View live", "Make a report from this event"],
    }


def test_list_leads_to_the_report_that_there_is(past, central, client):
    client.force_login(editor_of(central))
    _make(client, past)

    assert _buttons(client)["Chess club"][-1] == "Report"


def test_form_of_a_past_event_offers_a_report(past, central, client):
    client.force_login(editor_of(central))

    form = client.get(reverse("wagtailadmin_pages:edit", args=[past.pk])).content.decode()

    assert "This event is over. What became of it?" in form
    # In the form and in the head of the page.
    assert form.count(f'href="{_report_url(past)}"') >= 2


def test_form_of_a_coming_event_does_not(library, client):
    page = library.event(starts_on=soon(3))
    client.force_login(library.administrator())

    form = client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()

    assert ("What became of it?" in form, _report_url(page) in form) == (False, False)


def test_number_of_queries_of_the_list_grows_with_no_event(library, central, client):
    client.force_login(editor_of(central))
    counts = []
    for number in range(4):
        page = library.event(title=f"Event {number}", parent=central, branch=central.record, starts_on=soon(-3))
        if number == 3:
            _publish_report(page)
        client.get("/admin/events/")
        with CaptureQueriesContext(connection) as queries:
            client.get("/admin/events/")
        counts.append(len(queries))

    assert counts[0] == counts[2]
    assert counts[3] <= counts[0] + 1


# --- What readers see -------------------------------------------------------------------------------------------------


def test_page_of_a_past_event_leads_to_its_report(past, client):
    report = _publish_report(past)

    page = client.get(EVENT).content.decode()

    assert "What became of it" in page
    assert f'<a href="/en/branches/central/{report.slug}/">A full house</a>' in page
    assert "Forty came." in page


def test_report_leads_back_to_the_event(past, central, client):
    client.force_login(editor_of(central))
    report = _make(client, past)
    publish(report)

    assert f'<a href="{EVENT}">Chess club</a>' in client.get(report.url).content.decode()


def test_report_is_shown_in_the_readers_language_else_in_its_own(past, library, client):
    report = _publish_report(past)
    library.translate(report, "uk", title="Повна зала", lead="Прийшло сорок.")

    there = client.get(EVENT.replace("/en/", "/uk/")).content.decode()
    elsewhere = client.get(EVENT.replace("/en/", "/mk/")).content.decode()

    assert f'<a href="/uk/branches/central/{report.slug}/">Повна зала</a>' in there
    assert f'<a href="/mk/branches/central/{report.slug}/" lang="en">A full house</a>' in elsewhere
    assert "Како помина" in elsewhere


def test_draft_and_hidden_and_private_reports_are_not_shown(past, client):
    report = _publish_report(past)
    shown = []
    for change in (
        lambda: ArticlePage.objects.get(pk=report.pk).unpublish(),
        lambda: publish(ArticlePage.objects.get(pk=report.pk)),
        lambda: PageViewRestriction.objects.create(page=report, restriction_type=PageViewRestriction.LOGIN),
    ):
        change()
        shown.append("A full house" in client.get(EVENT).content.decode())

    assert shown == [False, True, False]


def test_event_that_is_not_over_shows_no_report(library, client, central):
    page = library.event(parent=central, branch=central.record, starts_on=soon(-3))
    _publish_report(page)

    revise(page, starts_on=soon(-3), added=[("date", {"date": soon(5), "starts": None, "ends": None, "place": {}})])

    assert "What became of it" not in client.get(EVENT).content.decode()


def test_publishing_a_report_drops_the_kept_page_of_the_event(past, client, settings, remembering):
    settings.PAGE_CACHE = True
    assert [client.get(EVENT)["X-Cache"] for _time in range(2)] == ["miss", "hit"]

    with TestCase.captureOnCommitCallbacks(execute=True):
        _publish_report(past)

    assert "What became of it" in client.get(EVENT).content.decode()


def _queries(client, path=EVENT) -> int:
    client.get(path)
    with CaptureQueriesContext(connection) as queries:
        client.get(path)
    return len(queries)


def test_event_without_a_report_takes_no_further_query(past, library, central, client, remembering, monkeypatch):
    generations.store().advance()
    without = _queries(client)

    monkeypatch.setattr("news.templatetags.article_lists.reports_on", lambda *_args: [])

    assert _queries(client) == without


def test_number_of_queries_does_not_grow_with_the_reports(past, client, remembering):
    counts = []
    for number in range(3):
        _publish_report(past, title=f"Part {number}")
        generations.store().advance()
        counts.append(_queries(client))

    assert counts == [counts[0]] * 3


def test_report_outlives_its_event(past):
    report = _publish_report(past)

    Event.objects.all().delete()

    assert ArticlePage.objects.get(pk=report.pk).get_latest_revision_as_object().event is None
    assert Article.objects.get().event is None


def test_other_language_that_becomes_the_source_keeps_the_event(past, library):
    report = _publish_report(past)
    other = library.translate(report, "uk", title="Повна зала", lead="Прийшло сорок.")

    things.make_source(other)

    assert ArticlePage.objects.get(pk=other.pk).event == past.record
