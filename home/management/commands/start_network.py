"""Start a real network on an empty site, without questions."""

import getpass
import os
import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from home.starting.build import start_network
from home.starting.plan import PlanError, from_values, read_file

PASSWORD_VARIABLE = "CHITALNYA_ADMIN_PASSWORD"
OPTIONS = ("name", "languages", "country", "zone", "email", "branches")


class Command(BaseCommand):
    """Reads the plan from options or a file; options win over the file."""

    help = "Start a real network on an empty site: pages, groups, settings and the first administrator."

    def add_arguments(self, parser):
        parser.add_argument(
            "--name", action="append", help='Name of the network; several as --name "uk=..." --name "en=...".'
        )
        parser.add_argument(
            "--languages", help="Such as uk,en: the first is the default. All of SITE_LANGUAGES if left out."
        )
        parser.add_argument("--country", help="Two letters, such as UA.")
        parser.add_argument("--zone", help="Time zone, such as Europe/Kyiv. TIME_ZONE if left out.")
        parser.add_argument("--admin-email", dest="email", help="E-mail address of the first administrator.")
        parser.add_argument(
            "--branch",
            action="append",
            dest="branches",
            help="Name of a branch; repeat it for each, the central library first.",
        )
        parser.add_argument(
            "--from-file", type=Path, help="A TOML file with name, languages, country, zone, email, branches."
        )
        parser.epilog = f"The password comes from {PASSWORD_VARIABLE}, or from the first line of the input."

    def handle(self, *args, **options):
        try:
            values = read_file(options["from_file"]) if options["from_file"] else {}
            plan = from_values(values | {name: options[name] for name in OPTIONS if options[name]})
            site = start_network(plan, self.password(), self.say)
        except PlanError as error:
            raise CommandError("\n".join(error.problems)) from None
        self.say(f"The network stands. Sign in at {site.root_url}/admin/ as {plan.email}.")

    def password(self) -> str:
        """Return the administrator's password; asked for only where somebody sits at a terminal."""
        if PASSWORD_VARIABLE in os.environ:
            return os.environ[PASSWORD_VARIABLE]
        if sys.stdin.isatty():
            return getpass.getpass("Password of the first administrator: ")
        return sys.stdin.readline().rstrip("\r\n")

    def say(self, words: str) -> None:
        """Print a line at once."""
        self.stdout.write(words)
        self.stdout.flush()
