"""Fill an empty site with the demo network."""

from time import monotonic

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from home.demo.build import SiteHasContentError, build
from home.demo.network import ADMIN, PASSWORD


class Command(BaseCommand):
    """Builds a fictional district library; refuses to run on a site that has content."""

    help = "Fill an empty site with a fictional library network in all languages."

    def handle(self, *args, **options):
        started = monotonic()
        try:
            build(timezone.localdate(), self.say)
        except SiteHasContentError:
            raise CommandError("This site has content already; the demo is for an empty one.") from None
        people = f"{ADMIN}, password {PASSWORD}\ncentral@library.example, the same password (edits one branch)\n"
        (settings.DATA_DIR / "sign-in.txt").write_text(people, encoding="utf-8")
        self.say(f"The demo stands, after {monotonic() - started:.0f} seconds. Sign in as {ADMIN} with “{PASSWORD}”.")

    def say(self, words: str) -> None:
        """Print a line at once."""
        self.stdout.write(words)
        self.stdout.flush()
