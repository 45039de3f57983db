"""Named jobs: one worker at a time, leases that lapse, failures that stop no other job."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.mail import EmailMessage
from django.core.management import call_command
from django.db import OperationalError, connection
from django.utils import timezone
from wagtail.models import Page
from wagtail.signals import page_published

from core import jobs, scheduled_publishing, worker
from core.models import Job, OutboxMessage
from core.outbox import enqueue
from core.worker import JobError, Outcome, RegisteredJob, Worker, run_due_jobs

pytestmark = pytest.mark.services
NOW = datetime(2026, 3, 29, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
ROOT = Path(__file__).resolve().parents[2]


def registry(**runs: Callable[[datetime], str]) -> dict[str, RegisteredJob]:
    return {name: RegisteredJob(name, MINUTE, run) for name, run in runs.items()}


def fine(now: datetime) -> str:
    return f"at {now:%H:%M}"


def bad(now: datetime) -> str:
    raise ValueError("a bad page")


def standing(*fields: str) -> dict[str, tuple]:
    return {row[0]: row[1:] for row in Job.objects.values_list("name", *fields)}


def until(reached: Callable[[], bool]) -> bool:
    """Wait for something that happens elsewhere; False if it does not happen at all."""
    ends_at = time.monotonic() + 60
    while not reached() and time.monotonic() < ends_at:
        time.sleep(0.01)
    return reached()


# --- One worker -------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_job_runs_when_it_is_due():
    known = registry(fine=fine)
    assert run_due_jobs(NOW, "a", known) == {"fine": Outcome("at 12:00", "")}
    assert run_due_jobs(NOW + MINUTE - timedelta(seconds=1), "a", known) == {}
    assert run_due_jobs(NOW + MINUTE, "b", known) == {"fine": Outcome("at 12:01", "")}
    assert standing("runs", "last_started", "last_finished", "next_run_at", "lease_owner", "lease_until") == {
        "fine": (2, NOW + MINUTE, NOW + MINUTE, NOW + 2 * MINUTE, "", None)
    }


@pytest.mark.django_db
def test_failing_job_stops_no_other_and_says_what_was_wrong(caplog):
    outcomes = run_due_jobs(NOW, "a", registry(a=fine, b=bad, c=fine))
    assert outcomes == {
        "a": Outcome("at 12:00", ""),
        "b": Outcome("", "ValueError: a bad page"),
        "c": Outcome("at 12:00", ""),
    }
    assert standing("last_report", "last_error", "failures")["b"] == ("", "ValueError: a bad page", 1)
    assert [job.name for job in Job.objects.troubled()] == ["b"]
    assert "The job b failed." in caplog.text


@pytest.mark.django_db
def test_job_that_failed_in_part_keeps_its_report():
    def partly(now):
        raise JobError("2 of 3", problems=["page 1: broken", "page 2: too"])

    assert run_due_jobs(NOW, "a", registry(partly=partly)) == {
        "partly": Outcome("2 of 3", "page 1: broken\npage 2: too")
    }


@pytest.mark.django_db
def test_failing_job_is_asked_less_and_less_often_but_once_a_minute_at_least():
    known = {"bad": RegisteredJob("bad", timedelta(seconds=3), bad), "slow": RegisteredJob("slow", 2 * MINUTE, bad)}
    now, waits = NOW, []
    for _failure in range(7):
        run_due_jobs(now, "a", known)
        next_run = Job.objects.get(name="bad").next_run_at
        waits.append((next_run - now).total_seconds())
        now = next_run
    assert waits == [6, 12, 24, 48, 60, 60, 60]
    assert standing("failures")["bad"] == (7,)
    run_due_jobs(now, "a", registry(bad=fine))
    assert standing("failures", "last_error")["bad"] == (0, "")
    assert Job.objects.get(name="slow").next_run_at >= NOW + 2 * MINUTE


@pytest.mark.django_db
def test_job_that_is_no_longer_registered_does_not_run():
    run_due_jobs(NOW, "a", registry(old=fine))
    assert run_due_jobs(NOW + 5 * MINUTE, "a", registry(new=fine)).keys() == {"new"}


def test_two_jobs_can_not_have_one_name(monkeypatch):
    monkeypatch.setattr(worker, "_registry", {})
    worker.register_job("one", every=MINUTE)(fine)
    with pytest.raises(ValueError, match="one"):
        worker.register_job("one", every=MINUTE)(fine)


# --- Leases -----------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_job_that_is_held_is_nobody_else_s():
    known = registry(job=fine)
    worker.ensure_rows(known, NOW)
    claimed = worker.claim(known["job"], "a", NOW)
    assert worker.claim(known["job"], "b", NOW) is None
    assert run_due_jobs(NOW + worker.LEASE - timedelta(seconds=1), "b", known) == {}
    claimed.finish(Outcome("done", ""), NOW)
    assert run_due_jobs(NOW + MINUTE, "b", known).keys() == {"job"}


@pytest.mark.django_db
def test_lease_of_a_dead_worker_lapses():
    known = registry(job=fine)
    worker.ensure_rows(known, NOW)
    worker.claim(known["job"], "dead", NOW)
    assert run_due_jobs(NOW + worker.LEASE, "b", known).keys() == {"job"}


@pytest.mark.django_db
def test_lease_is_renewed_while_the_worker_lives():
    known = registry(job=fine)
    worker.ensure_rows(known, NOW)
    claimed = worker.claim(known["job"], "a", NOW)
    assert claimed.renew(NOW + timedelta(seconds=50))
    assert worker.claim(known["job"], "b", NOW + worker.LEASE) is None


@pytest.mark.django_db
def test_worker_that_lost_its_job_neither_renews_nor_reports():
    known = registry(job=fine)
    worker.ensure_rows(known, NOW)
    late = worker.claim(known["job"], "a", NOW)
    taken = worker.claim(known["job"], "a", NOW + worker.LEASE)
    assert not late.renew(NOW + worker.LEASE)
    late.finish(Outcome("late", ""), NOW + worker.LEASE)
    assert standing("lease_owner", "last_report") == {"job": (taken.token, "")}


@pytest.mark.django_db
def test_run_that_hangs_is_not_kept_for_ever():
    known = registry(job=fine)
    worker.ensure_rows(known, NOW)
    run = worker.Run(worker.claim(known["job"], "a", NOW), lambda: NOW)
    run.keep(NOW + timedelta(seconds=19))
    assert standing("lease_until") == {"job": (NOW + worker.LEASE,)}
    run.keep(NOW + timedelta(seconds=20))
    assert standing("lease_until") == {"job": (NOW + timedelta(seconds=80),)}
    run.keep(NOW + worker.LONGEST_RUN)
    assert standing("lease_until") == {"job": (NOW + timedelta(seconds=80),)}


# --- Many workers -----------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_slow_job_keeps_no_other_waiting():
    go_on, others = threading.Event(), []

    def slow(now):
        assert go_on.wait(30)
        return "at last"

    def quick(now):
        others.append(now)
        return "quick"

    known = {"a": RegisteredJob("a", MINUTE, slow), "b": RegisteredJob("b", timedelta(0), quick)}
    crew = Worker("a", jobs=known)

    def many_quick_runs() -> bool:
        crew.turn()
        return len(others) > 2

    assert until(many_quick_runs)
    assert Job.objects.get(name="a").last_finished is None
    go_on.set()
    assert crew.leave(30) == []
    assert Job.objects.get(name="a").last_report == "at last"


@pytest.mark.django_db(transaction=True)
def test_many_workers_run_a_due_job_once():
    ran, start = [], threading.Barrier(4)
    known = registry(job=lambda now: str(ran.append(now)))

    def work():
        start.wait()
        try:
            run_due_jobs(NOW, threading.current_thread().name, known)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _worker in range(4)]
    for thread in workers:
        thread.start()
    for thread in workers:
        thread.join(60)
    assert ran == [NOW]


@pytest.mark.django_db(transaction=True)
def test_worker_leaves_what_does_not_end_in_time():
    go_on = threading.Event()
    crew = Worker("a", jobs=registry(slow=lambda now: str(go_on.wait(30))))
    crew.turn()
    assert crew.leave(0.01) == ["slow"]
    go_on.set()
    assert crew.leave(30) == []


def test_worker_survives_a_database_that_is_away(monkeypatch, caplog):
    def away(*_args):
        raise OperationalError("the database is away")

    monkeypatch.setattr(worker, "close_old_connections", lambda: None)
    monkeypatch.setattr(worker, "ensure_rows", away)
    Worker("a", jobs={}).turn()
    assert "could not reach the database" in caplog.text


# --- Processes --------------------------------------------------------------------------------------------------------


def process(log: Path, seconds: float) -> subprocess.Popen:
    """Start a worker on this test's database."""
    path = os.pathsep.join([str(ROOT), str(ROOT / "site")])
    return subprocess.Popen(
        [sys.executable, "-m", "tests.core.worker_process", str(connection.settings_dict["NAME"]), log, str(seconds)],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": path, "DJANGO_SETTINGS_MODULE": os.environ["DJANGO_SETTINGS_MODULE"]},
        stdout=subprocess.PIPE,
        text=True,
    )


