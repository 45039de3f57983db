"""Calendars of others: read, expanded, shown beside own events."""
