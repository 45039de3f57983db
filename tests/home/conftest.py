"""One library for the tests of a module: making it takes longer than most of them."""

import pytest
from django.db import transaction

from tests.factories.library import Library


@pytest.fixture(scope="module")
def built_once(django_db_setup, django_db_blocker):
    """Build the library once: each test works in a savepoint inside of this transaction."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield Library()
        transaction.set_rollback(True)


@pytest.fixture
def library(built_once, db):
    """Return a small network in four languages, as it was built."""
    return built_once
