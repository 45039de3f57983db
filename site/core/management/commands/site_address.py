"""Tell the site under which address readers find it: `manage.py site_address https://library.example`."""

from urllib.parse import urlsplit

from django.core.management.base import BaseCommand, CommandError
from wagtail.models import Site

PORTS = {"http": 80, "https": 443}


class Command(BaseCommand):
    """Writes host and port of the first site; links in calendars and feeds follow by themselves."""

    help = "Set the address of the site, which stands in calendars, feeds and mails."

    def add_arguments(self, parser):
        parser.add_argument("address", help="such as https://library.example or http://127.0.0.1:8000")

    def handle(self, *args, address, **options):
        parts = urlsplit(address)
        try:
            port = parts.port or PORTS.get(parts.scheme)
        except ValueError:
            port = None
        if not parts.hostname or port is None:
            raise CommandError(f"“{address}” is no address such as https://library.example.")
        site = Site.objects.filter(is_default_site=True).first()
        if site is None:
            raise CommandError("There is no site yet.")
        site.hostname, site.port = parts.hostname, port
        site.save()
        self.stdout.write(f"The site is found at {site.root_url}/.")
