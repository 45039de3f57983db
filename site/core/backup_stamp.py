"""When the last backup was made: a small file in the data folder, written by `manage.py backup`."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

from django.conf import settings

FILE_NAME = "last-backup.json"


def note_backup(archive: Path, at: datetime) -> None:
    """Write down that a backup was made and where it lies."""
    text = json.dumps({"at": at.isoformat(), "archive": str(archive)})
    (Path(settings.DATA_DIR) / FILE_NAME).write_text(text, encoding="utf-8")


def last_backup() -> datetime | None:
    """Return when the last backup of this machine's site was made; None where there was none."""
    try:
        noted = json.loads((Path(settings.DATA_DIR) / FILE_NAME).read_text(encoding="utf-8"))
        return datetime.fromisoformat(noted["at"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
