"""The rows of a plan: which column is what, and what is wrong with which cell, in words."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, time

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from events.plan_import.values import parse_ages, parse_clock, parse_day, parse_number, parse_times

# In the order of the table to fill in; what is pasted without headings is read in this order.
COLUMNS = {
    "date": pgettext_lazy("plan", "Date"),
    "time": pgettext_lazy("plan", "Time"),
    "title": pgettext_lazy("plan", "Title"),
    "branch": pgettext_lazy("plan", "Branch"),
    "audience": pgettext_lazy("plan", "For whom"),
    "seats": pgettext_lazy("plan", "Seats"),
    "end": pgettext_lazy("plan", "Ends at"),
    "room": pgettext_lazy("plan", "Room"),
    "age": pgettext_lazy("plan", "Age"),
    "topic": pgettext_lazy("plan", "Topic"),
    "price": pgettext_lazy("plan", "Price"),
    "text": pgettext_lazy("plan", "Text"),
}
REQUIRED = ("date", "title", "branch")
_HEADINGS = {
    "date": "date day дата день датум ден",
    "time": "time start starts час початок время начало време почеток",
    "title": "title event name назва захід подія название мероприятие событие наслов настан",
    "branch": "branch library філія бібліотека филиал библиотека огранок подружница филијала",
    "audience": "audience for_whom для_кого аудиторія для_кого аудитория за_кого публика",
    "seats": "seats capacity місць місця количество_мест мест места места капацитет",
    "end": "end ends ends_at кінець закінчення конец окончание крај завршува",
    "room": "room кімната зала приміщення комната зал помещение просторија сала",
    "age": "age вік возраст возраст возраст_(лет) возраст_от возраст_до возраст",
    "topic": "topic topics тема теми тема темы теми",
    "price": "price cost ціна вартість цена стоимость",
    "text": "text description текст опис описание",
}
_FREE = {"0", "free", "free of charge", "безкоштовно", "безплатно", "вільний", "бесплатно", "бесплатен"}


def _known_headings() -> dict[str, str]:
    known = {word.replace("_", " "): name for name, words in _HEADINGS.items() for word in words.split()}
    return known | {"возраст": "age", "возрасна група": "age"}


KNOWN_HEADINGS = _known_headings()


@dataclass(slots=True)
class Cell:
    """What stands in a cell, and what is wrong with it."""

    text: str
    column: str = ""
    error: str = ""


@dataclass(slots=True)
class Row:
    """A row of the plan: its cells as they were written, and what they mean."""

    number: int
    cells: list[Cell]
    day: date | None = None
    starts: time | None = None
    ends: time | None = None
    title: str = ""
    branch: int | None = None
    audiences: tuple[int, ...] = ()
    topics: tuple[int, ...] = ()
    seats: int | None = None
    ages: tuple[int | None, int | None] = (None, None)
    room: str = ""
    price: str | None = None
    text: str = ""
    given: set[str] = field(default_factory=set)
    fate: str = ""
    fate_words: str = ""
    differences: list[str] = field(default_factory=list)

    @property
    def errors(self) -> list[Cell]:
        return [cell for cell in self.cells if cell.error]


class Names:
    """Things by the names that people may write: exactly, or by a part that only one of them has."""

    def __init__(self, names: dict[int, set[str]]):
        self.names = {pk: {_plain(name) for name in known if name} for pk, known in names.items()}

    def find(self, text: str) -> int | None:
        """Return the id of the only thing that is meant."""
        wanted = _plain(text)
        exact = [pk for pk, known in self.names.items() if wanted in known]
        found = exact or [pk for pk, known in self.names.items() if any(wanted in name for name in known)]
        return found[0] if len(found) == 1 and wanted else None


def _plain(text: str) -> str:
    return " ".join(text.casefold().translate(str.maketrans("’ʼ`´", "''''", '«»“”„"')).split())


def columns_of(first: list[str]) -> list[str] | None:
    """Return what each column is by the headings, "" for unknown ones; None where the row holds no headings."""
    own = {_plain(str(label)): name for name, label in COLUMNS.items()}
    names = [own.get(key) or KNOWN_HEADINGS.get(key, "") for key in (_plain(text.strip(" *:")) for text in first)]
    names = [name if name not in names[:number] else "" for number, name in enumerate(names)]
    return names if sum(map(bool, names)) >= 2 else None


def read_rows(table: list[list[str]], *, today: date, branches: Names, audiences: Names, topics: Names):
    """Return (headings, rows, names of missing columns) of a table."""
    if not table:
        return [], [], []
    columns = columns_of(table[0])
    body, first = (table[1:], 2) if columns else (table, 1)
    if columns is None:
        columns = [*COLUMNS, *[""] * len(table[0])][: len(table[0])]
        headings = [str(COLUMNS.get(name, "")) for name in columns]
    else:
        headings = table[0]
    missing = [str(COLUMNS[name]) for name in REQUIRED if name not in columns]
    lists = {"audience": audiences, "topic": topics}
    rows = [
        _read_row(number, line, columns, today=today, branches=branches, lists=lists)
        for number, line in enumerate(body, start=first)
    ]
    return headings, rows, missing


def _read_row(number, line, columns, *, today, branches, lists) -> Row:
    row = Row(number, [Cell(text, name) for text, name in zip(line, columns, strict=True)])
    for cell in row.cells:
        if cell.text and cell.column:
            row.given.add(cell.column)
            cell.error = str(_read_cell(row, cell, today, branches, lists) or "")
        elif cell.column in REQUIRED:
            cell.error = _("This is needed.")
    if row.ends and not row.starts:
        for cell in row.cells:
            if cell.column == "time" and not cell.error:
                cell.error = _("Say when it starts, too.")
    return row


def _read_cell(row: Row, cell: Cell, today: date, branches: Names, lists: dict[str, Names]):  # noqa: PLR0911, PLR0912
    text = cell.text
    match cell.column:
        case "date":
            row.day = parse_day(text, today)
            return "" if row.day else gettext_lazy("This is not a date. Write it like 12.04.2027.")
        case "time":
            if not (times := parse_times(text)):
                return gettext_lazy("This is not a time. Write it like 17:30 or 17:30–19:00.")
            row.starts, row.ends = times[0], times[1] or row.ends
        case "end":
            if not (ends := parse_clock(text)):
                return gettext_lazy("This is not a time. Write it like 19:00.")
            row.ends = ends
        case "title":
            row.title = text
            return gettext_lazy("This title is too long.") if len(text) > 200 else ""
        case "branch":
            row.branch = branches.find(text)
            return "" if row.branch else gettext_lazy("There is no such branch among those that you may edit.")
        case "audience" | "topic":
            found = [lists[cell.column].find(part) for part in text.replace(";", ",").split(",") if part.strip()]
            if None in found:
                return gettext_lazy("This is not on the list. Several are divided by commas.")
            setattr(row, "audiences" if cell.column == "audience" else "topics", tuple(sorted({*found})))
        case "seats":
            row.seats = parse_number(text)
            return gettext_lazy("This is not a number.") if row.seats is None else ""
        case "age":
            if not (ages := parse_ages(text)):
                return gettext_lazy("This is not an age. Write it like 6–9 or 12+.")
            row.ages = ages
        case "room" | "price":
            setattr(row, cell.column, "" if cell.column == "price" and text.casefold() in _FREE else text)
            return gettext_lazy("This is too long: up to 80 letters.") if len(text) > 80 else ""
        case "text":
            row.text = text
            return gettext_lazy("This is too long: up to 400 letters.") if len(text) > 400 else ""
    return ""


def row_key(row: Row) -> tuple:
    """Return by what a row is the same date of the same event as another."""
    return _plain(row.title), row.branch, row.day, row.starts


def plain_title(title: str) -> str:
    """Return a title as it is compared."""
    return _plain(title)


def grouped(rows: list[Row]) -> list[list[Row]]:
    """Return the rows by the event that they become: those that differ in nothing but when they are."""
    events: dict[tuple, list[Row]] = {}
    for row in rows:
        same = (
            _plain(row.title), row.branch, row.audiences, row.topics, row.seats, row.ages, row.room, row.price,
            row.text, row.starts is None, row.ends is None,
        )  # fmt: skip
        events.setdefault(same, []).append(row)
    return [sorted(found, key=lambda row: (row.day, row.starts or time.min)) for found in events.values()]
