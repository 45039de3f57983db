"""Writing many rows at once, as fast as the database takes them: one statement, run for every row.

Django's own ways cost many times what the database needs: `bulk_update` writes a CASE with a WHEN per row and field,
`bulk_create` puts its statement together value by value. Both functions belong into a transaction of the caller.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db import connections, models, router
from django.db.backends.base.base import BaseDatabaseWrapper


def insert_rows(rows: Sequence[models.Model]) -> None:
    """Add rows of one model, as `bulk_create` does, but leave them without their keys.

    Fields that fill themselves (`auto_now_add`) do so. Raises ValueError for a row that has a key, and for a model with
    a field that asks for SQL of its own or stands in the table of a parent.
    """
    if not rows:
        return
    model, connection = _model_of(rows, stored=False)
    fields = _plain(model, (field for field in model._meta.concrete_fields if not field.primary_key))
    columns = [_prepared(field, [field.pre_save(row, True) for row in rows], connection) for field in fields]
    names, marks = ", ".join(_names(fields, connection)), ", ".join(["%s"] * len(fields))
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", list(zip(*columns, strict=True)))


def update_rows(rows: Sequence[models.Model], names: Iterable[str]) -> None:
    """Write the named fields of stored rows of one model, each row by its key, as `bulk_update` does.

    Fields are written as the rows hold them (`auto_now` does nothing), and in the order of the rows: where a unique
    constraint spans them, no row may take what a later one still has. Raises ValueError for a row without a key, and
    for a field that asks for SQL of its own or stands in the table of a parent.
    """
    if not rows:
        return
    model, connection = _model_of(rows, stored=True)
    fields = _plain(model, (model._meta.get_field(name) for name in names))
    written = [*fields, model._meta.pk]
    columns = [_prepared(field, [getattr(row, field.attname) for row in rows], connection) for field in written]
    *marks, key = (f"{name} = %s" for name in _names(written, connection))
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.executemany(f"UPDATE {table} SET {', '.join(marks)} WHERE {key}", list(zip(*columns, strict=True)))


def _model_of(rows: Sequence[models.Model], *, stored: bool) -> tuple[type[models.Model], BaseDatabaseWrapper]:
    model = type(rows[0])
    if any(type(row) is not model or (row.pk is not None) is not stored for row in rows):
        raise ValueError(f"All rows must be {model._meta.label} {'with a key' if stored else 'without a key'}.")
    return model, connections[router.db_for_write(model)]


def _plain(model: type[models.Model], fields: Iterable[models.Field]) -> list[models.Field]:
    found = list(fields)
    for field in found:
        if field.primary_key or field not in model._meta.local_concrete_fields or hasattr(field, "get_placeholder"):
            raise ValueError(f"{field} can't be written for many rows of {model._meta.label} at once.")
    return found


def _names(fields: Iterable[models.Field], connection: BaseDatabaseWrapper) -> Iterator[str]:
    return (connection.ops.quote_name(field.column) for field in fields)


def _prepared(field: models.Field, values: Iterable[Any], connection: BaseDatabaseWrapper) -> Iterator[Any]:
    """Yield a column's values as the database takes them; neighbours often share theirs, which is prepared once."""
    last, prepared = object(), None
    for value in values:
        if value is not last:
            last, prepared = value, field.get_db_prep_save(value, connection)
        yield prepared