def ended(one: subprocess.Popen) -> str:
    """Wait for a worker's end and return what it said; one that does not end is killed."""
    try:
        return one.communicate(timeout=60)[0]
    except subprocess.TimeoutExpired:
        one.kill()
        return one.communicate()[0]


def lines(log: Path) -> list[list[str]]:
    return [line.split() for line in log.read_text().splitlines()] if log.exists() else []


@pytest.mark.django_db(transaction=True)
def test_two_processes_share_the_jobs_and_end_cleanly(tmp_path):
    log = tmp_path / "log"
    workers = [process(log, 0.02) for _worker in range(2)]
    try:
        assert until(lambda: len({pid for _word, pid in lines(log)}) == 2 and len(lines(log)) > 20)
    finally:
        workers[0].send_signal(signal.SIGTERM)
        workers[1].send_signal(signal.SIGINT)
        outputs = [ended(one) for one in workers]
    assert [one.returncode for one in workers] == [0, 0]
    assert [output.splitlines()[-1] for output in outputs] == ["The worker has stopped."] * 2
    pairs = list(zip(lines(log)[::2], lines(log)[1::2], strict=True))
    assert all((begin[0], end[0], begin[1]) == ("begin", "end", end[1]) for begin, end in pairs)
    assert Job.objects.get(name="test-count").runs == len(pairs)


