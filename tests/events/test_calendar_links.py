"""Links of calendar services hold the address whole, whatever stands in it."""

from urllib.parse import parse_qs, urlsplit

from events import calendar_links

ADDRESS = "https://library.example:8443/uk/cal/b.central.mill+a.children.ics"


def test_programs_get_the_scheme_of_calendars():
    assert calendar_links.webcal(ADDRESS) == "webcal://library.example:8443/uk/cal/b.central.mill+a.children.ics"


def test_google_is_given_the_calendar():
    parts = urlsplit(calendar_links.google(ADDRESS))

    assert (parts.scheme, parts.netloc, parts.path) == ("https", "calendar.google.com", "/calendar/r")
    assert parse_qs(parts.query) == {"cid": [calendar_links.webcal(ADDRESS)]}


def test_outlook_is_given_the_calendar_and_its_name():
    name = "Бібліотека: Млин & Дуб"
    hosts = {}
    for link in (calendar_links.outlook(ADDRESS, name), calendar_links.office(ADDRESS, name)):
        parts = urlsplit(link)
        hosts[parts.netloc] = parse_qs(parts.query)

    assert hosts == {host: {"url": [ADDRESS], "name": [name]} for host in ("outlook.live.com", "outlook.office.com")}
