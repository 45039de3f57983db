"""Reads a table out of what was pasted or uploaded: XLSX, or text with tabs, semicolons or commas."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from datetime import date, datetime, time

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from openpyxl import load_workbook

MAX_BYTES = 2_000_000
MAX_UNPACKED = 30_000_000
MAX_PARTS = 500
MAX_ROWS = 500
MAX_COLUMNS = 40
MAX_CELL = 2000

_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")

# The second byte of Latin, Cyrillic and dashes in UTF-16 without a mark of its order.
_HIGH_BYTES = frozenset({0x00, 0x04, 0x20})

Table = list[list[str]]


class SheetError(ValueError):
    """A table that can't be read; `message` is for people."""

    def __init__(self, message: Promise | str) -> None:
        super().__init__(str(message))
        self.message = message


def read_file(data: bytes) -> Table:
    """Return the rows of an uploaded file, whatever its name says; raise SheetError for what is no table."""
    if len(data) > MAX_BYTES:
        raise SheetError(_("The file is too large. Up to two megabytes can be read."))
    if data.startswith(b"PK"):
        return _read_xlsx(data)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise SheetError(_("This is a workbook of an old kind (.xls). Save it as .xlsx or CSV."))
    return read_text(_decode(data))


def read_text(text: str) -> Table:
    """Return the rows of a text as it is pasted from a spreadsheet or stands in a CSV file."""
    lines = text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    try:
        rows = list(csv.reader(io.StringIO(lines), delimiter=_delimiter(lines)))
    except csv.Error as error:
        raise SheetError(_("This table can't be read. Save it as .xlsx, or copy it from the spreadsheet.")) from error
    return _bounded(rows)


def to_text(rows: Table) -> str:
    """Return the rows as text with tabs, from which `read_text` makes equal ones."""
    out = io.StringIO()
    csv.writer(out, delimiter="\t", lineterminator="\n").writerows(rows)
    return out.getvalue()


def _decode(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif data and sum(byte in _HIGH_BYTES for byte in data[1:400:2]) > 0.8 * len(data[1:400:2]):
        encodings = ["utf-16-le"]
    else:
        encodings = ["utf-8-sig", "windows-1251"]
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise SheetError(_("This file is neither a workbook (.xlsx) nor text (CSV)."))


def _delimiter(text: str) -> str:
    head = next((line for line in text.split("\n") if line.strip()), "")
    return max("\t;,", key=lambda mark: (head.count(mark), mark == "\t"))


def _read_xlsx(data: bytes) -> Table:
    unreadable = SheetError(_("This workbook can't be read. Open it, save it as .xlsx once more, or paste its rows."))
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            listed = parts.infolist()
        if len(listed) > MAX_PARTS or sum(part.file_size for part in listed) > MAX_UNPACKED:
            raise SheetError(_("This workbook unpacks to too much. Copy only the rows of the plan into a new one."))
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        found = [
            [_cell(value) for value in row]
            for row in sheet.iter_rows(max_row=MAX_ROWS + 2, max_col=MAX_COLUMNS, values_only=True)
        ]
    except SheetError:
        raise
    except Exception as error:  # A damaged workbook fails in as many ways as there are in its parts.
        raise unreadable from error
    return _bounded(found)


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time.min else value.isoformat(" ", "minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _bounded(rows: Table) -> Table:
    table = [[_clean(cell) for cell in row] for row in rows]
    table = [row for row in table if any(row)]
    if len(table) > MAX_ROWS + 1:
        raise SheetError(_("There are too many rows. Up to 500 are taken at once; divide the plan."))
    if any(len(cell) > MAX_CELL for row in table for cell in row):
        raise SheetError(_("A cell holds more text than fits an event."))
    used = (number for row in table for number, cell in enumerate(row, start=1) if cell)
    width = min(max(used, default=0), MAX_COLUMNS)
    return [[*row, *[""] * (width - len(row))][:width] for row in table]


def _clean(cell: str) -> str:
    return " ".join(_UNPRINTABLE.sub("", cell).split())
