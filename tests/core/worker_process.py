"""A worker in a process of its own: `python -m tests.core.worker_process DATABASE LOG SECONDS`.

It runs one job that notes its beginning and its end in LOG, on the database of the test that started it, and the real
command's loop around it.
"""

import os
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path


def note(log: Path, word: str) -> None:
    """Append a line in one write."""
    with log.open("a") as lines:
        lines.write(f"{word} {os.getpid()}\n")


def main(database: str, log: Path, seconds: float) -> None:
    """Run until a signal comes."""
    import django
    from django.conf import settings

    settings.DATABASES["default"]["NAME"] = database
    django.setup()

    from django.core.management import call_command

    from core import worker

    def count(now: datetime) -> str:
        note(log, "begin")
        time.sleep(seconds)
        note(log, "end")
        return "counted"

    worker.registered_jobs()
    worker._registry.clear()
    worker.register_job("test-count", every=timedelta(seconds=0))(count)
    call_command("worker", poll=0.02)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), float(sys.argv[3]))
