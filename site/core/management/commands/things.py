"""Compare things with their sources; mend them with --repair."""

from django.core.management.base import BaseCommand

from core.domain import things


class Command(BaseCommand):
    """Lists records that differ from their live source pages."""

    help = "List things whose facts differ from their source page; --repair writes the source's facts again."

    def add_arguments(self, parser):
        parser.add_argument("--repair", action="store_true", help="make each record say what its source says")

    def handle(self, *args, repair=False, **options):
        found = list(things.all_drift())
        for record, names in found:
            self.stdout.write(f"{record._meta.verbose_name} {record.key}: {', '.join(names)}")
            if repair:
                things.repair(record)
        self.stdout.write(f"{len(found)} differ{', repaired' if repair and found else ''}.")
