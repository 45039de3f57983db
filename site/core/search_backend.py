"""The search backend: Wagtail's own for the database at hand, made safe against what readers type."""

from django.db import connection
from django.db.models import QuerySet


def harmless(query):
    """Return a query without the characters on which SQLite's full-text search stumbles (quotes and NUL)."""
    return query.replace('"', " ").replace("\x00", " ").strip() if isinstance(query, str) else query


def nothing(model_or_queryset):
    """Return no results that still know what they are results of: lists of the admin ask."""
    if isinstance(model_or_queryset, QuerySet):
        return model_or_queryset.none()
    return model_or_queryset._default_manager.none()


def SearchBackend(params):  # noqa: N802 - the name that Wagtail looks for
    """Return the backend for the current database."""
    if connection.vendor == "postgresql":
        from modelsearch.backends.database.postgres.postgres import PostgresSearchBackend as Backend
    else:
        from modelsearch.backends.database.sqlite.sqlite import SQLiteSearchBackend as Backend

    class HarmlessBackend(Backend):
        def search(self, query, model_or_queryset, *args, **kwargs):
            words = harmless(query)
            if words == "":
                return nothing(model_or_queryset)
            return super().search(words, model_or_queryset, *args, **kwargs)

        def autocomplete(self, query, model_or_queryset, *args, **kwargs):
            words = harmless(query)
            if words == "":
                return nothing(model_or_queryset)
            return super().autocomplete(words, model_or_queryset, *args, **kwargs)

    return HarmlessBackend(params)
