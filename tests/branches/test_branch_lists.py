"""Branches in templates: open now, and contacts that a phone understands."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.template import Context
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from branches.models import Branch
from branches.templatetags.branch_lists import contact_label, map_address, open_branches, postal_address, telephone
from core import generations

pytestmark = pytest.mark.django_db


def _context() -> Context:
    return Context({"request": RequestFactory().get("/en/", headers={"host": "localhost"})})


def test_central_library_comes_first(library):
    library.branch(key="mill", title="A mill")
    library.branch(key="central", title="The central library", is_central=True)

    assert [row.words.title for row in open_branches(_context())] == ["The central library", "A mill"]


def test_nothing_is_listed_without_a_request():
    assert open_branches(Context()) == []


def test_number_of_queries_does_not_grow_with_the_branches(library, remembering):
    asked = []
    for number in range(3):
        library.branch(key=f"branch-{number}")
        generations.store().advance()
        with CaptureQueriesContext(connection) as queries:
            rows = open_branches(_context())
        asked.append((len(rows), len(queries)))

    assert asked == [(number, asked[0][1]) for number in (1, 2, 3)]


@pytest.mark.parametrize(("kind", "label"), [("general", ""), ("", ""), ("office", "Administration")])
def test_contact_says_whom_it_reaches_unless_it_is_everybody(kind, label):
    assert contact_label(kind) == label


@pytest.mark.parametrize(
    ("number", "address"),
    [("+380 (44) 123-45-67", "tel:+380441234567"), ("0 800 1", "tel:08001"), ("+٣", "tel:+")],
)
def test_phone_number_becomes_an_address(number, address):
    assert telephone(number) == address


def test_map_is_linked_only_where_the_place_is_known(settings):
    known = Branch(latitude=Decimal("49.50120"), longitude=Decimal("-31.5"))

    assert (map_address(known), map_address(Branch(latitude=Decimal("49.5")))) == (
        "https://www.openstreetmap.org/?mlat=49.50120&mlon=-31.5#map=18/49.50120/-31.5",
        "",
    )


def test_postal_address_is_one_line():
    branch = Branch(street={"en": "1 Mill Street"}, town={"en": "Yasenove"}, postcode="00001")

    assert (postal_address(branch), postal_address(None)) == ("1 Mill Street, 00001 Yasenove", "")


def test_reason_of_a_closure_says_in_which_language_it_is(client, library):
    today = timezone.localdate()
    closed = {"first": today, "last": today + timedelta(days=3), "reason": {"uk": "ремонт"}}
    library.branch(exceptions=[("exception", closed)])

    there = client.get("/mk/branches/central/").content.decode()
    here = client.get("/uk/branches/central/").content.decode()

    assert '(<span lang="uk">ремонт</span>)' in there
    assert "(ремонт)" in here
