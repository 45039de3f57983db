"""The search backend: Wagtail's own for the database at hand, made safe against what readers type."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import and_

from django.db import connection
from django.db.models import Model, QuerySet

from core.search_words import LETTER, SHORTEST_BEGINNING


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


def ids_by_rank(model: type[Model], beginnings: Sequence[str], *, most: int) -> list[int]:
    """Return the ids of the objects of a model and its heirs that have a word with each beginning, the best first.

    One query whose time grows with the number of hits; Wagtail's own on SQLite searches again for each of them. Whether
    readers may see what is found is for the caller to ask. A beginning consists of letters and digits; after `most` ids
    comes nothing more.
    """
    if not beginnings:
        return []
    found = _in_postgres if connection.vendor == "postgresql" else _in_sqlite
    return [int(pk) for pk in found(model, beginnings)[:most]]


def texts_of(model: type[Model], ids: Sequence[int]) -> dict[int, str]:
    """Return what was indexed of objects beside their titles, as plain text by id; one query for any number."""
    from modelsearch.conf import get_app_config
    from modelsearch.utils import get_descendants_content_types_pks

    column = "body_text" if connection.vendor == "postgresql" else "body"
    entries = (
        get_app_config()
        .get_model("IndexEntry")
        .objects.filter(
            content_type__in=get_descendants_content_types_pks(model), object_id__in=[str(pk) for pk in ids]
        )
    )
    return {int(pk): text or "" for pk, text in entries.values_list("object_id", column)}


def _is_prefix(beginning: str) -> bool:
    return len(beginning) >= SHORTEST_BEGINNING


def _lexemes(lexeme: type, beginning: str):
    """Return what finds a beginning; one with an apostrophe may stand in the index as one word or as several."""
    joined = lexeme(beginning, prefix=_is_prefix(beginning))
    *first, last = beginning.split(LETTER)
    if not first:
        return joined
    apart = reduce(and_, (lexeme(part) for part in first), lexeme(last, prefix=True))
    return joined | apart


def _in_sqlite(model: type[Model], beginnings: Sequence[str]):
    from modelsearch.backends.database.sqlite.query import BM25, Lexeme, MatchExpression, SearchQueryExpression
    from modelsearch.conf import get_app_config
    from modelsearch.utils import get_descendants_content_types_pks

    entries = get_app_config().get_model("SQLiteFTSIndexEntry").objects
    wanted = reduce(and_, (_lexemes(Lexeme, one) for one in beginnings))
    found = entries.filter(MatchExpression(["title", "body"], SearchQueryExpression(wanted)))
    of_model = found.filter(index_entry__content_type__in=get_descendants_content_types_pks(model))
    ranked = of_model.annotate(rank=BM25()).order_by("rank", "-index_entry__object_id")
    return ranked.values_list("index_entry__object_id", flat=True)


def _in_postgres(model: type[Model], beginnings: Sequence[str]):
    from django.contrib.postgres.search import SearchQuery
    from modelsearch.backends.database.postgres.postgres import PostgresSearchQueryCompiler
    from modelsearch.backends.database.postgres.query import Lexeme
    from wagtail.search.backends import get_search_backend

    class BeginningsCompiler(PostgresSearchQueryCompiler):
        def build_tsquery_content(self, query, config=None, invert=False):
            lexemes = reduce(and_, (_lexemes(Lexeme, one) for one in beginnings))
            return SearchQuery(lexemes, search_type="raw", config=config)

    results = get_search_backend()._search(BeginningsCompiler, " ".join(beginnings), model)
    return results.get_queryset().values_list("pk", flat=True)
