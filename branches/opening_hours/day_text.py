"""The hours of one day as a person types them into one box: "9-13, 14:00–18:00"."""

import re
import unicodedata

from django.utils.translation import gettext_lazy as _

from .errors import HoursError, filled
from .values import DAY, Day, Interval

CLOSED = "—"
DASHES = "-‐‑‒–—―−"
TEXT_LENGTH = 200
QUOTED_LENGTH = 30

# What people type for a day without hours, and for one without end, in the languages of the site.
CLOSED_WORDS = frozenset(
    {"closed", "day off"}
    | {"зачинено", "закрито", "вихідний", "вихідний день"}
    | {"закрыто", "выходной", "выходной день"}
    | {"затворено", "неработен", "неработен ден"}
)
ROUND_THE_CLOCK_WORDS = frozenset({"24", "24/7", "24/24", "цілодобово", "круглосуточно", "нонстоп", "деноноќно"})

TIME = r"([0-9]{1,2})(?:[:.]([0-9]{2}))?"
RANGE = re.compile(rf"{TIME}\s*[{DASHES}]\s*{TIME}")
SEPARATOR = re.compile(r"\s*[,;\n]\s*")


def parse_day(text: str) -> Day:
    """Return the intervals that a person typed for one day, in the order of the clock.

    Between the times stand hyphens or dashes, between the intervals commas, semicolons or new lines; minutes may be
    left out ("9-13, 14.30–18"). An end before the start is on the next day ("10-2"), one at 0 or 24 is midnight.
    Nothing, a dash or a word for "closed" is a closed day, "24" a day round the clock. Raises HoursError otherwise.
    """
    typed = unicodedata.normalize("NFKC", text).strip().casefold()
    if len(typed) > TEXT_LENGTH:
        raise HoursError("too_long", _("This is too long for the opening hours of a day."))
    if not typed.strip(DASHES) or typed in CLOSED_WORDS:
        return ()
    if typed in ROUND_THE_CLOCK_WORDS:
        return (Interval(0, DAY),)
    return tuple(sorted(_interval(piece) for piece in SEPARATOR.split(typed)))


def format_day(day: Day) -> str:
    """Return the hours of a day the way that `parse_day` reads them: "09:00–13:00, 14:00–18:00", closed is "—"."""
    return ", ".join(f"{interval.opens}–{interval.closes}" for interval in day) or CLOSED


def _interval(piece: str) -> Interval:
    found = RANGE.fullmatch(piece)
    if found is None:
        message = _("“%(text)s” can't be read. Write the hours like 09:00–13:00, 14:00–18:00.")
        raise HoursError("unreadable", filled(message, text=piece[:QUOTED_LENGTH]))
    start, end = _minutes(found[1], found[2]), _minutes(found[3], found[4])
    if start == DAY:
        raise HoursError("time", _("A day begins at 00:00, not at 24:00."))
    return Interval.of_clock(start, end)


def _minutes(hour: str, minute: str | None) -> int:
    minutes = int(hour) * 60 + int(minute or 0)
    if int(minute or 0) > 59 or minutes > DAY:
        time = f"{hour}:{minute or '00'}"
        raise HoursError("time", filled(_("There is no time %(time)s in a day."), time=time))
    return minutes
