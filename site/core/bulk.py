"""Writing many rows at once, as fast as the database takes them: one statement, run for every row.

Django's own ways cost many times what the database needs: `bulk_update` writes a CASE with a WHEN per row and field,
`bulk_create` puts its statement together value by value. Rows are plain sequences of values in the order of the names.
Nothing fills itself here, neither defaults nor `auto_now`; no signal is sent; the transaction is the caller's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db import connections, models, router
from django.db.backends.base.base import BaseDatabaseWrapper

Rows = Sequence[Sequence[Any]]


def insert_rows(model: type[models.Model], names: Sequence[str], rows: Rows) -> None:
    """Add rows; those without a name for their key get it from the database.

    Raises ValueError for a field that asks for SQL of its own or stands in the table of a parent.
    """
    connection = connections[router.db_for_write(model)]
    fields = _fields(model, names)
    columns, marks = ", ".join(_columns(fields, connection)), ", ".join(["%s"] * len(fields))
    _run(f"INSERT INTO {_table(model, connection)} ({columns}) VALUES ({marks})", fields, rows, connection)


def update_rows(model: type[models.Model], names: Sequence[str], rows: Rows) -> None:
    """Write fields of stored rows; the last of the names is "pk", which tells the rows apart.

    Rows are written in their order: where a unique constraint spans them, none may take what a later one still has.
    Raises ValueError like `insert_rows`.
    """
    if not names[1:] or names[-1] != "pk":
        raise ValueError(f"Name what to write, then “pk”, not {names}.")
    connection = connections[router.db_for_write(model)]
    fields = _fields(model, names)
    *settings, key = (f"{column} = %s" for column in _columns(fields, connection))
    _run(f"UPDATE {_table(model, connection)} SET {', '.join(settings)} WHERE {key}", fields, rows, connection)


def _fields(model: type[models.Model], names: Iterable[str]) -> list[models.Field]:
    """Return the fields of the names, which may be those of columns ("branch_id"), or "pk"."""
    meta = model._meta
    plain = {field.attname: field for field in meta.local_concrete_fields if not hasattr(field, "get_placeholder")}
    plain |= {"pk": meta.pk} | {field.name: field for field in plain.values()}
    if strange := [name for name in names if name not in plain]:
        raise ValueError(f"Not to be written for many rows of {meta.label} at once: {', '.join(strange)}.")
    return [plain[name] for name in names]


def _table(model: type[models.Model], connection: BaseDatabaseWrapper) -> str:
    return connection.ops.quote_name(model._meta.db_table)


def _columns(fields: Iterable[models.Field], connection: BaseDatabaseWrapper) -> Iterator[str]:
    return (connection.ops.quote_name(field.column or "") for field in fields)


def _run(sql: str, fields: Sequence[models.Field], rows: Rows, connection: BaseDatabaseWrapper) -> None:
    if not rows:
        return
    columns = [
        _prepared(field, values, connection) for field, values in zip(fields, zip(*rows, strict=True), strict=True)
    ]
    with connection.cursor() as cursor:
        cursor.executemany(sql, list(zip(*columns, strict=True)))


def _prepared(field: models.Field, values: Iterable[Any], connection: BaseDatabaseWrapper) -> Iterator[Any]:
    """Yield a column's values as the database takes them; neighbours often share theirs, which is prepared once."""
    last, prepared = object(), None
    for value in values:
        if value is not last:
            last, prepared = value, field.get_db_prep_save(value, connection)
        yield prepared
