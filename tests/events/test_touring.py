"""An event on tour: some of its dates are held at another branch, in lists, filters, feeds and on its own page."""

import pytest
from django.urls import reverse
from wagtail.models import Page
from wagtail.test.utils.form_data import streamfield

from branches.models import BranchPage
from events.models import EventPage, Occurrence
from tests.events.feed_reading import dates_in
from tests.factories.forms import save_in_form
from tests.factories.library import revise, soon

pytestmark = pytest.mark.services


def _added(day, **parts):
    return ("date", {"date": day, "starts": None, "ends": None, "branch": "", "place": {}} | parts)


@pytest.fixture
def tour(library):
    """Return a library with an event at the mill in five days, and at the oak in nine."""
    library.mill, library.oak = (library.branch(key=key, title=f"The {key}") for key in ("mill", "oak"))
    library.page = library.event(
        slug="puppets",
        title="Puppets",
        branch=library.mill.record,
        room={"en": "Hall"},
        starts_on=soon(5),
        added=[_added(soon(9), branch="oak")],
    )
    return library


def _branches():
    return list(Occurrence.objects.order_by("slot").values_list("branch__key", flat=True))


def test_date_is_at_the_branch_of_its_own(tour):
    assert _branches() == ["mill", "oak"]


def test_date_is_at_the_branch_of_its_own_whatever_the_place_of_the_event(library):
    library.branch(key="oak", title="The oak")

    library.event(place={"en": "Town hall"}, starts_on=soon(5), added=[_added(soon(9), branch="oak")])

    assert [(row.branch and row.branch.key, row.where) for row in Occurrence.objects.order_by("slot")] == [
        (None, {"en": "Town hall"}),
        ("oak", {}),
    ]


def test_date_goes_where_the_plan_says_next(tour):
    uids = list(Occurrence.objects.order_by("slot").values_list("uid", flat=True))

    revise(tour.page, added=[_added(soon(9))])

    assert _branches() == ["mill", "mill"]
    assert list(Occurrence.objects.order_by("slot").values_list("uid", flat=True)) == uids


@pytest.mark.parametrize(("query", "shown"), [("", [5, 9]), ("?branch=mill", [5]), ("?branch=oak", [9])])
def test_list_and_its_filter_know_the_branch_of_each_date(tour, client, query, shown):
    html = client.get(f"/en/events/{query}").content.decode()

    assert [days for days in (5, 9) if f"/en/events/puppets/?date={soon(days).isoformat()}T18:00" in html] == shown
    places = {5: "The mill", 9: "The oak"}
    assert [f"<span>{places[days]}</span>" in html for days in shown] == [True] * len(shown)


@pytest.mark.parametrize(("branch", "days", "location"), [("mill", 5, "Hall, The mill"), ("oak", 9, "The oak")])
def test_feed_of_a_branch_holds_its_dates_only(tour, client, branch, days, location):
    [event] = dates_in(client, branch=branch)

    assert event["DTSTART"].dt.date() == soon(days)
    assert str(event["LOCATION"]).startswith(location)


def test_date_that_left_a_branch_leaves_a_tombstone_in_its_feed(tour, client):
    revise(tour.page, added=[_added(soon(9))])

    assert [event["STATUS"] for event in dates_in(client, branch="oak")] == ["CANCELLED"]
    assert [event["STATUS"] for event in dates_in(client, branch="mill")] == ["CONFIRMED", "CONFIRMED"]


def test_page_of_the_event_names_the_branch_of_each_date(tour, client):
    first = client.get("/en/events/puppets/").content.decode()
    second = client.get(f"/en/events/puppets/?date={soon(9).isoformat()}T18:00").content.decode()

    mill, oak = ('<a href="/en/branches/mill/">The mill</a>', '<a href="/en/branches/oak/">The oak</a>')
    assert (f"{mill}, Hall" in first, oak in first, "<span>The oak</span>" in first) == (True, False, True)
    assert (mill in second, oak in second, f"{oak}, Hall" in second) == (False, True, False)
    assert "<span>The mill</span>" in second


def test_preview_names_the_branch_of_each_date(tour):
    tour.page.save_revision()
    draft = tour.page.get_latest_revision_as_object()

    html = draft.make_preview_request(preview_mode="").rendered_content

    assert "<span>The oak</span>" in html


# --- The form -------------------------------------------------------------------------------------------------------


def _choices(client, page):
    form = client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).context["form"]
    block = form.fields["added"].block.child_blocks["date"].child_blocks["branch"]
    return [key for key, _name in block.field.choices if key]


def _publish(client, page, **date):
    sent = {"date": soon(9), "starts": "", "ends": "", "branch": "", "place_en": ""} | date
    return save_in_form(client, page, added=streamfield([("date", sent)]), publish=True)


def test_editor_chooses_the_branch_of_a_date(tour, client):
    client.force_login(tour.administrator())
    hidden = Page.objects.get(pk=tour.branches.pk).add_child(instance=BranchPage(title="Plans", slug="x", live=False))

    assert _choices(client, tour.page) == ["mill", "oak"]
    assert _publish(client, tour.page, branch="").status_code == 302
    assert _branches() == ["mill", "mill"]
    assert _publish(client, tour.page, branch="oak").status_code == 302
    assert _branches() == ["mill", "oak"]
    assert _publish(client, tour.page, branch=hidden.record.key).status_code == 200
    assert _branches() == ["mill", "oak"]


def test_branch_that_is_hidden_meanwhile_is_not_lost_from_the_form(tour, client):
    client.force_login(tour.administrator())
    BranchPage.objects.get(pk=tour.oak.pk).unpublish()

    assert _choices(client, tour.page) == ["mill", "oak"]
    assert _publish(client, tour.page, branch="oak").status_code == 302
    assert "The oak" not in client.get("/en/events/puppets/").content.decode()


def test_date_that_was_entered_before_branches_could_be_chosen_stays_at_the_events_own(tour):
    revise(tour.page, added=[("date", {"date": soon(9), "starts": None, "ends": None, "place": {}})])

    assert _branches() == ["mill", "mill"]
    assert EventPage.objects.get(pk=tour.page.pk).added[0].value["date"] == soon(9)
