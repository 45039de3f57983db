"""The search backend: Wagtail's own for the database at hand, made safe against what readers type."""

from django.db import connection


def harmless(query):
    """Return a query without the characters on which SQLite's full-text search stumbles (quotes and NUL)."""
    return query.replace('"', " ").replace("\x00", " ") if isinstance(query, str) else query


def SearchBackend(params):  # noqa: N802 - the name that Wagtail looks for
    """Return the backend for the current database."""
    if connection.vendor == "postgresql":
        from modelsearch.backends.database.postgres.postgres import PostgresSearchBackend as Backend
    else:
        from modelsearch.backends.database.sqlite.sqlite import SQLiteSearchBackend as Backend

    class HarmlessBackend(Backend):
        def search(self, query, *args, **kwargs):
            return super().search(harmless(query), *args, **kwargs)

        def autocomplete(self, query, *args, **kwargs):
            return super().autocomplete(harmless(query), *args, **kwargs)

    return HarmlessBackend(params)
