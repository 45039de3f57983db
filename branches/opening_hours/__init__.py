"""Opening hours of a branch: the stored value, what it means at a moment, what is wrong with it, how people type it.

Nothing here knows a database or reads the clock.
"""

from .day_text import format_day, parse_day
from .errors import HoursError, Path
from .problems import Level, Problem, problems
from .state import (
    LOOK_AHEAD_DAYS,
    Closure,
    DayHours,
    OpenState,
    closed_on,
    day_hours,
    exception_periods,
    next_change,
    state_at,
    week,
    with_closure,
)
from .values import (
    CLOSED_WEEK,
    DatedException,
    Day,
    HoursKind,
    Interval,
    OpeningHours,
    Week,
)

__all__ = [
    "CLOSED_WEEK",
    "LOOK_AHEAD_DAYS",
    "Closure",
    "DatedException",
    "Day",
    "DayHours",
    "HoursError",
    "HoursKind",
    "Interval",
    "Level",
    "OpenState",
    "OpeningHours",
    "Path",
    "Problem",
    "Week",
    "closed_on",
    "day_hours",
    "exception_periods",
    "format_day",
    "next_change",
    "parse_day",
    "problems",
    "state_at",
    "week",
    "with_closure",
]
