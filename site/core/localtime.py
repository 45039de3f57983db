"""Local wall time and UTC: the one place that converts between them.

The truth of time is local wall time and a zone; UTC is derived from it.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

# Far from the ends of the calendar, so that no zone and no length leads over them.
YEARS = range(1900, 2201)


def to_utc(local: datetime, zone: ZoneInfo) -> datetime:
    """Return the UTC moment of a naive local time.

    A time that a clock change skips is moved forward by the length of the gap (02:30 becomes 03:30), one that
    happens twice is the first of the two (RFC 5545, 3.3.5).
    """
    return local.replace(tzinfo=zone, fold=0).astimezone(UTC)


def to_utc_span(start: datetime, end: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Return the UTC moments of a naive local start and end.

    The wall clock counts, so a span over a clock change is an hour longer or shorter. Only where a skipped start would
    come to lie at or after its end, the end keeps its distance by the wall clock.
    """
    start_utc, end_utc = to_utc(start, zone), to_utc(end, zone)
    if end_utc <= start_utc and end > start:
        end_utc = start_utc + (end - start)
    return start_utc, end_utc


def to_local(moment: datetime, zone: ZoneInfo) -> datetime:
    """Return the naive local time of an aware moment."""
    return moment.astimezone(zone).replace(tzinfo=None)


def existing_local(local: datetime, zone: ZoneInfo) -> datetime:
    """Return the naive local time that a clock in the zone shows for `local` (another only in a skipped hour)."""
    return to_local(to_utc(local, zone), zone)


def start_of_day(day: date, zone: ZoneInfo) -> datetime:
    """Return the UTC moment at which the local day begins."""
    return to_utc(datetime.combine(day, time.min), zone)


def end_of_day(day: date, zone: ZoneInfo) -> datetime:
    """Return the UTC moment at which the local day ends, which is when the next one begins."""
    return start_of_day(day + timedelta(days=1), zone)
