"""Reading a plan: files, days, times and numbers as people write them."""

import io
import zipfile
from datetime import date, datetime, time

import pytest
from openpyxl import Workbook

from events.plan_import import sheets
from events.plan_import.values import parse_ages, parse_day, parse_number, parse_times
from events.plan_import.workbooks import workbook

TODAY = date(2027, 3, 1)


@pytest.mark.parametrize(
    "text",
    [
        "12.04.2027", "12.4.27", "12.04", "2027-04-12", "2027-04-12 00:00", "12/04/2027", "12 квітня",
        "12 квітня 2027 р.", "пн, 12 квітня", "12 апреля", "12 април", "12 April 2027", "46489",
    ],
)  # fmt: skip
def test_day_is_read_however_it_is_written(text):
    assert parse_day(text, TODAY) == date(2027, 4, 12)


@pytest.mark.parametrize("text", ["31.02.2027", "12", "квітень", "2027-13-01", "12.04.2027-14.04.2027", "0", "99999"])
def test_what_is_no_day_is_none(text):
    assert parse_day(text, TODAY) is None


def test_day_without_a_year_is_the_nearest_one():
    assert parse_day("10.01", date(2026, 12, 20)) == date(2027, 1, 10)
    assert parse_day("10.02", TODAY) == date(2027, 2, 10)


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("17:30", (time(17, 30), None)),
        ("17.30", (time(17, 30), None)),
        ("17:30:00", (time(17, 30), None)),
        ("17–18:30", (time(17), time(18, 30))),
        ("17.30 - 19.00", (time(17, 30), time(19))),
        ("0.7291666667", (time(17, 30), None)),
        ("25:00", None),
        ("увечері", None),
        ("17-18-19", None),
    ],
)
def test_times_are_read_with_or_without_an_end(text, times):
    assert parse_times(text) == times


def test_numbers_and_ages_are_read():
    assert [parse_number(text) for text in ("20", "20 місць", "багато", "10-20")] == [20, 20, None, None]
    assert [parse_ages(text) for text in ("6–9", "12+", "дорослі", "9-6")] == [(6, 9), (12, None), None, None]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "windows-1251"])
@pytest.mark.parametrize("mark", [";", ",", "\t"])
def test_text_is_read_in_each_encoding_and_with_each_mark(encoding, mark):
    data = f"Дата{mark}Назва\r\n12.04{mark}Їжак\r\n".encode(encoding)

    assert sheets.read_file(data) == [["Дата", "Назва"], ["12.04", "Їжак"]]


def _xlsx(rows) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_workbook_gives_real_dates_and_times_as_text():
    data = _xlsx([["Date", "Time"], [datetime(2027, 4, 12), time(17, 30)], [20.0, "x"]])

    assert sheets.read_file(data) == [["Date", "Time"], ["2027-04-12", "17:30"], ["20", "x"]]


def test_formula_is_read_as_its_value_never_as_a_formula():
    assert sheets.read_file(_xlsx([["a", "b"], ["=1+1", "x"]])) == [["a", "b"], ["", "x"]]


def test_workbook_that_unpacks_to_too_much_is_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/workbook.xml", b" " * (sheets.MAX_UNPACKED + 1))

    with pytest.raises(sheets.SheetError, match="unpacks"):
        sheets.read_file(out.getvalue())


@pytest.mark.parametrize(
    "data", [b"PK\x03\x04nonsense", b"\xd0\xcf\x11\xe0", b"x" * (sheets.MAX_BYTES + 1), b"a\n" * 600]
)
def test_what_can_not_be_read_is_told_in_words(data):
    with pytest.raises(sheets.SheetError):
        sheets.read_file(data)


def test_table_written_as_text_is_read_the_same():
    table = [["a", 'say "x"'], ["b", "c;d"]]

    assert sheets.read_text(sheets.to_text(table)) == table


def test_export_holds_no_formula():
    data = workbook([("Plan", ["Title"], [["=HYPERLINK(1)"], ["+1"], ["bad\x00"]])])
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        assert b"<f>" not in parts.read("xl/worksheets/sheet1.xml")
