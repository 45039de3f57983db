"""On what an entry of a list depends beside what it shows: for the keys of `core.memory.fragment`."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language

from core.localtime import to_local
from core.sites import network_for


def shown_where(request: HttpRequest, zone: str = "") -> tuple[int, str | None, date]:
    """Return the site, the language, and the day in a zone, else the network's: words such as the year depend on it."""
    network = network_for(request)
    return network.site_id, get_language(), to_local(timezone.now(), ZoneInfo(zone or network.zone)).date()
