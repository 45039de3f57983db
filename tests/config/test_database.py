"""SQLite is opened as the settings say, and two who write at once wait for each other."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from core.models import Job

WRITERS, ROUNDS = 2, 40


@pytest.fixture(autouse=True)
def _sqlite_alone():
    if connection.vendor != "sqlite":
        pytest.skip("The database is not SQLite.")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("pragma", "expected"),
    [
        ("journal_mode", "wal"),
        ("synchronous", 1),  # NORMAL
        ("temp_store", 2),  # MEMORY
        ("cache_size", -20_000),
        ("journal_size_limit", 27_103_364),
        ("mmap_size", 134_217_728),
        ("foreign_keys", 1),
    ],
)
def test_database_is_opened_with_its_pragmas(pragma, expected):
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA {pragma}")

        assert cursor.fetchone() == (expected,)


@pytest.mark.django_db
def test_transaction_takes_its_lock_at_once():
    assert connection.transaction_mode == "IMMEDIATE"


def _read_and_write(start: threading.Barrier, errors: list[BaseException]) -> None:
    start.wait()
    try:
        for _round in range(ROUNDS):
            with transaction.atomic():
                job = Job.objects.get(name="counted")
                # What was read must still hold when it is written; without the lock SQLite refuses one of the two.
                job.runs += 1
                job.save(update_fields=["runs"])
    except Exception as error:
        errors.append(error)
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_two_writers_wait_for_each_other():
    Job.objects.create(name="counted", next_run_at=timezone.now() + timedelta(days=1))
    errors: list[BaseException] = []
    start = threading.Barrier(WRITERS)
    writers = [threading.Thread(target=_read_and_write, args=(start, errors)) for _number in range(WRITERS)]

    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)

    assert (errors, Job.objects.get(name="counted").runs) == ([], WRITERS * ROUNDS)
