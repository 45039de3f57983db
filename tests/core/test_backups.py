"""Backups: whole while somebody writes, the same after a restore, refused in words when anything is wrong."""

import io
import json
import lzma
import os
import sqlite3
import subprocess
import sys
import tarfile
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from core import backups
from core.backup_stamp import last_backup

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
RELEASE_0_1 = ROOT / "tests" / "data" / "release-0.1.sql.xz"


class Installation:
    """A site in a folder of its own, used through its commands as whoever runs it does."""

    def __init__(self, data: Path) -> None:
        self.data = data
        data.mkdir(exist_ok=True)

    @property
    def database(self) -> Path:
        return self.data / "chitalnya.sqlite3"

    def manage(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        kept = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "CACHE_URL")}
        set_here = {"CHITALNYA_DATA_DIR": str(self.data), "DJANGO_SETTINGS_MODULE": "config.settings.test"}
        command = [sys.executable, str(ROOT / "manage.py"), *arguments]
        return subprocess.run(command, env=kept | set_here, capture_output=True, text=True, check=False)

    def load(self, dump: Path) -> None:
        """Fill the database from compressed SQL."""
        with lzma.open(dump, "rt", encoding="utf-8") as sql, sqlite3.connect(self.database) as database:
            database.executescript(sql.read())
        database.close()

    def rows(self, query: str) -> list[tuple]:
        database = sqlite3.connect(self.database)
        try:
            return database.execute(query).fetchall()
        finally:
            database.close()

    def content(self) -> dict[str, list[tuple]]:
        return {
            "pages": self.rows("SELECT id, title, slug, live, path FROM wagtailcore_page ORDER BY id"),
            "users": self.rows("SELECT id, email, password FROM core_user ORDER BY id"),
            "dates": self.rows("SELECT count(*) FROM events_occurrence"),
        }


@pytest.fixture(scope="module")
def old_site(tmp_path_factory) -> Installation:
    """Return a site as release 0.1 left it, with a picture, brought up to this release."""
    site = Installation(tmp_path_factory.mktemp("old"))
    site.load(RELEASE_0_1)
    picture = site.data / "media" / "images" / "cat.png"
    picture.parent.mkdir(parents=True)
    picture.write_bytes(b"a cat")
    (site.data / "settings.env").write_text("SECRET_KEY=one\n")
    return site


@pytest.fixture(scope="module")
def archive(old_site, tmp_path_factory) -> Path:
    """Return a backup of that site."""
    folder = tmp_path_factory.mktemp("backups")
    done = old_site.manage("backup", "--to", str(folder))
    assert done.returncode == 0, done.stderr
    return next(folder.glob("*.tar"))


@pytest.fixture
def here(settings, tmp_path, monkeypatch) -> Path:
    """Let the commands of this process work on a folder of its own, up to the moment at which something is restored."""
    settings.DATA_DIR = tmp_path / "data"
    settings.MEDIA_ROOT = settings.DATA_DIR / "media"
    monkeypatch.setitem(backups.connection.settings_dict, "NAME", str(settings.DATA_DIR / "chitalnya.sqlite3"))
    return settings.DATA_DIR


def rewritten(archive: Path, target: Path, change) -> Path:
    """Return a copy of an archive whose members were changed: `change` gets and returns name and content."""
    with tarfile.open(archive) as source, tarfile.open(target, "w") as out:
        for member in source:
            name, content = change(member.name, source.extractfile(member).read())
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            out.addfile(entry, io.BytesIO(content))
    return target


