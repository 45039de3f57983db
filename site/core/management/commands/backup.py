"""Back up database and media while the site runs."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from core.backups import BackupError, make_backup


class Command(BaseCommand):
    help = "Writes one archive of database and media, and the keys into a file of their own."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--to", type=Path, help="Folder of the backups; `backups` in the data folder if left out.")
        parser.add_argument("--keep", type=int, default=14, help="How many of the newest stay, 14 if left out.")

    def handle(self, *args: Any, to: Path | None, keep: int, **options: Any) -> None:
        try:
            made = make_backup(to or Path(settings.DATA_DIR) / "backups", timezone.localtime(), keep=keep)
        except (BackupError, OSError) as error:
            raise CommandError(str(error)) from None
        size = made.archive.stat().st_size / 1024 / 1024
        self.stdout.write(f"{made.archive}: {made.files} files, {size:.1f} MB.")
        self.stdout.write(f"{made.keys}: the keys. Keep them elsewhere than the archive, and show them to nobody.")
