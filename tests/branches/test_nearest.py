"""The branches nearest to a district come first, without any script."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from wagtail.models import Site

from branches.models import District
from core import generations
from tests.factories.library import Library

STATION = {"latitude": Decimal("49.50710"), "longitude": Decimal("31.49720")}


@pytest.fixture
def town(library) -> Library:
    """Return a library with three branches, one of them at an unknown place, and two districts."""
    library.branch(key="central", title="Central", is_central=True, latitude="49.50120", longitude="31.50340")
    library.branch(key="elsewhere", title="A bus")
    library.branch(key="station", title="Station", latitude="49.50680", longitude="31.49850")
    District.objects.create(key="station-quarter", label={"en": "Station Quarter", "uk": "Привокзалля"}, **STATION)
    District.objects.create(key="far", label={"en": "Far"}, latitude="49.40000", longitude="31.50000", order=1)
    return library


def _rows(answer) -> list[tuple[str, str]]:
    return [(row.words.title, row.distance) for row in answer.context["branches"]]


def test_without_a_district_the_order_is_the_usual_one(town, client):
    assert _rows(client.get("/en/branches/")) == [("Central", ""), ("A bus", ""), ("Station", "")]


def test_nearest_to_a_district_come_first_and_unknown_places_last_without_a_distance(town, client):
    near, far = (client.get(f"/en/branches/?near={key}") for key in ("station-quarter", "far"))

    assert _rows(near) == [("Station", "100 m"), ("Central", "800 m"), ("A bus", "")]
    assert _rows(far) == [("Central", "11 km"), ("Station", "12 km"), ("A bus", "")]
    assert "<strong>Station Quarter</strong>" in near.content.decode()
    assert '<option value="station-quarter" selected>Station Quarter</option>' in near.content.decode()


def test_distances_and_districts_are_in_the_readers_language(town, client):
    page = client.get("/uk/branches/?near=far").content.decode()

    assert ">11 км</span>" in page
    assert '<option value="station-quarter">Привокзалля</option>' in page


@pytest.mark.parametrize("key", ["nowhere", "station", "%3Cscript%3E", "x" * 300])
def test_district_that_there_is_not_is_a_bad_request(town, client, key):
    answer = client.get(f"/en/branches/?near={key}")

    assert answer.status_code == 400
    assert "<script>" not in answer.content.decode()


def test_district_of_another_site_is_a_bad_request(town, client):
    other = Site.objects.create(hostname="other.example", root_page=town.home)
    District.objects.filter(key="far").update(site=other)

    assert client.get("/en/branches/?near=far").status_code == 400


def test_empty_district_is_none(town, client):
    assert _rows(client.get("/en/branches/?near="))[0] == ("Central", "")


def test_retired_district_answers_in_old_links_but_is_not_offered(town, client):
    District.objects.filter(key="far").update(retired=True)

    plain, asked = client.get("/en/branches/"), client.get("/en/branches/?near=far")

    assert 'value="far"' not in plain.content.decode()
    assert asked.content.decode().count('<option value="far" selected>Far</option>') == 1


def test_nothing_is_asked_where_no_place_is_known(library, client):
    library.branch(title="A bus")
    District.objects.create(key="far", label={"en": "Far"}, **STATION)

    page = client.get("/en/branches/")

    assert 'name="near"' not in page.content.decode()
    assert "data-near-me" not in page.content.decode()


def test_language_links_keep_the_district(town, client):
    assert 'href="/uk/branches/?near=far"' in client.get("/en/branches/?near=far").content.decode()


@pytest.mark.parametrize("query", ["", "?near=far"])
def test_number_of_queries_grows_with_neither_branches_nor_districts(library, client, remembering, query):
    asked = []
    for number in range(3):
        library.branch(key=f"branch-{number}", latitude="49.5", longitude="31.5")
        District.objects.create(key="far" if number == 0 else f"d-{number}", label={"en": "Far"}, **STATION)
        generations.store().advance()
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(f"/en/branches/{query}")
        asked.append((len(answer.context["branches"]), len(queries)))

    assert asked == [(number, asked[0][1]) for number in (1, 2, 3)]


def test_changed_district_is_shown_at_once(town, client, settings, remembering):
    settings.PAGE_CACHE = True
    client.get("/en/branches/?near=far")

    with TestCase.captureOnCommitCallbacks(execute=True):
        district = District.objects.get(key="far")
        district.label = {"en": "Far away"}
        district.save()

    assert "<strong>Far away</strong>" in client.get("/en/branches/?near=far").content.decode()


def test_page_of_a_district_is_kept_by_itself(town, client, settings):
    settings.PAGE_CACHE = True
    outcomes = [client.get(f"/en/branches/?near={key}")["X-Cache"] for key in ("far", "far", "station-quarter")]

    assert outcomes == ["miss", "hit", "miss"]


def test_district_is_entered_in_the_admin_among_the_terms(library, client):
    client.force_login(library.administrator())
    data = {"label_en": "Mill End", "label_uk": "Млини", "latitude": "49.48580", "longitude": "31.53420", "order": "0"}

    answer = client.post(reverse("districts:add"), data)
    refused = client.post(reverse("districts:add"), data | {"label_en": "South", "latitude": "95"})

    made = District.objects.get()
    assert (answer.status_code, made.key, made.label["uk"]) == (302, "mill-end", "Млини")
    assert (str(made.latitude), str(made.longitude)) == ("49.48580", "31.53420")
    assert list(refused.context["form"].errors) == ["latitude"]


def test_district_is_named_in_the_language_of_the_admin(db):
    with translation.override("uk"):
        assert str(District(key="mill-end", label={"en": "Mill End", "uk": "Млини"})) == "Млини"
