"""What the picture of a page shows, as values: the same values are the same picture."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from core import date_words


@dataclass(frozen=True)
class Leaf:
    """A day as on a tear-off calendar."""

    weekday: str
    day: str
    month: str


@dataclass(frozen=True)
class Photo:
    """A photograph: which one, its content, whose it is, until when it is shown.

    It is cropped around the point (`x`, `y`), from 0 to 1.
    """

    pk: int
    content: str
    credit: str = ""
    shown_before: datetime | None = None
    x: float = 0.5
    y: float = 0.5


@dataclass(frozen=True)
class Card:
    """The picture of one page: its title between the network's name and a few lines, with spines or a photograph.

    `state` is a word for what is off; the day is struck out then.
    """

    title: str
    network: str
    accent: str
    spines: str
    topic: str = ""
    leaf: Leaf | None = None
    lines: tuple[str, ...] = ()
    state: str = ""
    photo: Photo | None = None

    @property
    def photos(self) -> tuple[Photo, ...]:
        """The photographs that it shows."""
        return (self.photo,) if self.photo else ()

    @property
    def words(self) -> str:
        """What the picture says, for those who can't see it."""
        return ". ".join(part for part in (self.title, self.state, *self.lines, self.network) if part)


def leaf_of(day: date) -> Leaf:
    """Return a day in words of the active language."""
    return Leaf(
        weekday=date_words.weekday_words(day, short=True),
        day=str(day.day),
        month=date_words.month_of_day_words(day),
    )
