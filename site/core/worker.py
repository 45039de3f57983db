"""The worker: named jobs, each run by one worker at a time, however many workers there are.

A room of the house offers jobs in a module `jobs.py`:

    @register_job("outbox", every=timedelta(seconds=3))
    def send_outbox(now: datetime) -> str: ...

A job is taken by one conditional UPDATE that writes a lease. The worker renews the leases of what it runs; the lease of
a worker that died, or of a run that takes longer than `LONGEST_RUN`, lapses, and the next worker takes the job. Clocks
of several machines must agree within the lease. A job must bear being run again after it was cut off in the middle.
"""

import logging
import os
import socket
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import DatabaseError, close_old_connections, connections
from django.db.models import F
from django.utils import timezone
from django.utils.module_loading import autodiscover_modules

from core.models import Job

log = logging.getLogger(__name__)

POLL_SECONDS = 1.0
GRACE_SECONDS = 20.0
LEASE = timedelta(seconds=60)
LONGEST_RUN = timedelta(minutes=30)
LONGEST_BACKOFF = timedelta(seconds=60)


class JobError(Exception):
    """A job that did a part of its work, or none, and knows what went wrong with the rest."""

    def __init__(self, report: str, *, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.report = report


@dataclass(frozen=True)
class RegisteredJob:
    """A function that takes the moment of its run and returns a line for `manage.py jobs`."""

    name: str
    every: timedelta
    run: Callable[[datetime], str]


@dataclass(frozen=True)
class Outcome:
    """How one run went; `error` is empty when all went well."""

    report: str
    error: str


Registry = Mapping[str, RegisteredJob]
_registry: dict[str, RegisteredJob] = {}


JobFunction = Callable[[datetime], str]


def register_job(name: str, *, every: timedelta) -> Callable[[JobFunction], JobFunction]:
    """Offer a function as a job that starts once per interval; a name is taken once."""

    def registered(run: JobFunction) -> JobFunction:
        if name in _registry:
            raise ValueError(f"Two jobs are called {name}.")
        _registry[name] = RegisteredJob(name, every, run)
        return run

    return registered


def registered_jobs() -> Registry:
    """Return the jobs of all installed rooms."""
    autodiscover_modules("jobs")
    return _registry


def owner_name() -> str:
    """Return a name for this process that no other one has at the same time."""
    return f"{socket.gethostname()}:{os.getpid()}"


# --- One run ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Claim:
    """A job that was taken, until the lease lapses; the token tells this run from any other one."""

    job: RegisteredJob
    token: str
    started_at: datetime

    def renew(self, now: datetime) -> bool:
        """Hold the job for longer; False if another worker has it."""
        return bool(Job.objects.filter(name=self.job.name, lease_owner=self.token).update(lease_until=now + LEASE))

    def execute(self) -> Outcome:
        """Run the job; whatever it raises becomes the outcome's error."""
        try:
            return Outcome(self.job.run(self.started_at), "")
        except JobError as failed:
            return Outcome(failed.report, str(failed))
        except Exception as error:
            log.exception("The job %s failed.", self.job.name)
            return Outcome("", f"{type(error).__name__}: {error}")

    def finish(self, outcome: Outcome, now: datetime) -> None:
        """Write how it went and give the job back, unless another worker has taken it since."""
        held = Job.objects.filter(name=self.job.name, lease_owner=self.token)
        failures = held.values_list("failures", flat=True).first() or 0
        failures = failures + 1 if outcome.error else 0
        held.update(
            lease_owner="",
            lease_until=None,
            last_finished=now,
            last_report=outcome.report,
            last_error=outcome.error,
            failures=failures,
            next_run_at=self._next_run(failures, now),
        )

    def _next_run(self, failures: int, now: datetime) -> datetime:
        if not failures:
            return max(self.started_at + self.job.every, now)
        return now + max(self.job.every, min(self.job.every * 2 ** min(failures, 16), LONGEST_BACKOFF))


def ensure_rows(jobs: Registry, now: datetime) -> None:
    """Give each registered job its row; a new one is due at once."""
    Job.objects.bulk_create([Job(name=name, next_run_at=now) for name in jobs], ignore_conflicts=True)


def due_jobs(jobs: Registry, now: datetime) -> list[RegisteredJob]:
    """Return the jobs that may be claimed, the longest overdue first."""
    names = Job.objects.due(now).filter(name__in=list(jobs)).values_list("name", flat=True)
    return [jobs[name] for name in names]


def claim(job: RegisteredJob, owner: str, now: datetime, lease: timedelta = LEASE) -> Claim | None:
    """Take a due job; None if another worker was faster."""
    token = f"{owner}:{uuid.uuid4().hex[:8]}"
    taken = (
        Job.objects.due(now)
        .filter(name=job.name)
        .update(lease_owner=token, lease_until=now + lease, last_started=now, runs=F("runs") + 1)
    )
    return Claim(job, token, now) if taken else None


def run_due_jobs(now: datetime, owner: str, jobs: Registry | None = None) -> dict[str, Outcome]:
    """Run all due jobs once, one after the other, and return how each went."""
    jobs = registered_jobs() if jobs is None else jobs
    ensure_rows(jobs, now)
    outcomes = {}
    for job in due_jobs(jobs, now):
        claimed = claim(job, owner, now, LONGEST_RUN)
        if claimed is not None:
            outcomes[job.name] = outcome = claimed.execute()
            claimed.finish(outcome, now)
    return outcomes


# --- Many runs --------------------------------------------------------------------------------------------------------


class Run(threading.Thread):
    """A job on its way, in a thread and with database connections of its own."""

    def __init__(self, claimed: Claim, clock: Callable[[], datetime]) -> None:
        super().__init__(name=f"job {claimed.job.name}", daemon=True)
        self.claim = claimed
        self.renewed_at = claimed.started_at
        self._clock = clock

    def run(self) -> None:
        try:
            self.claim.finish(self.claim.execute(), self._clock())
        except DatabaseError:
            log.exception("The outcome of the job %s could not be written.", self.claim.job.name)
        finally:
            connections.close_all()

    def keep(self, now: datetime) -> None:
        """Renew the lease when a third of it has passed, but not for a run that hangs."""
        if now - self.renewed_at >= LEASE / 3 and now - self.claim.started_at < LONGEST_RUN:
            self.claim.renew(now)
            self.renewed_at = now


class Worker:
    """Runs due jobs side by side, so that a slow one keeps no other waiting."""

    def __init__(
        self, owner: str, *, jobs: Registry | None = None, clock: Callable[[], datetime] = timezone.now
    ) -> None:
        self._owner = owner
        self._jobs = registered_jobs() if jobs is None else jobs
        self._clock = clock
        self._runs: list[Run] = []
        self._has_rows = False

    def turn(self) -> None:
        """Renew the leases of what runs and start what is due; a database that is away is asked again next time."""
        try:
            close_old_connections()
            self._turn(self._clock())
        except DatabaseError:
            log.exception("The worker could not reach the database.")

    def _turn(self, now: datetime) -> None:
        if not self._has_rows:
            ensure_rows(self._jobs, now)
            self._has_rows = True
        self._runs = [run for run in self._runs if run.is_alive()]
        for run in self._runs:
            run.keep(now)
        for job in due_jobs(self._jobs, now):
            claimed = claim(job, self._owner, now)
            if claimed is not None:
                self._start(Run(claimed, self._clock))

    def _start(self, run: Run) -> None:
        run.start()
        self._runs.append(run)

    def leave(self, grace: float = GRACE_SECONDS) -> list[str]:
        """Wait for what runs; return the names of what does not end in time, whose leases will lapse."""
        ends_at = time.monotonic() + grace
        for run in self._runs:
            run.join(max(0.0, ends_at - time.monotonic()))
        return [run.claim.job.name for run in self._runs if run.is_alive()]


def run_forever(stopped: Callable[[], bool], *, jobs: Registry | None = None, poll: float = POLL_SECONDS) -> list[str]:
    """Run jobs until `stopped` says so; return the names of those that did not end in time.

    A question and no `threading.Event`: a signal handler that sets an event waits for ever when it interrupts the wait.
    """
    worker = Worker(owner_name(), jobs=jobs)
    while not stopped():
        worker.turn()
        time.sleep(poll)
    return worker.leave()