@pytest.mark.django_db(transaction=True)
def test_job_of_a_killed_process_is_taken_over_when_its_lease_lapses(tmp_path):
    log = tmp_path / "log"
    killed = process(log, 60)
    try:
        assert until(lambda: len(lines(log)) == 1)
    finally:
        killed.kill()
        killed.communicate(timeout=60)
    row = Job.objects.get(name="test-count")
    known = {"test-count": RegisteredJob("test-count", MINUTE, fine)}
    assert run_due_jobs(row.lease_until - timedelta(seconds=1), "b", known) == {}
    assert run_due_jobs(row.lease_until, "b", known).keys() == {"test-count"}


# --- The core's jobs --------------------------------------------------------------------------------------------------


def test_core_offers_its_jobs():
    assert {"outbox", "publish-scheduled", "forget", "sessions"} <= worker.registered_jobs().keys()


@pytest.mark.django_db
def test_outbox_job_reports_a_mail_server_that_is_away(settings):
    settings.SMTP_BACKEND, settings.EMAIL_HOST = "django.core.mail.backends.smtp.EmailBackend", "127.0.0.1"
    settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = 1, 1
    (row,) = enqueue(EmailMessage("a", "b", "library@example.org", ["reader@example.org"]))
    with pytest.raises(JobError, match="Connection refused") as raised:
        jobs.send_outbox(row.next_attempt_at)
    assert raised.value.report == "Sent: 0, put off: 0, given up: 0."


@pytest.mark.django_db
def test_outbox_job_sends(settings):
    settings.SMTP_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    (row,) = enqueue(EmailMessage("a", "b", "library@example.org", ["reader@example.org"]))
    assert jobs.send_outbox(row.next_attempt_at) == "Sent: 1, put off: 0, given up: 0."


@pytest.mark.django_db
def test_forget_job_erases_old_mails():
    enqueue(EmailMessage("a", "b", "library@example.org", ["reader@example.org"]))
    OutboxMessage.objects.update(state="sent", settled_at=NOW)
    kept = timedelta(days=django_settings.OUTBOX_KEEP_DAYS)
    assert [jobs.forget(NOW + kept), jobs.forget(NOW + kept + MINUTE)] == ["Mails erased: 0.", "Mails erased: 1."]


@pytest.mark.django_db
def test_sessions_job_deletes_expired_sessions():
    for days in (-1, 1):
        session = SessionStore()
        session.set_expiry(timezone.now() + timedelta(days=days))
        session.save()
    jobs.clear_sessions(NOW)
    assert Session.objects.count() == 1


# --- Scheduled publishing ---------------------------------------------------------------------------------------------


