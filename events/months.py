"""A calendar month: its days, its weeks, its neighbours."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from django.core.exceptions import BadRequest
from django.utils.translation import gettext as _


@dataclass(frozen=True, order=True)
class Month:
    """One month of one year; months compare in order of time."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> Month:
        """Return the month of a day."""
        return cls(day.year, day.month)

    @classmethod
    def parse(cls, text: str) -> Month:
        """Return the month written as 2027-05; raise BadRequest for anything else."""
        match = re.fullmatch(r"([0-9]{4})-(0[1-9]|1[0-2])", text)
        if not match or int(match[1]) == 0:
            raise BadRequest(_("A month looks like 2027-05."))
        return cls(int(match[1]), int(match[2]))

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"

    def __contains__(self, day: date) -> bool:
        return (day.year, day.month) == (self.year, self.number)

    @property
    def first(self) -> date:
        """The first day."""
        return date(self.year, self.number, 1)

    @property
    def last(self) -> date:
        """The last day."""
        return self.next.first - timedelta(days=1)

    @property
    def next(self) -> Month:
        """The month after."""
        return self.shifted(1)

    @property
    def previous(self) -> Month:
        """The month before."""
        return self.shifted(-1)

    def shifted(self, months: int) -> Month:
        """Return the month so many months later."""
        count = self.year * 12 + self.number - 1 + months
        return Month(count // 12, count % 12 + 1)

    @property
    def grid(self) -> tuple[date, date]:
        """The Monday on or before the first day and the Sunday on or after the last."""
        return self.first - timedelta(days=self.first.weekday()), self.last + timedelta(days=6 - self.last.weekday())

    @property
    def weeks(self) -> list[list[date]]:
        """The days of the grid by weeks."""
        start, end = self.grid
        days = [start + timedelta(days=n) for n in range((end - start).days + 1)]
        return [days[n : n + 7] for n in range(0, len(days), 7)]
