"""The plan as a workbook: one to fill in, and one that tells what became of it."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from datetime import date, time

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def workbook(sheets: Iterable[tuple[str, Sequence[str], Iterable[Sequence[object]]]]) -> bytes:
    """Return a workbook of sheets, each a title, headings and rows; texts stay texts, whatever they begin with."""
    book = Workbook()
    book.remove(book.active)
    for title, headings, rows in sheets:
        sheet = book.create_sheet(re.sub(r"[\[\]:*?/\\]", " ", title)[:31])
        widths = [len(heading) for heading in headings]
        for number, row in enumerate([headings, *rows], start=1):
            for column, value in enumerate(row, start=1):
                _write(sheet.cell(number, column), value)
                widths[column - 1] = max(widths[column - 1], min(len(str(value or "")), 48))
        for column, width in enumerate(widths, start=1):
            sheet.column_dimensions[get_column_letter(column)].width = width + 3
        for cell in sheet[1]:
            cell.font = Font(bold=True)
        sheet.freeze_panes = "A2"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _write(cell, value: object) -> None:
    if value in (None, ""):
        return
    if isinstance(value, date):
        cell.value, cell.number_format = value, "dd.mm.yyyy"
    elif isinstance(value, time):
        cell.value, cell.number_format = value, "hh:mm"
    elif isinstance(value, int):
        cell.value = value
    else:
        cell.value = _UNWRITABLE.sub("", str(value))[:32000]
        cell.data_type = "s"
        cell.quotePrefix = str(value)[:1] in "=+-@"
        cell.alignment = Alignment(wrap_text=True, vertical="top")