def page(title: str, **fields: object) -> Page:
    return Page.objects.get(depth=1).add_child(instance=Page(title=title, slug=title.lower(), **fields))


def scheduled(title: str, moment: datetime) -> Page:
    """Make a page that goes live at a moment."""
    found = page(title, live=False)
    found.title = f"{title} published"
    revision = found.save_revision(approved_go_live_at=moment)
    revision.save()
    return found


def live() -> set[str]:
    return set(Page.objects.filter(live=True, depth=2, title__contains="published").values_list("title", flat=True))


@pytest.fixture
def bad_page():
    """A page whose publishing fails at the end."""

    def fail(sender, instance, **_kwargs):
        if instance.title.startswith("Bad"):
            raise ValueError("a bad page")

    page_published.connect(fail)
    yield scheduled("Bad", NOW - 2 * MINUTE)
    page_published.disconnect(fail)


@pytest.mark.django_db
def test_page_goes_live_at_its_time():
    scheduled("Due", NOW)
    scheduled("Later", NOW + MINUTE)
    report = scheduled_publishing.publish_due(NOW)
    assert (report.published, report.unpublished, report.problems) == (["Due published"], [], [])
    assert live() == {"Due published"}
    assert scheduled_publishing.publish_due(NOW).published == []


@pytest.mark.django_db
def test_bad_page_stops_no_other_and_is_tried_again(bad_page):
    scheduled("Good", NOW - MINUTE)
    report = scheduled_publishing.publish_due(NOW)
    assert (report.published, report.problems) == (["Good published"], ["Bad published: ValueError: a bad page"])
    assert live() == {"Good published"}
    assert scheduled_publishing.publish_due(NOW).problems == ["Bad published: ValueError: a bad page"]


@pytest.mark.django_db
def test_publish_job_names_what_it_did_and_what_went_wrong(bad_page):
    scheduled("Good", NOW - MINUTE)
    outcomes = run_due_jobs(NOW, "a", {"publish-scheduled": worker.registered_jobs()["publish-scheduled"]})
    assert outcomes == {
        "publish-scheduled": Outcome(
            "Published: Good published. Unpublished: nothing.", "Bad published: ValueError: a bad page"
        )
    }


@pytest.mark.django_db
def test_page_that_an_editor_took_back_is_not_published():
    taken_back = scheduled("Taken", NOW)
    (revision,) = taken_back.revisions.all()
    taken_back.revisions.update(approved_go_live_at=None)
    scheduled_publishing._publish(revision, NOW)
    assert live() == set()


@pytest.mark.django_db
def test_page_expires_at_its_time():
    expired, kept = page("Old", expire_at=NOW), page("New", expire_at=NOW + MINUTE)
    assert scheduled_publishing.publish_due(NOW).unpublished == ["Old"]
    expired.refresh_from_db()
    kept.refresh_from_db()
    assert [(found.live, found.expired) for found in (expired, kept)] == [(False, True), (True, False)]


# --- Commands ---------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_worker_command_runs_what_is_due_once(monkeypatch):
    monkeypatch.setattr(worker, "registered_jobs", lambda: registry(a=lambda now: "done", b=bad))
    out = StringIO()
    call_command("worker", once=True, stdout=out)
    assert out.getvalue().splitlines() == ["a: done", "b: ValueError: a bad page"]


@pytest.mark.django_db
def test_jobs_command_lists_how_each_stands():
    moment = datetime(2026, 3, 29, 12, 0, tzinfo=UTC)
    far = moment.replace(year=2100)
    Job.objects.create(name="forget", next_run_at=far, runs=2, last_finished=moment, last_report="Mails erased: 1.")
    Job.objects.create(name="outbox", next_run_at=moment, lease_owner="host:1:ab", lease_until=far, runs=1)
    Job.objects.create(name="retired", next_run_at=moment)
    Job.objects.create(name="sessions", next_run_at=moment, runs=3, failures=2, last_error="OSError: full")
    out = StringIO()
    call_command("jobs", stdout=out)
    assert out.getvalue().splitlines() == [
        "forget: next at 2100-03-29 12:00:00 UTC, 2 runs, last ended 2026-03-29 12:00:00 UTC, Mails erased: 1.",
        "outbox: running, held by host:1:ab, 1 runs",
        "retired: no longer known, 0 runs",
        "sessions: due, 3 runs, FAILED (2 in a row): OSError: full",
    ]
