"""Restores a backup of the real site: `restore.py ARCHIVE [--force]`; KEYS names the file of keys if it lies elsewhere.

Only an empty data folder is filled; with --force the site that is there is set aside first.
"""

import os
import shutil
import sys
from pathlib import Path

import real_site


def keys_of(archive: Path) -> Path:
    """Return the file of keys that belongs to an archive."""
    return Path(os.environ.get("KEYS") or archive.with_suffix(".keys.env")).expanduser()


def bring_keys(archive: Path, data: Path) -> None:
    """Give a data folder without settings those that were backed up with the archive."""
    target = data / real_site.SETTINGS_FILE
    if target.exists() or os.environ.get("SECRET_KEY"):
        return
    keys = keys_of(archive)
    if not keys.exists():
        where = f"There is no {keys}: KEYS=file names the file of keys that was written with the archive."
        sys.exit(f"{where} Without it nobody could sign in as before.")
    data.mkdir(parents=True, mode=0o700, exist_ok=True)
    target.touch(mode=0o600)
    shutil.copyfile(keys, target)


def main(arguments: list[str]) -> int:
    """Restore; return the exit code."""
    if not arguments or not arguments[0]:
        sys.exit("Say which archive: make restore FROM=/somewhere/chitalnya-20261122-030000.tar")
    archive = Path(arguments[0]).expanduser().absolute()
    if not archive.exists():
        sys.exit(f"There is no {archive}.")
    bring_keys(archive, real_site.data_folder())
    return real_site.main(["restore", str(archive), *arguments[1:]])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
