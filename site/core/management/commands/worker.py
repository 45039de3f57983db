"""Run the worker."""

import signal
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from core.worker import POLL_SECONDS, owner_name, run_due_jobs, run_forever


class Command(BaseCommand):
    help = "Runs the site's jobs: mail, scheduled publishing and the rest. Any number of workers may run at once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="Run what is due, one job after the other, and end.")
        parser.add_argument("--poll", type=float, default=POLL_SECONDS, help="Seconds between two looks at the table.")

    def handle(self, *args: Any, once: bool, poll: float, **options: Any) -> None:
        if once:
            self._run_once()
        else:
            self._run_until_stopped(poll)

    def _run_once(self) -> None:
        for name, outcome in run_due_jobs(timezone.now(), owner_name()).items():
            self.stdout.write(f"{name}: {outcome.error or outcome.report}")

    def _run_until_stopped(self, poll: float) -> None:
        asked: list[int] = []
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda number, _frame: asked.append(number))
        self.stdout.write(f"The worker {owner_name()} runs.")
        self.stdout.flush()
        unfinished = run_forever(lambda: bool(asked), poll=poll)
        ending = f", in the middle of {', '.join(unfinished)}" if unfinished else ""
        self.stdout.write(f"The worker has stopped{ending}.")
