"""Short addresses stand on doors and in phones: they answer for ever, with what the long ones say."""

import pytest
from django.core.exceptions import BadRequest
from django.test import Client
from wagtail.models import Page

from branches.models import BranchPage
from core.models import Audience, Topic
from events.feed_codes import code_of, filters_at
from events.filters import EventFilter
from tests.factories.library import revise, soon

pytestmark = pytest.mark.django_db

# What is printed on a door can never be read otherwise: these lines may only be added to.
PRINTED = {
    "all": EventFilter(),
    "b.central": EventFilter(branch=("central",)),
    "b.central.mill+a.children": EventFilter(branch=("central", "mill"), audience=("children",)),
    "a.adults.children+t.reading+l.en.uk": EventFilter(
        audience=("adults", "children"), topic=("reading",), held_in=("en", "uk")
    ),
}


@pytest.fixture
def network(library):
    """Return a network with two branches, terms and an event at each branch."""
    library.terms()
    for key in ("central", "mill"):
        branch = library.branch(key=key, title=key.title())
        audiences = [Audience.objects.get(key="children")] if key == "mill" else []
        library.event(title=f"At {key}", slug=f"at-{key}", starts_on=soon(3), branch=branch.record, audiences=audiences)
    return library


@pytest.mark.parametrize(("code", "filters"), PRINTED.items())
def test_code_stands_for_its_filters_and_filters_for_their_code(network, code, filters):
    assert (filters_at(code), code_of(filters)) == (filters, code)


@pytest.mark.parametrize("typed", ["b.mill.central", "b.mill+b.central", "b.mill b.central", "b.central.mill.central"])
def test_same_choice_typed_otherwise_is_the_same(network, typed):
    assert code_of(filters_at(typed)) == "b.central.mill"


@pytest.mark.parametrize(
    "code", ["", "b", "b.", "b..mill", "x.mill", "b.nowhere", "b.mill+", "ALL", "all+b.mill", "mill"]
)
def test_what_is_no_code_is_refused(network, code):
    with pytest.raises(BadRequest):
        filters_at(code)


@pytest.mark.parametrize("code", PRINTED)
def test_short_address_answers_with_the_bytes_of_the_long_one(network, client, code):
    query = filters_at(code).query

    short, long = client.get(f"/uk/cal/{code}.ics"), client.get(f"/uk/events/feed.ics?{query}")

    assert (short.status_code, short.content, short["ETag"]) == (200, long.content, long["ETag"])
    assert short["Content-Type"] == "text/calendar; charset=utf-8"


def test_short_address_has_the_language_that_stands_in_it_whatever_a_browser_asks_for(network, client):
    page = network.event(title="Tea", starts_on=soon(4))
    network.translate(page, "uk", title="Чай")
    answers = {
        code: client.get(f"/{code}/cal/all.ics", headers={"accept-language": "mk", "cookie": "django_language=ru"})
        for code in ("en", "uk")
    }

    assert {code: answer.status_code for code, answer in answers.items()} == {"en": 200, "uk": 200}
    assert ("Чай" in answers["uk"].content.decode(), "Чай" in answers["en"].content.decode()) == (True, False)
    assert all(not answer.cookies for answer in answers.values())


def test_short_address_answers_head_and_304(network, client):
    etag = client.get("/uk/cal/b.mill.ics")["ETag"]

    head = client.head("/uk/cal/b.mill.ics")
    known = client.get("/uk/cal/b.mill.ics", headers={"if-none-match": etag})

    assert (head.status_code, head.content, head["ETag"]) == (200, b"", etag)
    assert (known.status_code, known.content) == (304, b"")
    assert client.post("/uk/cal/b.mill.ics").status_code == 405


@pytest.mark.parametrize("ending", [".ics", ".svg", ".pdf", "/"])
def test_key_never_issued_is_400_at_each_short_address(network, client, ending):
    answers = [client.get(f"/uk/cal/{code}{ending}").status_code for code in ("b.mill", "b.nowhere", "q", "b.mill%2F")]

    assert answers[:3] == [200, 400, 400]
    assert answers[3] in {400, 404}


def _statuses() -> list[int]:
    return [Client().get(f"/en/cal/b.mill{ending}").status_code for ending in (".ics", ".svg", ".pdf", "/")]


def test_printed_address_survives_renaming_moving_hiding_and_deleting(network):
    page = BranchPage.objects.get(slug="mill", locale=network.locales["en"])
    answers = [_statuses()]

    page = revise(page, title="The new mill", slug="new-mill")
    answers.append(_statuses())
    page.move(Page.objects.get(pk=network.home.pk), pos="last-child")
    answers.append(_statuses())
    BranchPage.objects.get(pk=page.pk).unpublish()
    answers.append(_statuses())
    Page.objects.get(pk=page.pk).delete()
    answers.append(_statuses())

    assert answers == [[200] * 4] * 5


def test_printed_address_survives_the_end_of_a_topic(network, client):
    Topic.objects.get(key="reading").delete()

    assert client.get("/en/cal/t.reading.ics").status_code == 200
