"""A site that moves to another address: links in calendars follow, what is no address is refused."""

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from wagtail.models import Site

from events.jobs import render_stale_texts
from tests.factories.library import soon


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("https://library.example", ("library.example", 443)),
        ("http://127.0.0.1:8123", ("127.0.0.1", 8123)),
        ("http://library.example/", ("library.example", 80)),
    ],
)
def test_site_takes_the_address(library, address, found):
    call_command("site_address", address, verbosity=0)

    site = Site.objects.get()
    assert (site.hostname, site.port) == found


def test_links_in_calendars_follow(library, client):
    library.event(starts_on=soon(3), slug="chess")

    call_command("site_address", "https://library.example", verbosity=0)
    render_stale_texts(timezone.now())

    feed = client.get("/en/events/feed.ics", headers={"host": "library.example"}, secure=True).content.decode()
    assert "URL:https://library.example/en/events/chess/" in feed.replace("\r\n ", "")


@pytest.mark.parametrize(
    "address", ["library.example", "", "ftp://library.example", "http://library.example:x", "http://"]
)
def test_what_is_no_address_changes_nothing(library, address):
    with pytest.raises(CommandError):
        call_command("site_address", address, verbosity=0)

    assert Site.objects.get().hostname == "localhost"
