"""Many people who register for a date: `python -m tests.events.registering_process DATABASE DATE PEOPLE THREADS`.

They begin once a line comes in, so that several processes begin together.
"""

import os
import sys
from concurrent.futures import ThreadPoolExecutor

import django
from django.conf import settings


def main() -> None:
    """Register one after another in each thread, each twice with the same form, as after a double click."""
    name, date_id, people, threads = sys.argv[1], *map(int, sys.argv[2:])
    settings.DATABASES["default"]["NAME"] = name
    django.setup()

    from django.utils import timezone

    from events.domain.registrations import register
    from events.models import Occurrence
    from tests.factories.registrations import party

    date = Occurrence.objects.select_related("event").get(pk=date_id)

    def come(number: int) -> None:
        one = party(email=f"reader-{os.getpid()}-{number}@library.example")
        first = register(date.event, [date], one, now=timezone.now())
        assert register(date.event, [date], one, now=timezone.now()).pk == first.pk

    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(come, range(people)))


if __name__ == "__main__":
    main()
