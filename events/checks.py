"""System checks of the events room."""

from django.conf import settings
from django.core import checks


@checks.register(checks.Tags.security, deploy=True)
def no_calendar_is_read_on_this_machine(app_configs, **kwargs):
    """Report a port of this very machine that is open to addresses of calendars: that is for tests only."""
    if settings.CALENDAR_LOOPBACK_PORT is not None:
        return [checks.Error("CALENDAR_LOOPBACK_PORT is for tests only.", id="events.E001")]
    return []
