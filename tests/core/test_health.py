"""The health page says in one word per part what is wrong, and never fails itself."""

from datetime import datetime, timedelta

import pytest
from django.db import OperationalError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from core.health import OUTBOX_AGE, WORKER_SILENCE
from core.models import Job, OutboxMessage, User

pytestmark = [pytest.mark.django_db, pytest.mark.services]
WELL = {"status": "ok", "database": "ok", "migrations": "ok", "worker": "ok", "jobs": "ok", "outbox": "ok"}
MINUTE = timedelta(minutes=1)


def _ran(ago: timedelta, *, name="outbox", error="") -> None:
    now = timezone.now()
    Job.objects.update_or_create(
        name=name, defaults={"next_run_at": now, "last_finished": now - ago, "last_error": error}
    )


def _mail(age: timedelta, state: str) -> None:
    written = timezone.now() - age
    OutboxMessage.objects.create(
        key="a mail",
        recipient="reader@library.example",
        content=b"",
        state=state,
        created_at=written,
        next_attempt_at=written,
        settled_at=None if state == "waiting" else written,
    )


def _health(client):
    response = client.get("/healthz")
    return response.status_code, response.json()


@pytest.fixture(autouse=True)
def _at_work():
    Job.objects.all().delete()
    _ran(timedelta(seconds=3))


def test_installation_that_is_well_says_so(client):
    assert _health(client) == (200, WELL)


def test_answer_is_never_kept_and_sets_no_cookie(client):
    response = client.get("/healthz")

    assert "no-store" in response["Cache-Control"]
    assert dict(response.cookies) == {}
    assert client.head("/healthz").status_code == 200
    assert client.post("/healthz").status_code == 405


@pytest.mark.parametrize(("ago", "word"), [(WORKER_SILENCE - MINUTE, "ok"), (WORKER_SILENCE + MINUTE, "silent")])
def test_worker_that_has_not_finished_anything_for_long_is_silent(client, ago, word):
    _ran(ago)

    # Readers can still read: a balancer must not take the site out for this.
    assert _health(client) == (200, WELL | {"worker": word})


def test_worker_that_never_ran_is_silent(client):
    Job.objects.all().delete()

    assert _health(client) == (200, WELL | {"worker": "silent"})


def test_staff_are_told_when_each_job_ended_last(client, library):
    _ran(MINUTE, name="things", error="ValueError: broken")
    Job.objects.create(name="forget", next_run_at=timezone.now())
    ends = dict(Job.objects.values_list("name", "last_finished"))
    client.force_login(library.administrator())

    status, words = _health(client)

    told = {name: end and datetime.fromisoformat(end) for name, end in words.pop("last_finished").items()}
    assert (status, words) == (200, WELL | {"jobs": "failing, things", "calendars": "ok"})
    assert told.keys() == {"outbox", "things", "forget"}
    assert told["forget"] is None
    assert abs(told["things"] - ends["things"]) < timedelta(seconds=1)


def test_reader_with_an_account_is_told_no_more_than_anybody(client):
    client.force_login(User.objects.create_user("reader@library.example", "secret"))

    assert _health(client) == (200, WELL)


def test_jobs_that_fail_are_named(client):
    _ran(MINUTE, name="things", error="ValueError: broken")

    assert _health(client) == (200, WELL | {"jobs": "failing, things"})


@pytest.mark.parametrize(
    ("age", "state", "word"),
    [
        (OUTBOX_AGE - MINUTE, "waiting", "ok"),
        (OUTBOX_AGE + MINUTE, "waiting", "late"),
        (OUTBOX_AGE + MINUTE, "sent", "ok"),
    ],
)
def test_mail_that_waits_for_long_is_late(client, age, state, word):
    _mail(age, state)

    assert _health(client) == (200, WELL | {"outbox": word})


def test_missing_migration_is_a_failure(client):
    ((app, newest),) = MigrationLoader(connection).graph.leaf_nodes("news")
    MigrationRecorder(connection).record_unapplied(app, newest)

    assert _health(client) == (503, WELL | {"status": "failing", "migrations": "missing"})


@pytest.mark.parametrize("signed_in", [False, True])
def test_database_that_is_down_is_a_failure_and_no_error_page(client, library, signed_in):
    if signed_in:
        client.force_login(library.administrator())

    def refuse(*_args):
        raise OperationalError("no connection")

    with connection.execute_wrapper(refuse):
        status, words = _health(client)

    unknown = dict.fromkeys(("migrations", "worker", "jobs", "outbox"), "unknown")
    assert (status, words) == (503, {"status": "failing", "database": "unreachable"} | unknown)
