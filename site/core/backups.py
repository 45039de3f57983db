"""Backups: one archive of database and media that is whole and verifiable, and its way back into an empty folder.

An archive is a plain tar: the database (an SQLite file, or what pg_dump writes), the folder `media`, and at its end a
manifest with a checksum of each file and the migrations that the database has. Keys are never in it.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils.translation import gettext as _

from core import generations
from core.backup_stamp import note_backup

FORMAT = 1
MANIFEST = "manifest.json"
SQLITE, POSTGRESQL = "database.sqlite3", "database.pgdump"
SETTINGS_FILE = "settings.env"
CHUNK = 1024 * 1024
# What tells that the folder is in use.
PREFIX = "chitalnya-"


class BackupError(Exception):
    """What can't be backed up or restored; the text says why to whoever runs the site."""


@dataclass(frozen=True)
class Backup:
    """What was made: the archive, the file of keys beside it, and how many files the archive holds."""

    archive: Path
    keys: Path
    files: int


# --- Making -----------------------------------------------------------------------------------------------------------


def make_backup(folder: Path, now: datetime, *, keep: int = 14) -> Backup:
    """Write an archive and a file of keys into a folder while the site runs; keep so many of the newest archives."""
    folder.mkdir(parents=True, mode=0o700, exist_ok=True)
    stem = f"{PREFIX}{now:%Y%m%d-%H%M%S}"
    archive, keys = folder / f"{stem}.tar", folder / f"{stem}.keys.env"
    if archive.exists():
        raise BackupError(_("%(file)s is there already.") % {"file": archive})
    with tempfile.TemporaryDirectory(prefix=".unfinished-", dir=folder) as scratch:
        unfinished = Path(scratch) / archive.name
        files = _write_archive(unfinished, Path(scratch), now)
        unfinished.chmod(0o600)
        _write_keys(keys)
        unfinished.rename(archive)
    _forget_old(folder, keep)
    note_backup(archive, now)
    return Backup(archive, keys, files)


def _write_archive(path: Path, scratch: Path, now: datetime) -> int:
    database = _dump_database(scratch)
    checksums: dict[str, str] = {}
    with tarfile.open(path, "w") as tar:
        for name, file in [(database.name, database), *_media_files()]:
            try:
                checksums[name] = _add(tar, name, file)
            except FileNotFoundError:  # an editor has deleted it since
                continue
        manifest = {
            "format": FORMAT,
            "made_at": now.isoformat(),
            "database": database.name,
            "migrations": sorted(map(list, MigrationRecorder(connection).applied_migrations())),
            "files": checksums,
        }
        content = json.dumps(manifest, indent=1).encode()
        entry = tarfile.TarInfo(MANIFEST)
        entry.size, entry.mtime, entry.mode = len(content), int(now.timestamp()), 0o600
        tar.addfile(entry, io.BytesIO(content))
    return len(checksums)


def _dump_database(scratch: Path) -> Path:
    if connection.vendor == "sqlite":
        copy = scratch / SQLITE
        # The online backup reads one state of the database, whatever is written meanwhile.
        source, target = sqlite3.connect(_sqlite_file()), sqlite3.connect(copy)
        try:
            source.backup(target)
            target.execute("PRAGMA journal_mode=DELETE")
        finally:
            source.close()
            target.close()
        _require_sound(copy)
        return copy
    dump = scratch / POSTGRESQL
    _run_postgresql(["pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={dump}"])
    return dump


def _sqlite_file() -> str:
    return str(connection.settings_dict["NAME"])


def _require_sound(file: Path) -> None:
    try:
        database = sqlite3.connect(file)
        try:
            found = [row[0] for row in database.execute("PRAGMA integrity_check")]
        finally:
            database.close()
    except sqlite3.DatabaseError as error:
        found = [str(error)]
    if found != ["ok"]:
        raise BackupError(_("The database in it is damaged: %(reason)s") % {"reason": "; ".join(found[:3])})