@pytest.mark.skipif(bool(os.environ.get("DATABASE_URL")), reason="The data of release 0.1 are those of SQLite.")
class TestOnSqlite:
    """What is kept in files."""

    def test_backup_of_the_last_release_is_restored_into_an_empty_folder(self, old_site, archive, tmp_path):
        before = old_site.content()
        new = Installation(tmp_path / "new")

        done = new.manage("restore", str(archive))

        assert (done.returncode, done.stderr) == (0, "")
        assert new.content() == before
        assert (new.data / "media" / "images" / "cat.png").read_bytes() == b"a cat"
        assert new.rows("PRAGMA integrity_check") == [("ok",)]
        assert {file.name for file in new.data.iterdir()} - {"cache"} == {"chitalnya.sqlite3", "generation", "media"}
        assert new.manage("migrate", "--check").returncode == 0

    def test_keys_are_apart_and_nobody_else_can_read_either_file(self, archive):
        keys = archive.with_suffix(".keys.env")

        assert keys.read_text() == "SECRET_KEY=one\n"
        assert (archive.stat().st_mode & 0o777, keys.stat().st_mode & 0o777) == (0o600, 0o600)
        with tarfile.open(archive) as tar:
            assert [name for name in tar.getnames() if not name.startswith("media/")] == [
                "database.sqlite3",
                "manifest.json",
            ]

    def test_folder_with_a_site_is_left_alone_or_set_aside(self, old_site, archive, tmp_path):
        new = Installation(tmp_path / "new")
        assert new.manage("restore", str(archive)).returncode == 0
        with sqlite3.connect(new.database) as database:
            database.execute("UPDATE wagtailcore_page SET title = 'written since'")
        database.close()

        refused = new.manage("restore", str(archive))
        assert (refused.returncode, "--force sets it aside" in refused.stderr) == (1, True)
        assert new.rows("SELECT DISTINCT title FROM wagtailcore_page") == [("written since",)]

        done = new.manage("restore", "--force", str(archive))

        assert done.returncode == 0, done.stderr
        assert new.content() == old_site.content()
        aside = next(new.data.glob("before-restore-*"))
        kept = sqlite3.connect(aside / "chitalnya.sqlite3")
        assert kept.execute("SELECT DISTINCT title FROM wagtailcore_page").fetchall() == [("written since",)]
        kept.close()
        assert (aside / "media" / "images" / "cat.png").exists()

    def test_backup_while_somebody_writes_holds_one_state(self, old_site, tmp_path):
        ended = threading.Event()
        with sqlite3.connect(old_site.database) as database:
            database.execute("PRAGMA journal_mode=WAL")
            database.execute("CREATE TABLE IF NOT EXISTS pairs (a INTEGER, b INTEGER)")
        database.close()

        def write() -> None:
            writer, number = sqlite3.connect(old_site.database, timeout=30), 0
            while not ended.is_set():
                number += 1
                with writer:
                    writer.executemany("INSERT INTO pairs VALUES (?, ?)", [(number, 1), (number, 2)])
            writer.close()

        thread = threading.Thread(target=write)
        thread.start()
        try:
            done = old_site.manage("backup", "--to", str(tmp_path))
        finally:
            ended.set()
            thread.join()

        assert done.returncode == 0, done.stderr
        with tarfile.open(next(tmp_path.glob("*.tar"))) as tar:
            tar.extract("database.sqlite3", tmp_path)
        copy = sqlite3.connect(tmp_path / "database.sqlite3")
        halves = copy.execute("SELECT a FROM pairs GROUP BY a HAVING count(*) <> 2").fetchall()
        assert (halves, copy.execute("SELECT count(*) > 0 FROM pairs").fetchone()) == ([], (1,))
        copy.close()

    @pytest.mark.parametrize(
        ("change", "sentence"),
        [
            (lambda name, data: (name, data + b"!" if name.startswith("media/") else data), "not as they were"),
            (lambda name, data: (name.replace("media/", "../"), data), "that no backup holds: ../images/cat.png"),
            (lambda name, data: (name.replace("media/", "/tmp/"), data), "that no backup holds"),
            (lambda name, data: (name.replace("media/images", "media/../.."), data), "that no backup holds"),
            (lambda name, data: (name.replace("manifest", "note"), data), "that no backup holds"),
            (lambda name, data: (name, b"{}" if name == "manifest.json" else data), "this release does not know"),
            (lambda name, data: (name, b"[1]" if name == "manifest.json" else data), "this release does not know"),
            (lambda name, data: (name, b"{" if name == "manifest.json" else data), "is no whole backup"),
        ],
    )
    def test_archive_that_was_changed_is_refused_and_nothing_is_touched(
        self, archive, here, tmp_path, change, sentence
    ):
        with pytest.raises(CommandError, match=sentence):
            call_command("restore", rewritten(archive, tmp_path / "changed.tar", change))

        assert list(here.iterdir()) == []
        assert not (tmp_path / "images").exists()

    def test_link_in_an_archive_is_refused(self, here, tmp_path):
        with tarfile.open(tmp_path / "linked.tar", "w") as tar:
            link = tarfile.TarInfo("media/passwords")
            link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
            tar.addfile(link)

        with pytest.raises(CommandError, match="that no backup holds: media/passwords"):
            call_command("restore", tmp_path / "linked.tar")

    @pytest.mark.parametrize("length", [0, 100, 5000, 100_000])
    def test_archive_that_breaks_off_is_refused(self, archive, here, tmp_path, length):
        broken = tmp_path / "broken.tar"
        broken.write_bytes(archive.read_bytes()[:length])

        with pytest.raises(CommandError, match="is no whole backup"):
            call_command("restore", broken)

        assert list(here.iterdir()) == []

    # A migration of wagtail-localize asks the database when it is read.
    @pytest.mark.django_db
    def test_archive_of_a_newer_release_is_refused(self, archive, here, tmp_path):
        def newer(name, data):
            if name != "manifest.json":
                return name, data
            manifest = json.loads(data)
            manifest["migrations"].append(["core", "9999_from_the_future"])
            return name, json.dumps(manifest).encode()

        with pytest.raises(CommandError, match=r"newer release, with core\.9999_from_the_future"):
            call_command("restore", rewritten(archive, tmp_path / "newer.tar", newer))

    def test_only_the_newest_are_kept_and_the_last_is_noted(self, old_site, here, tmp_path, monkeypatch):
        here.mkdir()
        monkeypatch.setitem(backups.connection.settings_dict, "NAME", str(old_site.database))
        monkeypatch.setattr(backups.MigrationRecorder, "applied_migrations", lambda _self: {})
        folder = tmp_path / "kept"

        for day in range(4):
            backups.make_backup(folder, NOW + timedelta(days=day), keep=2)

        assert sorted(file.name for file in folder.iterdir()) == [
            "chitalnya-20261124-030000.keys.env",
            "chitalnya-20261124-030000.tar",
            "chitalnya-20261125-030000.keys.env",
            "chitalnya-20261125-030000.tar",
        ]
        assert last_backup() == NOW + timedelta(days=3)
        with pytest.raises(backups.BackupError, match="is there already"):
            backups.make_backup(folder, NOW + timedelta(days=3))


def test_last_backup_is_unknown_where_the_note_is_missing_or_damaged(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    assert last_backup() is None

    (tmp_path / "last-backup.json").write_text("{")

    assert last_backup() is None
    assert timezone.is_aware(NOW)
