"""Makes rows once per process and says the same statements again for the next test: far faster than all of Wagtail.

Only where the database and the clock are as they were: everywhere else the rows are made anew. On SQLite a test that is
rolled back takes its numbers back, too; on PostgreSQL they are wound back here.
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
# What PostgreSQL's sequences had counted to before this process made anything.
_first_numbers: list[tuple[str, int, bool]] = []


def made_once(key: Hashable, make: Callable[[], None]) -> None:
    """Let `make` fill the database, or let what it did before in the same state be done again."""
    is_real_time = abs(timezone.now().timestamp() - time.time()) <= REAL_TIME_SECONDS
    before = _state() if is_real_time else None
    if before is None:
        make()
        return
    known = _recordings.get((key, before))
    if known is not None:
        known.replay()
        return
    recording = Recording(before)
    with connection.execute_wrapper(recording):
        make()
    _recordings[key, before] = recording


def _state() -> State | None:
    """Return how far each table has counted and how many rows are left: the same before the same statements.

    None where that can't be told.
    """
    tables = ("wagtailcore_page", "wagtailcore_locale", "wagtailcore_site", "wagtailcore_collection", "core_user")
    counts = ", ".join(f"(SELECT COUNT(*) FROM {table})" for table in tables)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            counted = cursor.execute("SELECT name, seq FROM sqlite_sequence").fetchall()
        elif connection.in_atomic_block and _nothing_is_written(cursor):
            counted = _wound_back(cursor)
        else:
            return None
        cursor.execute(f"SELECT {counts}")
        return frozenset([*counted, *zip(tables, cursor.fetchone(), strict=True)])


def _nothing_is_written(cursor: Any) -> bool:
    cursor.execute("SELECT pg_current_xact_id_if_assigned() IS NULL")
    return cursor.fetchone()[0]


def _wound_back(cursor: Any) -> list[tuple[str, int]]:
    """Set all sequences back to where they first were, which they keep through a rollback; return their numbers."""
    if not _first_numbers:
        cursor.execute(
            "SELECT format('%%I.%%I', schemaname, sequencename), coalesce(last_value, 1), last_value IS NOT NULL"
            " FROM pg_sequences WHERE schemaname = current_schema()",
            [],
        )
        _first_numbers.extend(cursor.fetchall())
    cursor.execute(
        "SELECT setval(name::regclass, value, called)"
        " FROM unnest(%s::text[], %s::bigint[], %s::boolean[]) AS one(name, value, called)",
        [list(column) for column in zip(*_first_numbers, strict=True)],
    )
    return [(name, value) for name, value, _called in _first_numbers]
