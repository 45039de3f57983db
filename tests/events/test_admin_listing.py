"""The list of events in the admin: what one may edit, what is next, in which languages, and the way to a new one."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from core.models import User
from events.domain import operations
from events.models import Event
from tests.factories.editors import editor_of
from tests.factories.library import soon

INDEX = "/admin/events/"


@pytest.fixture
def central(library):
    return library.branch()


@pytest.fixture
def north(library):
    return library.branch(key="north", title="North")


def _pages(response):
    return [page.title for page in response.context["object_list"]]


def _row(response):
    [page] = response.context["table"].data
    return page


def test_editor_sees_the_events_of_the_own_branch_only(library, client, central, north):
    library.event(parent=central, title="Ours")
    library.event(parent=north, title="Theirs")
    library.event(title="Of the network")
    client.force_login(editor_of(central))

    assert _pages(client.get(INDEX)) == ["Ours"]
    assert _pages(client.get(INDEX + "results/")) == ["Ours"]


def test_editor_of_two_branches_sees_both(library, client, central, north):
    library.event(parent=central, title="Ours", starts_on=soon(1))
    library.event(parent=north, title="Also ours", starts_on=soon(2))
    client.force_login(editor_of(central, north))

    assert _pages(client.get(INDEX)) == ["Ours", "Also ours"]


def test_who_edits_nothing_sees_no_list(library, client, central):
    library.event(parent=central)
    client.force_login(User.objects.create_user("reader@library.example", "secret"))

    assert client.get(INDEX).status_code == 302


def test_thing_has_one_row_whatever_its_languages(library, client):
    page = library.event()
    library.translate(page, "uk", title="Шаховий клуб")
    client.force_login(library.administrator())

    assert _pages(client.get(INDEX)) == ["Chess club"]
    assert _pages(client.get(INDEX + "?language=uk")) == ["Шаховий клуб"]
    assert _pages(client.get(INDEX + "?language=mk")) == []


def test_languages_are_shown_as_codes(library, client):
    page = library.event()
    library.translate(page, "uk", title="Шаховий клуб")
    library.translate(page, "ru", title="Шахматный клуб", publish_it=False, live=False)
    client.force_login(library.administrator())

    response = client.get(INDEX)

    states = [(one.code, one.state.value) for one in _row(response).listing_languages]
    assert states == [("en", "source"), ("uk", "current"), ("ru", "draft"), ("mk", "missing")]
    assert "Macedonian: missing" in response.content.decode()


def test_next_date_and_branch_are_shown(library, client, central):
    library.event(parent=central, branch=central.record, starts_on=soon(3), repeat="daily", repeat_count=2)
    client.force_login(library.administrator())

    row = _row(client.get(INDEX))

    day = soon(3)
    assert row.listing_when == f"{day:%A}, {day.day} {day:%B}, 18:00–19:30"
    assert row.listing_place == "Central Library"


def test_branch_has_the_name_of_the_admins_language(library, client, central):
    library.translate(central, "uk", title="Центральна бібліотека")
    library.event(branch=central.record)
    client.force_login(library.administrator())

    with translation.override("uk"):
        row = _row(client.get(INDEX, headers={"accept-language": "uk"}))

    assert row.listing_place == "Центральна бібліотека"


def test_next_events_come_first_and_those_over_last(library, client):
    library.event(title="Later", starts_on=soon(20))
    library.event(title="Over", starts_on=soon(-20))
    library.event(title="Soon", starts_on=soon(2))
    library.event(title="Planned", starts_on=soon(5), publish_it=False, live=False)
    library.event(title="Weekly", starts_on=soon(-4), repeat="weekly")
    client.force_login(library.administrator())

    assert _pages(client.get(INDEX)) == ["Soon", "Weekly", "Planned", "Later", "Over"]
    assert _pages(client.get(INDEX + "?ordering=title")) == ["Later", "Over", "Planned", "Soon", "Weekly"]


def test_status_tells_what_readers_see(library, client):
    library.event(title="A draft", publish_it=False, live=False)
    live = library.event(title="Live")
    live.title = "Live, changed"
    live.save_revision()
    off = library.event(title="Off")
    operations.cancel_event(Event.objects.get(source_page=off))
    client.force_login(library.administrator())

    rows = client.get(INDEX + "?ordering=title").context["table"].data

    assert [(row.listing_status["text"], bool(row.listing_status["primary"])) for row in rows] == [
        ("draft", False),
        ("live + draft", True),
        ("cancelled", False),
    ]


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("status=live", ["Here", "Off", "Past"]),
        ("status=draft", ["Draft"]),
        ("status=changed", []),
        ("branch=central", ["Here"]),
        ("branch=north", []),
        ("dates=upcoming", ["Here", "Off"]),
        ("dates=past", ["Past"]),
        ("state=cancelled", ["Off"]),
        ("q=here", ["Here"]),
        ("q=here&branch=central", ["Here"]),
        ("q=here&status=draft", []),
        ("q=here&language=en&ordering=title", ["Here"]),
        ("branch=no-such", ["Draft", "Here", "Off", "Past"]),
    ],
)
def test_list_is_filtered_and_searched(library, client, central, north, query, titles):
    library.event(title="Here", parent=central, branch=central.record, starts_on=soon(2))
    library.event(title="Past", starts_on=soon(-9))
    library.event(title="Draft", starts_on=soon(9), publish_it=False, live=False)
    off = library.event(title="Off", starts_on=soon(5))
    operations.cancel_event(Event.objects.get(source_page=off))
    client.force_login(library.administrator())

    assert sorted(_pages(client.get(f"{INDEX}?{query}"))) == titles


def test_number_of_queries_does_not_grow_with_the_rows(library, client, central, django_assert_num_queries):
    client.force_login(editor_of(central))

    def add(number):
        page = library.event(parent=central, title=f"Chess {number}", branch=central.record, starts_on=soon(number))
        library.translate(page, "uk", title=f"Шахи {number}")

    add(1)
    client.get(INDEX)
    with CaptureQueriesContext(connection) as one:
        assert len(client.get(INDEX).context["object_list"]) == 1
    add(2)
    add(3)

    with django_assert_num_queries(len(one)):
        assert len(client.get(INDEX).context["object_list"]) == 3


# --- New events -----------------------------------------------------------------------------------------------------


def _add(page):
    form = reverse("wagtailadmin_pages:add", args=["events", "eventpage", page.pk])
    return f"{form}?next=%2Fadmin%2Fevents%2F"


def test_new_event_of_a_branch_editor_goes_under_the_branch(library, client, central):
    client.force_login(editor_of(central))

    assert client.get(INDEX + "add/").url == _add(central)


def test_new_event_is_written_in_the_language_of_the_admin(library, client, central):
    client.force_login(editor_of(central))

    response = client.get(INDEX + "add/", headers={"accept-language": "uk"})

    assert response.url == _add(library.in_language(central, "uk"))


def test_place_in_another_language_is_the_one_that_was_there_first(library, client, settings):
    north = library.branch(key="north", title="Північ", language="uk")
    client.force_login(editor_of(north))

    response = client.get(INDEX + "add/", headers={"accept-language": "de"})

    # German isn't among the languages of the installation: the admin is English then, and so is the place.
    assert response.url == _add(library.in_language(north, "en"))
    from core.admin_places import places_for
    from events.models import EventPage

    assert [page.pk for page in places_for(editor_of(north, email="x@library.example"), EventPage, "de")] == [north.pk]


def test_who_may_write_in_several_places_chooses(library, client, central, north):
    client.force_login(library.administrator())

    response = client.get(INDEX + "add/")

    assert response.context["choices"] == [
        ("Events", _add(library.events)),
        ("Central Library", _add(central)),
        ("North", _add(north)),
    ]


def test_who_may_write_nowhere_is_told(library, client, central):
    from wagtail.models import GroupPagePermission

    user = editor_of(central)
    GroupPagePermission.objects.filter(permission__codename="add_page").delete()
    client.force_login(user)

    response = client.get(INDEX + "add/")

    assert "There is no place to which you may add this." in response.content.decode()


def test_form_of_a_new_event_under_a_branch_knows_the_branch(library, client, central):
    client.force_login(editor_of(central))

    form = client.get(_add(central)).context["form"]

    assert form.initial["branch"] == central.record.pk


def test_menu_leads_to_the_lists(library, client, central):
    client.force_login(editor_of(central))

    html = client.get("/admin/").content.decode()

    assert [path in html for path in (INDEX, "/admin/news/", "/admin/branches/")] == [True, True, True]