def _run_postgresql(command: list[str]) -> None:
    database = connection.settings_dict
    names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGDATABASE": "NAME"}
    # In the environment, where no list of processes shows the password.
    variables = {name: str(database[key]) for name, key in names.items() if database.get(key)}
    try:
        done = subprocess.run(command, env=os.environ | variables, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        raise BackupError(_("%(program)s is not installed here.") % {"program": command[0]}) from None
    if done.returncode:
        raise BackupError(f"{command[0]}: {done.stderr.strip()}")


def _media_files() -> Iterator[tuple[str, Path]]:
    root = Path(settings.MEDIA_ROOT)
    for file in sorted(root.rglob("*")) if root.exists() else []:
        if file.is_file() and not file.is_symlink():
            yield f"media/{file.relative_to(root).as_posix()}", file


def _add(tar: tarfile.TarFile, name: str, file: Path) -> str:
    # A copy first, so that what is checked is what is written, even if the file changes meanwhile.
    with tempfile.SpooledTemporaryFile(max_size=16 * CHUNK) as copy:
        with file.open("rb") as source:
            shutil.copyfileobj(source, copy, CHUNK)
        entry = tarfile.TarInfo(name)
        entry.size, entry.mtime, entry.mode = copy.tell(), int(file.stat().st_mtime), 0o600
        copy.seek(0)
        checksum = hashlib.file_digest(copy, "sha256").hexdigest()  # type: ignore[arg-type]
        copy.seek(0)
        tar.addfile(entry, copy)
    return checksum


def _write_keys(path: Path) -> None:
    """Write what the archive must not hold: the settings of `make start`, or the secret key alone."""
    own = Path(settings.DATA_DIR) / SETTINGS_FILE
    text = own.read_text(encoding="utf-8") if own.exists() else f"SECRET_KEY={settings.SECRET_KEY}\n"
    path.touch(mode=0o600)
    path.write_text(text, encoding="utf-8")


def _forget_old(folder: Path, keep: int) -> None:
    archives = sorted(folder.glob(f"{PREFIX}*.tar"), key=lambda file: file.name, reverse=True)
    for archive in archives[max(keep, 1) :]:
        archive.unlink()
        archive.with_suffix(".keys.env").unlink(missing_ok=True)


# --- Restoring --------------------------------------------------------------------------------------------------------


def restore_backup(archive: Path, now: datetime, *, force: bool = False) -> Path | None:
    """Put an archive into the site's empty place, migrated to this release.

    With `force` what is there is set aside first; returns the folder in which it lies then. Nothing is touched before
    the whole archive was read and found to be what its manifest says.
    """
    data = Path(settings.DATA_DIR)
    data.mkdir(parents=True, mode=0o700, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".restoring-", dir=data) as scratch:
        unpacked = Path(scratch)
        manifest = _unpack(archive, unpacked)
        _require_fitting(manifest)
        aside = _make_room(data, now, force=force)
        _put_database(unpacked / manifest["database"])
        _put_media(unpacked / "media")
    call_command("migrate", verbosity=0, interactive=False)
    shutil.rmtree(data / "cache", ignore_errors=True)
    generations.store().advance()
    return aside


def _unpack(archive: Path, target: Path) -> dict[str, Any]:
    found: dict[str, str] = {}
    try:
        with tarfile.open(archive, "r:") as tar:
            for member in tar:
                if member.isdir():
                    continue
                found[member.name] = _extract(tar, member, target)
        manifest: dict[str, Any] = json.loads((target / MANIFEST).read_text(encoding="utf-8"))
    except (tarfile.TarError, OSError, ValueError, EOFError) as error:
        raise BackupError(_("%(file)s is no whole backup: %(reason)s") % {"file": archive, "reason": error}) from None
    _require_same(manifest, found)
    return manifest


def _extract(tar: tarfile.TarFile, member: tarfile.TarInfo, target: Path) -> str:
    path = PurePosixPath(member.name)
    plain = member.isfile() and not path.is_absolute() and ".." not in path.parts and "\\" not in member.name
    expected = path.parts[0:1] == ("media",) if len(path.parts) > 1 else member.name in {MANIFEST, SQLITE, POSTGRESQL}
    source = tar.extractfile(member) if plain and expected else None
    if source is None:
        raise BackupError(_("There is something in it that no backup holds: %(name)s") % {"name": member.name})
    file = target.joinpath(*path.parts)
    file.parent.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    with file.open("xb") as out:
        while chunk := source.read(CHUNK):
            digest.update(chunk)
            out.write(chunk)
    return digest.hexdigest()


def _require_same(manifest: dict[str, Any], found: dict[str, str]) -> None:
    found.pop(MANIFEST, None)
    try:
        promised, known = dict(manifest["files"]), manifest["format"] == FORMAT
        database = manifest["database"] in found and manifest["database"] in {SQLITE, POSTGRESQL}
    except (KeyError, TypeError, ValueError):
        promised, known, database = {}, False, False
    if not known or not database:
        raise BackupError(_("Its manifest is of a kind that this release does not know."))
    if wrong := sorted(name for name in promised.keys() | found.keys() if promised.get(name) != found.get(name)):
        raise BackupError(_("These files are not as they were backed up: %(names)s") % {"names": ", ".join(wrong[:5])})


def _require_fitting(manifest: dict[str, Any]) -> None:
    wanted = SQLITE if connection.vendor == "sqlite" else POSTGRESQL
    if manifest["database"] != wanted:
        raise BackupError(
            _("It holds %(is)s, and this site has %(wanted)s: DATABASE_URL decides.")
            % {"is": manifest["database"], "wanted": wanted}
        )
    loader = MigrationLoader(None, load=False)
    loader.load_disk()
    known = set(loader.disk_migrations)
    ours = {app for app, _name in known}
    newer = [f"{app}.{name}" for app, name in manifest["migrations"] if app in ours and (app, name) not in known]
    if newer:
        raise BackupError(_("It was made by a newer release, with %(names)s.") % {"names": ", ".join(newer[:3])})


def _make_room(data: Path, now: datetime, *, force: bool) -> Path | None:
    """Require an empty place; with force set aside what stands there."""
    media = Path(settings.MEDIA_ROOT)
    used = bool(connection.introspection.table_names())
    connection.close()
    if used and connection.vendor != "sqlite":
        raise BackupError(_("The database is not empty. Make an empty one, and set DATABASE_URL to it."))
    holds_media = media.exists() and any(media.iterdir())
    if (used or holds_media) and not force:
        raise BackupError(_("There is a site in %(folder)s already; --force sets it aside.") % {"folder": data})
    aside = data / f"before-restore-{now:%Y%m%d-%H%M%S}"
    for entry in (*_sqlite_files(), *([media] if holds_media else [])):
        if used or holds_media:
            aside.mkdir(mode=0o700, exist_ok=True)
            entry.rename(aside / entry.name)
        else:
            entry.unlink()
    return aside if aside.exists() else None


def _sqlite_files() -> list[Path]:
    """Return the database's files that are there; just looking whether it is empty makes one."""
    if connection.vendor != "sqlite":
        return []
    names = (f"{_sqlite_file()}{ending}" for ending in ("", "-wal", "-shm"))
    return [Path(name) for name in names if Path(name).exists()]


def _put_database(file: Path) -> None:
    if connection.vendor == "sqlite":
        _require_sound(file)
        connection.close()
        shutil.move(file, _sqlite_file())
        Path(_sqlite_file()).chmod(0o600)
    else:
        _run_postgresql(["pg_restore", "--no-owner", "--no-privileges", "--exit-on-error", "--dbname="
                         + str(connection.settings_dict["NAME"]), str(file)])  # fmt: skip


def _put_media(folder: Path) -> None:
    target = Path(settings.MEDIA_ROOT)
    if folder.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.exists():
            target.rmdir()
        shutil.move(folder, target)
