"""Restore a backup into an empty place."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from core.backups import BackupError, restore_backup


class Command(BaseCommand):
    help = "Puts an archive that `backup` made into an empty data folder, and migrates it to this release."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("archive", type=Path)
        parser.add_argument("--force", action="store_true", help="Set aside the site that is there.")

    def handle(self, *args: Any, archive: Path, force: bool, **options: Any) -> None:
        try:
            aside = restore_backup(archive, timezone.localtime(), force=force)
        except (BackupError, OSError) as error:
            raise CommandError(str(error)) from None
        if aside:
            self.stdout.write(f"What was there lies in {aside}.")
        self.stdout.write("The backup is restored. Start web server and worker.")
