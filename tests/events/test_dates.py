"""What lists read of a date says the same as its whole record."""

from dataclasses import fields
from datetime import time, timedelta

import pytest

from branches.models import Branch
from events.dates import DateFacts, ListedDate
from events.domain import operations
from events.models import Event, Occurrence
from tests.factories.library import soon

pytestmark = [pytest.mark.django_db, pytest.mark.services]

FACTS = [name for name, value in vars(DateFacts).items() if isinstance(value, property)]
COLUMNS = [field.name for field in fields(ListedDate) if not field.name.startswith("event")]


def _cancelled(row):
    operations.cancel_occurrence(row, reason={"en": "No heating"})


def _moved(row):
    day = timedelta(days=1)
    operations.move_occurrence(
        row, start=row.local_start + day, end=row.local_end + day, branch=Branch.objects.get(), note={}
    )


@pytest.mark.parametrize("operate", [_cancelled, _moved, lambda row: operations.postpone_event(row.event)])
def test_listed_date_says_what_the_record_says(library, operate):
    library.terms()
    library.branch()
    library.event(starts_on=soon(2), starts_at=time(22), ends_at=time(2), place={"en": "Town hall"})
    operate(Occurrence.objects.get())
    row, event = Occurrence.objects.get(), Event.objects.get()

    listed = Occurrence.objects.listed().get()

    assert {name: getattr(listed, name) for name in FACTS + COLUMNS} == {
        name: getattr(row, name) for name in FACTS + COLUMNS
    }
    names = ("pk", "translation_key", "source_page_id", "state", "filters")
    assert [getattr(listed.event, name) for name in names] == [getattr(event, name) for name in names]


def test_listed_dates_stay_so_however_they_are_narrowed(library):
    library.event(starts_on=soon(2))

    found = Occurrence.objects.listed().public_on([library.site.pk]).filter(all_day=False)[:5]

    assert [type(one) for one in found] == [ListedDate]
