"""Makes rows once per process and says the same statements again for the next test: far faster than all of Wagtail.

Only on SQLite, where a test that is rolled back takes its numbers back, too, and only where the database and the clock
are as they were: everywhere else the rows are made anew.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.utils import timezone
from wagtail.models import Site

WRITES = ("INSERT", "UPDATE", "DELETE")
# A clock that differs by more than a test may last was set by the test.
REAL_TIME_SECONDS = 3600

State = frozenset[tuple[str, int]]


@dataclass
class Recording:
    """The statements that write, in order, and the state of the database before the first."""

    before: State
    statements: list[tuple[str, Any, bool]] = field(default_factory=list)

    def __call__(self, execute: Callable, sql: str, params: Any, many: bool, context: dict) -> Any:
        """Note a statement on its way to the database."""
        if sql.lstrip().upper().startswith(WRITES):
            self.statements.append((sql, params, many))
        return execute(sql, params, many, context)

    def replay(self) -> None:
        """Say the statements again."""
        with connection.cursor() as cursor:
            for sql, params, many in self.statements:
                (cursor.executemany if many else cursor.execute)(sql, params)
        Site.clear_site_root_paths_cache()


_recordings: dict[tuple[Hashable, State], Recording] = {}


def made_once(key: Hashable, make: Callable[[], None]) -> None:
    """Let `make` fill the database, or let what it did before in the same state be done again."""
    if connection.vendor != "sqlite" or abs(timezone.now().timestamp() - time.time()) > REAL_TIME_SECONDS:
        make()
        return
    before = _state()
    known = _recordings.get((key, before))
    if known is not None:
        known.replay()
        return
    recording = Recording(before)
    with connection.execute_wrapper(recording):
        make()
    _recordings[key, before] = recording


def _state() -> State:
    """Return how far each table has counted and how many rows are left: the same before the same statements."""
    tables = ("wagtailcore_page", "wagtailcore_locale", "wagtailcore_site", "wagtailcore_collection", "core_user")
    counts = ", ".join(f"(SELECT COUNT(*) FROM {table})" for table in tables)
    with connection.cursor() as cursor:
        counted = cursor.execute("SELECT name, seq FROM sqlite_sequence").fetchall()
        rows = cursor.execute(f"SELECT {counts}").fetchone()
    return frozenset([*counted, *zip(tables, rows, strict=True)])
