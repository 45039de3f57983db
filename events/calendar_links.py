"""Links by which calendar services take up a feed. Pure calculation."""

from __future__ import annotations

from urllib.parse import urlencode, urlsplit

GOOGLE = "https://calendar.google.com/calendar/r"
OUTLOOK = "https://outlook.live.com/calendar/0/addfromweb"
OFFICE = "https://outlook.office.com/calendar/0/addfromweb"


def webcal(address: str) -> str:
    """Return the address that programs on phones and computers take for a calendar to subscribe to."""
    parts = urlsplit(address)
    return parts._replace(scheme="webcal").geturl()


def google(address: str) -> str:
    """Return the page of Google Calendar that subscribes; it takes up a feed only from this scheme."""
    return f"{GOOGLE}?{urlencode({'cid': webcal(address)})}"


def outlook(address: str, name: str) -> str:
    """Return the page of Outlook.com that subscribes."""
    return f"{OUTLOOK}?{urlencode({'url': address, 'name': name})}"


def office(address: str, name: str) -> str:
    """Return the page of Outlook at work or school that subscribes."""
    return f"{OFFICE}?{urlencode({'url': address, 'name': name})}"
