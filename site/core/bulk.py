"""Writing many rows at once, as fast as the database takes them."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.db import connections, models, router


def update_rows(rows: Collection[models.Model], names: Iterable[str]) -> None:
    """Write the named fields of rows of one model, each row by its key: one statement, run for all of them.

    What Django's `bulk_update` does too, but that puts together a CASE with a WHEN per row and field, which takes
    twenty times as long as the rows take to write. Fields are written as the rows hold them (`auto_now` does nothing),
    in the order of the rows: where a unique constraint spans them, none may take what a later one still has. Several
    statements for the database: the transaction is the caller's. Raises ValueError for a row without a key and for a
    field that the model inherits or that asks for SQL of its own.
    """
    if not rows:
        return
    model = next(iter(rows))._meta.model
    meta, fields = model._meta, [model._meta.get_field(name) for name in names]
    if strange := [field.name for field in fields if not _is_plain(field, meta)]:
        raise ValueError(f"Only plain fields of its own can be written in {meta.label}, not {strange}.")
    if any(row.pk is None or row._meta.model is not model for row in rows):
        raise ValueError(f"Only stored rows of {meta.label} can be written together.")
    connection = connections[router.db_for_write(model)]
    quote = connection.ops.quote_name
    marks = ", ".join(f"{quote(field.column)} = %s" for field in fields)
    values = [
        [field.get_db_prep_save(getattr(row, field.attname), connection) for field in (*fields, meta.pk)]
        for row in rows
    ]
    with connection.cursor() as cursor:
        cursor.executemany(f"UPDATE {quote(meta.db_table)} SET {marks} WHERE {quote(meta.pk.column)} = %s", values)


def _is_plain(field: models.Field, meta) -> bool:
    return field in meta.local_concrete_fields and not field.primary_key and not hasattr(field, "get_placeholder")
